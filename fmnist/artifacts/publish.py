"""Writing runs: the folder in which a model is trained, and the step that turns it into a finished run."""

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from fmnist.artifacts import files
from fmnist.artifacts.events import write_events
from fmnist.artifacts.kinds import RUN_FILES
from fmnist.artifacts.manifest import FORMAT, parse_manifest
from fmnist.artifacts.runs import MANIFEST, Run
from fmnist.artifacts.values import parse_json
from fmnist.errors import TrainingError


@contextlib.contextmanager
def workspace(name: str) -> Iterator[Path]:
    """Yields the one folder for training under `name`, on the same disk as the runs, and locks it meanwhile.

    Its contents survive a crash, so that an interrupted training run can continue.

    Raises:
        TrainingError: If another process is training under the same name.
    """
    folder = files.at(".scratch", name)
    refusal = f"Another process is training {name} in {files.shown(folder)}: wait for it, or stop it first."
    with hold(folder, refusal):
        yield folder


@contextlib.contextmanager
def hold(folder: Path, refusal: str, patience: float = 0) -> Iterator[None]:
    """Makes a scratch folder and keeps other processes out of it.

    Args:
        folder: The folder.
        refusal: The sentence if another process holds it.
        patience: How long to wait for that process, in seconds.

    Raises:
        TrainingError: If another process still holds it then.
    """
    from filelock import FileLock, Timeout

    folder.mkdir(parents=True, exist_ok=True)
    # The system locks a separate file, and releases the lock with the process, however that ends.
    lock = FileLock(folder.with_name(f"{folder.name}.lock"), timeout=patience)
    try:
        lock.acquire()
    except Timeout as error:
        raise TrainingError(refusal) from error
    try:
        yield
    finally:
        lock.release()


def file_path(scratch: Path, kind: str) -> Path:
    """Returns where in a scratch folder a kind of file must lie; the kind is a name in RUN_FILES."""
    return scratch / RUN_FILES[kind].name


def checkpoint_path(workspace: Path) -> Path:
    """Returns the path of the checkpoint from which an interrupted training run continues."""
    return workspace / "checkpoint.npz"


def write_arrays(scratch: Path, **arrays: np.ndarray) -> None:
    """Writes arrays into a scratch folder, each as the kind of file it is passed under."""
    for kind, array in arrays.items():
        np.save(file_path(scratch, kind), array, allow_pickle=False)


def save_run(scratch: Path, manifest: dict[str, Any], name: str | None = None) -> Run:
    """Turns a scratch folder into a run, which no model points at yet.

    Args:
        scratch: A folder on the same disk as the runs, with every file in RUN_FILES that is not optional.
        manifest: The values of `Manifest`; the run's name and the files' checksums are added here.
        name: A name for the run's folder; by default the recipe and the time.

    Raises:
        ArtifactError: If a file is missing, or readers would refuse the manifest or the history; nothing is
            moved then.
    """
    run_name = name or f"{manifest.get('recipe')}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    paths = [
        scratch / file.name
        for file in RUN_FILES.values()
        if not file.is_optional or (scratch / file.name).exists()
    ]
    sums = {path.name: files.compute_sum(files.read(path, files.MAX_FILE_BYTES)) for path in paths}
    content = files.encode({"format": FORMAT, "run": run_name, **manifest, "files": sums})
    with files.explained(f"The run of {manifest.get('recipe')} cannot be published"):
        checked = parse_manifest(parse_json(content), run_name)
    files.write_synced(scratch / MANIFEST, content)
    for path in paths:
        files.sync_file(path)
    write_events(Run(checked, scratch))
    files.sync_folder(scratch)
    folder = files.at("runs", run_name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    os.replace(scratch, folder)
    files.sync_folder(folder.parent)
    return Run(checked, folder)
