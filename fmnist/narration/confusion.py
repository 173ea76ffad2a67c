"""Confusion matrices: how many answers are right, what is mixed up, and where a model gained or lost."""

import numpy as np
import pandas as pd

from fmnist.evaluation import most_confused, per_class_scores
from fmnist.words import percent, points


def describe_confusion(confusion: np.ndarray) -> str:
    """Says how many answers were right and which two mistakes are the most frequent."""
    right, size = int(np.trace(confusion)), int(confusion.sum())
    said = f"{right:,} of {size:,} correct ({percent(right / size, 2)})."
    mistakes = [
        f"{true} taken for {predicted} ({pictures})"
        for true, predicted, pictures in most_confused(confusion, 2)
        if pictures
    ]
    return f"{said} Most often mixed up: {', '.join(mistakes)}." if mistakes else said


def describe_class_changes(confusions: dict[str, np.ndarray]) -> str:
    """Says where F1 rose and fell most compared with the baseline, which is the first model."""
    (base_name, baseline), *others = confusions.items()
    base_scores = per_class_scores(baseline)["f1"]
    said = []
    for name, confusion in others:
        change = (per_class_scores(confusion)["f1"] - base_scores).round(3)  # tenths of a point
        best, worst = (f"**{row}** ({points(change.loc[row], 1)} points)" for row in _extremes(change))
        if change.max() > 0 > change.min():
            changed = f"rose most on {best} and fell most on {worst}"
        elif change.max() > 0:
            changed = f"rose most on {best} and least on {worst}"
        elif change.min() < 0:
            changed = f"rose on no class and fell most on {worst}"
        else:
            changed = "is the same on every class"
        said.append(f"Compared with {base_name}, the F1 of **{name}** {changed}.")
    return " ".join(said)


def _extremes(change: pd.Series) -> tuple[str, str]:
    """Names the rows with the highest and with the lowest value."""
    return str(change.idxmax()), str(change.idxmin())
