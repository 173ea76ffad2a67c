"""What would have been kept if training had stopped earlier, and what a comparison would have said then."""

from dataclasses import dataclass

import numpy as np

from fmnist.analysis.groups import Group
from fmnist.artifacts import Trial
from fmnist.evaluation import MeanDifference, compare_means


@dataclass(frozen=True)
class Stopping:
    """Two recipes compared as if training had stopped after each epoch.

    Attributes:
        before, after: float `(seeds, epochs)`, what `stack_kept` returns.
        differences: After each epoch, the second mean minus the first.
    """

    before: np.ndarray
    after: np.ndarray
    differences: tuple[MeanDifference, ...]

    @property
    def signs(self) -> list[int]:
        """After each epoch, the sign of the difference, or 0 where its interval includes zero."""
        return [difference.sign for difference in self.differences]

    @property
    def first_phase(self) -> int:
        """How many epochs, from the first, the sign stays what it is after the first."""
        signs = self.signs
        return next((epoch for epoch, sign in enumerate(signs) if sign != signs[0]), len(signs))

    @property
    def last_phase(self) -> int:
        """The epoch, from 1, after which the sign stays what it is in the end."""
        signs = self.signs
        return max((epoch for epoch, sign in enumerate(signs, 1) if sign != signs[-1]), default=0) + 1

    def find_epoch(self, difference: float) -> int | None:
        """Finds the epoch, from 1, after which the difference of the means is nearest to a given one.

        Returns:
            None if that lies outside all differences there are.
        """
        found = np.array([each.difference for each in self.differences])
        if not found.min() <= difference <= found.max():
            return None
        return int(np.abs(found - difference).argmin()) + 1


def keep_so_far(trial: Trial) -> np.ndarray:
    """Returns the validation accuracy that would have been kept had training stopped after each epoch.

    Those are the weights with the lowest validation loss so far.

    Returns:
        float `(epochs,)`, 0 to 1.
    """
    losses = np.array([row.val_loss for row in trial.history])
    accuracies = np.array([row.val_accuracy for row in trial.history])
    is_lowest = losses < np.minimum.accumulate(np.concatenate([[np.inf], losses[:-1]]))
    return accuracies[np.maximum.accumulate(np.where(is_lowest, np.arange(len(losses)), 0))]


def stack_kept(group: Group, epochs: int) -> np.ndarray:
    """Stacks `keep_so_far` of trials of different lengths: whoever has ended keeps what it has.

    So every seed counts after every epoch, and no epoch shows only those that learned for long.

    Args:
        group: Some trials.
        epochs: How many epochs to show.

    Returns:
        float `(seeds, epochs)`, 0 to 1.
    """
    kept = [keep_so_far(trial)[:epochs] for trial in group.trials]
    return np.stack([np.pad(each, (0, epochs - len(each)), mode="edge") for each in kept])


def compare_stopping(before: Group, after: Group) -> Stopping:
    """Compares two groups, at least two seeds each, as if training had stopped after each epoch."""
    epochs = max(trial.epochs_run for group in (before, after) for trial in group.trials)
    first, second = stack_kept(before, epochs), stack_kept(after, epochs)
    differences = tuple(compare_means(first[:, epoch], second[:, epoch]) for epoch in range(epochs))
    return Stopping(first, second, differences)
