"""How the answers to validation pictures changed over the epochs: when they were right, and when lost again.

These pictures were never learned from. So a picture whose right answer is lost was recognised and is no
longer. That is not forgetting in the sense of Toneva et al. 2019, arXiv 1812.05159, where pictures are
trained on.
"""

from dataclasses import dataclass

import numpy as np

NEVER = 0
"""In `DataMap.first_right`: no epoch, as they count from 1."""
LEARNED = 0.95
"""The share of its best recall from which on a class counts as learned."""


@dataclass(frozen=True)
class Life:
    """What became of one picture in one run.

    Attributes:
        first_right: The first epoch, from 1, after which the answer was right; None if it never was.
        times_lost: How often a right answer was followed, one epoch later, by a wrong one.
        right_epochs: After how many epochs the answer was right.
        epochs: How many there were.
        is_right: Whether the last answer was right.
        mean: The mean probability of the true class over the epochs, 0 to 1.
        spread: Its standard deviation, 0 to 0.5.
    """

    first_right: int | None
    times_lost: int
    right_epochs: int
    epochs: int
    is_right: bool
    mean: float
    spread: float


@dataclass(frozen=True)
class DataMap:
    """What became of all pictures in one run, each an array `(n,)`.

    Attributes:
        mean: The mean probability of the true class over the epochs: float64, 0 to 1.
        spread: Its standard deviation (of all epochs, not of a sample): float64, 0 to 0.5.
        share_right: After which share of the epochs the answer was right: float64, 0 to 1.
        first_right: The first epoch, from 1, after which it was right: int64, NEVER if none.
        times_lost: How often a right answer was followed by a wrong one: int64.
        is_right: Whether the last answer was right: bool.
    """

    mean: np.ndarray
    spread: np.ndarray
    share_right: np.ndarray
    first_right: np.ndarray
    times_lost: np.ndarray
    is_right: np.ndarray


def map_data(truth: np.ndarray, answers: np.ndarray, labels: np.ndarray) -> DataMap:
    """Maps pictures by how a run came to answer them.

    Args:
        truth: float `(epochs, n)`, the probability of the true class after each epoch, 0 to 1.
        answers: int `(epochs, n)`, the class named after each epoch.
        labels: int `(n,)`, the true classes.

    Raises:
        ValueError: If the shapes do not fit, or there is no epoch.

    Reference: Swayamdipta et al. 2020, "Dataset Cartography", arXiv 2009.10795, section 2; there for pictures
    that are trained on.
    """
    if truth.shape != answers.shape or truth.shape[1:] != labels.shape or not len(truth):
        raise ValueError(
            f"`truth` and `answers` must have a row for each epoch and a column for each of {labels.size} "
            f"labels. Received: {truth.shape} and {answers.shape}"
        )
    probabilities = truth.astype(np.float64)
    right = answers == labels
    return DataMap(
        mean=probabilities.mean(axis=0),
        spread=probabilities.std(axis=0),
        share_right=right.mean(axis=0),
        first_right=np.where(right.any(axis=0), right.argmax(axis=0) + 1, NEVER),
        times_lost=np.count_nonzero(right[:-1] & ~right[1:], axis=0),
        is_right=right[-1],
    )


def life_of(truth: np.ndarray, answers: np.ndarray, label: int) -> Life:
    """Tells what became of one picture.

    Args:
        truth: float `(epochs,)`, the probability of its true class after each epoch.
        answers: int `(epochs,)`, the class named after each epoch.
        label: Its true class.

    Raises:
        ValueError: If the lengths differ, or there is no epoch.
    """
    found = map_data(truth[:, np.newaxis], answers[:, np.newaxis], np.array([label]))
    right = answers == label
    return Life(
        first_right=int(found.first_right[0]) or None,
        times_lost=int(found.times_lost[0]),
        right_epochs=int(np.count_nonzero(right)),
        epochs=len(right),
        is_right=bool(right[-1]),
        mean=float(found.mean[0]),
        spread=float(found.spread[0]),
    )


def compute_recalls(confusions: np.ndarray) -> np.ndarray:
    """Computes the share of each class's pictures that were recognised after each epoch.

    Args:
        confusions: int `(epochs, 10, 10)`, row true, column predicted.

    Returns:
        float64 `(epochs, 10)`, 0 to 1; 0 for a class without pictures.
    """
    pictures = confusions.sum(axis=2)
    return np.diagonal(confusions, axis1=1, axis2=2) / np.maximum(pictures, 1)


def find_learned(recalls: np.ndarray) -> np.ndarray:
    """Finds the first epoch, from 1, with at least LEARNED of the best recall: int `(10,)`.

    Args:
        recalls: float `(epochs, 10)`, from `compute_recalls`.
    """
    return (recalls >= LEARNED * recalls.max(axis=0)).argmax(axis=0) + 1


def compute_unsteadiness(recalls: np.ndarray) -> np.ndarray:
    """Computes by how much the recall changed from epoch to epoch, on average: float `(10,)`, 0 to 1.

    Args:
        recalls: float `(epochs, 10)`, from `compute_recalls`. A single epoch has no change.
    """
    return np.abs(np.diff(recalls, axis=0)).sum(axis=0) / max(len(recalls) - 1, 1)


def list_hard(found: DataMap) -> np.ndarray:
    """Lists the pictures that were wrong after most epochs: int `(k,)`, the lowest mean first."""
    return _sort(found.share_right < 0.5, found.mean)


def list_unsteady(found: DataMap) -> np.ndarray:
    """Lists the pictures that were lost at least twice: int `(k,)`, the most often lost first."""
    return _sort(found.times_lost >= 2, -found.times_lost - found.spread)


def list_lost(found: DataMap) -> np.ndarray:
    """Lists the pictures that were right once, but not at the end: int `(k,)`, the longest right first."""
    return _sort((found.first_right != NEVER) & ~found.is_right, -found.share_right)


def _sort(is_listed: np.ndarray, by: np.ndarray) -> np.ndarray:
    positions = np.flatnonzero(is_listed)
    return positions[np.argsort(by[positions], kind="stable")]
