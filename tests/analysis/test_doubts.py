"""Labels in doubt, against the plain definitions."""

import numpy as np
import pytest

from fmnist.analysis import (
    list_confident,
    list_contradicted,
    list_twins,
    propose_labels,
    rejudge,
)
from fmnist.census import load_census
from tests.analysis.judging import answer


def test_contradicted_labels_come_by_the_least_confident_model():
    labels = [0, 1, 2, 3, 4]
    judged = {
        "a": answer(labels, [9, 9, 9, 9, 4], np.array([0.9, 0.7, 0.99, 0.8, 0.9])),
        "b": answer(labels, [9, 9, 8, 9, 9], np.array([0.5, 0.95, 0.99, 0.8, 0.9])),
    }
    assert list_contradicted(judged).tolist() == [3, 1, 0]
    assert propose_labels(judged)[[0, 1, 3]].tolist() == [9, 9, 9]


def find_by_definition(labels, probabilities):
    """Northcutt et al.'s equation 1, word by word, for each picture alone."""
    thresholds = {}
    for each in set(labels.tolist()):
        own = [row[each] for row, label in zip(probabilities, labels, strict=True) if label == each]
        thresholds[each] = sum(own) / len(own)
    flagged = {}
    for number, (row, label) in enumerate(zip(probabilities, labels, strict=True)):
        candidates = {each: row[each] for each, least in thresholds.items() if row[each] >= least}
        if candidates:
            counted = max(candidates, key=candidates.get)
            if counted != label:
                flagged[number] = row[counted] - row[label]
    return sorted(flagged, key=lambda number: -flagged[number])


@pytest.mark.parametrize("seed", range(5))
def test_confident_learning_follows_its_definition(seed):
    random = np.random.default_rng(seed)
    labels = random.integers(0, 10 if seed else 6, 300)  # with seed 0 four classes have no picture
    logits = random.normal(size=(300, 10)) + 2 * np.eye(10)[labels]
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    expected = find_by_definition(labels, probabilities)
    assert expected
    assert list_confident(labels, probabilities).tolist() == expected


def test_right_and_sure_answers_raise_no_doubt():
    assert list_confident(np.arange(10), np.eye(10)).tolist() == []


@pytest.mark.parametrize("part", ["validation", "test"])
def test_twins_with_another_label_are_near_and_the_nearest_comes_first(part):
    census, twins = load_census(part), list_twins(part)
    assert len(twins) and (census.labels[twins] != census.nearest_label[twins]).all()
    distances = census.distance[twins]
    assert (np.diff(distances) >= 0).all() and distances[-1] <= 20
    near = (census.distance <= 20) & (census.labels != census.nearest_label)
    assert set(twins) == set(np.flatnonzero(near))


def test_accuracy_with_other_labels_written_by_hand():
    labels = np.array([0, 1, 2, 3])
    judged = {"a": answer(labels, [0, 9, 9, 9]), "b": answer(labels, [0, 1, 9, 3])}
    assert rejudge(judged, {}) == {"a": 0.25, "b": 0.75}
    assert rejudge(judged, {1: 9, 2: 9}) == {"a": 0.75, "b": 0.75}
    assert labels.tolist() == [0, 1, 2, 3]
