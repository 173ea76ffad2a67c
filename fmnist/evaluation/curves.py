"""The course of a training run: where it was best, where it was kept, where it began to memorise."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

Axis = Literal["epochs", "minutes", "images"]

RISE = 1.05
"""Prechelt's widest threshold, 5 % above the lowest: what rises less may be noise and come down again."""


@dataclass(frozen=True)
class Curve:
    """A run as charts, tables and sentences about its training take it.

    Attributes:
        name: What readers call it; differs from those of the runs beside it.
        history: One row per epoch, columns `epoch`, `loss`, `accuracy`, `val_loss`, `val_accuracy`,
            `learning_rate`, `seconds`.
        kept_epoch: The epoch whose weights were kept, from 1.
        train_images: The number of images in an epoch.
        run: The name of its folder.
        model: The published model that points at it, or an empty text.
    """

    name: str
    history: "pd.DataFrame"
    kept_epoch: int
    train_images: int
    run: str = ""
    model: str = ""

    def along(self, axis: Axis) -> np.ndarray:
        """Returns how far training was after each epoch: float `(epochs,)`.

        Args:
            axis: In 'epochs', in 'minutes' of training, or in training 'images' seen, in thousands, each
                counted as often as it was shown.
        """
        if axis == "minutes":
            return self.history["seconds"].to_numpy(float).cumsum() / 60
        epochs = self.history["epoch"].to_numpy(float)
        return epochs * self.train_images / 1000 if axis == "images" else epochs

    def best_epoch(self, metric: str) -> int:
        """Returns the first epoch with the best validation 'loss' or 'accuracy', from 1."""
        values = self.history[f"val_{metric}"].to_numpy()
        return int(self.history["epoch"].iloc[values.argmin() if metric == "loss" else values.argmax()])

    def value(self, column: str, epoch: int) -> float:
        """Returns what a column of the history says of an epoch, which counts from 1."""
        return float(self.history[column].iloc[epoch - 1])

    @cached_property
    def overfits_from(self) -> int | None:
        """The epoch from which on the run overfits, from 1, or None; see `find_overfitting`."""
        loss, val_loss = (self.history[column].to_numpy(float) for column in ("loss", "val_loss"))
        return find_overfitting(loss, val_loss)


def find_overfitting(loss: np.ndarray, val_loss: np.ndarray) -> int | None:
    """Finds the epoch from which on a run memorises its training images.

    That is the first epoch whose generalisation loss exceeds 5 % and, as far as the run goes, never falls
    back to that, if training loss goes on falling meanwhile. The generalisation loss of an epoch is how far
    its validation loss lies above the lowest until then. Prechelt stops training where it first exceeds a
    threshold; looking back, a rise that came down again counts as noise.

    Args:
        loss, val_loss: float `(epochs,)`, training and validation loss after each epoch.

    Returns:
        The epoch, from 1, or None if there is none.

    Reference: Prechelt 1998, "Early Stopping - But When?", section 2.1, doi 10.1007/3-540-49430-8_3.
    """
    is_above = val_loss > RISE * np.minimum.accumulate(val_loss)
    if not is_above[-1]:
        return None
    below = np.flatnonzero(~is_above)  # never empty, as the first epoch is its own lowest
    first = int(below[-1]) + 1
    best = int(val_loss.argmin())
    return first + 1 if loss[first:].min() < loss[best] else None


def compare_epochs(curve: Curve, other: Curve) -> tuple[float, float]:
    """Compares the validation accuracy of two runs, other minus curve, for two ways to choose the epoch.

    Returns:
        The difference between the epochs with the lowest validation loss, and between those with the
        highest validation accuracy, as fractions.
    """
    at_lowest, at_best = (
        other.value("val_accuracy", other.best_epoch(metric))
        - curve.value("val_accuracy", curve.best_epoch(metric))
        for metric in ("loss", "accuracy")
    )
    return at_lowest, at_best


def tabulate_curves(curves: Sequence[Curve]) -> "pd.DataFrame":
    """Returns every epoch of several runs as one table.

    Returns:
        One row per run and epoch: `run`, `model` (the published name, or empty), `epoch`, `images_seen`,
        `minutes`, the other columns of the history, and whether the epoch `is_kept` and, of all in its run,
        `is_best` in validation accuracy.
    """
    import pandas as pd

    tables = []
    for curve in curves:
        table = curve.history.copy()
        table.insert(0, "run", curve.run)
        table.insert(1, "model", curve.model)
        table.insert(3, "images_seen", table["epoch"] * curve.train_images)
        table.insert(4, "minutes", curve.along("minutes"))
        table["is_kept"] = table["epoch"] == curve.kept_epoch
        table["is_best"] = table["epoch"] == curve.best_epoch("accuracy")
        tables.append(table)
    return pd.concat(tables, ignore_index=True)
