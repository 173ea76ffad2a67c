"""Sentences about confidence, for every size and sign."""

import numpy as np
import pytest

from fmnist.artifacts import SetFigures
from fmnist.confidence import SetRecord
from fmnist.evaluation import compute_reliability
from fmnist.narration import (
    describe_bin,
    describe_broken_promise,
    describe_calibration,
    describe_global_sets,
    describe_photo_sets,
    describe_promise,
    describe_sets,
    name_bin,
)

RIGHT = np.array([True] * 8 + [False] * 2)


def sure(confidence):
    return compute_reliability(np.full(10, confidence), RIGHT)


@pytest.mark.parametrize(
    ("before", "after", "said", "effect"),
    [
        (
            0.9,
            0.8,
            "too sure: on average 10.0 points more",
            "brings the calibration error from 10.0% to **0.0%**",
        ),
        (0.7, 0.8, "too modest: on average 10.0 points less", "brings the calibration error from 10.0%"),
        (0.8, 0.9, "on average as confident as right", "raises the calibration error from 0.0% to **10.0%**"),
        (0.8, 0.8, "on average as confident as right", "leaves the calibration error at **0.0%**"),
    ],
)
def test_calibration_is_described_whichever_way_it_goes(before, after, said, effect):
    sentence = describe_calibration("simple", sure(before), sure(after), 1.25)
    assert said in sentence and effect in sentence and "temperature 1.25" in sentence


def test_a_bin_is_named_by_its_limits_and_described_by_its_answers():
    assert [name_bin(number) for number in (0, 7, 14)] == ["0% to 7%", "47% to 53%", "93% to 100%"]
    assert describe_bin(13, sure(0.9)).startswith("10 answers, 90.0% confident on average and 80.0% right.")
    one = compute_reliability(np.array([0.9]), np.array([True]))
    assert describe_bin(13, one).startswith("1 answer, ")


def record(shirts, others=0.99, covered=0.985):
    coverage, sizes = np.full(10, others), np.full(10, 1.1)
    coverage[6], sizes[6] = shirts, 2.0
    return SetRecord(coverage, sizes, covered, 1.2, 0.0)


def test_sets_name_the_weakest_class_at_the_highest_level():
    assert describe_sets("simple", {0.9: record(0.5), 0.99: record(0.97)}) == (
        "Promised 99%: the sets of **simple** hold the truth for **98.5%** of the test pictures, with 1.20 "
        "classes on average. They hold it least often for shirt (97.0%) and are largest for shirt (2.00 "
        "classes)."
    )


@pytest.mark.parametrize(
    ("alone", "said"),
    [(0.82, "but to 82.0% for shirts; a threshold for each class makes that 94.0%."),
     (0.95, "but to 95.0% for shirts, no less than with a threshold for each class (94.0%).")],
)  # fmt: skip
def test_one_threshold_is_compared_by_its_shirts(alone, said):
    assert describe_global_sets(0.95, record(alone), record(0.94)).endswith(said)


def test_a_promise_lists_the_classes_and_who_differs():
    assert describe_promise({"a": (7,)}, 0.99) == "99 times in 100 the truth is **sneaker**."
    assert describe_promise({"a": (6, 4), "b": (4, 6)}, 0.99) == (
        "99 times in 100 the truth is among **shirt, coat**."
    )
    assert describe_promise({"a": (6, 4), "b": (6,), "c": (4, 6)}, 0.9) == (
        "90 times in 100 the truth is among **shirt, coat** (a and c) or **shirt** (b)."
    )


def test_on_photos_the_measured_share_takes_the_place_of_the_promise():
    measured = {"b": SetFigures(level=0.99, coverage=0.871, size=2.5)}
    sets = {"a": (6, 4), "b": (6, 4)}
    assert describe_broken_promise(sets, 0.99, measured, 209) == (
        "The truth is among **shirt, coat**: on 209 photos that was right for 87% (b)."
    )
    unknown = describe_broken_promise(sets, 0.99, {}, 0)
    assert "would be among **shirt, coat**" in unknown and unknown.endswith("For photos it was not measured.")
    assert describe_photo_sets(measured, 209).endswith("that promise 99% held the truth for 87% (b).")
    assert describe_photo_sets({}, 0).endswith("For photos it is void.")
