"""Bars read back: order, lengths, labels and colours."""

from types import SimpleNamespace

import numpy as np
import pytest

from fmnist import figures
from fmnist.artifacts import Group
from fmnist.config import CLASS_NAMES

COLOURS = {"simple": "#0072B2", "augmented": "#D55E00"}


def test_probabilities_are_paired_in_class_order():
    answers = {"simple": np.eye(10)[3], "augmented": np.full(10, 0.1)}
    figure = figures.plot_probabilities(answers, COLOURS)
    simple, augmented = figure.data
    assert [(bar.name, bar.marker.color) for bar in figure.data] == [*COLOURS.items()]
    assert tuple(simple.y) == tuple(augmented.y) == CLASS_NAMES
    assert simple.x == pytest.approx(100 * np.eye(10)[3]) and augmented.x == pytest.approx(np.full(10, 10))
    assert simple.text == ("", "", "", "100%", *6 * [""]) and augmented.text == 10 * ("10%",)
    assert figure.layout.showlegend


def test_each_further_model_makes_room_for_its_bars():
    answers = {"simple": np.eye(10)[3], "augmented": np.full(10, 0.1)}
    alone = figures.plot_probabilities({"simple": answers["simple"]}, COLOURS)
    assert alone.layout.height == 460 and not alone.layout.showlegend
    assert figures.plot_probabilities(answers, COLOURS).layout.height == 600


def test_photos_are_told_by_class_with_their_number():
    groups = {"coat": Group(photos=10, accuracy=0.9), "bag": Group(photos=3, accuracy=1 / 3)}
    figure = figures.plot_photo_classes({"simple": SimpleNamespace(per_class=groups)}, COLOURS)
    (bar,) = figure.data
    assert bar.x == ("coat (10)", "bag (3)") and bar.y == pytest.approx([90, 100 / 3])
    assert bar.text == ("90", "33") and bar.marker.color == "#0072B2"
