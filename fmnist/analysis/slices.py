"""Kinds of pictures, such as the darkest quarter, one class, a doubted label, and how well models do on each.

What a slice is was fixed on the validation images, so that its name means the same on test images.
"""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from fmnist.analysis.judged import Judged
from fmnist.census import load_census
from fmnist.config import CLASS_NAMES
from fmnist.evaluation import adjust_p_values, compare_shares, compute_wilson

FEWEST = 50
"""Pictures that a slice must have; of fewer, an accuracy says too little."""
TWIN = 15.0
"""Grey levels: two pictures are near twins up to this root mean square over their pixels."""

Kind = Literal["looks", "data", "class", "label"]
"""What tells a slice: how its pictures look, their distance to the training images, their class, or that all
models contradict their label, so that all are wrong there."""


@dataclass(frozen=True)
class Slice:
    """A kind of pictures.

    Attributes:
        key: Its name in addresses.
        label: Its name on pages.
        kind: What tells it.
        measure: The measure of the census it is a quarter of, 'distance' among them; empty for others.
        is_top: Whether it is the quarter with the highest values, not that with the lowest.
    """

    key: str
    label: str
    kind: Kind
    measure: str = ""
    is_top: bool = False


_CLASSES = {name.replace(" ", "-"): name for name in CLASS_NAMES}
_SLICES = (
    Slice("darkest", "darkest quarter", "looks", "brightness"),
    Slice("brightest", "brightest quarter", "looks", "brightness", True),
    Slice("smallest", "smallest quarter", "looks", "filled"),
    Slice("largest", "largest quarter", "looks", "filled", True),
    Slice("facing-left", "quarter facing left", "looks", "facing"),
    Slice("facing-right", "quarter facing right", "looks", "facing", True),
    Slice("lopsided", "most lopsided quarter", "looks", "symmetry"),
    Slice("symmetric", "most symmetric quarter", "looks", "symmetry", True),
    Slice("plainest", "plainest quarter", "looks", "texture"),
    Slice("busiest", "busiest quarter", "looks", "texture", True),
    Slice("like-training", "quarter nearest to training", "data", "distance"),
    Slice("far-from-training", "quarter farthest from training", "data", "distance", True),
    Slice("near-twin", "near twins in training", "data"),
    *(Slice(key, name, "class") for key, name in _CLASSES.items()),
    Slice("label-doubted", "doubted label", "label"),
)


def list_slices() -> tuple[Slice, ...]:
    """Lists all slices."""
    return _SLICES


def find_slice(key: str) -> Slice | None:
    """Finds a slice by its name in addresses; returns None if there is none of that name."""
    return next((each for each in _SLICES if each.key == key), None)


def compute_mask(shown: Slice, part: str, judged: Mapping[str, Judged]) -> np.ndarray:
    """Finds out which images of a part belong to a slice.

    Args:
        shown: The slice.
        part: 'validation' or 'test'.
        judged: By name all published models' answers to the part; they decide whether a label is in doubt.

    Returns:
        bool `(n,)`.
    """
    census = load_census(part)
    if shown.kind == "label":
        return find_contradictions(judged, census.labels)
    if shown.kind == "class":
        return census.labels == list(_CLASSES).index(shown.key)
    if not shown.measure:
        return census.distance <= TWIN
    low, high = _find_quarters(shown.measure)
    values = _measure(part, shown.measure)
    return values >= high if shown.is_top else values <= low


def find_contradictions(judged: Mapping[str, Judged], labels: np.ndarray) -> np.ndarray:
    """Finds out on which images all models give the same answer and it is not the label.

    Args:
        judged: By name the models' answers; nowhere if there are none.
        labels: int `(n,)`.

    Returns:
        bool `(n,)`.
    """
    if not judged:
        return np.zeros(len(labels), bool)
    answers = np.stack([each.answers for each in judged.values()])
    return (answers == answers[0]).all(axis=0) & (answers[0] != labels)


def _measure(part: str, measure: str) -> np.ndarray:
    census = load_census(part)
    return census.distance if measure == "distance" else census.measures[measure]


@functools.cache
def _find_quarters(measure: str) -> tuple[float, float]:
    """Finds the values that a quarter of the validation images lies below, and above."""
    low, high = np.quantile(_measure("validation", measure).astype(float), [0.25, 0.75])
    return float(low), float(high)


class SliceScore(NamedTuple):
    """How well one model does on a slice.

    Attributes:
        right: The number of right answers.
        accuracy: Their share, 0 to 1.
        low, high: Its 95 % Wilson interval.
        rest: The accuracy on all other pictures; NaN if there are none.
        expected: What its mix of classes alone would give: the model's accuracy on each class, averaged over
            the pictures of the slice.
        p_value: Of the difference to the rest, adjusted for the number of slices and models; NaN where a
            test means nothing, since the slice was chosen by the mistakes.
    """

    right: int
    accuracy: float
    low: float
    high: float
    rest: float
    expected: float
    p_value: float

    @property
    def difference(self) -> float:
        """The accuracy minus that on the rest, as a fraction."""
        return self.accuracy - self.rest


@dataclass(frozen=True)
class SliceScores:
    """A slice with its number of pictures and, by name, each model's score."""

    slice: Slice
    size: int
    by_model: Mapping[str, SliceScore]

    @property
    def accuracy(self) -> float:
        """The mean accuracy over the models, 0 to 1."""
        return float(np.mean([score.accuracy for score in self.by_model.values()]))


def score_slices(
    masks: Mapping[Slice, np.ndarray], judged: Mapping[str, Judged], fewest: int = FEWEST
) -> list[SliceScores]:
    """Scores models on slices.

    Args:
        masks: For each slice its pictures, bool `(n,)`.
        judged: By name the answers to score, at least one.
        fewest: Slices with fewer pictures are left out.

    Returns:
        The slices that have enough pictures, the one with the lowest accuracy first.
    """
    kept = {each: mask for each, mask in masks.items() if mask.sum() >= fewest}
    tested = [(each, name) for each in kept if each.kind != "label" for name in judged]
    plain = np.array([_test(kept[each], judged[name]) for each, name in tested])
    p_values = dict(zip(tested, adjust_p_values(plain).tolist(), strict=True))
    scored = [
        SliceScores(
            each,
            int(mask.sum()),
            {name: _score(mask, judged[name], p_values.get((each, name), np.nan)) for name in judged},
        )
        for each, mask in kept.items()
    ]
    return sorted(scored, key=lambda scores: scores.accuracy)


def _score(mask: np.ndarray, judged: Judged, p_value: float) -> SliceScore:
    right, size = int(judged.is_right[mask].sum()), int(mask.sum())
    low, high = compute_wilson(right, size)
    rest = float(judged.is_right[~mask].mean()) if not mask.all() else np.nan
    pictures = np.bincount(judged.labels, minlength=len(CLASS_NAMES))
    of_class = np.bincount(judged.labels, judged.is_right, len(CLASS_NAMES)) / np.maximum(pictures, 1)
    expected = float(of_class[judged.labels[mask]].mean())
    return SliceScore(right, right / size, float(low), float(high), rest, expected, p_value)


def _test(mask: np.ndarray, judged: Judged) -> float:
    right = judged.is_right
    return compare_shares(
        np.array([[right[chosen].sum(), (~right[chosen]).sum()] for chosen in (mask, ~mask)])
    )
