"""Sentences about matrices chosen by hand."""

import numpy as np

from fmnist import narration

LEVEL = np.diag(np.full(10, 90))


def mixed(true, predicted, pictures=30):
    """A matrix with one kind of mistake."""
    confusion = LEVEL.copy()
    confusion[true, predicted] = pictures
    return confusion


def test_confusion_in_words():
    said = narration.describe_confusion(mixed(6, 0))
    assert said == "900 of 930 correct (96.77%). Most often mixed up: shirt taken for t-shirt (30)."
    assert narration.describe_confusion(LEVEL) == "900 of 900 correct (100.00%)."


def test_a_change_of_f1_is_named_by_its_sign():
    def describe(before, after):
        return narration.describe_class_changes({"a": before, "b": after})

    said = "Compared with a, the F1 of **b**"
    assert describe(mixed(6, 0), LEVEL) == (
        f"{said} rose most on **t-shirt** (+14.3 points) and least on **trouser** (+0.0 points)."
    )
    assert (
        describe(LEVEL, mixed(6, 0))
        == f"{said} rose on no class and fell most on **t-shirt** (−14.3 points)."
    )
    assert describe(mixed(6, 0), mixed(1, 9)) == (
        f"{said} rose most on **t-shirt** (+14.3 points) and fell most on **trouser** (−14.3 points)."
    )
    assert describe(LEVEL, LEVEL) == f"{said} is the same on every class."
    assert describe(LEVEL * 10_000, LEVEL * 10_000 + np.eye(10, dtype=int)[::-1]) == (
        f"{said} is the same on every class."
    )


def test_each_model_is_compared_with_the_first():
    said = narration.describe_class_changes({"a": mixed(6, 0), "b": LEVEL, "c": LEVEL})
    assert (
        said.count("Compared with a, the F1 of") == 2 and narration.describe_class_changes({"a": LEVEL}) == ""
    )
