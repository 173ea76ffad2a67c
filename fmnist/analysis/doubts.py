"""Labels in doubt: pictures whose label models contradict, and what accuracy would be with other labels."""

from collections.abc import Mapping

import numpy as np

from fmnist.analysis.judged import Judged
from fmnist.analysis.slices import find_contradictions
from fmnist.census import load_census
from fmnist.config import NUM_CLASSES

TWIN_IN_DOUBT = 20.0
"""Grey levels: up to this root mean square, a training picture with another label puts a label in doubt."""


def list_contradicted(judged: Mapping[str, Judged]) -> np.ndarray:
    """Lists the pictures for which all models give the same answer and it is not the label.

    Args:
        judged: By name the models' answers, at least one.

    Returns:
        int `(k,)`, positions, the one with the highest confidence of the least confident model first.
    """
    labels = next(iter(judged.values())).labels
    doubt = np.min([each.confidences for each in judged.values()], axis=0)
    return _sort(np.flatnonzero(find_contradictions(judged, labels)), doubt)


def list_confident(labels: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Lists the pictures that confident learning counts to another class than their label.

    A class is a candidate for a picture if its probability there reaches the class's threshold: what pictures
    with that label get on average. Of the candidates the most probable counts. Classes that are hard to tell
    apart thus have low thresholds.

    Args:
        labels: int `(n,)`.
        probabilities: float `(n, 10)`, from models that were not trained on these pictures.

    Returns:
        int `(k,)`, positions, the one with the largest lead of another class over the label first.

    Reference: Northcutt, Jiang and Chuang 2021, "Confident Learning", JAIR 70, section 3.1, equation 1.
    """
    thresholds = np.array(
        [probabilities[labels == each, each].mean() if (labels == each).any() else np.inf
         for each in range(NUM_CLASSES)]
    )  # fmt: skip
    candidates = np.where(probabilities >= thresholds, probabilities, -1)
    counted = candidates.argmax(axis=1)
    is_counted = candidates.max(axis=1) >= 0
    flagged = np.flatnonzero(is_counted & (counted != labels))
    rows = np.arange(len(labels))
    return _sort(flagged, probabilities[rows, counted] - probabilities[rows, labels])


def list_twins(part: str) -> np.ndarray:
    """Lists the pictures that nearly equal a training picture with another label.

    Args:
        part: 'validation' or 'test'.

    Returns:
        int `(k,)`, positions, the one with the nearest twin first.
    """
    census = load_census(part)
    is_other = (census.distance <= TWIN_IN_DOUBT) & (census.nearest_label != census.labels)
    return _sort(np.flatnonzero(is_other), -census.distance)


def propose_labels(judged: Mapping[str, Judged]) -> np.ndarray:
    """Returns what the models together answer, the highest mean probability: int `(n,)`.

    Where all models agree, it is what they agree on.
    """
    return np.mean([each.probabilities for each in judged.values()], axis=0).argmax(axis=1)


def rejudge(judged: Mapping[str, Judged], changed: Mapping[int, int]) -> dict[str, float]:
    """Computes each model's accuracy as if some pictures had other labels.

    Args:
        judged: By name the models' answers.
        changed: By position the other label.

    Returns:
        For each name the accuracy, 0 to 1.
    """
    positions, classes = np.array([*changed], int), np.array([*changed.values()], int)
    accuracies = {}
    for name, each in judged.items():
        labels = each.labels.copy()
        labels[positions] = classes
        accuracies[name] = float((each.answers == labels).mean())
    return accuracies


def _sort(positions: np.ndarray, doubt: np.ndarray) -> np.ndarray:
    return positions[np.argsort(-doubt[positions], kind="stable")]
