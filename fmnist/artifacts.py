"""The only module that knows the file names under artifacts/: load, verify and publish.

Readers follow models.json -> run.json -> files, and each names the SHA-256 of the next. A run never
changes once it is published; a model name points at a run. models.json holds

    format                      MODELS_FORMAT
    models                      what `ModelEntry` lists, in the order of the pages
    photos_sha256               of photos.json, or null where there is none
    sha256                      of all the rest of models.json; see `schema.compute_seal`

So a changed bit, a file of another run, or two runs that changed places are found. This guards against
damage and mix-ups. It is no signature: whoever may write models.json can vouch for anything. An older
models.json holds nothing but `models`, without any sum; it is still read, the files it leads to are taken
as they are, and whatever is saved next turns it into this format.

A run is a folder with

    run.json                    the manifest: recipe, versions, data, figures, SHA-256 of the files below
    model.keras, model.tflite   the network without optimizer state, and its LiteRT export
    history.csv                 one row an epoch, columns HISTORY_COLUMNS; losses are plain cross-entropy
    validation_confusion.npy    int32 (epochs, 10, 10), row true, column predicted
    validation_probabilities.npy, test_probabilities.npy   float16 (n, 10), in the order of the split

A run that learned from imitated photos adds garment_space.npy, float16 (21, 784): what its alarm for
pictures of no garment measures with.

photos.json holds what the models did on a folder of photos: figures, and the run each belongs to. A new
one first lies in photos.next.json; see `save_photos_report`.
"""

import contextlib
import hashlib
import io
import json
import os
import stat
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
"""Version of the format of run.json; a reader refuses newer ones."""
MODELS_FORMAT = 2
"""Version of the format of models.json, likewise; format 1 did not say so."""
PHOTOS_FORMAT = 2
"""Version of the format of photos.json, likewise."""
MAX_JSON_BYTES = 5_000_000
MAX_FILE_BYTES = 200_000_000
"""The largest file of a run; the networks have 2 MB."""

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
        run_sha256: The SHA-256 of the run's run.json, or None where an older models.json holds none.
    """

    name: str
    run: str
    description: str
    colour: str
    report: dict | None = None
    run_sha256: str | None = None


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
        content = _read(path, MAX_FILE_BYTES)
        _check_sum(path, content, expected)
        return content

    def load_history(self) -> "pd.DataFrame":
        """Loads the training history: one row an epoch, columns HISTORY_COLUMNS."""
        import pandas as pd  # half a second, which `predict` need not wait for

        content = self.read("history.csv")
        with _named(self.folder / "history.csv"):
            try:
                history = pd.read_csv(io.BytesIO(content), dtype=float)
            except Exception as error:  # pandas raises nearly anything on a file that is no table
                raise ValueError("it is no table of numbers") from error
            schema.check_history(history, self.manifest, HISTORY_COLUMNS)
        return history.astype({"epoch": int})

    def load_validation_confusion(self) -> np.ndarray:
        """Loads the confusion matrix after each epoch: int32 `(epochs, 10, 10)`, read-only."""
        return self._load_array("validation_confusion.npy", schema.check_confusions, self.manifest)

    def load_probabilities(self, part: str) -> np.ndarray:
        """Loads the answers to the 'validation' or 'test' pictures: float64 `(n, 10)`."""
        return self._load_array(f"{part}_probabilities.npy", schema.check_probabilities, self.manifest[part])

    def load_answers(self, part: str) -> np.ndarray:
        """Loads the same as the model serves them, at its temperature."""
        return apply_temperature(self.load_probabilities(part), self.manifest["temperature"])

    def load_alarm(self) -> Alarm | None:
        """Loads what tells pictures that are unlike any garment, if this run has learned it."""
        if "alarm" not in self.manifest:
            return None
        return Alarm(self._load_array(GARMENT_SPACE, schema.check_garment_space), **self.manifest["alarm"])

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
            raise ArtifactError(f"The file {_shown(path)} cannot be loaded. {_RESTORE}") from error

    def _load_array(self, name, check, *facts):
        """Loads an array of the run and returns what `check` makes of it and of `facts`."""
        content = self.read(name)
        with _named(self.folder / name):
            return check(schema.parse_array(content), *facts)


_RESTORE = "Restore it with `git checkout -- artifacts`, or train the model again."
_REMOVE = "Restore it with `git checkout -- artifacts`, or remove it and train the models again."
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
    return [ModelEntry(**entry) for entry in _load_root()["models"]]


def load_run(model_name: str) -> Run:
    """Loads the run that the model `model_name` points at.

    Raises:
        ArtifactError: If there is no such model, or its manifest is missing or damaged.
    """
    entries = {entry.name: entry for entry in load_models()}
    if model_name not in entries:
        raise ArtifactError(
            f"There is no model {model_name[:40]!r}. Published models: {', '.join(entries) or 'none'}."
        )
    entry = entries[model_name]
    folder = _at("runs", entry.run)
    path = folder / "run.json"
    content = _read(path, MAX_JSON_BYTES)
    if entry.run_sha256:
        _check_sum(path, content, entry.run_sha256)
    with _named(path):
        manifest = schema.parse_json(content)
        _check_format(path, manifest, FORMAT, "train the model again")
        return Run(entry, schema.check_manifest(manifest, entry.name, entry.run), folder)


def identify_run(entry: ModelEntry) -> str:
    """Tells a line of models.json and its run.json from any other, without reading the file."""
    return f"{entry} {_identify(_at('runs', entry.run, 'run.json'))}"


def identify_photos_report() -> str:
    """Tells one photos.json, and the models.json that vouches for it, from the next, likewise."""
    return f"{_identify(_at('models.json'))} {_identify(_at('photos.json'))}"


def load_photos_report() -> dict | None:
    """Loads what the models did on photos, as `fmnist.photos.compute_report` describes it.

    Returns:
        The figures, or None where none were ever saved.

    Raises:
        ArtifactError: If photos.json or models.json is damaged.
    """
    try:
        return _load_photos_report()
    except ArtifactError:
        return _load_photos_report()  # another report may have been saved between two of its steps


def _load_photos_report():
    root, path, pending = _load_root(), _at("photos.json"), _at("photos.next.json")
    expected = root.get("photos_sha256")
    if os.path.lexists(pending) and _compute_sum(_read(pending, MAX_JSON_BYTES, _MEASURE)) == expected:
        path = pending
    if not os.path.lexists(path) and expected is None:  # a link to nowhere is no missing file
        return None
    content = _read(path, MAX_JSON_BYTES, _MEASURE)
    if "photos_sha256" in root:
        _check_sum(path, content, expected, _MEASURE)
    with _named(path, _MEASURE):
        report = schema.parse_json(content)
        _check_format(path, report, PHOTOS_FORMAT, "measure again")
        return schema.check_photos(report)


def save_photos_report(report: dict) -> Path:
    """Saves what the models did on photos for the dashboard to show; returns the file's path.

    The report waits in photos.next.json until models.json names its sum, and readers take whichever of
    the two files has the sum that models.json names. So they see the old report or the new one, whenever
    this is interrupted.

    Raises:
        ArtifactError: If models.json is damaged.
    """
    content, pending = _encode(report), _at("photos.next.json")
    with _lock_models():
        entries, _ = _load_entries_and_photos_sum()
        _write_synced(pending, content)
        _replace_root(_build_root(entries, _compute_sum(content)))
        os.replace(pending, _at("photos.json"))
        sync_folder(artifacts_dir())
    return _at("photos.json")


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
            f"Another process is training {model_name} in {_shown(folder)}: wait for it, or stop it first."
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
        ArtifactError: If a file of the run is missing, or readers would refuse its manifest.
    """
    run_name = f"{entry.name}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    files = (*RUN_FILES, GARMENT_SPACE) if "alarm" in manifest else RUN_FILES
    sums = {name: _compute_sum(_read(scratch / name, MAX_FILE_BYTES)) for name in files}
    content = _encode({"format": FORMAT, "run": run_name, **manifest, "files": sums})
    with _explained(f"The run of {entry.name} cannot be published"):
        manifest = schema.check_manifest(schema.parse_json(content), entry.name, run_name)
    _write_synced(scratch / "run.json", content)
    for name in files:
        _sync_file(scratch / name)
    sync_folder(scratch)
    folder = _at("runs", run_name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Two trainers may finish in the same moment, and each must see the other's line.
    with _lock_models():
        entries, photos_sum = _load_entries_and_photos_sum()
        known = entries.get(entry.name, entry)
        entries[entry.name] = replace(known, run=run_name, run_sha256=_compute_sum(content))
        root = _build_root(entries, photos_sum)
        os.replace(scratch, folder)
        sync_folder(folder.parent)
        _replace_root(root)
    return Run(entries[entry.name], manifest, folder)


def sync_folder(folder: Path) -> None:
    """Makes sure that a rename in `folder` survives a loss of power."""
    if os.name == "posix":  # elsewhere a folder cannot be opened
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def _sync_file(path):
    """Makes sure that what was written to a file survives a loss of power."""
    with open(path, "rb+") as stream:
        os.fsync(stream.fileno())


def _at(*names):
    return artifacts_dir().joinpath(*names)


def _shown(path):
    """Writes a path as a user may see it: from the artifacts folder on, whose place is nobody's business."""
    return Path("artifacts", os.path.relpath(path, artifacts_dir())).as_posix()


def _compute_sum(content):
    return hashlib.sha256(content).hexdigest()


def _check_sum(path, content, expected, advice=_RESTORE):
    if _compute_sum(content) != expected:
        raise ArtifactError(f"The file {_shown(path)} is damaged or was changed. {advice}")


def _read(path, limit, advice=_RESTORE):
    """Reads a file of at most `limit` bytes that really lies in the artifacts folder.

    A link may lead anywhere.
    """
    try:
        if not path.resolve().is_relative_to(artifacts_dir().resolve()):
            raise ArtifactError(
                f"The file {_shown(path)} is a link to a place outside the artifacts folder: remove it."
            )
        status = path.stat()
        if stat.S_ISFIFO(status.st_mode):  # opening it would wait for a writer
            raise ArtifactError(f"The file {_shown(path)} is a pipe: remove it. {advice}")
        if status.st_size > limit:
            raise ArtifactError(
                f"The file {_shown(path)} is damaged: it has more than {limit // 1_000_000} MB. {advice}"
            )
        with open(path, "rb") as stream:
            return stream.read(status.st_size)
    except (OSError, RuntimeError) as error:  # links that lead in a circle are a RuntimeError
        reason = getattr(error, "strerror", None) or "its links lead in a circle"
        raise ArtifactError(f"The file {_shown(path)} cannot be read ({reason}). {advice}") from error


def _identify(path):
    """Tells what lies at a path by its size and time."""
    try:
        status = path.stat()
    except OSError:
        return f"nothing at {path}"
    return f"{path} {status.st_size} {status.st_mtime_ns}"


@contextlib.contextmanager
def _explained(beginning, advice=""):
    """Turns a ValueError about the content of a file into a sentence for the user."""
    try:
        yield
    except ValueError as error:
        raise ArtifactError(f"{beginning}: {error}. {advice}".rstrip()) from error


def _named(path, advice=_RESTORE):
    return _explained(f"The file {_shown(path)} is damaged", advice)


def _check_format(path, content, known, remedy):
    """Refuses a file that a newer program wrote, before its shape is called damaged."""
    received = content.get("format", known) if isinstance(content, dict) else known
    if type(received) is int and received != known:
        raise ArtifactError(
            f"The file {_shown(path)} has format {received}, this program reads {known}: update the "
            f"program, or {remedy}."
        )


def _load_root():
    """Loads the content of models.json; an older one has no sums."""
    path = _at("models.json")
    content = _read(path, MAX_JSON_BYTES)
    with _named(path, _REMOVE):
        root = schema.parse_json(content)
        _check_format(path, root, MODELS_FORMAT, "set FMNIST_ARTIFACTS_DIR to another folder")
        return schema.check_models(root)


def _load_entries_and_photos_sum():
    """Loads what a new models.json takes over: the entries by name, and the sum of photos.json or None.

    Where there are no sums yet, they are those of the files as they are.
    """
    root = _load_root() if _at("models.json").exists() else {"models": []}
    entries = {entry["name"]: ModelEntry(**entry) for entry in root["models"]}
    if "photos_sha256" in root:
        return entries, root["photos_sha256"]
    for name, entry in entries.items():
        content = _read(_at("runs", entry.run, "run.json"), MAX_JSON_BYTES)
        entries[name] = replace(entry, run_sha256=_compute_sum(content))
    photos = _at("photos.json")
    return entries, _compute_sum(_read(photos, MAX_JSON_BYTES)) if os.path.lexists(photos) else None


def _lock_models():
    """Gives the lock that whoever rewrites models.json must hold."""
    from filelock import FileLock

    return FileLock(artifacts_dir() / "models.lock")


def _build_root(entries, photos_sum):
    """Builds the content of models.json, with its seal."""
    models = [asdict(entry) for entry in entries.values()]
    root = {"format": MODELS_FORMAT, "models": models, "photos_sha256": photos_sum}
    root["sha256"] = schema.compute_seal(root)
    with _explained("The models cannot be listed"):
        return schema.check_models(root)


def _replace_root(root):
    """Writes models.json; readers see the old one or the new one."""
    temporary = _at(f".models.{os.getpid()}.json")
    _write_synced(temporary, _encode(root))
    sync_folder(artifacts_dir())  # what it leads to survives a loss of power before it does
    os.replace(temporary, _at("models.json"))
    sync_folder(artifacts_dir())


def _encode(content):
    return (json.dumps(content, indent=1, allow_nan=False) + "\n").encode("ascii")


def _write_synced(path, content):
    with open(path, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
