"""Slices: which pictures belong to each, and the scores on them."""

import numpy as np
import pytest

from fmnist import analysis, artifacts
from fmnist.analysis import Slice, compute_mask, find_slice, list_slices, score_slices
from fmnist.census import load_census
from tests.analysis.judging import answer, answer_census

PARTS = ["validation", "test"]
QUARTERS = [each for each in list_slices() if each.measure]


def test_keys_are_unique_and_fit_into_an_address():
    keys = [each.key for each in list_slices()]
    assert len(set(keys)) == len(keys)
    assert {"darkest", "largest", "shirt", "ankle-boot", "far-from-training", "label-doubted"} < set(keys)
    assert all(key.replace("-", "").isalpha() for key in keys)
    assert [find_slice(key) for key in keys] == list(list_slices())
    assert find_slice("no such slice") is None


@pytest.mark.parametrize("each", QUARTERS, ids=lambda each: each.key)
def test_a_quarter_is_one_on_validation_and_has_the_same_limit_on_test(each):
    def values(part):
        census = load_census(part)
        return census.distance if each.measure == "distance" else census.measures[each.measure]

    masks = {part: compute_mask(each, part, {}) for part in PARTS}
    assert masks["validation"].mean() == pytest.approx(0.25, abs=0.01)
    sign = 1 if each.is_top else -1
    limit = np.quantile(sign * values("validation").astype(float), 0.75)
    for part in PARTS:
        np.testing.assert_array_equal(masks[part], sign * values(part) >= limit)


@pytest.mark.parametrize("part", PARTS)
def test_each_picture_has_one_class(part):
    masks = [compute_mask(each, part, {}) for each in list_slices() if each.kind == "class"]
    np.testing.assert_array_equal(np.sum(masks, axis=0), 1)
    np.testing.assert_array_equal(np.argmax(masks, axis=0), load_census(part).labels)


def test_a_label_is_doubted_where_all_models_contradict_it_alike():
    labels = [0, 1, 2, 3]
    judged = {"a": answer(labels, [0, 5, 6, 6]), "b": answer(labels, [0, 5, 7, 3])}
    assert analysis.find_contradictions(judged, np.array(labels)).tolist() == [False, True, False, False]
    assert not analysis.find_contradictions({}, np.array(labels)).any()


def test_doubted_labels_are_those_of_all_published_models():
    judged = {model.name: analysis.judge(model.run, "test", model.name) for model in artifacts.load_models()}
    mask = compute_mask(find_slice("label-doubted"), "test", judged)
    assert mask.any() and not any(each.is_right[mask].any() for each in judged.values())


def test_a_score_written_by_hand():
    """Class 0 is right 3 of 4 times, class 1 is right 1 of 2 times; the slice has 2 of the first and both of
    the second."""
    labels, answers = [0, 0, 0, 0, 1, 1], [0, 0, 0, 9, 1, 9]
    each = Slice("some", "some", "looks")
    mask = np.array([True, False, False, True, True, True])
    (scores,) = score_slices({each: mask}, {"a": answer(labels, answers)}, fewest=1)
    score = scores.by_model["a"]
    assert (scores.size, score.right, score.accuracy, score.rest) == (4, 2, 0.5, 1)
    assert score.difference == -0.5
    assert score.expected == pytest.approx((2 * 3 / 4 + 2 * 1 / 2) / 4)
    assert (score.low, score.high) == pytest.approx((0.150, 0.850), abs=1e-3)
    assert score.p_value == pytest.approx(0.4667, abs=1e-4)  # Fisher's: 7 of the 15 ways to place 2 wrongs


def test_the_worst_comes_first_and_small_slices_are_left_out():
    census = load_census("test")
    wrong = np.flatnonzero(census.labels == 6)[:300]
    judged = {"a": answer_census(wrong=wrong), "b": answer_census(name="b")}
    masks = {each: compute_mask(each, "test", judged) for each in list_slices()}
    masks[find_slice("near-twin")] = np.arange(10_000) < analysis.FEWEST - 1
    scored = score_slices(masks, judged)
    assert scored[0].slice.key == "shirt" and scored[0].accuracy == pytest.approx(0.85)
    accuracies = [scores.accuracy for scores in scored]
    assert accuracies == sorted(accuracies)
    assert not {"near-twin", "label-doubted"} & {scores.slice.key for scores in scored}


def test_p_values_are_corrected_for_slices_and_models_but_not_for_doubted_labels():
    from scipy.stats import chi2_contingency, false_discovery_control

    random = np.random.default_rng(3)
    labels = random.integers(0, 10, 400)
    judged = {
        name: answer(labels, np.where(random.random(400) < share, labels, (labels + 1) % 10), name=name)
        for name, share in {"a": 0.5, "b": 0.6}.items()
    }
    masks = {Slice(str(n), str(n), "looks"): random.random(400) < 0.4 for n in range(5)}
    doubted = Slice("doubted", "doubted", "label")
    masks[doubted] = random.random(400) < 0.4
    scored = {s.slice: s for s in score_slices(masks, judged)}
    tests = [
        chi2_contingency([[r[m].sum(), (~r[m]).sum()] for m in (mask, ~mask)], correction=False).pvalue
        for each, mask in masks.items()
        if each is not doubted
        for r in [one.is_right for one in judged.values()]
    ]
    found = [scored[each].by_model[name].p_value for each in masks if each is not doubted for name in judged]
    np.testing.assert_allclose(found, false_discovery_control(tests))
    assert np.isnan([score.p_value for score in scored[doubted].by_model.values()]).all()


def test_a_slice_with_all_pictures_has_no_rest():
    everything = {Slice("all", "all", "looks"): np.ones(60, bool)}
    (scores,) = score_slices(everything, {"a": answer([0] * 60, [0] * 30 + [1] * 30)})
    score = scores.by_model["a"]
    assert np.isnan(score.rest) and score.p_value == 1
