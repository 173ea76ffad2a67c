"""Two models compared in words: every size, every sign, a tie, and names that are Markdown."""

import numpy as np
import pytest

from fmnist import analysis, narration
from fmnist.analysis import Twins
from tests.judging import judge_by_hand, judge_counts


def describe(*counts, **options):
    return narration.describe_pair(analysis.compare(*judge_counts(*counts, **options)))


def test_the_second_fixes_more_than_it_breaks():
    said = describe(9_000, 146, 210, 644)
    assert said == (
        "**b fixes 210 pictures that a gets wrong, and breaks 146 others.** In all, b is right on 64 more of "
        "10,000 pictures (+0.64 points, 95% interval +0.27 to +1.01). If both were equally good, a "
        "difference this large would come up by chance in 1 of 1,200 cases."
    )


def test_the_second_breaks_more_than_it_fixes():
    said = describe(9_000, 210, 146, 644)
    assert said.startswith(
        "**b fixes 146 pictures that a gets wrong, and breaks 210 others.** In all, b is right on 64 fewer"
    )
    assert "(−0.64 points, 95% interval −1.01 to −0.27)" in said


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((10, 0, 1, 0), "and breaks none.** In all, b is right on 1 more of 11 pictures"),
        ((10, 1, 0, 0), "**b fixes no picture that a gets wrong, and breaks 1 picture.**"),
        ((10, 1, 2, 0), "**b fixes 2 pictures that a gets wrong, and breaks 1 other.**"),
        ((10, 3, 3, 1), "and breaks 3 others.** So both are right equally often, on 13 of 17 pictures."),
        ((10, 0, 0, 5), "**b and a give the same answer to every picture.**"),
        ((10, 0, 12, 0), "+54.55 points, 95% interval "),
    ],
)  # fmt: skip
def test_few_pictures_and_ties(counts, words):
    said = describe(*counts)
    assert words in said and ("95% interval" in said) == (sum(counts[1:3]) >= 10)


def test_right_on_the_same_pictures_is_not_the_same_answers():
    said = describe(10, 0, 0, 2, other=True)
    assert said.startswith("**b and a are right on exactly the same pictures.** They differ on 2 pictures")


@pytest.mark.parametrize(
    ("chance", "words"),
    [
        (1.0, "nearly every case"),
        (0.62, "62 of 100 cases"),
        (0.1, "10 of 100 cases"),
        (0.0501, "1 of 20 cases"),
        (0.0499, "1 of 20 cases"),
        (1 / 913, "1 of 910 cases"),
        (1 / 123_456, "1 of 120,000 cases"),
        (9e-7, "fewer than 1 of a million cases"),
        (0.0, "fewer than 1 of a million cases"),
    ],
)
def test_chance_in_cases(chance, words):
    said = narration.describe_chance(chance)
    assert words in said and ("may well be chance" in said) == (chance >= 0.05)


@pytest.mark.parametrize(
    ("churn", "words"),
    [(0.9, "even more"), (0.5, "about as much"), (0.3, "more than half as much"), (0.1, "much less")],
)
def test_luck_is_measured_by_what_another_seed_changes(churn, words):
    pair = analysis.compare(*judge_counts(50, 20, 30, 0))
    twins = [Twins("simple", 10, churn / 2, 0.1), Twins("augmented", 3, churn, 0.2)]
    said = narration.describe_luck(pair, twins)
    assert said.startswith(f"**Another random seed alone changes {words}.**")
    assert "each fixes about 10 of the other's mistakes; 10 seeds" in said
    assert (
        f"and two of **augmented** {churn:.1%} (20; 3 seeds). b and a differ on 50.0% of them: 30 fixed, 20"
        in said
    )
    assert narration.describe_luck(pair, []) == ""
    assert narration.describe_luck(analysis.compare(*judge_counts(50, 0, 0, 5)), twins) == ""


def test_cells_and_classes_with_the_largest_changes():
    labels = [0] * 6 + [6] * 6
    a = judge_by_hand("a", labels, [0, 0, 0, 6, 6, 6, 6, 6, 6, 6, 0, 0])
    b = judge_by_hand("b", labels, [0, 0, 0, 0, 0, 6, 6, 6, 6, 0, 0, 0])
    pair = analysis.compare(a, b)
    assert narration.describe_changed_cells(pair) == (
        "What changed most from a to b: t-shirt taken for shirt **2 less** (3 → 1) and shirt taken for "
        "t-shirt **1 more** (2 → 3)."
    )
    assert narration.describe_changed_classes(pair) == (
        "b recognises more of **t-shirt** (+33.3 points: 2 fixed, 0 newly wrong) and less of **shirt** "
        "(−16.7 points: 0 fixed, 1 newly wrong) than a."
    )
    alike = analysis.compare(a, a)
    assert narration.describe_changed_cells(alike) == "a makes each mistake as often as a."
    assert narration.describe_changed_classes(alike) == "a recognises as many pictures of each class as a."
    only_better = analysis.compare(a, judge_by_hand("b", labels, labels))
    assert "more" not in narration.describe_changed_cells(only_better).replace("from a to b", "")
    assert " less of " not in narration.describe_changed_classes(only_better)
    only_worse = analysis.compare(judge_by_hand("b", labels, labels), a)
    assert " less**" not in narration.describe_changed_cells(only_worse)
    assert "recognises less of **t-shirt** (−50.0 points: 0 fixed, 3 newly wrong)" in (
        narration.describe_changed_classes(only_worse)
    )


def test_a_kind_of_pictures_is_counted():
    a, b = judge_counts(3, 1, 0, 0)
    some = analysis.compare(a, b, np.array([True, False, False, True]))
    assert narration.describe_kind("shirt", some) == (
        "Only shirt: 2 of 4 test pictures. Of so many kinds, some differ by chance alone."
    )
    none = narration.describe_kind("shirt", analysis.compare(a, b, np.zeros(4, bool)))
    assert none == "Only shirt: 0 of 4 test pictures, so there is nothing to compare."


@pytest.mark.parametrize("name", analysis.SETS)
def test_each_set_has_words_full_and_empty(name):
    pair = analysis.compare(*judge_counts(1, 1, 1, 1))
    said = {"right": 0, "wrong": 0} | {
        word: narration.describe_set(pair, name).count(word) for word in ("right", "wrong")
    }
    assert said["right"] + said["wrong"] in (1, 2)
    empty = narration.describe_empty_set(pair, name)
    assert empty.startswith(("Nothing ", "There is no picture")) and empty.endswith(".")


def test_names_are_text():
    hostile = ":red[x] ![y](https://evil.example)"
    pair = analysis.compare(*judge_counts(5, 2, 3, 1, names=(hostile, "b")))
    luck = narration.describe_luck(pair, [Twins(hostile, 2, 0.1, 0.1)])
    sentences = [
        narration.describe_pair(pair),
        luck,
        narration.describe_changed_cells(pair),
        narration.describe_changed_classes(pair),
        *(narration.describe_set(pair, name) for name in analysis.SETS),
        *(narration.describe_empty_set(pair, name) for name in analysis.SETS),
    ]
    for said in sentences:
        assert "evil" in said and "![y](" not in said and ":red[x]" not in said
    assert np.isfinite(pair.churn)
