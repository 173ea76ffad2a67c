"""Scores against answers written by hand and against scikit-learn and SciPy."""

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn import metrics

from fmnist import evaluation


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


def test_matrices_become_a_row_for_each_cell():
    counts = np.diag(np.full(10, 100)).astype(int)
    counts[6, 6], counts[6, 0] = 60, 20
    table = evaluation.tabulate_confusions({"a": np.eye(10, dtype=int), "b": counts})
    assert len(table) == 200 and table["pictures"].sum() == 10 + counts.sum()
    (cell,) = table.query("model == 'b' and true == 'shirt' and predicted == 't-shirt'").to_dict("records")
    assert cell["pictures"] == 20
    assert cell["share_of_true"] == pytest.approx(20 / 80)
    assert cell["share_of_predicted"] == pytest.approx(20 / 120)
