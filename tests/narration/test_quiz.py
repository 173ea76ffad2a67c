"""The quiz, in words."""

from fmnist.analysis.quiz import score
from fmnist.narration import describe_quiz, describe_score

MODELS = {"a": score(18, 20), "b": score(15, 20), "c": score(15, 20), "d": score(9, 20)}


def test_who_did_better_and_what_the_crowd_gets():
    assert describe_quiz(score(15, 20), MODELS, is_random=True) == (
        "Of the models, a did better than you, b and c did as well as you and d did worse than you. An "
        "untrained crowd gets 83.5% of random test pictures, 16.7 of 20. So few pictures tell little: in the "
        "long run you may get anything from 53% to 89%."
    )


def test_hard_pictures_do_not_compare():
    said = describe_quiz(score(20, 20), {"a": score(0, 20)}, is_random=False)
    assert said.startswith("Of the models, a did worse than you. Each of these fooled at least one model")
    assert "83.5%" not in said and "from 84% to 100%" in said


def test_without_models_there_is_nobody_to_compare_with():
    assert describe_quiz(score(0, 20), {}, is_random=True).startswith("An untrained crowd")


def test_a_score_has_its_interval():
    assert describe_score(score(835, 1_000)) == "835 of 1,000 (83.5%; 81.1% to 85.7%)"
