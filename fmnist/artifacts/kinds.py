"""The files of a run: ONE table with their names and what each must contain.

A new kind of file is an entry in RUN_FILES, and optional, because older runs lack it.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fmnist.artifacts.manifest import Manifest
from fmnist.config import IMAGE_SIZE, NUM_CLASSES

if TYPE_CHECKING:
    import pandas as pd

HISTORY_COLUMNS = (
    "epoch",
    "loss",
    "accuracy",
    "val_loss",
    "val_accuracy",
    "learning_rate",
    "seconds",
)
_HALF_PRECISION = 0.002  # two probabilities this close may change order when they are stored


@dataclass(frozen=True)
class RunFile:
    """A kind of file beside run.json.

    Attributes:
        name: Its file name.
        parse: Turns its content, given the manifest, into a value; raises ValueError if the content is
            damaged or contradicts the manifest. None for a file that another library reads.
        is_optional: Whether a run may lack it.
    """

    name: str
    parse: Callable[[bytes, Manifest], Any] | None = None
    is_optional: bool = False


def _parse_history(content: bytes, manifest: Manifest) -> "pd.DataFrame":
    """Parses one row per epoch, columns HISTORY_COLUMNS; losses are plain cross-entropy."""
    import pandas as pd  # takes half a second, which `predict` should not wait for

    try:
        history = pd.read_csv(io.BytesIO(content), dtype=float)
    except Exception as error:  # pandas raises nearly anything on a file that is not a table
        raise ValueError("it is not a table of numbers") from error
    if tuple(history.columns) != HISTORY_COLUMNS:
        raise ValueError(f"its columns must be {', '.join(HISTORY_COLUMNS)}")
    if history["epoch"].tolist() != list(range(1, manifest.epochs_run + 1)):
        raise ValueError("its epochs are not those of the run")
    values = history.to_numpy(dtype=float)
    if not (np.isfinite(values).all() and (values >= 0).all()):
        raise ValueError("it contains values that are below zero or not numbers")
    if not (history[["accuracy", "val_accuracy"]] <= 1).all(axis=None):
        raise ValueError("its accuracies must lie between 0 and 1")
    return history.astype({"epoch": int})


def _parse_confusions(content: bytes, manifest: Manifest) -> np.ndarray:
    """Parses the validation confusion matrix of each epoch: int32 `(epochs, 10, 10)`, read-only."""
    confusions = parse_array(content)
    if confusions.dtype.kind != "i" or confusions.shape != (manifest.epochs_run, NUM_CLASSES, NUM_CLASSES):
        raise ValueError("it must hold a 10 x 10 matrix of counts for each epoch")
    images = np.sum(manifest.validation.confusion_matrix, axis=1)
    if (confusions < 0).any() or (confusions.sum(axis=2) != images).any():
        raise ValueError("its counts are not those of the validation images")
    return confusions


def _parse_probabilities(content: bytes, manifest: Manifest, part: str) -> np.ndarray:
    """Parses the answers to a part, stored as float16 in split order: float64 `(n, 10)`, rows sum to 1."""
    stored, metrics = parse_array(content), manifest.metrics(part)
    if stored.dtype.kind != "f" or stored.shape != (metrics.size, NUM_CLASSES):
        raise ValueError(f"it must hold ten probabilities for each of {metrics.size:,} images")
    probabilities = stored.astype(np.float64)
    sums = np.where(probabilities >= 0, probabilities, np.inf).sum(axis=1, keepdims=True)
    if not (np.abs(sums - 1) < 0.01).all():  # neither with a value below zero nor with "not a number"
        raise ValueError("its rows are not probabilities")
    answers = np.bincount(probabilities.argmax(axis=1), minlength=NUM_CLASSES)
    second, first = np.partition(probabilities, -2, axis=1)[:, -2:].T
    unsure = np.count_nonzero(first - second < _HALF_PRECISION)
    # Without the labels only the columns of the matrix can be counted.
    if np.abs(answers - np.sum(metrics.confusion_matrix, axis=0)).sum() > 2 * unsure:
        raise ValueError("its answers contradict the confusion matrix of the run")
    return probabilities / sums


def _parse_garment_space(content: bytes, manifest: Manifest) -> np.ndarray:
    """Parses the space in which an alarm measures: float `(1 + k, 784)`; see `confidence.Alarm`."""
    space = parse_array(content)
    if space.ndim != 2 or space.shape[1] != IMAGE_SIZE**2 or len(space) < 2 or space.dtype.kind != "f":
        raise ValueError(f"it must hold images of {IMAGE_SIZE**2} numbers")
    if not np.isfinite(space).all():
        raise ValueError("it contains values that are not numbers")
    return space


def _parse_truth(content: bytes, manifest: Manifest) -> np.ndarray:
    """Parses the served probability of each image's true class after each epoch: float16 `(epochs, n)`."""
    truth = _parse_per_epoch(content, manifest, "f", "a probability")
    if not ((truth >= 0) & (truth <= 1)).all():  # holds for "not a number" too
        raise ValueError("it contains values that are not probabilities")
    return truth


def _parse_answers(content: bytes, manifest: Manifest) -> np.ndarray:
    """Parses the served answer to each validation image after each epoch: uint8 `(epochs, n)`."""
    answers = _parse_per_epoch(content, manifest, "u", "an answer")
    if (answers >= NUM_CLASSES).any():
        raise ValueError("it contains answers that are no classes")
    return answers


def _parse_per_epoch(content: bytes, manifest: Manifest, kind: str, what: str) -> np.ndarray:
    values, size = parse_array(content), manifest.validation.size
    if values.dtype.kind != kind or values.shape != (manifest.epochs_run, size):
        raise ValueError(f"it must hold {what} for each epoch and each of {size:,} images")
    return values


RUN_FILES = {
    "keras": RunFile("model.keras"),
    "litert": RunFile("model.tflite"),
    "history": RunFile("history.csv", _parse_history),
    "validation_confusion": RunFile("validation_confusion.npy", _parse_confusions),
    "validation_probabilities": RunFile(
        "validation_probabilities.npy",
        lambda content, manifest: _parse_probabilities(content, manifest, "validation"),
    ),
    "test_probabilities": RunFile(
        "test_probabilities.npy",
        lambda content, manifest: _parse_probabilities(content, manifest, "test"),
    ),
    "validation_truth": RunFile("validation_truth.npy", _parse_truth, is_optional=True),
    "validation_answers": RunFile("validation_answers.npy", _parse_answers, is_optional=True),
    "garment_space": RunFile("garment_space.npy", _parse_garment_space, is_optional=True),
}
"""The kinds of files of a run, by the names used in the program."""


def parse_array(content: bytes) -> np.ndarray:
    """Parses an .npy file of numbers, read-only; allocates nothing, whatever the header promises.

    Raises:
        ValueError: If it is not such a file.
    """
    stream = io.BytesIO(content)
    try:
        if np.lib.format.read_magic(stream) != (1, 0):
            raise ValueError("another version")
        shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(stream)
        if dtype.kind not in "iuf":
            raise ValueError("other things than numbers")
        # Neither too many nor too few numbers fit the shape.
        values = np.frombuffer(content, dtype, offset=stream.tell())
        return values.reshape(shape, order="F" if is_fortran else "C")
    except Exception as error:  # NumPy raises nearly anything on foreign files
        raise ValueError("it is not an array of numbers") from error
