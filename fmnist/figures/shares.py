"""Shares with their intervals, in rows: each model's accuracy on kinds of pictures, or in a quiz."""

import html
import textwrap
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from fmnist.figures.style import TOP, find_marker, new_figure

_LINE, _ROW, _AXIS = 11, 13, 56  # pixels: an interval, what is between rows, the axis below
_LETTERS = 18  # in a line of a row's name
_NEAR = 60  # pixels from a point that still point at it, so that a finger finds it


class ShareRow(NamedTuple):
    """A point with its interval.

    Attributes:
        row: What its row says.
        name: What it is of: its colour and marker.
        share, low, high: 0 to 1.
        expected: Where to draw a tick to compare it with, 0 to 1; NaN for none.
        key: What a click reports.
    """

    row: str
    name: str
    share: float
    low: float
    high: float
    expected: float = float("nan")
    key: str = ""


def plot_shares(points: Sequence[ShareRow], colours: Mapping[str, str], axis: str) -> go.Figure:
    """Plots rows from top to bottom, in each a point with its interval for every name.

    A click reports the point's key as its custom data's first entry.

    Args:
        points: By row, at least one.
        colours: The colour for each name, as #rrggbb.
        axis: The title of the axis, with its unit, %.
    """
    figure = new_figure()
    rows = list(dict.fromkeys(point.row for point in points))
    names = list(dict.fromkeys(point.name for point in points))
    crowd = max(sum(point.row == row for point in points) for row in rows)
    for name in names:
        own = [point for point in points if point.name == name]
        share, low, high, expected = 100 * np.array([point[2:6] for point in own], float).T
        offset = (names.index(name) - (len(names) - 1) / 2) / (crowd + 1) if crowd > 1 else 0
        heights = [rows.index(point.row) + offset for point in own]
        colour = colours[name]
        if np.isfinite(expected).any():
            figure.add_scatter(
                x=expected, y=heights, mode="markers", name=f"{name}, expected", hoverinfo="skip",
                marker={"symbol": "line-ns", "size": 11, "line": {"width": 2, "color": "gray"}},
            )  # fmt: skip
        figure.add_scatter(
            x=share, y=heights, mode="markers", name=name,
            error_x={"array": high - share, "arrayminus": share - low, "thickness": 1.5, "width": 0},
            marker={"symbol": find_marker(colour).symbol, "size": 9, "color": colour},
            customdata=[[point.key, *ends] for point, *ends in zip(own, low, high, expected, strict=True)],
            hovertemplate=f"{html.escape(name)} %{{x:.1f}}%<br>95% interval %{{customdata[1]:.1f}} to "
            "%{customdata[2]:.1f}%<extra></extra>",
        )  # fmt: skip
    figure.update_traces(unselected={"marker": {"opacity": 1}})  # a click is a question, it filters nothing
    for number in range(0, len(rows), 2):
        figure.add_hrect(
            number - 0.5, number + 0.5, fillcolor="gray", opacity=0.08, line_width=0, layer="below"
        )
    figure.update_xaxes(title=axis, ticksuffix="%")
    figure.update_yaxes(
        tickvals=list(range(len(rows))), ticktext=[_wrap(row) for row in rows],
        range=[len(rows) - 0.4, -0.6], zeroline=False, automargin=True, ticks="", showgrid=False,
    )  # fmt: skip
    height = _AXIS + TOP + len(rows) * (_ROW + _LINE * crowd)
    return figure.update_layout(
        height=height, margin={"t": TOP}, showlegend=False, hoverdistance=_NEAR, clickmode="event+select"
    )


def _wrap(row: str) -> str:
    """Writes the name of a row in lines that leave room for the points on a phone."""
    return "<br>".join(html.escape(line, quote=False) for line in textwrap.wrap(row, _LETTERS))
