"""Grouped bars: the accuracy on photos by class."""

from collections.abc import Mapping

import plotly.graph_objects as go

from fmnist.artifacts import PhotoFigures
from fmnist.figures.style import HEIGHT, new_figure


def plot_photo_classes(figures: Mapping[str, PhotoFigures], colours: Mapping[str, str]) -> go.Figure:
    """Plots each model's accuracy on the photos of each class, as grouped bars in class order.

    Args:
        figures: The figures for each model name, all for the same photos.
        colours: The colour for each model name, as #rrggbb.
    """
    figure = new_figure()
    for name, found in figures.items():
        groups = found.per_class
        accuracies = [100 * group.accuracy for group in groups.values()]
        figure.add_bar(
            x=[f"{label} ({group.photos})" for label, group in groups.items()], y=accuracies,
            name=name, marker={"color": colours[name]}, hovertemplate="%{x}: %{y:.0f}%",
            text=[f"{accuracy:.0f}" for accuracy in accuracies],
        )  # fmt: skip
    figure.update_xaxes(title="True class (number of photos)", tickangle=-45)
    figure.update_yaxes(range=[0, 108], tickvals=[0, 25, 50, 75, 100], title="Accuracy (share of photos, %)")
    return figure.update_layout(
        height=HEIGHT,
        showlegend=len(figures) > 1,
        uniformtext={"minsize": 9, "mode": "hide"},  # on a phone the bars are too narrow for numbers
    )
