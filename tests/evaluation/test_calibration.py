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
