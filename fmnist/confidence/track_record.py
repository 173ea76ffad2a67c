"""The track record: how often a model was right when it was about this confident."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist import census
from fmnist.artifacts import Run
from fmnist.config import NUM_CLASSES
from fmnist.evaluation import apply_temperature

NEIGHBOURS = 500  # validation answers with which a confidence is compared


@dataclass(frozen=True)
class TrackRecord:
    """How often answers with about the same confidence were right.

    Attributes:
        low, high: The range of their confidences, 0 to 1.
        right: Share of them that were right, 0 to 1.
        count: The number of these answers.
    """

    low: float
    high: float
    right: float
    count: int


def find_track_record(confidence: float, confidences: np.ndarray, wrong: Sequence[int]) -> TrackRecord:
    """Looks up how often a model was right when it was about this confident.

    Args:
        confidence: The highest probability of the answer in question.
        confidences: float `(n,)`, the confidences of the model's validation answers, calibrated like the
            answer in question.
        wrong: Positions of the wrong answers among them.
    """
    right = np.ones(len(confidences), bool)
    right[list(wrong)] = False
    distances = np.abs(confidences - confidence)
    count = min(NEIGHBOURS, len(distances))
    # Sorting all of them would take longer than the rest of the page.
    near = np.flatnonzero(distances <= np.partition(distances, count - 1)[count - 1])
    nearest = near[np.argsort(distances[near], kind="stable")][:count]
    return TrackRecord(
        float(confidences[nearest].min()),
        float(confidences[nearest].max()),
        float(right[nearest].mean()),
        count,
    )


def answered_data_set(run: Run, part: str) -> bool:
    """Whether a run answered the images of the data set, not others, as tiny runs of tests do.

    Args:
        run: The run.
        part: 'validation' or 'test'.
    """
    labels = census.load_census(part).labels
    counted = np.sum(run.manifest.metrics(part).confusion_matrix, axis=1)
    return bool((np.bincount(labels, minlength=NUM_CLASSES) == counted).all())


def load_answers(run: Run, part: str) -> np.ndarray:
    """Loads a run's answers to a part of the data set, calibrated as its model serves them.

    Args:
        run: The published run.
        part: 'validation' or 'test'.

    Returns:
        float64 `(n, 10)`, in the order of the split.

    Raises:
        ArtifactError: If the file is missing or damaged.
    """
    return apply_temperature(run.load_probabilities(part), run.manifest.temperature)
