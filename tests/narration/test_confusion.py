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


def test_mistakes_are_listed_by_how_often_all_models_make_them():
    first, second = mixed(6, 0, 10), mixed(6, 0, 20)
    first[2, 4] = 25
    first[1, 3], second[1, 3] = 3, 4
    listed = narration.list_mistakes({"a": first, "b": second}, 2)
    assert [*listed.items()] == [
        ((6, 0), [10, 20]),
        ((2, 4), [25, 0]),
    ]
    assert len(narration.list_mistakes({"a": first}, 8)) == 3
    assert narration.list_mistakes({"a": LEVEL}, 8) == {}


def test_a_cell_is_named_by_what_its_pictures_have_in_common():
    assert narration.name_cell(6, 0) == "shirt taken for t-shirt"
    assert narration.name_cell(6, 6) == "shirt recognised"


def test_the_order_of_a_cell_is_said_where_there_is_one():
    assert narration.describe_order(6, 0, 1) == ""
    assert "surest" in narration.describe_order(6, 0, 2)
    assert "least sure" in narration.describe_order(6, 6, 2)


def test_an_empty_cell_says_why_it_is_empty():
    never, absent = LEVEL.copy(), LEVEL.copy()
    never[:, 0] = 0
    absent[6] = 0
    assert narration.describe_empty_cell("a", never, 6, 0) == "a never answers “t-shirt” here."
    assert "None of these pictures is labelled “shirt”" in narration.describe_empty_cell("a", absent, 6, 0)
    assert "a never says “coat” to a picture labelled “shirt”" in narration.describe_empty_cell(
        "a", LEVEL, 6, 4
    )
    unknown = mixed(6, 0, 90)
    unknown[6, 6], unknown[0, 6] = 0, 1
    assert "recognises none of these pictures labelled “shirt”" in narration.describe_empty_cell(
        "a", unknown, 6, 6
    )
    assert narration.describe_confusion(np.zeros((10, 10), int)) == "No pictures."


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
