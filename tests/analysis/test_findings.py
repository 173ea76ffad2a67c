"""What is known about two recipes."""

import numpy as np
import pytest

from fmnist import analysis
from tests.experimenting import build_trial, build_trials

SIMPLE, AUGMENTED = build_trials("simple", [0.90, 0.92]), build_trials("augmented", [0.93, 0.95, 0.94])
REPORTED = analysis.Reported(0.92, 0.82)


def find_out(*trials, reported=REPORTED):
    return analysis.find_out(analysis.group_trials(trials), "simple", "augmented", reported)


def test_the_test_images_decide_where_every_trial_has_asked_them():
    found = find_out(*SIMPLE, *AUGMENTED)
    assert found.measure == "test_accuracy"
    assert found.verdict.difference == pytest.approx(0.03) and found.verdict.seeds == (2, 3)
    np.testing.assert_allclose(sorted(found.pairs), [0.01, 0.02, 0.03, 0.03, 0.04, 0.05])
    found = find_out(*SIMPLE, build_trial("simple", 3), *AUGMENTED)
    assert found.measure == "val_accuracy" and list(found.differences) == [
        "val_accuracy",
        "best_val_accuracy",
    ]


def test_two_seeds_of_each_are_needed():
    assert find_out(*SIMPLE, AUGMENTED[0]) is None
    assert find_out(*AUGMENTED) is None
    assert find_out(*SIMPLE, *build_trials("augmented", [0.9, 0.9], strength=2.0)) is None


def test_the_reports_loss_and_its_level_are_looked_for_apart():
    strong = build_trials("augmented", [0.80, 0.80], strength=3.0)
    found = find_out(*SIMPLE, *AUGMENTED, *strong)  # means 0.91, 0.94, 0.80; the report lost 0.10
    assert found.strength_of_loss == pytest.approx(1 + 2 * 0.13 / 0.14)
    assert found.strength_of_level == pytest.approx(1 + 2 * 0.12 / 0.14)
    assert found.epoch_of_loss is None
    without = find_out(*SIMPLE, *AUGMENTED, *strong, reported=None)
    assert without.strength_of_loss is without.strength_of_level is without.epoch_of_loss is None
    assert find_out(*SIMPLE, *AUGMENTED).strength_of_loss is None


def test_only_a_curve_on_all_images_with_none_explains_a_report():
    third = [
        t for s in (0.0, 3.0) for t in build_trials("augmented", [0.8, 0.7], strength=s, train_share=0.33)
    ]
    found = find_out(*SIMPLE, *AUGMENTED, *third)
    assert [curve.train_share for curve in found.curves] == [1, 0.33]
    assert found.curve.strengths == (0, 1)
