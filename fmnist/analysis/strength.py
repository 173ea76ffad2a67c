"""Accuracy against the strength of augmentation, and the strength that would give an accuracy."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist.analysis.groups import NO_OVERRIDES, Group, find_largest
from fmnist.evaluation import MeanDifference, compare_means
from fmnist.recipes import RECIPES


@dataclass(frozen=True)
class StrengthCurve:
    """Validation accuracy of the kept weights against the factor on a recipe's augmentation.

    Attributes:
        recipe: The recipe that is multiplied.
        train_share: The share of the training images that all have learned from.
        strengths: The factors, rising, at least two.
        values: For each the accuracy of each seed, float `(seeds,)`, 0 to 1.
        cut_off: For each the number of seeds that used up all epochs, so that more might have helped.
    """

    recipe: str
    train_share: float
    strengths: tuple[float, ...]
    values: tuple[np.ndarray, ...]
    cut_off: tuple[int, ...]

    @property
    def means(self) -> np.ndarray:
        """The mean over the seeds at each strength: float `(strengths,)`."""
        return np.array([values.mean() for values in self.values])

    @property
    def none(self) -> float | None:
        """The mean accuracy without augmentation, at strength 0; None if that was not tried."""
        return float(self.means[0]) if self.strengths[0] == 0 else None

    @property
    def best(self) -> float:
        """The strength with the highest mean."""
        return self.strengths[int(self.means.argmax())]

    @property
    def effects(self) -> dict[float, MeanDifference]:
        """The difference to no augmentation at every other strength for which there are two seeds of both."""
        found = {strength: self.compare(0, strength) for strength in self.strengths if strength}
        return {strength: effect for strength, effect in found.items() if effect}

    def compare(self, strength: float, other: float) -> MeanDifference | None:
        """Compares two of the strengths, the mean of the other minus that of the first.

        Returns:
            None if one of them was not tried, or with fewer than two seeds.
        """
        if not {strength, other} <= set(self.strengths):
            return None
        values = [self.values[self.strengths.index(each)] for each in (strength, other)]
        return compare_means(*values) if min(map(len, values)) > 1 else None

    def find_strength(self, accuracy: float) -> float | None:
        """Finds the strength beyond the best one at which the mean has fallen to an accuracy.

        Between the strengths that were tried the means are joined by straight lines.

        Args:
            accuracy: 0 to 1.

        Returns:
            None if the means do not fall as far, or lie below it already at the best strength.
        """
        best = int(self.means.argmax())
        strengths, means = self.strengths[best:], self.means[best:]
        if accuracy > means[0]:
            return None
        for index in range(len(means) - 1):
            high, low = means[index : index + 2]
            if low <= accuracy <= high and low < high:
                part = (high - accuracy) / (high - low)
                return float(strengths[index] + part * (strengths[index + 1] - strengths[index]))
        return None


def build_strength_curves(groups: Sequence[Group]) -> list[StrengthCurve]:
    """Builds a curve for each recipe and share of the training images with two strengths or more.

    A recipe that differs from it in nothing but augmentation, and has none, counts as its strength 0.

    Returns:
        Those on the most training images first, of these the one with the most strengths.
    """
    usual = [group for group in groups if group.overrides == NO_OVERRIDES]
    curves = []
    for recipe in dict.fromkeys(group.recipe for group in usual if group.strength is not None):
        for share in dict.fromkeys(group.train_share for group in usual):
            alike = [group for group in usual if group.train_share == share]
            strengths = {
                group.strength: group
                for group in sorted(alike, key=lambda group: len(group.trials))
                if group.recipe == recipe and group.strength is not None
            }
            without = find_largest(group for group in alike if _is_without(group.recipe, recipe))
            if without and 0 not in strengths:
                strengths[0] = without
            if len(strengths) > 1:
                rising = sorted(strengths)
                values = tuple(np.array([t.val_accuracy for t in strengths[s].trials]) for s in rising)
                most = RECIPES[recipe].config.max_epochs if recipe in RECIPES else 0
                cut_off = tuple(sum(t.epochs_run == most for t in strengths[s].trials) for s in rising)
                curves.append(StrengthCurve(recipe, share, tuple(rising), values, cut_off))
    return sorted(curves, key=lambda curve: (-curve.train_share, -len(curve.strengths)))


def _is_without(name: str, recipe: str) -> bool:
    """Whether one recipe is another without its augmentation."""
    if not {name, recipe} <= RECIPES.keys() or name == recipe:
        return False
    bare, whole = RECIPES[name].config, RECIPES[recipe].config
    return bare.augmentation is None and bare == dataclasses.replace(whole, augmentation=None)
