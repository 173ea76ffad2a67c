"""Did augmentation help? All that trials with several seeds say about it, as numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fmnist.analysis.groups import Group, Measure, find_plain
from fmnist.analysis.stopping import Stopping, compare_stopping
from fmnist.analysis.strength import StrengthCurve, build_strength_curves
from fmnist.evaluation import MeanDifference, compare_means

_MEASURES: tuple[Measure, ...] = ("test_accuracy", "val_accuracy", "best_val_accuracy")


class Reported(NamedTuple):
    """The accuracies on the test images that a report gives for the two recipes, 0 to 1."""

    before: float
    after: float

    @property
    def difference(self) -> float:
        """What the second gained, below zero if it lost."""
        return self.after - self.before


@dataclass(frozen=True)
class Findings:
    """What is known about two recipes, the second with augmentation.

    Attributes:
        before, after: Their trials, at least two each.
        differences: By measure, the second mean minus the first; on test only if every trial has it.
        stopping: The same as if training had stopped earlier, on validation.
        curves: Accuracy against strength for the second, on the most training images first.
        reported: What the report says of the two, if it names both.
    """

    before: Group
    after: Group
    differences: dict[Measure, MeanDifference]
    stopping: Stopping
    curves: tuple[StrengthCurve, ...]
    reported: Reported | None

    @property
    def measure(self) -> Measure:
        """What the answer rests on: the test images if they were asked, else the validation images."""
        return next(iter(self.differences))

    @property
    def verdict(self) -> MeanDifference:
        """The answer."""
        return self.differences[self.measure]

    @property
    def pairs(self) -> np.ndarray:
        """What each pair of one run of each would have said: float `(seeds * seeds,)`."""
        before, after = self.before.measure(self.measure), self.after.measure(self.measure)
        return np.subtract.outer(after, before).ravel()

    @property
    def curve(self) -> StrengthCurve | None:
        """Accuracy against strength on all training images, with and without augmentation."""
        return next((c for c in self.curves if c.train_share == 1 and c.none is not None), None)

    @property
    def strength_of_loss(self) -> float | None:
        """The strength that changes accuracy by as much as the report found; None if none does.

        The two differences may be compared, although the report's is one of test accuracies and ours of
        validation accuracies: each is the difference of two models on the same images.
        """
        if self.curve is None or self.curve.none is None or self.reported is None:
            return None
        return self.curve.find_strength(self.curve.none + self.reported.difference)

    @property
    def strength_of_level(self) -> float | None:
        """The strength that gives the accuracy itself that the report found; None if none does."""
        return self.curve.find_strength(self.reported.after) if self.curve and self.reported else None

    @property
    def epoch_of_loss(self) -> int | None:
        """After how many epochs a stop gives about the difference that the report found, if any does."""
        return self.stopping.find_epoch(self.reported.difference) if self.reported else None


def find_out(groups: Sequence[Group], before: str, after: str, reported: Reported | None) -> Findings | None:
    """Gathers what trials say about two recipes.

    Args:
        groups: From `group_trials`, of all sweeps.
        before, after: The names of the recipes, the second with augmentation.
        reported: What the report says of them.

    Returns:
        None if there are not two seeds of each.
    """
    first, second = find_plain(groups, before), find_plain(groups, after)
    if first is None or second is None or min(len(first.trials), len(second.trials)) < 2:
        return None
    differences = {}
    for measure in _MEASURES:
        values = first.measure(measure), second.measure(measure)
        if not np.isnan(np.concatenate(values)).any():
            differences[measure] = compare_means(*values)
    curves = tuple(curve for curve in build_strength_curves(groups) if curve.recipe == after)
    return Findings(first, second, differences, compare_stopping(first, second), curves, reported)
