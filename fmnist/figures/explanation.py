"""One image: which parts an answer depends on, and the answers after each epoch."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from fmnist.config import CLASS_NAMES
from fmnist.figures.style import new_figure

_SIDE = 150  # pixels of a map; two fit beside each other on a phone
_ROW = 34  # pixels of a model's row
# Nothing where nothing changes, so that the image shows; orange and blue differ for every eye.
_LOSS_AND_GAIN = [
    [0.0, "rgba(60, 150, 255, 0.95)"],
    [0.5, "rgba(128, 128, 128, 0)"],
    [1.0, "rgba(255, 140, 0, 0.95)"],
]


def plot_map(
    image: np.ndarray, changes: np.ndarray, largest: float, patch: tuple[int, int, int] | None = None
) -> go.Figure:
    """Plots over an image how much of a probability is lost where a part is covered.

    Orange: it falls. Blue: it rises. Hovering shows the number.

    Args:
        image: uint8 `(28, 28)`.
        changes: float `(28, 28)`, -1 to 1: the loss for each pixel, or the difference of two models' losses.
        largest: The change with the strongest colour; maps side by side should share one.
        patch: First row, first column and side of a square to draw, such as the one that costs most.
    """
    figure = new_figure()
    figure.add_heatmap(
        z=image, zmin=0, zmax=255, colorscale="Gray", xgap=0, ygap=0, hoverinfo="skip", showscale=False
    )
    figure.add_heatmap(
        z=100 * changes, zmin=-100 * largest, zmax=100 * largest, colorscale=_LOSS_AND_GAIN,
        xgap=0, ygap=0, showscale=False,
        hovertemplate="row %{y}, column %{x}<br>%{z:+.0f} points<extra></extra>",
    )  # fmt: skip
    if patch:
        top, left, side = (value - 0.5 if number < 2 else value for number, value in enumerate(patch))
        figure.add_shape(
            type="rect", x0=left, y0=top, x1=left + side, y1=top + side, line={"color": "#FFFFFF", "width": 2}
        )
    hidden = {"visible": False, "fixedrange": True}
    figure.update_xaxes(**hidden)
    figure.update_yaxes(**hidden, autorange="reversed", scaleanchor="x", constrain="domain")
    return figure.update_layout(height=_SIDE, width=_SIDE, margin={"t": 0, "b": 0, "l": 0, "r": 0})


def plot_life(
    truths: Mapping[str, np.ndarray], answers: Mapping[str, np.ndarray], label: int, names: Sequence[str]
) -> go.Figure:
    """Plots one row for each model: the true class's probability after each epoch, and the wrong answers.

    Args:
        truths: For each model float `(epochs,)`, 0 to 1.
        answers: For each model int `(epochs,)`, the class that it named.
        label: The true class.
        names: The models, from top to bottom.
    """
    figure = new_figure()
    epochs = max(len(truths[name]) for name in names)
    table = np.full((len(names), epochs), np.nan)
    said = np.full((len(names), epochs), "", dtype=object)
    for row, name in enumerate(names):
        table[row, : len(truths[name])] = truths[name]
        said[row, : len(truths[name])] = np.array(CLASS_NAMES)[answers[name]]
    numbers = np.arange(1, epochs + 1)
    figure.add_heatmap(
        z=100 * table, x=numbers, y=list(names), zmin=0, zmax=100, customdata=said, ygap=4, xgap=0,
        hovertemplate="%{y}, epoch %{x}<br>says %{customdata}<br>"
                      f"{CLASS_NAMES[label]} %{{z:.0f}}%<extra></extra>",
    )  # fmt: skip
    rows, columns = np.nonzero((said != "") & (said != CLASS_NAMES[label]))
    figure.add_scatter(
        x=numbers[columns], y=np.array(names, dtype=object)[rows], mode="markers", showlegend=False,
        marker={"symbol": "x-thin", "size": 7, "line": {"width": 2, "color": "#888888"}}, hoverinfo="skip",
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", ticks="", showgrid=False, fixedrange=True)
    figure.update_xaxes(title={"text": "Epoch", "standoff": 4}, showgrid=False, fixedrange=True)
    return figure.update_layout(height=_ROW * len(names) + 60, margin={"t": 4, "b": 44})
