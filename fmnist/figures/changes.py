"""What changed between two models on the same images: cell by cell, and class by class."""

from collections.abc import Sequence
from html import escape

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from fmnist.config import CLASS_NAMES
from fmnist.figures.style import HEIGHT, SQUARE, TOP, new_figure
from fmnist.words import shorten

_LONGEST = 24  # letters of a name in a legend


def plot_confusion_change(before: np.ndarray, after: np.ndarray) -> go.Figure:
    """Plots one confusion matrix minus another, in colours that part at zero and reach as far to both sides.

    The colours are the theme's; see `style`. Each cell is labelled with its signed number.

    Args:
        before, after: int `(10, 10)`, row true, column predicted, of the same images.
    """
    change = after - before
    reach = max(int(np.abs(change).max()), 1)
    figure = new_figure().add_heatmap(
        z=change, x=CLASS_NAMES, y=CLASS_NAMES, zmin=-reach, zmax=reach, autocolorscale=True,
        text=[[_sign(value) for value in row] for row in change], texttemplate="%{text}",
        customdata=np.stack([before, after], axis=-1),
        hovertemplate="true: %{y}<br>predicted: %{x}<br>%{customdata[0]:,} → %{customdata[1]:,} images"
                      "<extra></extra>",
    )  # fmt: skip
    figure.update_yaxes(
        autorange="reversed", title={"text": "True class", "standoff": 4}, ticks="", showgrid=False
    )
    figure.update_xaxes(
        title={"text": "Predicted class", "standoff": 4}, tickangle=-45, ticks="", showgrid=False
    )
    return figure.update_layout(height=SQUARE, margin={"t": TOP})


def plot_class_changes(classes: pd.DataFrame, names: Sequence[str], colours: Sequence[str]) -> go.Figure:
    """Plots how many pictures of each class only one of two models gets right, one model to each side.

    Args:
        classes: The `classes` of an `analysis.Pair`, in the order in which they are shown, from the top.
        names, colours: Of both models, the first to the left; colours as #rrggbb.
    """
    figure = new_figure()
    sides = zip(("newly_wrong", "fixed"), names, colours, (-1, 1), strict=True)
    for column, name, colour, side in sides:
        figure.add_bar(
            y=classes.index, x=side * classes[column], orientation="h", marker={"color": colour},
            name=f"only {escape(shorten(name, _LONGEST))} is right",
            text=[f"{value:,}" for value in classes[column]],
            customdata=100 * classes[["recall_a", "recall_b"]].to_numpy(),
            hovertemplate="%{y}: %{text} images<br>recall %{customdata[0]:.1f}% → %{customdata[1]:.1f}%"
                          "<extra>%{fullData.name}</extra>",
        )  # fmt: skip
    reach = 1.15 * max(int(classes[["newly_wrong", "fixed"]].to_numpy().max()), 1)  # room for the numbers
    figure.update_yaxes(autorange="reversed", title="True class", ticks="")
    figure.update_xaxes(
        range=[-reach, reach], title="Pictures that only one of the two gets right", showticklabels=False,
        zeroline=True,
    )  # fmt: skip
    return figure.update_layout(height=HEIGHT, barmode="relative")


def _sign(value: int) -> str:
    return f"{value:+,}".replace("-", "−") if value else ""
