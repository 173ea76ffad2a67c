"""The reliability diagram: how often answers are right, against how confident they are."""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from fmnist.evaluation import CALIBRATION_BINS, Reliability, compute_wilson
from fmnist.figures.style import find_marker, new_figure

_HEIGHT = 480  # pixels, with the counts below


def plot_reliability(before: Reliability, after: Reliability, colour: str) -> go.Figure:
    """Plots accuracy against confidence in bins, before and after calibration, and the counts below.

    The customdata of the points after calibration, and of the bars, is the bin's number, for clicks.

    Args:
        before: Of the answers as the network gave them.
        after: Of the answers as they are shown, with 95 % Wilson intervals.
        colour: The model's colour, as #rrggbb.
    """
    figure = new_figure()
    make_subplots(2, 1, shared_xaxes=True, row_heights=[0.74, 0.26], vertical_spacing=0.05, figure=figure)
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", name="as often right as confident", hoverinfo="skip",
        line={"dash": "dot", "color": "gray", "width": 1.5}, row=1, col=1,
    )  # fmt: skip
    symbol = find_marker(colour).symbol
    _add_points(figure, before, "before", f"{symbol}-open", colour, "dash", 0.75)
    _add_points(figure, after, "after", symbol, colour, "solid", 1.0, with_intervals=True)
    bins = np.arange(CALIBRATION_BINS)
    figure.add_bar(
        x=(bins + 0.5) / CALIBRATION_BINS, y=after.counts, width=0.9 / CALIBRATION_BINS, name="answers",
        customdata=np.stack([bins, after.counts], axis=1), marker={"color": colour},
        text=[f"{count:,}" if count else "" for count in after.counts],
        textfont={"size": 10}, showlegend=False, row=2, col=1,
        hovertemplate="%{y:,} answers<extra></extra>",
    )  # fmt: skip
    figure.update_xaxes(range=[0, 1.03], tickformat=".0%")
    figure.update_xaxes(title="Confidence (probability of the answer)", row=2, col=1)
    figure.update_yaxes(title="Right (share of answers)", range=[0, 1.03], tickformat=".0%", row=1, col=1)
    top = 1.35 * max(int(after.counts.max()), 1)
    # A click anywhere above a bar counts: most are only a few pixels high.
    figure.update_yaxes(title="Answers", range=[0, top], nticks=3, row=2, col=1)
    return figure.update_layout(height=_HEIGHT, hovermode="x", hoverdistance=40)


def _add_points(
    figure: go.Figure,
    found: Reliability,
    name: str,
    symbol: str,
    colour: str,
    dash: str,
    opacity: float,
    *,
    with_intervals: bool = False,
) -> None:
    bins = np.flatnonzero(found.counts)
    counts, right = found.counts[bins], found.accuracy[bins]
    low, high = compute_wilson(np.rint(right * counts), counts)
    figure.add_scatter(
        x=found.confidence[bins], y=right, mode="lines+markers", name=f"{name} calibration",
        customdata=np.stack([bins, counts], axis=1), line={"color": colour, "dash": dash, "width": 1.5},
        marker={"symbol": symbol, "size": 10, "color": colour},
        error_y={"type": "data", "symmetric": False, "array": high - right, "arrayminus": right - low,
                 "color": colour, "thickness": 1} if with_intervals else None,
        hovertemplate=f"{name} calibration: %{{x:.1%}} confident, %{{y:.1%}} right"
                      "<br>%{customdata[1]:,} answers<extra></extra>",
        row=1, col=1, opacity=opacity,
    )  # fmt: skip
