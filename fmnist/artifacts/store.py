"""All runs of the folder, published or not: loading what can be loaded, and deleting one for good."""

import contextlib
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from fmnist.artifacts import files
from fmnist.artifacts.notes import change_notes
from fmnist.artifacts.root import ModelEntry, change_root
from fmnist.artifacts.runs import load_run
from fmnist.errors import ArtifactError
from fmnist.words import display_name, join


def load_runs(
    entries: Sequence[ModelEntry] = (), load: Callable[[str, str | None], Any] = load_run
) -> tuple[list[Any], list[ArtifactError]]:
    """Loads every run of the folder, whether or not a model points at it.

    Args:
        entries: The published models, which vouch for their runs.
        load: Loads one from its name and the SHA-256 that its run.json must have, if known; a page keeps what
            it has loaded.

    Returns:
        What could be loaded, by name, and for each other run the error that says what is wrong with it.
    """
    sums = {entry.run: entry.run_sha256 for entry in entries}
    loaded, errors = [], []
    for name in _list_folders():
        try:
            loaded.append(load(name, sums.get(name)))
        except ArtifactError as error:
            errors.append(error)
    return loaded, errors


def _list_folders() -> list[str]:
    """Lists all folders that should be runs, those without a run.json too."""
    with contextlib.suppress(OSError):
        return sorted(
            path.name for path in files.at("runs").iterdir() if path.is_dir() and path.name[0] != "."
        )
    return []


def delete_run(name: str) -> None:
    """Deletes a run, with its title, tags and note; readers see all of it or nothing.

    Raises:
        ArtifactError: If a published model points at it, there is no such run, or the list of models is
            damaged, so that nobody knows.
    """
    with change_root() as root:
        if models := [entry.name for entry in root.models if entry.run == name]:
            raise ArtifactError(
                f"The run {name} is published as {join(models)}: take that model off the list, or publish "
                "another run under its name, before you delete this one."
            )
        if name not in _list_folders():
            raise ArtifactError(f"There is no run {display_name(name)!r}: it may have been deleted already.")
        _delete(files.at("runs", name))
    with contextlib.suppress(ArtifactError), change_notes() as notes:  # damaged notes must not keep a run
        notes.pop(name, None)


def _delete(folder: Path) -> None:
    """Deletes a folder in one step; what an interruption leaves goes with the next one."""
    if folder.is_symlink():
        folder.unlink()
        return
    away = files.at(".scratch", ".deleted")
    shutil.rmtree(away, ignore_errors=True)
    away.parent.mkdir(exist_ok=True)
    os.replace(folder, away)
    files.sync_folder(folder.parent)
    shutil.rmtree(away, ignore_errors=True)
