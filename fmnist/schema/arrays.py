"""The .npy files of a run: read without trusting their headers, and held against its manifest."""

import io

import numpy as np

from fmnist.config import IMAGE_SIZE, NUM_CLASSES

_HALF_PRECISION = 0.002  # two probabilities that near may change places when they are stored


def parse_array(content: bytes) -> np.ndarray:
    """Parses an .npy file of numbers, read-only; whatever its header promises, nothing is allocated."""
    stream = io.BytesIO(content)
    try:
        if np.lib.format.read_magic(stream) != (1, 0):
            raise ValueError("another version")
        shape, is_fortran, dtype = np.lib.format.read_array_header_1_0(stream)
        if dtype.kind not in "iuf":
            raise ValueError("other things than numbers")
        # Too many numbers do not fit the shape, and neither do too few.
        values = np.frombuffer(content, dtype, offset=stream.tell())
        return values.reshape(shape, order="F" if is_fortran else "C")
    except Exception as error:  # NumPy raises nearly anything on a file that is not its own
        raise ValueError("it is no array of numbers") from error


def check_confusions(confusions: np.ndarray, manifest: dict) -> np.ndarray:
    """Checks the validation confusion matrix of each epoch against its run; returns them."""
    if confusions.dtype.kind != "i" or confusions.shape != (manifest["epochs_run"], NUM_CLASSES, NUM_CLASSES):
        raise ValueError("it must hold a 10 x 10 matrix of counts for each epoch")
    pictures = np.sum(manifest["validation"]["confusion_matrix"], axis=1)
    if (confusions < 0).any() or (confusions.sum(axis=2) != pictures).any():
        raise ValueError("its counts are not of the validation pictures")
    return confusions


def check_probabilities(stored: np.ndarray, metrics: dict) -> np.ndarray:
    """Checks the answers to a part of the data set against what the run records of it.

    Args:
        stored: Half precision `(n, 10)`.
        metrics: What `evaluation.compute_metrics` returned for them.

    Returns:
        float64 `(n, 10)`; rows sum to 1.
    """
    if stored.dtype.kind != "f" or stored.shape != (metrics["size"], NUM_CLASSES):
        raise ValueError(f"it must hold ten probabilities for each of {metrics['size']:,} pictures")
    probabilities = stored.astype(np.float64)
    sums = probabilities.sum(axis=1, keepdims=True)
    if not (probabilities >= 0).all() or not (np.abs(sums - 1) < 0.01).all():  # holds for "not a number" too
        raise ValueError("its rows are no probabilities")
    answers = np.bincount(probabilities.argmax(axis=1), minlength=NUM_CLASSES)
    second, first = np.partition(probabilities, -2, axis=1)[:, -2:].T
    unsure = np.count_nonzero(first - second < _HALF_PRECISION)
    # Without the labels only the columns of the matrix can be counted.
    if np.abs(answers - np.sum(metrics["confusion_matrix"], axis=0)).sum() > 2 * unsure:
        raise ValueError("its answers contradict the confusion matrix of the run")
    return probabilities / sums


def check_garment_space(space: np.ndarray) -> np.ndarray:
    """Checks what an alarm measures with: float `(1 + k, 784)`, all numbers; returns it."""
    if space.ndim != 2 or space.shape[1] != IMAGE_SIZE**2 or len(space) < 2 or space.dtype.kind != "f":
        raise ValueError("it must hold pictures of 784 numbers")
    if not np.isfinite(space).all():
        raise ValueError("it holds values that are no numbers")
    return space
