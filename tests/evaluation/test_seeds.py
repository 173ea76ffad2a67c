"""Means over seeds and their intervals, by hand and against SciPy."""

import math

import numpy as np
import pytest
from scipy import stats

from fmnist import evaluation

FEW, MANY = np.array([0.90, 0.92, 0.91]), np.array([0.93, 0.95, 0.94, 0.96])


def test_the_spread_is_students():
    spread = evaluation.spread_over_seeds(FEW)
    assert spread.mean == pytest.approx(0.91) and spread.deviation == pytest.approx(0.01)
    assert (spread.lowest, spread.highest, spread.seeds) == (0.90, 0.92, 3)
    expected = stats.t.interval(0.95, 2, loc=0.91, scale=0.01 / math.sqrt(3))
    assert (spread.low, spread.high) == pytest.approx(expected)


def test_a_single_seed_has_a_mean_and_no_interval():
    spread = evaluation.spread_over_seeds(np.array([0.9]))
    assert spread.mean == spread.lowest == spread.highest == 0.9
    assert math.isnan(spread.deviation) and math.isnan(spread.low) and math.isnan(spread.high)


def test_the_difference_is_welchs():
    found = evaluation.compare_means(FEW, MANY)
    expected = stats.ttest_ind(MANY, FEW, equal_var=False).confidence_interval(0.95)
    assert found.difference == pytest.approx(0.035)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    assert found.seeds == (3, 4)


@pytest.mark.parametrize(
    ("before", "after", "sign"),
    [(FEW, MANY, 1), (MANY, FEW, -1), (FEW, FEW, 0), ([0.1, 0.9], [0.2, 0.95], 0), ([0.5] * 2, [0.6] * 2, 1)],
)
def test_the_sign_is_that_of_the_whole_interval(before, after, sign):
    assert evaluation.compare_means(before, after).sign == sign


def test_seeds_that_agree_exactly_leave_no_doubt_and_one_seed_is_refused():
    found = evaluation.compare_means([0.5, 0.5], [0.6, 0.6, 0.6])
    assert found.low == found.difference == found.high == pytest.approx(0.1)
    with pytest.raises(ValueError, match="two seeds"):
        evaluation.compare_means([0.5], [0.6, 0.6])


def test_churn_is_the_mean_over_all_pairs():
    answers = np.array([[0, 1, 2, 3], [0, 1, 2, 4], [9, 1, 2, 4]], np.uint8)
    assert evaluation.compute_churn(answers) == pytest.approx((1 + 2 + 1) / 4 / 3)
