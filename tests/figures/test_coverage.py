"""The chart of risk and coverage, read back."""

from types import SimpleNamespace

import pytest

from fmnist import figures
from fmnist.artifacts import Group

COLOURS = {"combined": "#0072B2", "simple": "#D55E00"}


def grow(size, *steps):
    """Figures with the surest photos: number and share right of each step."""
    groups = tuple(Group(photos=photos, accuracy=accuracy) for photos, accuracy in steps)
    return SimpleNamespace(size=size, by_coverage=groups)


def test_the_share_wrong_grows_with_the_share_answered():
    found = {"combined": grow(40, (1, 0), (20, 0.95), (40, 0.8)), "simple": grow(40, (40, 0.4))}
    figure = figures.plot_coverage(found, COLOURS)
    line, other = figure.data
    assert line.name == "combined" and line.line.color == "#0072B2"
    assert line.x == (50, 100) and line.y == pytest.approx((5, 20)), "one photo of forty says nothing"
    assert other.y == pytest.approx([60])
    named = [note.text for note in figure.layout.annotations]
    assert ["combined" in named[0], "simple" in named[1]] == [True, True]
    assert "%" in figure.layout.xaxis.title.text and "%" in figure.layout.yaxis.title.text


def test_an_older_report_has_no_line():
    assert not figures.plot_coverage({"simple": grow(40)}, COLOURS).data
