"""Writing runs: the folder in which a model is trained, and the step that turns it into a finished run."""

import contextlib
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from fmnist.artifacts import files
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
    from filelock import FileLock, Timeout

    folder = files.at(".scratch", name)
    folder.mkdir(parents=True, exist_ok=True)
    # The system locks a separate file, and releases the lock with the process, however that ends.
    lock = FileLock(folder.with_suffix(".lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise TrainingError(
            f"Another process is training {name} in {files.shown(folder)}: wait for it, or stop it first."
        ) from error
    try:
        yield folder
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


def save_run(scratch: Path, manifest: dict[str, Any]) -> Run:
    """Turns a scratch folder into a run, which no model points at yet.

    Args:
        scratch: A folder on the same disk as the runs, with every file in RUN_FILES that is not optional.
        manifest: The values of `Manifest`; the run's name and the files' checksums are added here.

    Raises:
        ArtifactError: If a file is missing, or readers would refuse the manifest; nothing is moved then.
    """
    run_name = f"{manifest.get('recipe')}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
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
    files.sync_folder(scratch)
    folder = files.at("runs", run_name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    os.replace(scratch, folder)
    files.sync_folder(folder.parent)
    return Run(checked, folder)
