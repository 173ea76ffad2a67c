"""Numbers against answers written by hand and against scikit-learn and SciPy."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn import metrics

from fmnist import evaluation


@pytest.fixture
def answers():
    random = np.random.default_rng(0)
    y_true = random.integers(0, 10, 500)
    logits = random.normal(size=(500, 10))
    logits[np.arange(500), y_true] += 1.5
    probabilities = np.exp(logits)
    return y_true, probabilities / probabilities.sum(axis=1, keepdims=True)


def test_metrics_counted_by_hand():
    y_true = np.array([0, 0, 1, 2])
    probabilities = np.full((4, 10), 0.02)
    probabilities[[0, 1, 2, 3], [0, 1, 1, 2]] = 0.82
    found = evaluation.compute_metrics(y_true, probabilities)
    assert found["accuracy"] == 0.75
    assert found["wrong"] == [1]
    assert found["loss"] == pytest.approx(-(3 * np.log(0.82) + np.log(0.02)) / 4)
    assert found["confusion_matrix"][0][:3] == [1, 1, 0]
    assert np.sum(found["confusion_matrix"]) == 4


def test_interval_is_wilsons(answers):
    found = evaluation.compute_metrics(*answers)
    hits = found["size"] - len(found["wrong"])
    expected = binomtest(hits, found["size"]).proportion_ci(method="wilson")
    assert found["accuracy_interval"] == [expected.low, expected.high]
    low, high = found["accuracy_interval"]
    assert low < found["accuracy"] < high


def test_class_scores_equal_scikit_learns(answers):
    y_true, y_pred = answers[0], answers[1].argmax(axis=1)
    found = evaluation.per_class_scores(evaluation.compute_confusion_matrix(y_true, y_pred))
    expected = metrics.precision_recall_fscore_support(y_true, y_pred, labels=range(10))
    for column, values in zip(("precision", "recall", "f1", "support"), expected, strict=True):
        np.testing.assert_allclose(found[column], values)


def test_class_scores_are_zero_where_nothing_was_predicted():
    confusion = np.zeros((10, 10), int)
    confusion[3, 4] = 7
    scores = evaluation.per_class_scores(confusion)
    assert scores.loc["dress"].tolist() == [0, 0, 0, 7]


@pytest.mark.parametrize(("normalize", "axis"), [("true", 1), ("pred", 0)])
def test_normalized_confusion_sums_to_one(answers, normalize, axis):
    confusion = evaluation.compute_confusion_matrix(answers[0], answers[1].argmax(axis=1))
    np.testing.assert_allclose(evaluation.normalize_confusion(confusion, normalize).sum(axis=axis), 1)
    assert evaluation.normalize_confusion(confusion, None) is confusion
    with pytest.raises(ValueError, match="'all'"):
        evaluation.normalize_confusion(confusion, "all")


def test_most_confused_ignores_right_answers():
    confusion = np.diag(np.full(10, 50))
    confusion[6, 0], confusion[2, 4] = 9, 4
    assert evaluation.most_confused(confusion, 2) == [("shirt", "t-shirt", 9), ("pullover", "coat", 4)]


def test_paired_comparison_by_hand():
    found = evaluation.compare_paired(wrong_a=[1, 2, 3, 4], wrong_b=[4, 5], size=100)
    assert (found["only_a_wrong"], found["only_b_wrong"]) == (3, 1)
    assert found["difference"] == pytest.approx(0.02)
    error = np.sqrt((0.04 - 0.0004) / 100)
    np.testing.assert_allclose(found["interval"], [0.02 - 1.96 * error, 0.02 + 1.96 * error])


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


def test_disagreement_is_the_largest_total_variation():
    one, other, third = np.eye(10)[3], np.eye(10)[4], np.eye(10)[[3, 4]].mean(axis=0)
    assert evaluation.disagreement([one]) == evaluation.disagreement([one, one]) == 0
    assert evaluation.disagreement([one, third]) == 0.5
    assert evaluation.disagreement([one, third, other]) == 1
