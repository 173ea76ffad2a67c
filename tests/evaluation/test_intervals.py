"""Shares: Wilson's interval, tests of two shares and their correction, against SciPy."""

import numpy as np
import pytest
from scipy.stats import binomtest, chi2_contingency, false_discovery_control, fisher_exact

from fmnist.evaluation import adjust_p_values, compare_shares, compute_wilson


@pytest.mark.parametrize(("right", "size"), [(0, 7), (7, 7), (835, 1000), (1, 2), (9398, 10_000)])
def test_wilson_is_scipys(right, size):
    expected = binomtest(right, size).proportion_ci(0.95, method="wilson")
    assert [float(end) for end in compute_wilson(right, size)] == pytest.approx(expected, abs=1e-12)


def test_wilson_takes_whole_arrays():
    low, high = compute_wilson(np.array([835, 17]), np.array([1000, 20]))
    assert low.round(3).tolist() == [0.811, 0.640] and high.round(3).tolist() == [0.857, 0.948]


def test_large_groups_are_compared_as_scipy_does():
    table = np.array([[1747, 253], [7486, 514]])
    assert compare_shares(table) == pytest.approx(chi2_contingency(table, correction=False).pvalue)


def test_small_groups_are_compared_exactly():
    table = np.array([[17, 0], [9216, 767]])
    assert compare_shares(table) == pytest.approx(fisher_exact(table).pvalue)


@pytest.mark.parametrize("table", [[[50, 0], [950, 0]], [[10, 5], [0, 0]]])
def test_what_cannot_differ_does_not(table):
    assert compare_shares(np.array(table)) == 1


def test_many_p_values_are_adjusted_as_scipy_does():
    p_values = np.random.default_rng(1).random(40) ** 3
    np.testing.assert_allclose(adjust_p_values(p_values), false_discovery_control(p_values))


def test_a_p_value_alone_stays_and_none_is_none():
    assert adjust_p_values(np.array([0.03])).tolist() == [0.03]
    assert adjust_p_values(np.array([])).tolist() == []
