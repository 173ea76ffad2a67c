"""Which kinds of pictures, in words."""

import numpy as np
import pytest

from fmnist.analysis import Slice, SliceScore, SliceScores
from fmnist.narration import describe_slice, describe_slices, describe_small_slice, write_p_value

LARGEST = Slice("largest", "largest quarter", "looks")
FARTHEST = Slice("far-from-training", "quarter farthest from training", "data")
SHIRT = Slice("shirt", "shirt", "class")


def build(shown, accuracy, expected, rest=0.94, p_values=(0.0, 0.0)):
    return SliceScores(
        shown,
        2_500,
        {
            name: SliceScore(0, accuracy, 0, 1, rest, expected, p_value)
            for name, p_value in zip("ab", p_values, strict=False)
        },
    )


def test_a_weakness_that_the_classes_explain_and_one_that_they_do_not():
    said = describe_slices([build(LARGEST, 0.891, 0.887), build(FARTHEST, 0.902, 0.937)])
    assert said == (
        "Weakest: **largest quarter**, 89.1% right on average over 2 models, against 94.0% on the rest. "
        "That is about what its mix of classes gives (88.7%). Not so the **quarter farthest from "
        "training**: 90.2%, where its classes would give 93.7%."
    )


def test_the_weakest_may_be_weaker_than_its_classes():
    said = describe_slices([build(FARTHEST, 0.85, 0.9), build(LARGEST, 0.891, 0.887)])
    assert said.endswith("Its mix of classes alone would give 90.0%.")


def test_a_class_has_no_mix_and_one_model_no_average():
    said = describe_slices([build(SHIRT, 0.8, 0.8, p_values=(0.0,))])
    assert said == "Weakest: **shirt**, 80.0% right, against 94.0% on the rest."
    assert describe_slices([build(SHIRT, 0.8, 0.8, rest=np.nan, p_values=(0.0,))]) == (
        "Weakest: **shirt**, 80.0% right."
    )


@pytest.mark.parametrize(
    ("p_values", "said"),
    [
        ((0.01, 0.049), "The difference to the rest is more than chance for both models."),
        ((0.2, 0.05), "The difference to the rest may be chance for both models."),
        ((0.01, 0.05), "The difference to the rest is more than chance for a only."),
        ((0.01,), "The difference to the rest is more than chance for the model."),
    ],
)
def test_a_slice_says_whether_its_difference_is_chance(p_values, said):
    described = describe_slice(build(LARGEST, 0.9, 0.9, p_values=p_values), 10_000)
    assert described == f"2,500 of 10,000 pictures. {said}"


def test_doubted_labels_are_wrong_by_definition():
    doubted = build(Slice("label-doubted", "doubted label", "label"), 0, 0.9, p_values=(np.nan, np.nan))
    assert "because that is how they were chosen" in describe_slice(doubted, 10_000)


def test_few_pictures_say_little():
    assert describe_small_slice(17, 50).startswith("17 pictures: too few")


@pytest.mark.parametrize(
    ("p_value", "said"), [(np.nan, "–"), (0.0004, "< 0.001"), (0.001, "0.001"), (0.05, "0.050")]
)
def test_a_p_value_is_never_zero(p_value, said):
    assert write_p_value(p_value) == said
