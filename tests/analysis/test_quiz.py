"""The quiz: the same pictures for the same seed, and scores with their intervals."""

import numpy as np
import pytest

from fmnist.analysis import CROWD, QUESTIONS, draw_quiz, list_fooling, score_quiz
from tests.analysis.judging import answer


def test_a_seed_draws_the_same_pictures_for_ever():
    pool = np.arange(10_000)
    assert draw_quiz(7, pool)[:5].tolist() == [1977, 3880, 52, 2551, 2246]
    assert set(draw_quiz(7, pool)) != set(draw_quiz(8, pool))


def test_a_quiz_has_twenty_different_pictures_of_the_pool():
    pool = np.arange(50, 90)
    drawn = draw_quiz(3, pool)
    assert len(set(drawn)) == QUESTIONS == 20 and set(drawn) <= set(pool)
    assert sorted(draw_quiz(3, pool[:7])) == pool[:7].tolist()


def test_hard_pictures_are_those_that_any_model_gets_wrong():
    labels = [0, 1, 2, 3]
    assert list_fooling({"a": answer(labels, [0, 9, 2, 3]), "b": answer(labels, [0, 9, 2, 9])}).tolist() == [
        1,
        3,
    ]


def test_scores_written_by_hand():
    labels = np.array([0, 1, 2, 3, 4])
    own, models = score_quiz(np.array([4, 2, 0]), [4, 9, 0], {"a": answer(labels, [0, 1, 9, 3, 9])}, labels)
    assert (own.right, own.size, own.accuracy) == (2, 3, pytest.approx(2 / 3))
    assert (models["a"].right, models["a"].size) == (1, 3)
    assert (own.low, own.high) == pytest.approx((0.208, 0.939), abs=1e-3)


def test_the_crowds_interval_is_the_published_one():
    assert CROWD.accuracy == 0.835
    assert (CROWD.low, CROWD.high) == pytest.approx((0.811, 0.857), abs=5e-4)
