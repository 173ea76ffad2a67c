"""Bars read back: order, lengths, labels and colours."""

from types import SimpleNamespace

import pytest

from fmnist import figures
from fmnist.artifacts import Group

COLOURS = {"simple": "#0072B2", "augmented": "#D55E00"}


def test_photos_are_told_by_class_with_their_number():
    groups = {"coat": Group(photos=10, accuracy=0.9), "bag": Group(photos=3, accuracy=1 / 3)}
    figure = figures.plot_photo_classes({"simple": SimpleNamespace(per_class=groups)}, COLOURS)
    (bar,) = figure.data
    assert bar.x == ("coat (10)", "bag (3)") and bar.y == pytest.approx([90, 100 / 3])
    assert bar.text == ("90", "33") and bar.marker.color == "#0072B2"
