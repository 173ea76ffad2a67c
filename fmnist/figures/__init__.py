"""Plotly figures from arrays and tables: built here, returned, never shown.

Colour is identity: a model has the same colour on every page. Training is dashed, validation solid.
`style` decides how figures look and says where the colour scale of the matrices comes from.
"""

from fmnist.figures.bars import plot_photo_classes
from fmnist.figures.changes import plot_class_changes, plot_confusion_change
from fmnist.figures.confusion import find_largest, plot_confusion, write_cells
from fmnist.figures.coverage import plot_coverage
from fmnist.figures.curves import (
    METRIC_TITLES,
    PARTS,
    View,
    plot_gap,
    plot_history,
    plot_learning_rate,
    smooth,
)
from fmnist.figures.datamap import GROUPS, MOST_POINTS, group_shares, plot_data_map, thin_out
from fmnist.figures.epochs import STRONGEST, plot_mistakes, plot_recall
from fmnist.figures.experiments import plot_bands, plot_differences, plot_seeds, plot_strengths
from fmnist.figures.explanation import plot_life, plot_map
from fmnist.figures.frames import list_epochs, list_frames
from fmnist.figures.progress import plot_progress
from fmnist.figures.reliability import plot_reliability
from fmnist.figures.shares import ShareRow, plot_shares
from fmnist.figures.style import Marker, choose_colours, find_marker

__all__ = [
    "GROUPS",
    "METRIC_TITLES",
    "MOST_POINTS",
    "PARTS",
    "STRONGEST",
    "Marker",
    "ShareRow",
    "View",
    "choose_colours",
    "find_largest",
    "find_marker",
    "group_shares",
    "list_epochs",
    "list_frames",
    "plot_bands",
    "plot_class_changes",
    "plot_confusion",
    "plot_confusion_change",
    "plot_coverage",
    "plot_data_map",
    "plot_differences",
    "plot_gap",
    "plot_history",
    "plot_learning_rate",
    "plot_life",
    "plot_map",
    "plot_mistakes",
    "plot_photo_classes",
    "plot_progress",
    "plot_recall",
    "plot_reliability",
    "plot_seeds",
    "plot_shares",
    "plot_strengths",
    "smooth",
    "thin_out",
    "write_cells",
]
