"""Accuracy against strength, and the strength that would give an accuracy."""

import numpy as np
import pytest

from fmnist import analysis
from tests.experimenting import build_trials

FINALS = {0.5: [0.92, 0.94], 1.0: [0.93, 0.97], 2.0: [0.90, 0.92], 4.0: [0.81, 0.83]}


def build(finals=FINALS, plain=(0.90, 0.92), **changes):
    trials = [
        t for s, values in finals.items() for t in build_trials("augmented", values, strength=s, **changes)
    ]
    return analysis.build_strength_curves(
        analysis.group_trials([*trials, *build_trials("simple", plain, **changes)])
    )


def test_the_recipe_without_augmentation_is_strength_0():
    (curve,) = build()
    assert curve.strengths == (0, 0.5, 1, 2, 4)
    np.testing.assert_allclose(curve.means, [0.91, 0.93, 0.95, 0.91, 0.82])
    assert curve.none == pytest.approx(0.91) and curve.best == 1
    assert {s: e.difference for s, e in curve.effects.items()} == pytest.approx(
        {0.5: 0.02, 1: 0.04, 2: 0, 4: -0.09}
    )


def test_strength_0_of_the_recipe_itself_goes_first():
    (curve,) = build({0.0: [0.80, 0.82], 1.0: [0.9, 0.9]})
    assert curve.none == pytest.approx(0.81)


@pytest.mark.parametrize(
    ("accuracy", "strength"),
    [(0.95, 1), (0.93, 1.5), (0.91, 2), (0.865, 3), (0.829, 3.8), (0.81, None), (0.951, None)],
)
def test_a_strength_is_found_on_the_falling_side_between_those_tried(accuracy, strength):
    (curve,) = build()
    assert curve.find_strength(accuracy) == (strength and pytest.approx(strength))


def test_each_share_of_the_images_has_its_curve_and_other_changes_have_none():
    third = [t for s in (0, 1.0) for t in build_trials("augmented", [0.8, 0.9], strength=s, train_share=0.33)]
    other = build_trials("augmented", [0.8], strength=3.0, overrides='{"decay": 1}')
    whole = [t for s in (1.0, 2.0) for t in build_trials("augmented", [0.9], strength=s)]
    curves = analysis.build_strength_curves(analysis.group_trials([*third, *other, *whole]))
    assert [(curve.train_share, curve.strengths) for curve in curves] == [(1, (1, 2)), (0.33, (0, 1))]
    assert curves[0].none is None and curves[0].effects == {}
    assert analysis.build_strength_curves(analysis.group_trials(build_trials("simple", [0.9]))) == []


def test_one_seed_gives_no_effect():
    (curve,) = build({1.0: [0.9], 2.0: [0.8, 0.9]})
    assert list(curve.effects) == [2]
    assert curve.compare(0, 1) is None and curve.compare(0, 3) is None
