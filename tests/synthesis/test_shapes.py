"""Soft shapes: where they lie and how large they are."""

import numpy as np
import pytest

from fmnist.synthesis import shapes


def test_an_oval_lies_where_it_was_put():
    oval = shapes.draw_oval((40, 60), 30, 20, 10, 5)
    assert oval.shape == (40, 60) and oval.dtype == np.float32 and oval.max() == 1
    assert oval.sum() == pytest.approx(np.pi * 10 * 5, rel=0.05)
    rows, columns = np.nonzero(oval > 0.5)
    assert (rows.mean(), columns.mean()) == pytest.approx((20, 30), abs=0.3)


def test_a_limb_is_wide_at_its_start():
    limb = shapes.draw_limb((40, 40), (20, 5), (20, 35), 10, 4)
    widths = limb.sum(axis=1)
    assert limb.sum() == pytest.approx(7 * 30, rel=0.1)
    assert widths[7] > widths[33] > 2 and widths[:3].sum() == widths[38:].sum() == 0


def test_a_limb_without_length_does_no_harm():
    assert np.isfinite(shapes.draw_limb((10, 10), (5, 5), (5, 5), 3, 3)).all()


def test_what_lies_outside_is_cut_off():
    assert shapes.draw_polygon((10, 10), [(-50, -50), (60, -50), (60, 60), (-50, 60)]).all()
    assert not shapes.draw_oval((10, 10), 50, 50, 3, 3).any()


def test_a_canvas_grows_on_each_side():
    larger = shapes.enlarge(np.ones((2, 3), np.float32), above=1, below=2, left=3, right=4)
    assert larger.shape == (5, 10) and larger.sum() == 6 and larger[1:3, 3:6].all()


def test_openings_are_filled_and_bays_are_not():
    mask = np.zeros((9, 9), np.float32)
    mask[1:8, 1:8], mask[3:6, 3:6], mask[6:8, 4] = 1, 0, 1
    filled = shapes.fill_openings(mask)
    assert filled[1:8, 1:8].all() and filled.sum() == 49
    mask[6:8, 4] = 0  # now it is open below
    np.testing.assert_array_equal(shapes.fill_openings(mask), mask)


def test_the_extent_of_nothing_is_nothing():
    assert shapes.find_extent(np.zeros((5, 5))) == (0, 0, 0, 0)
    mask = np.zeros((9, 9))
    mask[2:5, 3:8] = 1
    assert shapes.find_extent(mask) == (2, 4, 3, 7)
