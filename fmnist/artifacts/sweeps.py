"""Sweeps: many training runs that answer one question, as one table; see `Trial` for its columns.

A sweep is a folder sweeps/<name>/ with sweep.toml, what was asked, and trials.parquet, a row per finished
trial. What a trial has reached lies in .scratch/sweeps/<name>/<trial>/, which git ignores.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from fmnist.artifacts import files
from fmnist.artifacts.kinds import RUN_FILES
from fmnist.artifacts.publish import file_path, hold, save_run
from fmnist.artifacts.trials import FORMAT, Sweep, Trial, encode_sweep, parse_header, parse_sweep
from fmnist.errors import ArtifactError

SWEEP_START = "sweep-"
"""How the names of the runs of all sweeps begin, which .gitignore knows."""
_PLAN, _TABLE, _RESULT = "sweep.toml", "trials.parquet", "trial.parquet"
_ADVICE = (
    "Restore it with `git checkout -- artifacts`, or delete it: the sweep then begins with the trials "
    "that are still in artifacts/.scratch."
)


def list_sweeps() -> list[str]:
    """Lists the names of the sweeps that have a table, whether or not it is complete."""
    return sorted(path.parent.name for path in files.at("sweeps").glob(f"*/{_TABLE}"))


def load_sweep(name: str) -> Sweep:
    """Loads a sweep by the name of its folder. Needs no TensorFlow.

    Raises:
        ArtifactError: If there is no such sweep, or its table is damaged or belongs to another one.
    """
    return _load_table(files.at("sweeps", name, _TABLE), name)


def identify_sweep(name: str) -> str:
    """Identifies the table of a sweep without reading it, as a key for caches."""
    return files.identify(files.at("sweeps", name, _TABLE))


def save_sweep(sweep: Sweep) -> None:
    """Replaces the table of a sweep in one step; readers see the old one or the new one."""
    _replace(files.at("sweeps", sweep.name, _TABLE), encode_sweep(sweep))


def save_plan(name: str, text: str) -> None:
    """Keeps what was asked, the text of a sweep's file, beside its table."""
    path = files.at("sweeps", name, _PLAN)
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        _replace(path, text.encode("utf-8"))


def name_plan(name: str) -> str:
    """Names the file of a sweep as a user may see and type it."""
    return files.shown(files.at("sweeps", name, _PLAN))


def load_plan(name: str) -> str:
    """Returns the text of a sweep's file.

    Raises:
        ArtifactError: If there is none, or it is not text.
    """
    path = files.at("sweeps", name, _PLAN)
    content = files.read(path, files.MAX_JSON_BYTES)
    with files.named(path):
        return content.decode("utf-8")


@contextlib.contextmanager
def sweep_workspace(name: str) -> Iterator[None]:
    """Keeps every other process from running the same sweep.

    Raises:
        TrainingError: If one already does.
    """
    with hold(
        files.at(".scratch", "sweeps", name),
        f"Another process is running the sweep {name}: wait for it, or stop it first.",
    ):
        yield


@contextlib.contextmanager
def trial_workspace(sweep: str, trial: str, patience: float = 0) -> Iterator[Path]:
    """Yields the folder for one trial of a sweep, and locks it meanwhile; it survives a crash.

    Args:
        sweep, trial: Their names.
        patience: How long to wait for another process that is in it, in seconds.

    Raises:
        TrainingError: If another process is still training the trial after that time.
    """
    folder = files.at(".scratch", "sweeps", sweep, trial)
    with hold(folder, f"Another process is training the trial {trial}: wait for it.", patience):
        yield folder


def trial_run_folder(workspace: Path) -> Path:
    """Returns the folder in a trial's workspace for the files of its run; it need not exist."""
    return workspace / "run"


def read_trial_run(workspace: Path) -> dict[str, bytes]:
    """Returns the files of a trial's run by their kind, to be sent to another machine."""
    paths = {kind: file_path(trial_run_folder(workspace), kind) for kind in RUN_FILES}
    return {kind: path.read_bytes() for kind, path in paths.items() if path.exists()}


def write_trial_run(workspace: Path, contents: dict[str, bytes]) -> None:
    """Writes what `read_trial_run` read on another machine."""
    folder = trial_run_folder(workspace)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for kind, content in contents.items():
        file_path(folder, kind).write_bytes(content)


def keep_trial(workspace: Path, sweep: str, trial: Trial, manifest: dict[str, Any] | None) -> Trial:
    """Keeps a finished trial in its workspace, and turns the files of its run into a run.

    Args:
        workspace: Its workspace, which holds the files.
        sweep: The name of the sweep.
        trial: What it found.
        manifest: The values of its run's manifest, or None if it leaves no run.

    Returns:
        The trial with the name of its run.
    """
    if manifest is not None:
        readable = f"{SWEEP_START}{sweep}-{trial.trial}".replace(".", "_").replace("+", "")
        name = f"{readable[:71]}-{trial.key[:8]}"  # always the same, so that a crash leaves no second one
        if not files.at("runs", name).exists():
            save_run(trial_run_folder(workspace), manifest, name)
        trial = msgspec.structs.replace(trial, run=name)
    _replace(workspace / _RESULT, encode_sweep(Sweep(sweep, (trial.trial,), (trial,))))
    return trial


def load_trial(sweep: str, trial: str) -> Trial | None:
    """Loads a finished trial from its workspace; None if it is not finished, or its file is damaged."""
    try:
        return _load_table(files.at(".scratch", "sweeps", sweep, trial, _RESULT), sweep).trials[0]
    except (ArtifactError, IndexError):
        return None


def _load_table(path: Path, name: str) -> Sweep:
    content = files.read(path, files.MAX_FILE_BYTES, _ADVICE)
    with files.named(path, _ADVICE):
        files.check_format(path, parse_header(content), FORMAT, "run the sweep in another artifacts folder")
        return parse_sweep(content, name)


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    files.write_synced(temporary, content)
    os.replace(temporary, path)
    files.sync_folder(path.parent)
