"""Trials that differ in nothing but the seed, gathered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fmnist.artifacts import Trial

Measure = Literal["test_accuracy", "val_accuracy", "best_val_accuracy"]
"""An accuracy of a trial: on test or validation with the kept weights (lowest validation loss), or the
highest on validation after any epoch."""

NO_OVERRIDES = "{}"


@dataclass(frozen=True)
class Group:
    """Finished trials that differ in nothing but the seed, at least one, in the order of their seeds."""

    trials: tuple[Trial, ...]

    @property
    def recipe(self) -> str:
        """The recipe they vary."""
        return self.trials[0].recipe

    @property
    def strength(self) -> float | None:
        """The factor on the recipe's augmentation, or None where the recipe has none."""
        return self.trials[0].strength

    @property
    def train_share(self) -> float:
        """The share of the training images."""
        return self.trials[0].train_share

    @property
    def overrides(self) -> str:
        """What else differs from the recipe, as JSON."""
        return self.trials[0].overrides

    @property
    def is_plain(self) -> bool:
        """Whether it is the recipe itself, at its own strength and on all training images."""
        return self.strength in (None, 1) and self.train_share == 1 and self.overrides == NO_OVERRIDES

    def measure(self, measure: Measure) -> np.ndarray:
        """Returns an accuracy of each trial: float `(seeds,)`, NaN where a trial has none on test."""
        return np.array([getattr(trial, measure) for trial in self.trials], float)

    @property
    def answers(self) -> np.ndarray:
        """The answers to the validation images: uint8 `(seeds, n)`."""
        return np.stack([trial.answers for trial in self.trials])


def group_trials(trials: Iterable[Trial]) -> list[Group]:
    """Gathers trials that differ in nothing but the seed; one that two sweeps share counts once.

    Args:
        trials: Of one or several sweeps.

    Returns:
        The groups in the order in which their first trials come.
    """
    alike: dict[tuple, dict[str, Trial]] = {}
    for trial in trials:
        same = (
            trial.recipe, trial.strength, trial.train_share, trial.overrides, len(trial.validation_answers),
        )  # fmt: skip
        alike.setdefault(same, {}).setdefault(trial.key, trial)
    return [Group(tuple(sorted(found.values(), key=lambda trial: trial.seed))) for found in alike.values()]


def find_largest(groups: Iterable[Group]) -> Group | None:
    """Returns the group with the most seeds; None if there is no group."""
    return max(groups, key=lambda group: len(group.trials), default=None)


def find_plain(groups: Sequence[Group], recipe: str) -> Group | None:
    """Returns the trials of a recipe itself; None if there are none."""
    return find_largest(group for group in groups if group.recipe == recipe and group.is_plain)
