"""How models differ from each other, and which classes a model mixes up."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fmnist.config import CLASS_NAMES


class PairedDifference(NamedTuple):
    """How two models differ that answered the same images.

    Attributes:
        only_a, only_b: How many images only the first, and only the second, gets right.
        difference: Of the accuracies, B minus A, a fraction.
        low, high: Its 95 % interval.
        chance: The probability of so uneven a split, or a more uneven one, if both were equally good.
    """

    only_a: int
    only_b: int
    difference: float
    low: float
    high: float
    chance: float


def compare_right(right_a: np.ndarray, right_b: np.ndarray) -> PairedDifference:
    """Compares two models that answered the same images, with McNemar's exact test.

    Args:
        right_a, right_b: bool `(n,)`, at least one image: whether each answer is right.

    Reference: Agresti, Categorical Data Analysis, 3rd edition, sections 11.1 (the Wald interval for paired
        proportions) and 11.1.3 (the exact test).
    """
    only_a, only_b = int((right_a & ~right_b).sum()), int((right_b & ~right_a).sum())
    size = len(right_a)
    difference = (only_b - only_a) / size
    error = math.sqrt(max((only_a + only_b) / size - difference**2, 0)) / math.sqrt(size)
    return PairedDifference(
        only_a,
        only_b,
        difference,
        difference - 1.96 * error,
        difference + 1.96 * error,
        compute_chance(only_a, only_b),
    )


def compute_chance(only_a: int, only_b: int) -> float:
    """Computes McNemar's exact two-sided p-value from the images that only one of two models gets right.

    If both were equally good, each of these images would be a toss of a fair coin.
    """
    from scipy.special import bdtr  # scipy.stats would take a second to import

    tosses, fewer = only_a + only_b, min(only_a, only_b)
    return min(1.0, 2 * float(bdtr(fewer, tosses, 0.5))) if tosses else 1.0


def compare_paired(wrong_a: Sequence[int], wrong_b: Sequence[int], size: int) -> dict:
    """Compares two models that classified the same `size` images, by their lists of mistakes.

    Args:
        wrong_a, wrong_b: Positions of the images that each model got wrong.

    Returns:
        `only_a_wrong` and `only_b_wrong` (numbers of images), `difference` of the accuracies, B minus A,
        and its 95 % `interval` (fractions); see `compare_right`.
    """
    right = np.ones((2, size), bool)
    for row, wrong in zip(right, (wrong_a, wrong_b), strict=True):
        row[list(wrong)] = False
    found = compare_right(*right)
    return {
        "only_a_wrong": found.only_b,
        "only_b_wrong": found.only_a,
        "difference": found.difference,
        "interval": [found.low, found.high],
    }


def disagreement(answers: list[np.ndarray]) -> float:
    """Measures how much models disagree on one picture: 0 for the same probabilities, 1 for no overlap.

    Args:
        answers: float `(10,)` for each model.

    Returns:
        The largest total variation distance between two of them; 0 for a single model.
    """
    stacked = np.asarray(answers, dtype=float)
    distances = np.abs(stacked[:, None] - stacked[None]).sum(axis=-1) / 2
    return float(distances.max())


def most_confused(confusion: np.ndarray, count: int = 1) -> list[tuple[str, str, int]]:
    """Lists the most frequent mistakes as (true class, predicted class, number of images)."""
    errors = confusion - np.diag(np.diag(confusion))
    order = np.argsort(errors, axis=None)[::-1][:count]
    rows, columns = np.unravel_index(order, errors.shape)
    return [
        (CLASS_NAMES[row], CLASS_NAMES[column], int(errors[row, column]))
        for row, column in zip(rows, columns, strict=True)
    ]
