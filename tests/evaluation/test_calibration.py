"""Temperature and calibration error against answers written by hand."""

import numpy as np
import pytest

from fmnist import evaluation


def test_temperature_equals_dividing_logits(answers):
    probabilities = answers[1]
    logits = np.log(probabilities) / 2.5
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(evaluation.apply_temperature(probabilities, 2.5), expected)
    np.testing.assert_allclose(evaluation.apply_temperature(probabilities, 1.0), probabilities)


def test_fitted_temperature_undoes_a_known_one(answers):
    y_true, probabilities = answers
    base = evaluation.fit_temperature(y_true, probabilities)
    sharpened = evaluation.apply_temperature(probabilities, 0.5)
    assert evaluation.fit_temperature(y_true, sharpened) == pytest.approx(2 * base, rel=1e-3)


def test_calibration_error_by_hand():
    probabilities = np.zeros((4, 10))
    probabilities[:, 0], probabilities[:, 1] = 0.9, 0.1
    y_true = np.array([0, 0, 0, 1])  # right three times of four, at 90 % confidence
    assert evaluation.expected_calibration_error(y_true, probabilities) == pytest.approx(0.15)


def test_reliability_by_hand():
    confidences = np.array([0.95, 0.99, 1.0, 0.30, 0.32])
    found = evaluation.compute_reliability(confidences, np.array([True, True, False, True, False]))
    assert found.counts[[4, 14]].tolist() == [2, 3] and found.counts.sum() == 5
    assert found.confidence[[4, 14]] == pytest.approx([0.31, 0.98])
    assert found.accuracy[[4, 14]] == pytest.approx([0.5, 2 / 3])
    assert np.isnan(found.accuracy[:4]).all() and np.isnan(found.confidence[5:14]).all()
    assert found.error == pytest.approx((2 * 0.19 + 3 * (0.98 - 2 / 3)) / 5)


def test_the_bins_divide_all_confidences():
    edges = np.arange(16) / 15
    assert evaluation.sort_into_bins((edges[:-1] + edges[1:]) / 2).tolist() == list(range(15))
    assert evaluation.sort_into_bins(np.array([0.0, 1.0])).tolist() == [0, 14]


def test_reliability_counts_as_scikit_learn_does(answers):
    from sklearn.calibration import calibration_curve

    y_true, probabilities = answers
    confidences, is_right = probabilities.max(axis=1), probabilities.argmax(axis=1) == y_true
    found = evaluation.compute_reliability(confidences, is_right)
    accuracy, confidence = calibration_curve(is_right, confidences, n_bins=evaluation.CALIBRATION_BINS)
    shown = found.counts > 0
    np.testing.assert_allclose(found.accuracy[shown], accuracy)
    np.testing.assert_allclose(found.confidence[shown], confidence)
