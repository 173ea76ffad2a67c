"""Plotly figures from arrays and tables: built here, returned, never shown.

Colour is identity: a model has the same colour on every page. Training is dashed, validation solid.
`style` decides how figures look and says where the colour scale of the matrices comes from.
"""

from fmnist.figures.bars import plot_photo_classes, plot_probabilities
from fmnist.figures.confusion import find_largest, plot_confusion
from fmnist.figures.curves import METRIC_TITLES, plot_gap, plot_history, smooth

__all__ = [
    "METRIC_TITLES",
    "find_largest",
    "plot_confusion",
    "plot_gap",
    "plot_history",
    "plot_photo_classes",
    "plot_probabilities",
    "smooth",
]
