"""The court of labels, in words."""

from fmnist.narration import (
    describe_case,
    describe_docket,
    describe_gain_from_votes,
    describe_votes_on_labels,
)


def test_a_case_says_what_speaks_against_the_label():
    assert describe_case({"a": 3, "b": 3, "c": 3}, 3, 18.4) == [
        "All 3 models say dress.",
        "The nearest training picture, 18 grey levels away, is labelled dress.",
    ]
    assert describe_case({"a": 3, "b": 3}, 3, 18.4)[0] == "Both models say dress."
    assert describe_case({"a": 3}, 3, 18.4)[0] == "The model says dress."
    assert describe_case({"a": 3, "b": 0}, 3, 18.4)[0] == "The models disagree."


def test_the_docket_counts_labels():
    assert describe_docket(259, 36) == "259 labels in doubt; on 36 of them every model is more than 90% sure."
    assert describe_docket(0, 0) == "No label is in doubt here."


def test_votes_are_counted_in_a_fixed_order():
    assert describe_votes_on_labels([]) == "You have not voted yet."
    assert describe_votes_on_labels(["skip"]) == "Your verdict on 1 label: skipped 1."
    assert describe_votes_on_labels(["wrong", "right", "neither", "wrong"]) == (
        "Your verdict on 4 labels: right 1, wrong 2, neither or both 1."
    )


def test_the_gain_is_one_number_or_a_range():
    before = {"a": 0.9, "b": 0.92}
    assert describe_gain_from_votes(before, {"a": 0.9259, "b": 0.9459}) == (
        "If every doubted label were wrong, accuracy would rise by 2.59 points."
    )
    assert "by 0.00 to 1.00 points" in describe_gain_from_votes(before, {"a": 0.9, "b": 0.93})
