"""Grouped bars: a picture's probabilities, and the accuracy on photos by class."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from fmnist.artifacts import PhotoFigures
from fmnist.config import CLASS_NAMES, NUM_CLASSES
from fmnist.figures.style import HEIGHT, new_figure

_FRAME, _GAP, _BAR = 140, 18, 14  # pixels: title and axes, space between two classes, one model's bar


def plot_probabilities(answers: Mapping[str, np.ndarray], colours: Mapping[str, str]) -> go.Figure:
    """Plots each model's probabilities as paired horizontal bars, in fixed class order.

    Args:
        answers: float `(10,)` for each model name.
        colours: The colour for each model name, as #rrggbb.
    """
    figure = new_figure()
    for name, probabilities in answers.items():
        figure.add_bar(
            y=CLASS_NAMES, x=100 * np.asarray(probabilities), orientation="h", name=name,
            marker={"color": colours[name]}, hovertemplate="%{y}: %{x:.2f}%",
            text=[f"{100 * p:.0f}%" if p >= 0.005 else "" for p in probabilities],
        )  # fmt: skip
    figure.update_yaxes(autorange="reversed", title="Class")
    figure.update_xaxes(range=[0, 112], tickvals=[0, 25, 50, 75, 100], title="Probability (%)")
    height = _FRAME + NUM_CLASSES * (_GAP + _BAR * len(answers))
    return figure.update_layout(height=height, showlegend=len(answers) > 1)


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
