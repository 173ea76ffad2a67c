"""A run: its manifest and its files, each verified whenever it is read."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fmnist.artifacts import files
from fmnist.artifacts.kinds import RUN_FILES
from fmnist.artifacts.manifest import FORMAT, Manifest, parse_manifest
from fmnist.artifacts.values import parse_json
from fmnist.errors import ArtifactError

if TYPE_CHECKING:
    import keras
    import pandas as pd

MANIFEST = "run.json"


@dataclass(frozen=True)
class Run:
    """A training run: its manifest and its folder. It never changes once it exists."""

    manifest: Manifest
    folder: Path

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.manifest.run

    def has(self, kind: str) -> bool:
        """Whether the run has a kind of file, a name in RUN_FILES."""
        return RUN_FILES[kind].name in self.manifest.files

    def path(self, kind: str) -> Path:
        """Returns the path of one of the run's files, after verifying its content.

        Raises:
            ArtifactError: As for `read`.
        """
        self.read(kind)
        return self.folder / RUN_FILES[kind].name

    def read(self, kind: str) -> bytes:
        """Returns the content of one of the run's files, verified against the manifest.

        Args:
            kind: A name in RUN_FILES.

        Raises:
            ArtifactError: If the run has no such file, it is missing, or its SHA-256 is not the manifest's.
        """
        path = self.folder / RUN_FILES[kind].name
        if path.name not in self.manifest.files:
            raise ArtifactError(f"The run {self.name} has no file {path.name}: train the model again.")
        content = files.read(path, files.MAX_FILE_BYTES)
        files.check_sum(path, content, self.manifest.files[path.name])
        return content

    def load(self, kind: str) -> Any:
        """Loads the parsed content of one of the run's files; see the table RUN_FILES.

        Raises:
            ArtifactError: As for `read`, or if the content is damaged or contradicts the manifest.
        """
        content, parse = self.read(kind), RUN_FILES[kind].parse
        if parse is None:
            raise ValueError(f"`{kind}` is read by another library: use `read` or `path`.")
        with files.named(self.folder / RUN_FILES[kind].name):
            return parse(content, self.manifest)

    def check(self) -> None:
        """Reads every file of the run, and parses those with a parser here.

        Raises:
            ArtifactError: If one of them is missing or damaged, or contradicts the manifest.
        """
        for kind, file in RUN_FILES.items():
            if self.has(kind):
                self.load(kind) if file.parse else self.read(kind)

    def identify(self) -> str:
        """Identifies all of its files without reading them, as a key for caches."""
        return "\n".join(files.identify(self.folder / name) for name in (MANIFEST, *self.manifest.files))

    def load_history(self) -> "pd.DataFrame":
        """Loads the training history: one row per epoch, columns HISTORY_COLUMNS."""
        return self.load("history")

    def load_probabilities(self, part: str) -> np.ndarray:
        """Loads the answers to the 'validation' or 'test' images, at temperature 1: float64 `(n, 10)`."""
        return self.load(f"{part}_probabilities")

    def load_keras(self) -> "keras.Model":
        """Loads the Keras model that is served. Imports Keras and TensorFlow.

        Raises:
            ArtifactError: If the file is missing or damaged, or contains custom code.
        """
        import keras

        path = self.path("keras")
        try:
            return keras.models.load_model(path, compile=False, safe_mode=True)
        except Exception as error:  # Keras raises nearly anything on foreign files
            raise ArtifactError(f"The file {files.shown(path)} cannot be loaded. {files.RESTORE}") from error


def load_run(name: str, expected_sum: str | None = None) -> Run:
    """Loads a run by the name of its folder.

    Args:
        name: The folder under runs/.
        expected_sum: The SHA-256 that its run.json must have, if known.

    Raises:
        ArtifactError: If there is no such run, or its manifest is damaged.
    """
    folder = files.at("runs", name)
    path = folder / MANIFEST
    content = files.read(path, files.MAX_JSON_BYTES)
    if expected_sum:
        files.check_sum(path, content, expected_sum)
    with files.named(path):
        parsed = parse_json(content)
        files.check_format(path, parsed, FORMAT, "train the model again")
        return Run(parse_manifest(parsed, name), folder)


def identify_run(name: str) -> str:
    """Identifies the run.json of a run without reading it."""
    return files.identify(files.at("runs", name, MANIFEST))


def list_runs() -> list[str]:
    """Lists the names of all runs in the artifacts folder, whether or not a model points at them."""
    return sorted(path.parent.name for path in files.at("runs").glob(f"*/{MANIFEST}"))


def name_runs(runs: Sequence[str]) -> dict[str, str]:
    """Gives runs short names that differ from each other and, by a space, from those of models.

    That is the recipe with the day, and with the time if one day had several; or the sweep's trial.

    Args:
        runs: The names of their folders.

    Example:
        >>> name_runs(["simple-20261123T030100Z"])
        {'simple-20261123T030100Z': 'simple 23 Nov'}
    """
    choices = {run: _shorten(run) for run in runs}
    counted = Counter(name for names in choices.values() for name in names)
    return {
        run: next((name for name in names if counted[name] == 1), f"run {run}")
        for run, names in choices.items()
    }


def _shorten(run: str) -> list[str]:
    """Lists possible names of a run, the shortest first; none for a folder that was named by hand."""
    if trial := re.fullmatch(r"sweep-(.+)-[0-9a-f]{8}", run):
        return [f"sweep {trial[1]}"]
    if not (parts := re.fullmatch(r"(.+)-(\d{8}T\d{6})\d*Z", run)):
        return []
    try:
        created = datetime.strptime(parts[2], "%Y%m%dT%H%M%S")
    except ValueError:
        return []
    day = f"{parts[1]} {created.day} {created:%b}"
    return [day, f"{day} {created:%H:%M}", f"{day} {created:%H:%M:%S}"]
