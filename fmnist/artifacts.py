"""The only module that knows the file names under artifacts/: load, verify and publish.

Readers follow models.json -> run.json -> files and trust only what the manifest names. A run never
changes once it is published; a model name points at a run, which is a folder with

    run.json                    the manifest: recipe, versions, data, figures, SHA-256 of the files below
    model.keras, model.tflite   the network without optimizer state, and its LiteRT export
    history.csv                 one row an epoch, columns HISTORY_COLUMNS; losses are plain cross-entropy
    validation_confusion.npy    int32 (epochs, 10, 10), row true, column predicted
    validation_probabilities.npy, test_probabilities.npy   float16 (n, 10), in the order of the split

A run that learned from imitated photos adds garment_space.npy, float16 (21, 784): what its alarm for
pictures of no garment measures with.

photos.json holds what the models did on a folder of photos: figures, and the run each belongs to.
"""

import contextlib
import hashlib
import io
import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fmnist import schema
from fmnist.confidence import Alarm
from fmnist.errors import ArtifactError, TrainingError
from fmnist.evaluation import apply_temperature

if TYPE_CHECKING:
    import pandas as pd

FORMAT = 1
"""Version of the artifact format; a reader refuses newer ones."""
PHOTOS_FORMAT = 2
"""Version of the format of photos.json, likewise."""

RUN_FILES = (
    "model.keras",
    "model.tflite",
    "history.csv",
    "validation_confusion.npy",
    "validation_probabilities.npy",
    "test_probabilities.npy",
)
GARMENT_SPACE = "garment_space.npy"
"""A file that only runs with an alarm have; see `confidence.Alarm`."""
HISTORY_COLUMNS = (
    "epoch",
    "loss",
    "accuracy",
    "val_loss",
    "val_accuracy",
    "learning_rate",
    "seconds",
)


@dataclass(frozen=True)
class ModelEntry:
    """A line of models.json: a published model.

    Attributes:
        name: What pages and command line call it.
        run: The run folder the name points at.
        description: One line for the reader.
        colour: Its colour on every page, as #rrggbb.
        report: What the course report said of the same recipe (`test_accuracy`, `test_loss`),
            or None.
    """

    name: str
    run: str
    description: str
    colour: str
    report: dict | None = None


@dataclass(frozen=True)
class Run:
    """A published training run: its model's entry, its manifest (run.json) and its folder."""

    entry: ModelEntry
    manifest: dict
    folder: Path

    def path(self, name: str) -> Path:
        """Returns the path of a file of the run, after checking its content.

        Raises:
            ArtifactError: If the file is missing or its SHA-256 is not the manifest's.
        """
        self.read(name)
        return self.folder / name

    def read(self, name: str) -> bytes:
        """Returns the content of a file of the run, checked against the manifest.

        Raises:
            ArtifactError: If the file is missing or its SHA-256 is not the manifest's.
        """
        expected = self.manifest["files"].get(name)
        if expected is None:
            raise ArtifactError(f"The run {self.folder.name} does not list a file {name}.")
        path = self.folder / name
        content = _read(path)
        if hashlib.sha256(content).hexdigest() != expected:
            raise ArtifactError(f"The file {path} is damaged or was changed. {_RESTORE}")
        return content

    def load_history(self) -> "pd.DataFrame":
        """Loads the training history: one row an epoch, columns HISTORY_COLUMNS."""
        import pandas as pd  # half a second, which `predict` need not wait for

        with _named(self.folder / "history.csv"):
            history = pd.read_csv(io.BytesIO(self.read("history.csv")))
            return schema.check_history(history, self.manifest, HISTORY_COLUMNS)

    def load_validation_confusion(self) -> np.ndarray:
        """Loads the confusion matrix after each epoch: int32 `(epochs, 10, 10)`."""
        return self._load_array("validation_confusion.npy")

    def load_probabilities(self, part: str) -> np.ndarray:
        """Loads the answers to the 'validation' or 'test' pictures: float64 `(n, 10)`."""
        stored = self._load_array(f"{part}_probabilities.npy").astype(np.float64)
        return stored / stored.sum(axis=1, keepdims=True)  # half precision rows miss 1 by a little

    def load_answers(self, part: str) -> np.ndarray:
        """Loads the same as the model serves them, at its temperature."""
        return apply_temperature(self.load_probabilities(part), self.manifest["temperature"])

    def load_alarm(self) -> Alarm | None:
        """Loads what tells pictures that are unlike any garment, if this run has learned it."""
        if "alarm" not in self.manifest:
            return None
        with _named(self.folder / GARMENT_SPACE):
            space = schema.check_garment_space(self._load_array(GARMENT_SPACE))
        return Alarm(space, **self.manifest["alarm"])

    def load_keras(self):
        """Loads the Keras model. Imports Keras and TensorFlow.

        Raises:
            ArtifactError: If the file is missing, damaged, or holds code of its own.
        """
        import keras

        path = self.path("model.keras")
        try:
            return keras.models.load_model(path, compile=False, safe_mode=True)
        except Exception as error:  # Keras raises nearly anything on files that are not its own
            raise ArtifactError(f"The file {path} cannot be loaded. {_RESTORE}") from error

    def _load_array(self, name):
        return np.load(io.BytesIO(self.read(name)), allow_pickle=False)


_RESTORE = "Restore it with `git checkout -- artifacts`, or train the model again."
_MEASURE = (
    "Restore it with `git checkout -- artifacts`, or measure again with "
    "`python -m fmnist benchmark-photos DIR --save`."
)


def artifacts_dir() -> Path:
    """Returns the folder of the published models; FMNIST_ARTIFACTS_DIR moves it."""
    own = os.environ.get("FMNIST_ARTIFACTS_DIR")
    return Path(own) if own else Path(__file__).resolve().parents[1] / "artifacts"


def load_models() -> list[ModelEntry]:
    """Lists the published models in their order; the first is the baseline.

    Raises:
        ArtifactError: If models.json is missing or cannot be understood.
    """
    path = artifacts_dir() / "models.json"
    with _named(path):
        return [ModelEntry(**entry) for entry in schema.check_models(schema.parse_json(_read(path)))]


def load_run(model_name: str) -> Run:
    """Loads the run that the model `model_name` points at.

    Raises:
        ArtifactError: If there is no such model, or its manifest is missing or damaged.
    """
    entries = {entry.name: entry for entry in load_models()}
    if model_name not in entries:
        raise ArtifactError(
            f"There is no model {model_name!r}. Published models: {', '.join(entries) or 'none'}."
        )
    entry = entries[model_name]
    folder = artifacts_dir() / "runs" / entry.run
    path = folder / "run.json"
    with _named(path):
        manifest = schema.parse_json(_read(path))
        _check_format(path, manifest, FORMAT, "train the model again")
        return Run(entry, schema.check_manifest(manifest), folder)


def load_photos_report() -> dict | None:
    """Loads what the models did on photos, as `fmnist.photos.compute_report` describes it.

    Returns:
        The figures, or None where none were ever saved.

    Raises:
        ArtifactError: If photos.json is damaged.
    """
    path = artifacts_dir() / "photos.json"
    if not os.path.lexists(path):  # a link to nowhere is no missing file
        return None
    with _named(path, _MEASURE):
        report = schema.parse_json(_read(path, _MEASURE))
        _check_format(path, report, PHOTOS_FORMAT, "measure again")
        return schema.check_photos(report)


def save_photos_report(report: dict) -> Path:
    """Saves what the models did on photos for the dashboard to show; returns the file's path."""
    _replace_synced(artifacts_dir() / "photos.json", report)
    return artifacts_dir() / "photos.json"


@contextlib.contextmanager
def workspace(model_name: str):
    """Gives the one folder in which a model is trained, on the disk of the runs; locks it meanwhile.

    What lies in it survives a crash, so that an interrupted training can go on.

    Raises:
        TrainingError: If another process is training the same model.
    """
    from filelock import FileLock, Timeout

    folder = artifacts_dir() / ".scratch" / model_name
    folder.mkdir(parents=True, exist_ok=True)
    # A lock of the system on a file of its own: it ends with the process, however that ends.
    lock = FileLock(folder.with_suffix(".lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise TrainingError(
            f"Another process is training {model_name} in {folder}: wait for it, or stop it first."
        ) from error
    try:
        yield folder
    finally:
        lock.release()


def write_arrays(folder: Path, **arrays: np.ndarray) -> None:
    """Writes arrays as NAME.npy into a scratch folder."""
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def publish(scratch: Path, manifest: dict, entry: ModelEntry) -> Run:
    """Makes a finished run public: its folder under its own name, then the pointer in models.json.

    Readers see the old run or the new one, never a mixture, whenever this is interrupted.

    Args:
        scratch: A folder that holds RUN_FILES, on the same disk as the runs; GARMENT_SPACE too if the
            manifest has an alarm.
        manifest: What to record in run.json; format, run name and file sums are added here.
        entry: The model; if it is published already its order, description, colour and report
            figures stay, and only the run changes.

    Raises:
        ArtifactError: If a file of the run is missing.
    """
    from filelock import FileLock

    run_name = f"{entry.name}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    files = (*RUN_FILES, GARMENT_SPACE) if "alarm" in manifest else RUN_FILES
    sums = {name: hashlib.sha256(_read(scratch / name)).hexdigest() for name in files}
    manifest = {"format": FORMAT, "run": run_name, **manifest, "files": sums}
    _write_synced(scratch / "run.json", manifest)
    folder = artifacts_dir() / "runs" / run_name
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Two trainers may finish in the same moment, and each must see the other's line.
    with FileLock(artifacts_dir() / "models.lock"):
        os.replace(scratch, folder)
        sync_folder(folder.parent)
        entries = load_models() if (artifacts_dir() / "models.json").exists() else []
        if any(known.name == entry.name for known in entries):
            entries = [
                replace(known, run=run_name) if known.name == entry.name else known for known in entries
            ]
        else:
            entries.append(replace(entry, run=run_name))
        _replace_synced(artifacts_dir() / "models.json", {"models": [asdict(known) for known in entries]})
    return Run(replace(entry, run=run_name), manifest, folder)


def sync_folder(folder: Path) -> None:
    """Makes sure that a rename in `folder` survives a loss of power."""
    if os.name == "posix":  # elsewhere a folder cannot be opened
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def _read(path, advice=_RESTORE):
    """Reads a file that really lies in the artifacts folder; a link may lead anywhere."""
    try:
        if not path.resolve().is_relative_to(artifacts_dir().resolve()):
            raise ArtifactError(f"The file {path} is a link to a place outside {artifacts_dir()}: remove it.")
        return path.read_bytes()
    except OSError as error:
        raise ArtifactError(f"The file {path} cannot be read ({error.strerror}). {advice}") from error


@contextlib.contextmanager
def _named(path, advice=_RESTORE):
    """Turns a ValueError about the content of a file into a sentence that names the file."""
    try:
        yield
    except ValueError as error:
        raise ArtifactError(f"The file {path} is damaged: {error}. {advice}") from error


def _check_format(path, content, known, remedy):
    """Refuses a file that a newer program wrote, before its shape is called damaged."""
    if isinstance(content, dict) and content.get("format", known) != known:
        raise ArtifactError(
            f"The file {path} has format {content['format']}, this program reads {known}: update the "
            f"program, or {remedy}."
        )


def _replace_synced(path, content):
    """Writes a JSON file of the artifacts folder; readers see the old one or the new one."""
    temporary = path.with_name(f".{path.stem}.{os.getpid()}.json")
    _write_synced(temporary, content)
    os.replace(temporary, path)
    sync_folder(path.parent)


def _write_synced(path, content):
    with open(path, "w", encoding="utf-8") as stream:
        json.dump(content, stream, indent=1, allow_nan=False)
        stream.write("\n")
        stream.flush()
        os.fsync(stream.fileno())
