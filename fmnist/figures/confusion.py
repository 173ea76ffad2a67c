"""Confusion matrices as heat maps."""

from collections.abc import Iterable

import numpy as np
import plotly.graph_objects as go

from fmnist.config import CLASS_NAMES
from fmnist.evaluation import normalize_confusion
from fmnist.figures.style import SQUARE, new_figure


def plot_confusion(
    counts: np.ndarray,
    *,
    normalize: str | None = None,
    errors_only: bool = False,
    largest: float | None = None,
) -> go.Figure:
    """Plots a confusion matrix as a heat map, whose colours show counts or shares.

    Each cell is labelled with its count and, where shares are shown, its share. The colour scale is chosen
    in `.streamlit/config.toml`; see `style`.

    Args:
        counts: int `(10, 10)`, row true, column predicted.
        normalize: Shares of the row ('true') or of the column ('pred'); None shows counts.
        errors_only: Whether to leave the diagonal (the correct answers) blank.
        largest: The value with the strongest colour; by default the matrix's own largest value. Matrices
            side by side should share one, from `find_largest`.
    """
    if largest is None:
        largest = find_largest([counts], normalize=normalize, errors_only=errors_only)
    shares = counts / max(counts.sum(), 1) if normalize is None else normalize_confusion(counts, normalize)
    values = _choose_values(counts, normalize, errors_only)
    text = [
        [_write_cell(count, value, normalize is not None) for count, value in zip(*row, strict=True)]
        for row in zip(counts, values, strict=True)
    ]
    figure = new_figure().add_heatmap(
        z=values, x=CLASS_NAMES, y=CLASS_NAMES, zmin=0, zmax=largest,
        text=text, texttemplate="%{text}", customdata=np.stack([counts, 100 * shares], axis=-1),
        hovertemplate="true: %{y}<br>predicted: %{x}<br>%{customdata[0]:,} images"
                      "<br>%{customdata[1]:.2f}%<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", title="True class", ticks="", showgrid=False)
    figure.update_xaxes(title="Predicted class", tickangle=-45, ticks="", showgrid=False)
    return figure.update_layout(height=SQUARE)


def find_largest(
    confusions: Iterable[np.ndarray], *, normalize: str | None = None, errors_only: bool = False
) -> float:
    """Finds the largest value in several matrices, so that they can share one colour scale.

    Args:
        confusions: int `(10, 10)` each.
        normalize, errors_only: As for `plot_confusion`.

    Returns:
        A share, 0 to 1, if `normalize` is given; else a count.
    """
    return max(float(np.nanmax(_choose_values(counts, normalize, errors_only))) for counts in confusions)


def _choose_values(counts: np.ndarray, normalize: str | None, errors_only: bool) -> np.ndarray:
    """Returns the values that the colours show: float `(10, 10)`, NaN where a cell stays blank."""
    values = normalize_confusion(counts, normalize).astype(float)
    if errors_only:
        np.fill_diagonal(values, np.nan)
    return values


def _write_cell(count: int, value: float, as_share: bool) -> str:
    if not count or np.isnan(value):
        return ""
    return f"{count}<br>{_short_percent(value)}" if as_share else f"{count}"


def _short_percent(share: float) -> str:
    return f"{100 * share:.0f}%" if share >= 0.0095 else f"{100 * share:.1f}%"
