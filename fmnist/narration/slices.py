"""Which kinds of pictures: where models are weakest, and whether that is more than their mix of classes."""

from collections.abc import Sequence

import numpy as np

from fmnist.analysis import SliceScores
from fmnist.words import count, percent

_MUCH = 0.02
"""What an accuracy lacks on top of its classes to be worth a sentence; 2 points."""


def describe_slices(scored: Sequence[SliceScores]) -> str:
    """Says on which kind of pictures the models are weakest, and on which their classes do not explain it.

    Args:
        scored: The worst first, at least one.
    """
    worst = scored[0]
    rest, expected = _mean(worst, "rest"), _mean(worst, "expected")
    right = percent(worst.accuracy)
    said = f"Weakest: **{worst.slice.label}**, {right} right{_average(worst)}"
    said += f", against {percent(rest)} on the rest." if np.isfinite(rest) else "."
    if worst.slice.kind == "class":
        return said
    if expected - worst.accuracy < _MUCH:
        said += f" That is about what its mix of classes gives ({percent(expected)})."
    else:
        said += f" Its mix of classes alone would give {percent(expected)}."
    short = max(scored, key=lambda each: _mean(each, "expected") - each.accuracy)
    lacking = _mean(short, "expected") - short.accuracy
    if short is not worst and lacking >= _MUCH:
        said += (
            f" Not so the **{short.slice.label}**: {percent(short.accuracy)}, where its classes would give "
            f"{percent(_mean(short, 'expected'))}."
        )
    return said


def describe_slice(scores: SliceScores, size: int) -> str:
    """Says how large a slice is, and whether its difference to the rest is more than chance.

    Args:
        scores: Of the slice.
        size: The number of all pictures.
    """
    said = f"{scores.size:,} of {size:,} pictures."
    if scores.slice.kind == "label":
        return f"{said} All models are wrong on all of them, because that is how they were chosen."
    different = [name for name, score in scores.by_model.items() if score.p_value < 0.05]
    if len(different) == len(scores.by_model):
        return f"{said} The difference to the rest is more than chance for {_every(len(different))}."
    if not different:
        return f"{said} The difference to the rest may be chance for {_every(len(scores.by_model))}."
    return f"{said} The difference to the rest is more than chance for {' and '.join(different)} only."


def describe_small_slice(size: int, fewest: int) -> str:
    """Says why a slice has no figures: it has fewer pictures than the `fewest` that it needs."""
    return f"{count(size, 'picture')}: too few for an accuracy that says something (at least {fewest})."


def write_p_value(p_value: float) -> str:
    """Writes a p-value as in a table; a dash where there is none."""
    if np.isnan(p_value):
        return "–"
    return "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"


def _mean(scores: SliceScores, field: str) -> float:
    return float(np.mean([getattr(score, field) for score in scores.by_model.values()]))


def _average(scores: SliceScores) -> str:
    return f" on average over {len(scores.by_model)} models" if len(scores.by_model) > 1 else ""


def _every(models: int) -> str:
    return {1: "the model", 2: "both models"}.get(models, f"all {models} models")
