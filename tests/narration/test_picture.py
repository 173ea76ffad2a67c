"""What is said about one picture, with the numbers of hand-made findings."""

import numpy as np
import pytest

from fmnist import narration
from fmnist.analysis import Life, Occlusion, Square
from fmnist.answers import Answers

COAT, SHIRT, DRESS = 4, 6, 3
UNMOVED = np.zeros((28, 28))


def answers(**tops):
    return Answers({name: np.eye(10)[top] for name, top in tops.items()})


@pytest.mark.parametrize(
    ("tops", "said"),
    [
        ({"simple": COAT, "robust": COAT}, "Both models say coat. That is right."),
        (
            {"simple": COAT, "robust": SHIRT},
            "simple says coat, robust says shirt. simple is right.",
        ),
        ({"simple": SHIRT, "robust": SHIRT}, "Both models say shirt. That is wrong."),
        ({"simple": SHIRT, "robust": DRESS}, "None of them is right."),
        ({"a": COAT, "b": COAT, "c": SHIRT}, "a and b are right."),
        ({"simple": COAT}, "simple says coat. That is right."),
        ({"simple": SHIRT}, "simple says shirt. That is wrong."),
    ],
)
def test_who_is_right(tops, said):
    assert said in narration.describe_label(answers(**tops), COAT)


def test_neighbours_are_counted_and_an_answer_that_none_of_them_has_is_said():
    said = narration.describe_neighbours("simple", SHIRT, np.array([DRESS, DRESS, SHIRT]))
    assert said == "**simple** says shirt. The nearest training pictures are 2 dresses and 1 shirt."
    said = narration.describe_neighbours("simple", COAT, np.array([SHIRT] * 8))
    assert said.endswith("are 8 shirts, and no coat among them.")


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, "closer than for 100% of the test pictures."),
        (0.5, "closer than for 50% of the test pictures."),
        (0.94, "farther than for 94% of the test pictures."),
        (
            0.95,
            "**Farther than for 95% of the test pictures**: to the model, no training picture is",
        ),
        (0.9996, "**Farther than for 99.9% of the test pictures**"),
        (1.0, "**Farther than for all of the test pictures**"),
    ],
)
def test_a_distance_is_said_in_shares_of_test_pictures(share, said):
    text = narration.describe_distance(share)
    assert said in text and ("explain little" in text) == (share >= 0.95)


def test_a_distance_by_pixels_is_in_grey_levels():
    said = narration.describe_alike(37.4, 0.99)
    assert "differs by 37 of 255 grey levels" in said and "by pixels, no training picture" in said


@pytest.mark.parametrize(
    ("first", "lost", "right", "said"),
    [
        (None, 0, False, "**simple** never said coat in 20 epochs."),
        (3, 0, True, "**simple** first said coat after epoch 3 of 20 and never lost it again."),
        (3, 1, False, "after epoch 3 of 20, lost it again once, and was wrong after the last epoch."),
        (1, 2, True, "lost it again twice, and was right after the last epoch."),
        (1, 5, True, "lost it again 5 times,"),
    ],
)
def test_a_life_in_words(first, lost, right, said):
    assert said in narration.describe_life("simple", Life(first, lost, 9, 20, right, 0.5, 0.1), COAT)


def test_what_counts_names_the_place_and_what_is_left():
    said = narration.describe_occlusion("simple", Occlusion(0.92, UNMOVED, 0, 12, 0.31), COAT)
    assert said == "**simple**: coat 92%. Covering the upper centre costs most and leaves 31%."
    said = narration.describe_occlusion("simple", Occlusion(0.004, UNMOVED, 0, 0, 0.004), COAT)
    assert "no patch of 4 × 4 pixels takes anything away" in said


def test_the_smallest_square_or_that_there_is_none():
    said = narration.describe_square("simple", Square(1, 27, 0, COAT, SHIRT, 0.3), COAT)
    assert said == "**simple**: one pixel at the lower left turns coat into shirt."
    said = narration.describe_square("simple", Square(3, 12, 12, COAT, SHIRT, 0.3), COAT)
    assert said == "**simple**: 3 × 3 pixels at the centre turn coat into shirt."
    said = narration.describe_square("simple", None, COAT)
    assert said == "**simple** keeps coat, whichever square of up to 8 × 8 pixels is covered."


def test_runs_without_answers_per_epoch_are_named():
    assert narration.describe_without_life(["a", "b"]).startswith("The training of a and b kept no answers")
