"""Confusion matrices read back, against values written by hand."""

import numpy as np
import pytest

from fmnist import figures
from fmnist.config import CLASS_NAMES

# Nine classes of 100 pictures without a mistake; of 80 shirts 20 are taken for T-shirts, 60 are right.
COUNTS = np.diag(np.full(10, 100))
COUNTS[6, 6], COUNTS[6, 0] = 60, 20
OTHER = np.diag(np.full(10, 100))
OTHER[6, 6], OTHER[6, 4] = 50, 50


def plot(**options):
    return figures.plot_confusion(COUNTS, **options).data[0]


@pytest.mark.parametrize(
    ("normalize", "right", "wrong", "text", "hovered"),
    [
        (None, 60, 20, "20", 100 * 20 / 980),
        ("true", 60 / 80, 20 / 80, "25%", 25),
        ("pred", 1, 20 / 120, "17%", 100 * 20 / 120),
    ],
)
def test_cells_hold_counts_or_shares(normalize, right, wrong, text, hovered):
    heatmap, cells = figures.plot_confusion(COUNTS, normalize=normalize).data
    assert (heatmap.z[6][6], heatmap.z[6][0]) == pytest.approx((right, wrong))
    assert heatmap.text[6][0] == text and heatmap.text[0][1] == ""
    assert cells.customdata[60] == pytest.approx([6, 0, 20, hovered])
    assert figures.write_cells(COUNTS, normalize=normalize)[6][0] == text
    assert tuple(heatmap.x) == tuple(heatmap.y) == CLASS_NAMES


def test_each_cell_has_a_marker_to_click_that_names_it():
    """A heat map reports no clicks, and hides what lies over it unless it lets the pointer through."""
    heatmap, cells = figures.plot_confusion(COUNTS, errors_only=True).data
    assert heatmap.hoverinfo == "skip" and cells.mode == "markers"
    assert [cells.marker.opacity, cells.selected.marker.opacity, cells.unselected.marker.opacity] == [0, 0, 0]
    assert len(cells.customdata) == 100
    for x, y, (true, predicted, count, _) in zip(cells.x, cells.y, cells.customdata, strict=True):
        assert (CLASS_NAMES[int(true)], CLASS_NAMES[int(predicted)]) == (y, x)
        assert count == COUNTS[int(true), int(predicted)]


def test_a_share_below_one_percent_keeps_a_decimal():
    counts = COUNTS.copy()
    counts[0, 0], counts[0, 1] = 996, 4
    heatmap = figures.plot_confusion(counts, normalize="true").data[0]
    assert heatmap.text[0][1] == "0.4%" and heatmap.text[0][0] == "100%"


@pytest.mark.parametrize("normalize", [None, "true"])
def test_errors_only_blanks_the_diagonal_and_nothing_else(normalize):
    heatmap, whole = plot(normalize=normalize, errors_only=True), plot(normalize=normalize)
    diagonal = np.eye(10, dtype=bool)
    assert np.isnan(np.array(heatmap.z)[diagonal]).all()
    np.testing.assert_array_equal(np.array(heatmap.z)[~diagonal], np.array(whole.z)[~diagonal])
    np.testing.assert_array_equal(np.array(heatmap.text)[~diagonal], np.array(whole.text)[~diagonal])
    assert set(np.array(heatmap.text)[diagonal]) == {""}


@pytest.mark.parametrize(
    ("normalize", "errors_only", "alone", "shared"),
    [
        (None, False, 100, 100),
        (None, True, 20, 50),
        ("true", True, 0.25, 0.5),
        ("pred", True, 1 / 6, 1 / 3),
        ("true", False, 1, 1),
    ],
)
def test_the_strongest_colour_is_the_largest_value_shown(normalize, errors_only, alone, shared):
    options = {"normalize": normalize, "errors_only": errors_only}
    heatmap = plot(**options)
    assert (heatmap.zmin, heatmap.zmax) == (0, pytest.approx(alone))
    largest = figures.find_largest([COUNTS, OTHER], **options)
    assert largest == pytest.approx(shared)
    assert plot(**options, largest=largest).zmax == largest


def test_counts_are_left_as_they_were():
    before = COUNTS.copy()
    plot(errors_only=True)
    np.testing.assert_array_equal(COUNTS, before)
