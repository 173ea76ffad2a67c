"""A run's answers to the validation or test images, beside their labels; pages on errors start from it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fmnist import census, confidence
from fmnist.artifacts import Run
from fmnist.errors import OtherPicturesError
from fmnist.evaluation import compute_confusion_matrix


@dataclass(frozen=True, eq=False)
class Judged:
    """What a run served for each image of a part, and whether it was right; read-only.

    Attributes:
        name: What pages call the model or run.
        part: 'validation' or 'test'.
        labels: uint8 `(n,)`, classes.
        probabilities: float `(n, 10)`, calibrated, in split order.
    """

    name: str
    part: str
    labels: np.ndarray
    probabilities: np.ndarray

    @cached_property
    def answers(self) -> np.ndarray:
        """The most probable class of each image: int `(n,)`."""
        return self.probabilities.argmax(axis=1)

    @cached_property
    def confidences(self) -> np.ndarray:
        """The probability of the answer: float `(n,)`."""
        return self.probabilities.max(axis=1)

    @cached_property
    def is_right(self) -> np.ndarray:
        """Whether each answer is the label: bool `(n,)`."""
        return self.answers == self.labels

    @cached_property
    def disagreement(self) -> np.ndarray:
        """How far each answer is from a sure and right one: float `(n,)`, 0 to 1.

        1 - confidence where the answer is right, the confidence where it is wrong.

        Reference: the metric "disagreement" of Lightly Studio.
        """
        return np.where(self.is_right, 1 - self.confidences, self.confidences)

    def count(self, within: np.ndarray | None = None) -> np.ndarray:
        """Counts the answers, all or those to the images `within`, bool `(n,)`: int32 `(10, 10)`."""
        chosen = slice(None) if within is None else within
        return compute_confusion_matrix(self.labels[chosen], self.answers[chosen])


def judge(run: Run, part: str, name: str) -> Judged:
    """Puts a run's answers beside the labels.

    Args:
        run: The run.
        part: 'validation' or 'test'.
        name: What pages call it.

    Raises:
        ArtifactError: If its answers are missing or damaged.
        OtherPicturesError: If they are answers to other images.
    """
    probabilities = confidence.load_answers(run, part)
    if not confidence.answered_data_set(run, part):
        raise OtherPicturesError(f"The run {run.name} answered other pictures than those of the data set.")
    labels = census.load_census(part).labels
    _settle_ties(probabilities, labels, np.array(run.manifest.metrics(part).confusion_matrix))
    probabilities.flags.writeable = False
    return Judged(name, part, labels, probabilities)


def select_cell(judged: Judged, true: int, predicted: int, within: np.ndarray | None = None) -> np.ndarray:
    """Selects the images of a class that got an answer, those with the largest disagreement first.

    Args:
        judged: The answers.
        true, predicted: The class and the answer, 0 to 9.
        within: bool `(n,)`: of these images only.

    Returns:
        int `(k,)`, positions.
    """
    is_meant = (judged.labels == true) & (judged.answers == predicted)
    return sort_by_disagreement(judged, is_meant if within is None else is_meant & within)


def sort_by_disagreement(judged: Judged, within: np.ndarray) -> np.ndarray:
    """Lists the positions of the images `within`, bool `(n,)`, those with the largest disagreement first."""
    positions = np.flatnonzero(within)
    return positions[np.argsort(-judged.disagreement[positions], kind="stable")]


def _settle_ties(probabilities: np.ndarray, labels: np.ndarray, counts: np.ndarray) -> None:
    """Lets the answer win that the run's own matrix counted, where two were stored as equally probable.

    Half precision makes a few equal. `probabilities` float `(n, 10)` is changed by less than it can tell.
    """
    answers = probabilities.argmax(axis=1)
    surplus = compute_confusion_matrix(labels, answers) - counts
    is_best = probabilities == probabilities.max(axis=1, keepdims=True)
    for position in np.flatnonzero(is_best.sum(axis=1) > 1):
        row = surplus[labels[position]]
        for other in np.flatnonzero(is_best[position]):
            if row[answers[position]] > 0 > row[other]:
                probabilities[position, other] *= 1 + 1e-9
                row[answers[position]] -= 1
                row[other] += 1
                break
