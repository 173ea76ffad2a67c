"""The table of a sweep, typed: a row per finished trial, as a Parquet file with a header of its own.

The header holds the SHA-256 of all that the table says, which reveals a changed bit. Like the one of
models.json it is not a signature.
"""

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta

from fmnist.artifacts import files
from fmnist.artifacts.kinds import HISTORY_COLUMNS
from fmnist.artifacts.values import (
    MAX_EPOCHS,
    Epochs,
    Folder,
    Line,
    Loss,
    Name,
    Record,
    Seconds,
    Sha256,
    Share,
    TrialName,
    convert,
    parse_json,
)
from fmnist.config import NUM_CLASSES

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

FORMAT = 1
"""Version of the format of the table; a reader refuses newer ones."""

_MAX_ROWS, _MAX_BYTES = 1000, 200_000_000


class EpochRow(Record, frozen=True, kw_only=True):
    """An epoch of a trial, with the fields HISTORY_COLUMNS."""

    epoch: Epochs
    loss: Annotated[float, Meta(ge=0, le=1e30)]  # while it learns, a network may be far off
    accuracy: Share
    val_loss: Loss
    val_accuracy: Share
    learning_rate: Annotated[float, Meta(ge=0, le=1000)]
    seconds: Seconds


class Trial(Record, frozen=True, kw_only=True):
    """A finished trial: one training run of a sweep.

    Attributes:
        trial: Its name within the sweep.
        key: The SHA-256 of its configuration and of the data's split.
        recipe: The recipe it varies.
        strength: The factor on the recipe's augmentation, or None where the recipe has none.
        train_share: The share of the training images it learned from.
        seed: Decides all that is random in it.
        overrides: What else differs from the recipe: JSON, sorted by name.
        history: A row per epoch, as in a run.
        kept_epoch: The epoch with the lowest validation loss, from 1; its weights give the figures below.
        epochs_run: The number of epochs.
        val_loss, val_accuracy: Those of the served answers after the kept epoch.
        best_val_accuracy, best_accuracy_epoch: The highest validation accuracy of any epoch, and the first
            epoch that has it.
        test_accuracy, test_loss: Those of the served answers; None unless the sweep asks for them.
        validation_answers: The served answers after the kept epoch, a byte each, in split order.
        seconds: The duration of all epochs together, with their validation.
        images_per_second: Training images seen per second of these.
        backend: What computed it, such as "tensorflow 2.21.0, CPU".
        run: The folder of its run, or None if none was written.
    """

    trial: TrialName
    key: Sha256
    recipe: Name
    strength: Annotated[float, Meta(ge=0, le=1000)] | None
    train_share: Share
    seed: Annotated[int, Meta(ge=0, lt=2**32)]
    overrides: Line
    history: Annotated[tuple[EpochRow, ...], Meta(min_length=1, max_length=MAX_EPOCHS)]
    kept_epoch: Epochs
    epochs_run: Epochs
    val_loss: Loss
    val_accuracy: Share
    best_val_accuracy: Share
    best_accuracy_epoch: Epochs
    test_accuracy: Share | None = None
    test_loss: Loss | None = None
    validation_answers: bytes
    seconds: Seconds
    images_per_second: Seconds
    backend: Line
    run: Folder | None = None

    def __post_init__(self) -> None:
        """Raises ValueError if its values contradict each other."""
        if [row.epoch for row in self.history] != list(range(1, self.epochs_run + 1)):
            raise ValueError("the epochs of the history are not those of the trial")
        accuracies = [row.val_accuracy for row in self.history]
        best = int(np.argmax(accuracies))
        if (self.best_accuracy_epoch, self.best_val_accuracy) != (best + 1, accuracies[best]):
            raise ValueError("the best accuracy contradicts the history")
        if self.kept_epoch != int(np.argmin([row.val_loss for row in self.history])) + 1:
            raise ValueError("the kept epoch is not the one with the lowest validation loss")
        if not self.validation_answers or max(self.validation_answers) >= NUM_CLASSES:
            raise ValueError("the answers are not classes")

    def load_history(self) -> "pd.DataFrame":
        """Returns the training history as a run does: one row per epoch, columns HISTORY_COLUMNS."""
        import pandas as pd

        return pd.DataFrame(map(msgspec.structs.astuple, self.history), columns=list(HISTORY_COLUMNS))

    @property
    def answers(self) -> np.ndarray:
        """The served answers to the validation images after the kept epoch: uint8 `(n,)`, read-only."""
        return np.frombuffer(self.validation_answers, np.uint8)


@dataclass(frozen=True)
class Sweep:
    """A sweep and its finished trials.

    Attributes:
        name: The name of its folder.
        planned: The names of all its trials, in the order of its file.
        trials: Those that are finished, in the same order.
    """

    name: str
    planned: tuple[str, ...]
    trials: tuple[Trial, ...]

    def to_frame(self) -> "pd.DataFrame":
        """Returns the table: a row per finished trial, a column per field of `Trial`."""
        import pandas as pd

        rows = [msgspec.structs.astuple(trial) for trial in self.trials]
        return pd.DataFrame(rows, columns=list(Trial.__struct_fields__))


class _Header(Record, frozen=True, kw_only=True):
    """What a table says of itself."""

    format: int
    sweep: Name
    planned: tuple[TrialName, ...]
    sha256: Sha256


def encode_sweep(sweep: Sweep) -> bytes:
    """Encodes a sweep as a Parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = [msgspec.structs.asdict(trial) | {"history": _list_epochs(trial)} for trial in sweep.trials]
    header = _Header(format=FORMAT, sweep=sweep.name, planned=sweep.planned, sha256=_compute_seal(sweep))
    schema = _schema().with_metadata({_KEY: msgspec.json.encode(header)})
    stream = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist(rows, schema), stream, compression="zstd")
    return stream.getvalue().to_pybytes()


def parse_header(content: bytes) -> Any:
    """Returns what a table says of itself, not yet typed, so that a newer format can be recognised.

    Raises:
        ValueError: If it is no table of a sweep, or would take too much memory.
    """
    return _open(content)[1]


def parse_sweep(content: bytes, name: str) -> Sweep:
    """Turns a Parquet file into the sweep `name`; each row is checked.

    Raises:
        ValueError: If it is anything else, was changed, or belongs to another sweep.
    """
    file, described = _open(content)
    header = convert(described, _Header, "the header")
    if header.sweep != name:
        raise ValueError(f"it belongs to the sweep {header.sweep}")
    try:
        # A thread of its pool that still runs when Python ends would abort it: apache/arrow issue 34314.
        rows = file.read(use_threads=False).to_pylist()
    except Exception as error:  # pyarrow raises nearly anything on foreign files
        raise ValueError("its columns cannot be read") from error
    trials = tuple(convert(row, Trial, f"row {number}") for number, row in enumerate(rows, 1))
    sweep = Sweep(header.sweep, header.planned, trials)
    if len({trial.trial for trial in trials}) < len(trials):
        raise ValueError("a trial occurs twice")
    if len({len(trial.validation_answers) for trial in trials}) > 1:
        raise ValueError("its trials answered different numbers of images")
    if header.sha256 != _compute_seal(sweep):
        raise ValueError("something in it was changed, because it no longer matches its own SHA-256")
    return sweep


_KEY = b"fmnist"  # of the header in the metadata of the file


def _open(content: bytes) -> "tuple[pq.ParquetFile, Any]":
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        groups = [file.metadata.row_group(index) for index in range(file.metadata.num_row_groups)]
        size = sum(group.total_byte_size for group in groups)
        schema = file.schema_arrow
    except Exception as error:  # pyarrow raises nearly anything on foreign files
        raise ValueError("it is not a Parquet table") from error
    if not schema.equals(_schema()) or _KEY not in (schema.metadata or {}):
        raise ValueError("it is not the table of a sweep")
    if file.metadata.num_rows > _MAX_ROWS or size > _MAX_BYTES:
        raise ValueError("it is too large for the table of a sweep")
    return file, parse_json(schema.metadata[_KEY])


@functools.cache
def _schema() -> "pa.Schema":
    import pyarrow as pa

    whole = ("seed", "kept_epoch", "epochs_run", "best_accuracy_epoch")
    texts = ("trial", "key", "recipe", "overrides", "backend", "run")
    columns = [(name, pa.int64() if name == "epoch" else pa.float64()) for name in HISTORY_COLUMNS]
    types = {
        **dict.fromkeys(Trial.__struct_fields__, pa.float64()),
        **dict.fromkeys(texts, pa.string()),
        **dict.fromkeys(whole, pa.int64()),
        "history": pa.list_(pa.struct(columns)),
        "validation_answers": pa.binary(),
    }
    return pa.schema([(name, types[name]) for name in Trial.__struct_fields__])


def _list_epochs(trial: Trial) -> list[dict[str, float]]:
    return [msgspec.structs.asdict(row) for row in trial.history]


def _compute_seal(sweep: Sweep) -> str:
    """Computes the SHA-256 of all that a table says; how Parquet stores it does not matter."""
    return files.compute_sum(msgspec.json.encode([sweep.name, sweep.planned, sweep.trials]))
