"""What changes from epoch to epoch: the mistakes as a matrix that is played, and the recall of each class."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from fmnist.config import CLASS_NAMES
from fmnist.evaluation import normalize_confusion
from fmnist.figures.style import SQUARE, TOP, find_marker, new_figure

STRONGEST = 0.3
"""The share with the strongest colour. Beside the largest mistakes of early epochs all others would pale."""
_SMALL = 190  # pixels: the height of one of ten charts
_FEWEST = 0.005  # a smaller share would be written as 0


def plot_mistakes(confusions: np.ndarray, epochs: Sequence[int]) -> go.Figure:
    """Plots the mistakes of one run, with a frame for each of some epochs, named after its number.

    A cell holds the share of the true class, in percent; the diagonal and shares below half a percent stay
    blank. All runs and epochs share one scale, up to STRONGEST. The figure itself shows the last epoch.

    Args:
        confusions: int `(n, 10, 10)` for the epochs from 1 on; after the last, the run stays as it was.
        epochs: Those that have a frame.
    """
    shown = [_list_shares(confusions[min(epoch, len(confusions)) - 1]) for epoch in epochs]
    figure = new_figure().add_heatmap(
        z=shown[-1], x=CLASS_NAMES, y=CLASS_NAMES, zmin=0, zmax=100 * STRONGEST, texttemplate="%{z:.0f}",
        hovertemplate="%{y} taken for %{x}: %{z:.1f}%<extra></extra>",
    )  # fmt: skip
    figure.frames = [
        {"name": str(epoch), "data": [{"type": "heatmap", "z": shares}], "traces": [0]}
        for epoch, shares in zip(epochs, shown, strict=True)
    ]
    figure.update_yaxes(
        autorange="reversed", title={"text": "True class", "standoff": 4}, ticks="", showgrid=False
    )
    figure.update_xaxes(
        title={"text": "Predicted class (cells: % of the true class)", "standoff": 4}, tickangle=-45,
        ticks="", showgrid=False,
    )  # fmt: skip
    return figure.update_layout(height=SQUARE, margin={"t": TOP})


def _list_shares(confusion: np.ndarray) -> np.ndarray:
    """Returns the mistakes in percent of the true class: float32 `(10, 10)`, NaN where a cell stays blank."""
    shares = normalize_confusion(confusion, "true")
    is_blank = np.eye(len(shares), dtype=bool) | (shares < _FEWEST)
    return np.where(is_blank, np.nan, 100 * shares).astype(np.float32)


def plot_recall(
    label: int,
    recalls: Mapping[str, np.ndarray],
    colours: Mapping[str, str],
    epochs: Sequence[int],
    lowest: float,
) -> go.Figure:
    """Plots the recall of one class over the epochs, a line for each run; ten of them stand side by side.

    A marker on each line shows the epoch of a frame; the frames are those of `plot_mistakes`. After its last
    epoch a run's marker stays at the end of its line.

    Args:
        label: The class, 0 to 9.
        recalls: float `(n, 10)` for each name, 0 to 1, for the epochs from 1 on.
        colours: The colour for each name, as #rrggbb.
        epochs: Those that have a frame.
        lowest: Where all ten axes begin, 0 to 1.
    """
    figure = new_figure()
    for name, values in recalls.items():
        figure.add_scatter(
            x=np.arange(1, len(values) + 1), y=100 * values[:, label], mode="lines", name=name,
            line={"color": colours[name], "width": 1.5}, hovertemplate="%{y:.1f}%",
        )  # fmt: skip

    def mark(epoch: int) -> dict[str, list[float]]:
        shown = {name: min(epoch, len(values)) for name, values in recalls.items()}
        return {"x": [*shown.values()], "y": [100 * recalls[name][x - 1, label] for name, x in shown.items()]}

    # One trace for all runs: plotly checks each trace of each frame, which takes its time.
    figure.add_scatter(
        **mark(epochs[-1]), mode="markers", name="at this epoch", hoverinfo="skip", cliponaxis=False,
        marker={"symbol": [find_marker(colours[name]).symbol for name in recalls],
                "color": [colours[name] for name in recalls], "size": 10},
    )  # fmt: skip
    moving = [len(recalls)]
    figure.frames = [{"name": str(epoch), "data": [mark(epoch)], "traces": moving} for epoch in epochs]
    figure.update_yaxes(range=[100 * lowest, 101], ticksuffix="%", nticks=4)
    figure.update_xaxes(title={"text": "Epoch", "standoff": 2}, range=[0, epochs[-1] + 1], nticks=5)
    return figure.update_layout(
        height=_SMALL,
        margin={"t": 30, "b": 4},
        hovermode="x unified",
        showlegend=False,
        title={"text": CLASS_NAMES[label], "font": {"size": 15}, "x": 0, "y": 0.98, "yanchor": "top"},
    )
