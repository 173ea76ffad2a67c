"""What would have been kept if training had stopped earlier."""

import numpy as np
import pytest

from fmnist import analysis
from tests.experimenting import build_trial


def test_what_is_kept_follows_the_lowest_loss_so_far():
    trial = build_trial(accuracies=(0.5, 0.7, 0.8, 0.6, 0.9), losses=[0.9, 0.5, 0.6, 0.4, 0.4])
    assert analysis.keep_so_far(trial).tolist() == [0.5, 0.7, 0.7, 0.6, 0.6]
    assert trial.val_accuracy == 0.6, "the last is what the trial kept"


def test_a_run_that_ended_keeps_what_it_has():
    short, long = build_trial(accuracies=(0.5, 0.7)), build_trial(seed=2, accuracies=(0.4, 0.6, 0.8))
    (group,) = analysis.group_trials([short, long])
    assert analysis.stack_kept(group, 3).tolist() == [[0.5, 0.7, 0.7], [0.4, 0.6, 0.8]]
    assert analysis.stack_kept(group, 1).tolist() == [[0.5], [0.4]]


@pytest.fixture
def stopping():
    """Behind by 20 and 10 points, undecided, then ahead by 10."""
    before = [build_trial("simple", s, (0.70 + s / 1000, 0.80 + s / 1000)) for s in (1, 2)]
    after = [
        build_trial("augmented", 1, (0.501, 0.701, 0.805, 0.901)),
        build_trial("augmented", 2, (0.502, 0.702, 0.799, 0.902)),
    ]
    return analysis.compare_stopping(*analysis.group_trials([*before, *after]))


def test_the_answer_turns_with_the_epoch(stopping):
    assert stopping.signs == [-1, -1, 0, 1]
    assert (stopping.first_phase, stopping.last_phase) == (2, 4)
    np.testing.assert_allclose([each.difference for each in stopping.differences], [-0.2, -0.1, 0.0005, 0.1])


@pytest.mark.parametrize(
    ("difference", "epoch"), [(-0.19, 1), (-0.11, 2), (0.03, 3), (0.09, 4), (-0.21, None), (0.11, None)]
)
def test_the_epoch_with_the_nearest_difference_is_found(stopping, difference, epoch):
    assert stopping.find_epoch(difference) == epoch
