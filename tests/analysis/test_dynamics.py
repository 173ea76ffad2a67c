"""The life of pictures over the epochs: by hand, and against a plain loop."""

import numpy as np
import pytest

from fmnist.analysis import (
    Life,
    compute_recalls,
    compute_unsteadiness,
    find_learned,
    life_of,
    list_hard,
    list_lost,
    list_unsteady,
    map_data,
)

# A picture of class 3 after five epochs: wrong, right, lost, right, lost again.
TRUTH = np.array([0.2, 0.6, 0.4, 0.8, 0.0], np.float16)
ANSWERS = np.array([1, 3, 1, 3, 0], np.uint8)


def test_a_life_written_by_hand():
    life = life_of(TRUTH, ANSWERS, 3)
    assert (life.first_right, life.times_lost, life.right_epochs, life.epochs) == (2, 2, 2, 5)
    assert not life.is_right
    assert life.mean == pytest.approx(0.4, abs=1e-3)
    assert life.spread == pytest.approx(np.sqrt(0.08), abs=1e-3)  # of 0.04, 0.04, 0, 0.16, 0.16


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([3, 3, 3, 3, 3], (1, 0, 5, True)),
        ([1, 1, 1, 1, 1], (None, 0, 0, False)),
        ([1, 1, 1, 1, 3], (5, 0, 1, True)),
        ([3, 1, 1, 1, 1], (1, 1, 1, False)),
    ],
)
def test_lives_at_the_ends(answers, expected):
    life = life_of(TRUTH, np.array(answers, np.uint8), 3)
    assert (life.first_right, life.times_lost, life.right_epochs, life.is_right) == expected


def test_a_single_epoch_loses_nothing():
    life = life_of(TRUTH[:1], ANSWERS[1:2], 3)
    assert life == Life(1, 0, 1, 1, True, float(TRUTH[0]), 0.0)


def tell(truth, answers, label):
    """A plain loop over the epochs: first right, times lost, epochs right, mean, spread."""
    first = lost = right = 0
    before = False
    for epoch, answer in enumerate(answers, start=1):
        is_right = int(answer) == int(label)
        right += is_right
        if is_right and not first:
            first = epoch
        if before and not is_right:
            lost += 1
        before = is_right
    values = [float(value) for value in truth]
    mean = sum(values) / len(values)
    return first, lost, right, before, mean, (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5


def test_a_map_is_what_a_loop_over_its_pictures_finds():
    random = np.random.default_rng(0)
    truth = random.random((9, 200)).astype(np.float16)
    answers, labels = random.integers(0, 3, (9, 200), np.uint8), random.integers(0, 3, 200, np.uint8)
    found = map_data(truth, answers, labels)
    for index, label in enumerate(labels):
        first, lost, right, ends, mean, spread = tell(truth[:, index], answers[:, index], label)
        assert found.first_right[index] == first and found.times_lost[index] == lost
        assert found.share_right[index] == pytest.approx(right / 9) and found.is_right[index] == ends
        assert found.mean[index] == pytest.approx(mean) and found.spread[index] == pytest.approx(spread)
        life = life_of(truth[:, index], answers[:, index], int(label))
        assert (life.first_right, life.times_lost, life.right_epochs) == (first or None, lost, right)
        assert (life.mean, life.spread) == (pytest.approx(mean), pytest.approx(spread))


def test_the_lists_hold_what_they_promise_and_begin_with_the_strongest():
    #                  always  never  early only  flickers  late
    right = np.array([[1, 0, 1, 1, 0], [1, 0, 1, 0, 0], [1, 0, 1, 1, 0], [1, 0, 0, 0, 0], [1, 0, 0, 1, 1]])
    labels = np.full(5, 7)
    truth = np.where(right, 0.9, [0.0, 0.1, 0.2, 0.3, 0.4])
    found = map_data(truth, np.where(right, 7, 2), labels)
    assert list_hard(found).tolist() == [1, 4], "wrong after more than half of the epochs, the lowest first"
    assert list_unsteady(found).tolist() == [3]
    assert list_lost(found).tolist() == [2]


def test_lists_of_nothing_are_empty():
    found = map_data(np.ones((3, 4)), np.full((3, 4), 7), np.full(4, 7))
    assert [len(listed(found)) for listed in (list_hard, list_unsteady, list_lost)] == [0, 0, 0]


@pytest.mark.parametrize("shape", [(5, 3), (0, 4), (4,)])
def test_arrays_that_do_not_fit_are_refused(shape):
    with pytest.raises(ValueError, match="a row for each epoch and a column for each of 4 labels"):
        map_data(np.zeros(shape), np.zeros(shape, np.uint8), np.zeros(4, int))


def test_recall_over_the_epochs_by_hand():
    confusions = np.zeros((3, 10, 10), np.int32)
    confusions[:, 0, 0], confusions[:, 0, 1] = (5, 10, 8), (5, 0, 2)  # of ten pictures of class 0
    confusions[:, 1, 1], confusions[:, 1, 2] = (97, 96, 100), (3, 4, 0)
    recalls = compute_recalls(confusions)
    np.testing.assert_allclose(recalls[:, :3], [[0.5, 0.97, 0], [1.0, 0.96, 0], [0.8, 1.0, 0]])
    assert find_learned(recalls)[:3].tolist() == [2, 1, 1], "0.97 is at least 95 % of its best"
    np.testing.assert_allclose(compute_unsteadiness(recalls)[:3], [0.35, 0.025, 0])
    np.testing.assert_array_equal(compute_unsteadiness(recalls[:1]), np.zeros(10))
