"""Sentences about the epochs, for every size and sign."""

import numpy as np
import pytest

from fmnist.analysis import map_data
from fmnist.narration import (
    describe_epoch,
    describe_learned,
    describe_map,
    describe_thinned,
    describe_unsteady,
    describe_without_log,
    list_moments,
)


def epochs(**last):
    found = np.ones(10, int)
    for label, epoch in last.items():
        found[int(label[1:])] = epoch
    return found


def test_what_was_learned_last_is_named_for_each_run():
    said = describe_learned({"simple": epochs(c6=4), "augmented": epochs(c4=9, c6=9), "quick": epochs()})
    assert said == (
        "Learned last: **shirt** by **simple** (epoch 4); **coat and shirt** by **augmented** (epoch 9); "
        "none by **quick**, which knew all after the first epoch. Learned means: 95% of its best recall."
    )


def test_what_is_unsteady_is_named_unless_nothing_is():
    changes = np.full(10, 0.002)
    wild = changes.copy()
    wild[2] = 0.061
    assert describe_unsteady({"a": wild, "b": changes}) == (
        "Most unsteady from one epoch to the next: **pullover** in **a** (by 6.1 points); none in **b**."
    )


def test_an_epoch_is_described_also_after_the_end_of_a_run():
    short, long = 10 * np.stack([np.eye(10, dtype=int)] * 2), 10 * np.stack([np.eye(10, dtype=int)] * 3)
    long[2, 0, :2] = 5
    assert describe_epoch(2, {"a": short, "b": long}).endswith("pictures: **a** 100.0%; **b** 100.0%.")
    assert describe_epoch(3, {"a": short, "b": long}) == (
        "After epoch 3, right answers to validation pictures: **a** 100.0%, where it stayed after epoch 2; "
        "**b** 95.0%."
    )


def test_moments_say_what_is_kept_and_what_ends():
    assert list_moments({"a": 2, "b": 2}, {"a": 3, "b": 5}) == {
        2: "The weights of a after epoch 2 were kept. The weights of b after epoch 2 were kept.",
        3: "The training of a ended after epoch 3.",
    }  # fmt: skip
    assert list_moments({"a": 1}, {"a": 1}) == {1: "The weights of a after epoch 1 were kept."}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            [[7, 7], [7, 7]],
            "**100.0%** were right after every epoch. **0** were never right, and **0** were ",
        ),
        ([[7, 2], [2, 2]], "**0.0%** were right after every epoch. **1** was never right, and **1** was "),
    ],
)
def test_a_map_counts_its_pictures(answers, said):
    found = map_data(np.ones((2, 2)), np.array(answers), np.array([7, 7]))
    assert describe_map(found) == f"Of 2 validation pictures, {said}right at least once but not at the end."


def test_a_thinned_map_says_so_and_a_whole_one_nothing():
    assert describe_thinned(3000, 12000).startswith("The map shows 3,000 of 12,000 pictures: all with the")
    assert describe_thinned(60, 60) == ""


def test_a_run_without_the_log_names_its_command_once():
    assert describe_without_log({}) == ""
    assert describe_without_log({"robust": "robust"}) == (
        "**robust** was trained before the answers of each epoch were logged, so there is no data map. To "
        "get one, train again: `python -m fmnist train robust`."
    )
    said = describe_without_log({"old": "simple", "older": "simple", "x": "augmented"})
    assert said.startswith("**old**, **older** and **x** were trained")
    assert said.endswith("`python -m fmnist train simple` and `python -m fmnist train augmented`.")
