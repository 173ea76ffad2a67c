"""Models beside each other, against answers written by hand."""

import numpy as np
import pytest
from scipy.stats import binomtest

from fmnist import evaluation


def test_paired_comparison_by_hand():
    found = evaluation.compare_paired(wrong_a=[1, 2, 3, 4], wrong_b=[4, 5], size=100)
    assert (found["only_a_wrong"], found["only_b_wrong"]) == (3, 1)
    assert found["difference"] == pytest.approx(0.02)
    error = np.sqrt((0.04 - 0.0004) / 100)
    np.testing.assert_allclose(found["interval"], [0.02 - 1.96 * error, 0.02 + 1.96 * error])


def test_disagreement_is_the_largest_total_variation():
    one, other, third = np.eye(10)[3], np.eye(10)[4], np.eye(10)[[3, 4]].mean(axis=0)
    assert evaluation.disagreement([one]) == evaluation.disagreement([one, one]) == 0
    assert evaluation.disagreement([one, third]) == 0.5
    assert evaluation.disagreement([one, third, other]) == 1


def test_most_confused_ignores_right_answers():
    confusion = np.diag(np.full(10, 50))
    confusion[6, 0], confusion[2, 4] = 9, 4
    assert evaluation.most_confused(confusion, 2) == [("shirt", "t-shirt", 9), ("pullover", "coat", 4)]


@pytest.mark.parametrize(
    ("only_a", "only_b"),
    [(0, 0), (0, 1), (1, 0), (5, 5), (4, 6), (0, 30), (146, 210), (210, 146), (1, 2_000), (3_000, 3_400)],
)
def test_the_exact_test_is_that_of_scipy(only_a, only_b):
    chance = evaluation.compute_chance(only_a, only_b)
    tosses = only_a + only_b
    assert chance == pytest.approx(binomtest(only_a, tosses).pvalue if tosses else 1, rel=1e-9)


def test_images_compared_by_hand():
    """Eleven images: two only A, five only B, three both, one neither."""
    right_a = np.array([1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 0], bool)
    right_b = np.array([0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0], bool)
    found = evaluation.compare_right(right_a, right_b)
    assert (found.only_a, found.only_b) == (2, 5)
    assert found.difference == pytest.approx(3 / 11)
    assert found.chance == pytest.approx(2 * (1 + 7 + 21) / 2**7)
    error = np.sqrt((7 / 11 - (3 / 11) ** 2) / 11)
    np.testing.assert_allclose([found.low, found.high], [3 / 11 - 1.96 * error, 3 / 11 + 1.96 * error])
    assert evaluation.compare_right(right_a, right_a) == (0, 0, 0, 0, 0, 1)
