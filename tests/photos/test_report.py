"""The figures on photos, checked by hand, and how they are looked up."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from fmnist.artifacts import Group
from fmnist.confidence import SetRule
from fmnist.photos import (
    LabelledPhoto,
    compute_figures,
    compute_report,
    find_band,
    find_sets,
    get_automatic_figures,
    list_failures,
)
from tests.photos.scenes import sure


def list_photos(labels, backgrounds=None, worn=None):
    """Photos of these classes, on white and not known to be worn unless that is said."""
    columns = zip(labels, backgrounds or ["white"] * len(labels), worn or [""] * len(labels), strict=True)
    return [LabelledPhoto(Path(f"{index}.png"), *column) for index, column in enumerate(columns)]


def test_figures_by_hand():
    # Ten coats, nine of them right, and two bags, both taken for coats.
    shown = list_photos([4] * 10 + [8, 8], ["white"] * 9 + ["plain"] * 3, ["yes"] * 4 + ["no"] * 7 + [""])
    probabilities = np.array([sure(4)] * 9 + [sure(2, 0.5)] + [sure(4, 0.9)] * 2)
    figures = compute_figures(shown, probabilities)
    assert figures.size == 12 and figures.accuracy == pytest.approx(9 / 12)
    # Wilson's interval of 9 out of 12.
    assert figures.accuracy_interval == pytest.approx([0.4677, 0.9111], abs=1e-4)
    assert figures.macro_accuracy == pytest.approx(0.9), "two bags are too few to count"
    assert figures.per_class == {
        "coat": Group(photos=10, accuracy=0.9),
        "bag": Group(photos=2, accuracy=0),
    }
    assert figures.per_background == {
        "plain": Group(photos=3, accuracy=0),
        "white": Group(photos=9, accuracy=1),
    }
    assert figures.per_worn == {
        "yes": Group(photos=4, accuracy=1),
        "no": Group(photos=7, accuracy=pytest.approx(5 / 7)),
    }
    assert figures.confusion_matrix[8][4] == 2 and figures.confusion_matrix[4][2] == 1
    assert figures.calibration.mean_confidence == pytest.approx((9 * 0.82 + 0.5 + 1.8) / 12)
    # Three bins: nine right at 0.82, one wrong at 0.5, two wrong at 0.9.
    assert figures.calibration.ece == pytest.approx((9 * 0.18 + 0.5 + 2 * 0.9) / 12)


def test_answers_are_parted_by_how_sure_they_are():
    tops = (0.4, 0.5, 0.6, 0.8, 1.0)
    probabilities = np.array([sure(4, top) for top in tops])
    figures = compute_figures(list_photos([4, 4, 1, 4, 4]), probabilities)
    found = [(band.low, band.high, band.photos, band.accuracy) for band in figures.by_confidence]
    assert found == [(0.0, 0.5, 1, 1.0), (0.5, 0.8, 2, 0.5), (0.8, 1.0, 2, 1.0)]


def test_the_surest_answers_grow_to_all_of_them():
    tops = (0.4, 0.9, 0.6, 0.8, 0.5)
    probabilities = np.array([sure(4, top) for top in tops])
    figures = compute_figures(list_photos([4, 4, 1, 4, 1]), probabilities)
    found = [(group.photos, group.accuracy) for group in figures.by_coverage]
    assert found == [(1, 1), (2, 1), (3, pytest.approx(2 / 3)), (4, 0.5), (5, 0.6)]
    many = compute_figures(list_photos([4] * 400), np.array([sure(4)] * 400))
    assert [group.photos for group in many.by_coverage] == list(range(10, 401, 10))


def test_the_surest_wrong_answers_come_first():
    listed = [LabelledPhoto(Path(f"{index}.png"), 4, "white") for index in range(4)]
    probabilities = np.array([sure(4, 0.99), sure(6, 0.6), sure(2, 0.9), sure(6, 0.7)])
    first, second = list_failures(listed, probabilities, count=2)
    assert (first.photo.path.name, first.said, first.confidence) == ("2.png", 2, 0.9)
    assert second.photo.path.name == "3.png"


def model(name, run):
    return SimpleNamespace(name=name, run=SimpleNamespace(name=run))


def test_an_answer_finds_the_figures_of_its_own_run(report):
    simple = model("simple", "simple-1")
    bands = report.variants["automatic"]["simple"].by_confidence
    for confidence, expected in ((0.1, 0), (0.5, 1), (0.79, 1), (0.8, 2), (1.0, 2)):
        assert find_band(report, simple, confidence) == bands[expected]
    assert find_band(report, model("simple", "simple-2"), 0.9) is None
    assert find_band(report, model("other", "simple-1"), 0.9) is None
    assert find_band(None, simple, 0.9) is None


def test_a_visitor_gets_the_first_variant(report):
    figures = get_automatic_figures(report)
    assert figures == report.variants["automatic"] != report.variants["grey and resize"]


def test_prediction_sets_are_measured_where_a_model_has_a_rule():
    shown = list_photos([4, 4, 6, 8])
    probabilities = np.array([sure(4), sure(4), sure(4), sure(8)])  # 0.82, and 0.02 for each other class
    rule = SetRule(0.99, np.array([0.5] * 4 + [0.5] * 4 + [0.9, 0.5]))  # a bag has to be surer than that
    figures = compute_figures(shown, probabilities, rule)
    assert (figures.sets.level, figures.sets.coverage, figures.sets.size) == (0.99, 0.5, 0.75)
    assert compute_figures(shown, probabilities).sets is None


def test_measured_sets_are_found_for_the_run_that_was_asked(report):
    listed = [LabelledPhoto(Path("x"), 4, "white")] * 10
    rule = SetRule(0.99, np.full(10, 0.5))
    answers = {"automatic": {"simple": np.array([sure(4)] * 10), "old": np.array([sure(6)] * 10)}}
    runs = {"simple": "simple-1", "old": "old-1"}
    measured = compute_report(listed, answers, runs, None, {"simple": rule})

    def find(name, run, found=measured):
        return find_sets(found, SimpleNamespace(name=name, run=SimpleNamespace(name=run)))

    assert find("simple", "simple-1").coverage == 1
    assert find("simple", "simple-2") is None and find("old", "old-1") is None
    assert find("simple", "simple-1", None) is None and find("simple", "simple-1", report) is None
