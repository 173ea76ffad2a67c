"""Risk and coverage: how often the surest answers are wrong, the more of them the more of all are given."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from fmnist.artifacts import PhotoFigures
from fmnist.figures.labels import add_labels, place_labels
from fmnist.figures.style import HEIGHT, TOP, new_figure

_LEAST = 0.1  # of the photos; the share wrong among fewer than a tenth jumps with each one


def plot_coverage(figures: Mapping[str, PhotoFigures], colours: Mapping[str, str]) -> go.Figure:
    """Plots the share of wrong answers among the surest photos, against their share of all photos.

    Args:
        figures: The figures by name, all for the same photos. Those of older reports have no such line.
        colours: The colour for each name, as #rrggbb.
    """
    figure = new_figure()
    ends: dict[str, tuple[float, float]] = {}
    lines: list[tuple[float, float]] = []
    for name, found in figures.items():
        groups = [group for group in found.by_coverage if group.photos >= _LEAST * found.size]
        if not groups:
            continue
        shares = [100 * group.photos / found.size for group in groups]
        wrong = [100 * (1 - group.accuracy) for group in groups]
        figure.add_scatter(
            x=shares, y=wrong, mode="lines", name=name, line={"color": colours[name]},
            customdata=[group.photos for group in groups],
            hovertemplate="the surest %{customdata} photos: %{y:.0f}% wrong",
        )  # fmt: skip
        ends[name] = shares[-1], wrong[-1]
        lines += zip(shares, wrong, strict=True)
    top = max((wrong for _, wrong in lines), default=0.0)
    figure.update_xaxes(title="Photos answered, the surest first (%)", range=[0, 101])
    figure.update_yaxes(title="Wrong (share of those, %)", range=[0, 1.08 * top + 1])
    figure.update_layout(height=HEIGHT, margin={"t": TOP}, showlegend=False)
    return add_labels(figure, place_labels(ends, colours, np.array(lines), (100, top))) if ends else figure
