"""Prediction sets: the few classes that hold the truth as often as promised, whatever the class is.

Split conformal prediction, for each class by itself (Mondrian). A single threshold for all classes keeps its
promise on average only, and breaks it for shirts.

Reference: Vovk, Gammerman and Shafer 2005, "Algorithmic Learning in a Random World", sections 2.2 and 4.5;
Angelopoulos and Bates 2021, arXiv 2107.07511, section 4.
"""

import math
from dataclasses import dataclass

import numpy as np

from fmnist import census
from fmnist.artifacts import Run
from fmnist.confidence.track_record import answered_data_set, load_answers
from fmnist.config import NUM_CLASSES

LEVELS = (0.90, 0.95, 0.99)
"""The promises that the pages compare."""
PROMISE = 0.99
"""The one on the answer card. Below a model's accuracy, many sets would be empty."""


@dataclass(frozen=True)
class SetRule:
    """Which classes a set holds: those whose probability reaches the class's threshold.

    Attributes:
        level: The share of pictures of each class whose set is to hold the true class, 0 to 1.
        thresholds: float `(10,)`; 0 for a class of which too few pictures are known to leave it out ever.
    """

    level: float
    thresholds: np.ndarray

    def choose(self, probabilities: np.ndarray) -> np.ndarray:
        """Chooses the sets: bool `(n, 10)` for probabilities `(n, 10)`."""
        return probabilities >= self.thresholds

    def list_classes(self, probabilities: np.ndarray) -> tuple[int, ...]:
        """Lists the classes of one set, for `(10,)`, the most probable first; the first is never left out."""
        order = np.argsort(-probabilities, kind="stable")
        chosen = self.choose(probabilities)
        return tuple(int(label) for rank, label in enumerate(order) if chosen[label] or not rank)


@dataclass(frozen=True)
class SetRecord:
    """How a rule did on pictures whose classes are known.

    Attributes:
        coverage: For each class the share of its pictures whose set holds it: float `(10,)`, 0 to 1; "not a
            number" for a class without pictures.
        sizes: For each class the mean number of classes in the sets of its pictures: float `(10,)`, alike.
        covered: Share of all pictures whose set holds the true class, 0 to 1.
        size: The mean number of classes in a set.
        empty: Share of the sets that hold no class, 0 to 1.
    """

    coverage: np.ndarray
    sizes: np.ndarray
    covered: float
    size: float
    empty: float


def load_rule(run: Run, level: float = PROMISE) -> SetRule | None:
    """Builds the rule of a run from its answers to the validation pictures, for each class.

    Returns:
        The rule, or None if the run answered other pictures than those of the data set.

    Raises:
        ArtifactError: If its answers are missing or damaged.
    """
    if not answered_data_set(run, "validation"):
        return None
    labels = census.load_census("validation").labels
    return build_rule(labels, load_answers(run, "validation"), level)


def build_rule(labels: np.ndarray, probabilities: np.ndarray, level: float) -> SetRule:
    """Builds the rule that keeps its promise for each class.

    For a new picture of class k, drawn like the n known ones, each rank among their true probabilities is
    equally likely. So a threshold at the floor((n + 1)(1 - level))-th lowest is reached by at least `level`.

    Args:
        labels: int `(n,)`, the classes of pictures that the model was neither trained nor judged on.
        probabilities: float `(n, 10)`, the model's answers to them.
        level: The promise, 0 to 1.
    """
    truth = probabilities[np.arange(len(labels)), labels]
    thresholds = [find_threshold(truth[labels == label], level) for label in range(NUM_CLASSES)]
    return SetRule(level, np.array(thresholds))


def build_global_rule(labels: np.ndarray, probabilities: np.ndarray, level: float) -> SetRule:
    """Builds the rule with one threshold for all classes, which keeps its promise on average only."""
    truth = probabilities[np.arange(len(labels)), labels]
    return SetRule(level, np.full(NUM_CLASSES, find_threshold(truth, level)))


def find_threshold(truth: np.ndarray, level: float) -> float:
    """Finds the highest threshold that a new value reaches with a probability of at least `level`.

    Args:
        truth: float `(n,)`, values drawn like the new one.
        level: 0 to 1.

    Returns:
        One of the values, or 0 if they are too few for such a promise.
    """
    ranks = len(truth) + 1
    allowed = ranks - math.ceil(round(ranks * level, 9))  # rounded, as 10 x 0.9 is not always 9
    return float(np.partition(truth, allowed - 1)[allowed - 1]) if allowed else 0.0


def measure_sets(rule: SetRule, labels: np.ndarray, probabilities: np.ndarray) -> SetRecord:
    """Measures how a rule does on other pictures than it was built from.

    Args:
        rule: The rule.
        labels: int `(n,)`, the true classes.
        probabilities: float `(n, 10)`, the model's answers.
    """
    sets = rule.choose(probabilities)
    is_covered, sizes = sets[np.arange(len(labels)), labels], sets.sum(axis=1)
    pictures = np.bincount(labels, minlength=NUM_CLASSES)

    def average(values: np.ndarray) -> np.ndarray:
        totals = np.bincount(labels, weights=values, minlength=NUM_CLASSES)
        return np.divide(totals, pictures, out=np.full(NUM_CLASSES, np.nan), where=pictures > 0)

    return SetRecord(
        average(is_covered), average(sizes), float(is_covered.mean()), float(sizes.mean()),
        float((sizes == 0).mean()),
    )  # fmt: skip
