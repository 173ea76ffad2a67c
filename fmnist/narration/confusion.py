"""Confusion matrices: how many answers are right, what is mixed up, and where a model gained or lost."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from fmnist.config import CLASS_NAMES
from fmnist.evaluation import most_confused, per_class_scores
from fmnist.words import percent, points


def describe_confusion(confusion: np.ndarray) -> str:
    """Says how many answers were right and which two mistakes are the most frequent."""
    right, size = int(np.trace(confusion)), int(confusion.sum())
    if not size:
        return "No pictures."
    said = f"{right:,} of {size:,} correct ({percent(right / size, 2)})."
    mistakes = [
        f"{true} taken for {predicted} ({pictures})"
        for true, predicted, pictures in most_confused(confusion, 2)
        if pictures
    ]
    return f"{said} Most often mixed up: {', '.join(mistakes)}." if mistakes else said


def name_cell(true: int, predicted: int) -> str:
    """Says what the pictures of a cell have in common, as in "shirt taken for t-shirt"; by class indices."""
    if true == predicted:
        return f"{CLASS_NAMES[true]} recognised"
    return f"{CLASS_NAMES[true]} taken for {CLASS_NAMES[predicted]}"


def describe_order(true: int, predicted: int, pictures: int) -> str:
    """Says in which order the pictures of a cell stand."""
    if pictures < 2:
        return ""
    if true == predicted:
        return "The answers that the model was least sure of come first."
    return "The mistakes that the model was surest of come first."


def describe_empty_cell(name: str, confusion: np.ndarray, true: int, predicted: int) -> str:
    """Says that a cell without pictures has none, and why if that can be said.

    Args:
        name: The model's.
        confusion: int `(10, 10)`, its answers.
        true, predicted: The cell, class indices.
    """
    shown, said = CLASS_NAMES[true], CLASS_NAMES[predicted]
    if not confusion[true].sum():
        return f"None of these pictures is labelled “{shown}”."
    if not confusion[:, predicted].sum():
        return f"{name} never answers “{said}” here."
    if true == predicted:
        return f"{name} recognises none of these pictures labelled “{shown}”."
    return f"{name} never says “{said}” to a picture labelled “{shown}” here."


def list_mistakes(confusions: Mapping[str, np.ndarray], most: int) -> dict[tuple[int, int], list[int]]:
    """Lists the mistakes that the models together make most often, the most frequent first.

    Args:
        confusions: int `(10, 10)` for each model name.
        most: How many mistakes at most.

    Returns:
        For each mistake, the true and the predicted class by index, how often each model makes it.
    """
    listed = {}
    for true, predicted, pictures in most_confused(np.sum([*confusions.values()], axis=0), most):
        cell = CLASS_NAMES.index(true), CLASS_NAMES.index(predicted)
        if pictures:
            listed[cell] = [int(counts[cell]) for counts in confusions.values()]
    return listed


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
