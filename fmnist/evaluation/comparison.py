"""How models differ from each other, and which classes a model mixes up."""

from collections.abc import Sequence

import numpy as np

from fmnist.config import CLASS_NAMES


def compare_paired(wrong_a: Sequence[int], wrong_b: Sequence[int], size: int) -> dict:
    """Compares two models that classified the same `size` images.

    Args:
        wrong_a, wrong_b: Positions of the images that each model got wrong.

    Returns:
        `only_a_wrong` and `only_b_wrong` (numbers of images), `difference` of the accuracies, B minus A,
        and its 95 % `interval` (fractions; Wald interval for paired proportions).

    Reference: Agresti, Categorical Data Analysis, 3rd edition, section 11.1.
    """
    only_a = len(set(wrong_a) - set(wrong_b))
    only_b = len(set(wrong_b) - set(wrong_a))
    difference = (only_a - only_b) / size
    error = np.sqrt((only_a + only_b) / size - difference**2) / np.sqrt(size)
    return {
        "only_a_wrong": only_a,
        "only_b_wrong": only_b,
        "difference": difference,
        "interval": [float(difference - 1.96 * error), float(difference + 1.96 * error)],
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
