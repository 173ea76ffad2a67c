"""Confusion matrices as heat maps."""

from collections.abc import Iterable

import numpy as np
import plotly.graph_objects as go

from fmnist.config import CLASS_NAMES
from fmnist.evaluation import normalize_confusion
from fmnist.figures.style import SQUARE, TOP, new_figure


def plot_confusion(
    counts: np.ndarray,
    *,
    normalize: str | None = None,
    errors_only: bool = False,
    largest: float | None = None,
) -> go.Figure:
    """Plots a confusion matrix as a heat map, whose colours show counts or shares.

    Each cell is labelled with the value that its colour shows; hovering shows count and share, and a click
    selects the invisible marker on the cell, whose `customdata` begins with both class indices: plotly
    selects no cells of heat maps. The colour scale is chosen in `.streamlit/config.toml`; see `style`.

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
    true, predicted = np.indices(counts.shape).reshape(2, -1)
    figure = new_figure().add_heatmap(
        z=values, x=CLASS_NAMES, y=CLASS_NAMES, zmin=0, zmax=largest,
        text=_write_cells(values, normalize), texttemplate="%{text}",
        hoverinfo="skip",  # or it would hide the markers from the pointer
    )  # fmt: skip
    figure.add_scatter(
        x=np.array(CLASS_NAMES)[predicted], y=np.array(CLASS_NAMES)[true], mode="markers", showlegend=False,
        customdata=np.stack([true, predicted, counts.ravel(), 100 * shares.ravel()], axis=-1),
        # Not so large that two overlap, for then the nearer one would not win.
        marker={"symbol": "square", "size": 22, "opacity": 0},
        selected={"marker": {"opacity": 0}}, unselected={"marker": {"opacity": 0}},
        hovertemplate="true: %{y}<br>predicted: %{x}<br>%{customdata[2]:,} images"
                      "<br>%{customdata[3]:.2f}%<extra></extra>",
    )  # fmt: skip
    edges = [-0.5, len(CLASS_NAMES) - 0.5]  # plotly would leave room for markers
    figure.update_yaxes(
        range=edges[::-1], title={"text": "True class", "standoff": 4}, ticks="", showgrid=False
    )
    figure.update_xaxes(
        range=edges, title={"text": "Predicted class", "standoff": 4}, tickangle=-45, ticks="", showgrid=False
    )
    return figure.update_layout(
        height=SQUARE, margin={"t": TOP}, clickmode="event+select", hovermode="closest"
    )


def write_cells(counts: np.ndarray, *, normalize: str | None = None) -> list[list[str]]:
    """Writes each cell as `plot_confusion` labels it, with an empty text for zero.

    Args:
        counts: int `(10, 10)`, row true, column predicted.
        normalize: As for `plot_confusion`.
    """
    return _write_cells(_choose_values(counts, normalize, errors_only=False), normalize)


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


def _write_cells(values: np.ndarray, normalize: str | None) -> list[list[str]]:
    return [[_write_cell(value, normalize is not None) for value in row] for row in values]


def _write_cell(value: float, as_share: bool) -> str:
    if not value or np.isnan(value):
        return ""
    if not as_share:
        return f"{value:.0f}"
    return f"{100 * value:.0f}%" if value >= 0.0095 else f"{100 * value:.1f}%"
