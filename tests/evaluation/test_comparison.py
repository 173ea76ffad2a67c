"""Models beside each other, against answers written by hand."""

import numpy as np
import pytest

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
