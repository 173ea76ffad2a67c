"""Two runs on the same pictures, against sets written by hand and against scikit-learn."""

import dataclasses

import msgspec
import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, f1_score, recall_score

from fmnist import analysis, artifacts
from tests.experimenting import build_trial
from tests.judging import judge_by_hand, judge_counts

LABELS = [0, 0, 0, 1, 1, 1, 2, 2]
A = judge_by_hand("a", LABELS, [0, 1, 1, 1, 1, 0, 2, 3], [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.9, 0.8])
B = judge_by_hand("b", LABELS, [0, 0, 0, 2, 0, 3, 2, 2], [0.5, 0.4, 0.9, 0.6, 0.7, 0.6, 0.8, 0.6])


def test_the_four_sets_and_their_order_by_hand():
    pair = analysis.compare(A, B)
    assert pair.fixed.tolist() == [2, 7, 1]  # B is surest of the first
    assert pair.newly_wrong.tolist() == [4, 3]  # B is surest of its mistake in the first
    assert pair.both_wrong.tolist() == [5]
    assert pair.both_right.tolist() == [0, 6]  # least sure first: 0.1 + 0.5 against 0.1 + 0.2
    assert sorted(np.concatenate([pair.select(name) for name in analysis.SETS])) == list(range(8))
    assert (pair.difference.only_a, pair.difference.only_b, pair.churn) == (2, 3, 6 / 8)


def test_only_the_pictures_of_a_slice_count():
    within = np.array([1, 1, 0, 1, 0, 0, 0, 1], bool)
    pair = analysis.compare(A, B, within)
    assert pair.size == 4 and pair.churn == 3 / 4
    assert [pair.select(name).tolist() for name in analysis.SETS] == [[0], [3], [7, 1], []]
    assert pair.confusions[0].sum() == pair.confusions[1].sum() == pair.classes["pictures"].sum() == 4


def test_figures_by_class_are_those_of_scikit_learn():
    random = np.random.default_rng(1)
    labels = random.integers(0, 10, 400)
    answers = [np.where(random.random(400) < 0.6, labels, random.integers(0, 10, 400)) for _ in "ab"]
    a, b = (judge_by_hand(name, labels, each) for name, each in zip("ab", answers, strict=True))
    pair = analysis.compare(a, b)
    classes = pair.classes
    table = classes.sort_index(key=lambda names: [analysis.pairs.CLASS_NAMES.index(name) for name in names])
    for side, answered, confusion in zip("ab", answers, pair.confusions, strict=True):
        np.testing.assert_array_equal(confusion, confusion_matrix(labels, answered))
        np.testing.assert_allclose(table[f"recall_{side}"], recall_score(labels, answered, average=None))
        np.testing.assert_allclose(table[f"f1_{side}"], f1_score(labels, answered, average=None))
    np.testing.assert_allclose(table["f1_change"], table["f1_b"] - table["f1_a"])
    assert (np.diff(np.abs(classes["recall_change"])) <= 1e-12).all()
    right = [np.asarray(each) == labels for each in answers]
    assert table["fixed"].tolist() == np.bincount(labels[~right[0] & right[1]], minlength=10).tolist()
    assert (table["fixed"] - table["newly_wrong"]).tolist() == [
        round(change) for change in table["recall_change"] * table["pictures"]
    ]


def test_tables_have_every_picture_and_every_cell():
    pair = analysis.compare(A, B)
    pictures, cells = pair.tabulate_pictures(), pair.tabulate_cells()
    assert pictures.loc[4].tolist() == ["test-4", "trouser", "newly_wrong", "trouser", 0.5, "t-shirt", 0.7]
    assert pictures["set"].value_counts().to_dict() == {
        "fixed": 3, "newly_wrong": 2, "both_right": 2, "both_wrong": 1
    }  # fmt: skip
    assert len(cells) == 100 and cells["a"].sum() == cells["b"].sum() == 8
    assert (cells["b"] - cells["a"] == cells["change"]).all()
    assert cells.loc[10].tolist() == ["trouser", "t-shirt", 1, 1, 0]


def test_answers_to_other_pictures_are_refused():
    for other in (judge_by_hand("b", [0], [0]), judge_by_hand("b", LABELS, LABELS, part="validation")):
        with pytest.raises(ValueError, match="different images"):
            analysis.compare(A, other)


def test_the_published_models_compare_as_their_lists_of_mistakes():
    first, second, *_ = artifacts.load_models()
    pair = analysis.compare(*(analysis.judge(model.run, "test", model.name) for model in (first, second)))
    before, after = (set(model.manifest.test.wrong) for model in (first, second))
    assert set(pair.fixed) == before - after and set(pair.newly_wrong) == after - before
    assert set(pair.both_wrong) == before & after
    assert len(pair.both_right) == 10_000 - len(before | after)


def test_twins_by_hand():
    """Three trainings on four pictures; each pair differs on the two that one of them gets wrong."""
    labels = np.array([1, 2, 3, 4], np.uint8)
    answers = ([1, 2, 3, 0], [1, 2, 0, 4], [1, 0, 3, 4])
    trials = [
        build_trial("simple", seed, validation_answers=bytes(each)) for seed, each in enumerate(answers, 1)
    ]
    model = artifacts.load_models()[0]
    groups = analysis.group_trials(trials)
    (found,) = analysis.find_twins(groups, [model.run, model.run], labels)
    assert found == ("simple", 3, 0.5, 0.25)
    assert analysis.find_twins(groups, [model.run], labels[:3]) == []  # they answered other pictures
    assert analysis.find_twins(analysis.group_trials(trials[:1]), [model.run], labels) == []
    assert analysis.find_twins(groups, [artifacts.load_models()[1].run], labels) == []  # of another recipe


def test_twins_are_those_of_the_recipe_and_not_of_a_run_with_other_values():
    trials = [build_trial("simple", seed, validation_answers=bytes(4)) for seed in (1, 2)]
    groups, labels = analysis.group_trials(trials), np.zeros(4, np.uint8)
    run = artifacts.load_models()[0].run

    def retrain(**changes):
        config = dataclasses.replace(run.manifest.config, **changes)
        return artifacts.Run(msgspec.structs.replace(run.manifest, config=config), run.folder)

    assert analysis.find_twins(groups, [retrain(seed=7)], labels)
    assert not analysis.find_twins(groups, [retrain(max_epochs=2)], labels)


def test_two_sets_are_empty_where_both_answer_alike():
    pair = analysis.compare(*judge_counts(3, 0, 0, 2))
    assert not len(pair.fixed) and not len(pair.newly_wrong) and pair.churn == 0
