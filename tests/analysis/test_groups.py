"""Trials are gathered by all but the seed."""

import numpy as np

from fmnist import analysis
from tests.experimenting import build_trial, build_trials


def test_trials_are_gathered_by_all_but_the_seed():
    trials = [
        build_trial("augmented", 2),
        build_trial("simple", 1),
        build_trial("augmented", 1),
        build_trial("augmented", 1, strength=2.0),
        build_trial("augmented", 1, train_share=0.5),
        build_trial("augmented", 1, overrides='{"decay": 1}'),
    ]
    groups = analysis.group_trials(trials)
    assert [[trial.seed for trial in group.trials] for group in groups] == [[1, 2], [1], [1], [1], [1]]
    assert [group.is_plain for group in groups] == [True, True, False, False, False]
    assert [group.recipe for group in groups[:2]] == ["augmented", "simple"]


def test_a_trial_that_two_sweeps_share_counts_once():
    trials = build_trials("simple", [0.9, 0.91])
    (group,) = analysis.group_trials([*trials, trials[0]])
    assert len(group.trials) == 2
    np.testing.assert_array_equal(group.measure("val_accuracy"), [0.9, 0.91])
    assert group.answers.tolist() == [[1, 9, 3, 3], [2, 9, 3, 3]]


def test_a_missing_test_figure_is_not_a_number():
    (group,) = analysis.group_trials([build_trial(test_accuracy=0.9, test_loss=0.1), build_trial(seed=2)])
    assert np.isnan(group.measure("test_accuracy")).tolist() == [False, True]
