"""The result of a race in a sentence: every order, and who did not arrive."""

import dataclasses

import pytest

from fmnist.events import Lap
from fmnist.narration import describe_lap, describe_race

SIMPLE = Lap(
    "simple", 1, 4, 200_000, 0.9211, True, training=100.0, validating=10.0, processor=200.0, compiling=3.0
)
FAST = Lap("fast", 1, 2, 100_000, 0.9222, True, training=10.0, validating=1.0, processor=25.0, compiling=3.0)
LATE = dataclasses.replace(FAST, accuracy=0.91, has_arrived=False)


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        (
            [SIMPLE],
            [FAST],
            "fast reaches 92.0% on validation 10.0 times as fast as simple: 11 instead of 110 seconds, with "
            "5.0 times its images per second and 2 epochs to its 4. "
            "In processor time, which other programs disturb less, the ratio is 8.0.",
        ),
        (
            [FAST],
            [SIMPLE],
            "simple takes 10.0 times as long as fast to 92.0% on validation: 110 instead of 11 seconds, with "
            "0.2 times its images per second and 4 epochs to its 2. "
            "In processor time, which other programs disturb less, the ratio is 8.0.",
        ),
        (
            [FAST],
            [dataclasses.replace(FAST, recipe="other", training=10.5)],
            "other reaches 92.0% on validation about as fast as fast: 12 instead of 11 seconds, with "
            "1.0 times its images per second and 2 epochs to its 2. "
            "In processor time, which other programs disturb less, the ratio is 1.0.",
        ),
        (
            [SIMPLE, SIMPLE],
            [FAST, dataclasses.replace(FAST, epochs=3, training=30.0)],
            "fast reaches 92.0% on validation 5.2 times as fast as simple: 21 instead of 110 seconds, on "
            "average of 2 seeds, with 2.5 times its images per second and 2.5 epochs to its 4. "
            "In processor time, which other programs disturb less, the ratio is 8.0.",
        ),
        ([SIMPLE], [LATE], "fast did not reach 92.0% on validation. So there is no ratio."),
        (
            [LATE, LATE],
            [SIMPLE, dataclasses.replace(SIMPLE, has_arrived=False)],
            "fast did not reach 92.0% on validation with 2 of 2 seeds. simple did not reach 92.0% on "
            "validation with 1 of 2 seeds. So there is no ratio.",
        ),
    ],
)
def test_a_race_in_words(first, second, sentence):
    assert describe_race(first, second, 0.92) == sentence


def test_a_lap_in_words():
    assert describe_lap(LATE) == "fast, seed 1: validation accuracy 0.9100 after 2 epochs and 11.0 seconds"
    assert describe_lap(SIMPLE).endswith("0.9211 after 4 epochs and 110.0 seconds, which is enough")
