"""Prediction sets: the quantile by definition, sets against p-values, the promise on real answers."""

from fractions import Fraction

import numpy as np
import pytest

from fmnist import artifacts
from fmnist.confidence import (
    LEVELS,
    SetRule,
    build_global_rule,
    build_rule,
    find_threshold,
    load_answers,
    measure_sets,
)
from tests.conftest import published_models


def test_a_threshold_by_hand():
    known = np.array([0.5, 0.1, 0.9, 0.3, 0.7, 0.2, 0.8, 0.4, 0.6])  # nine, so a tenth falls into each gap
    assert find_threshold(known, 0.9) == 0.1
    assert find_threshold(known, 0.8) == 0.2
    assert find_threshold(known, 0.85) == 0.1, "never less than was promised"
    assert find_threshold(known, 0.95) == 0, "nine pictures are too few for that"
    assert find_threshold(np.empty(0), 0.9) == 0


@pytest.mark.parametrize("level", ["0.9", "0.95", "0.99", "0.8"])
@pytest.mark.parametrize("size", [1, 8, 9, 19, 98, 99, 100, 199, 999, 1200])
def test_the_threshold_is_the_finite_sample_quantile(size, level):
    """The ceil((n + 1) level)-th smallest of the scores 1 - p, in exact arithmetic."""
    known = np.random.default_rng(size).permutation(size) / size
    rank = -(-(size + 1) * Fraction(level) // 1)
    expected = np.sort(known)[::-1][int(rank) - 1] if rank <= size else 0.0
    assert find_threshold(known, float(level)) == expected


def test_a_set_holds_the_classes_whose_p_value_exceeds_the_rest():
    """A plain loop over the definition: rank the new picture among the known ones of each class."""
    random = np.random.default_rng(3)
    labels = random.integers(0, 10, 400)
    known, new = random.dirichlet(np.ones(10), 400), random.dirichlet(np.ones(10), 30)
    sets = build_rule(labels, known, 0.9).choose(new)
    for picture, probabilities in enumerate(new):
        for label in range(10):
            scores = [1 - p[label] for p, truth in zip(known, labels, strict=True) if truth == label]
            as_strange = sum(score >= 1 - probabilities[label] for score in scores)
            p_value = (as_strange + 1) / (len(scores) + 1)
            assert sets[picture, label] == (p_value > 0.1 + 1e-9)


def test_a_class_without_known_pictures_is_never_left_out():
    rule = build_rule(np.zeros(50, int), np.eye(10)[np.zeros(50, int)], 0.9)
    assert rule.thresholds.tolist() == [1.0, *[0.0] * 9]


def test_a_record_by_hand():
    probabilities = np.array([[0.6, 0.4], [0.1, 0.9], [0.5, 0.5], [0.9, 0.1]])
    probabilities = np.pad(probabilities, ((0, 0), (0, 8)))
    rule = SetRule(0.9, np.array([0.5, 0.95, *[1.0] * 8]))
    record = measure_sets(rule, np.array([0, 1, 0, 1]), probabilities)  # {0}, {}, {0}, {0}
    np.testing.assert_array_equal(record.coverage, [1, 0, *[np.nan] * 8])
    np.testing.assert_array_equal(record.sizes, [1, 0.5, *[np.nan] * 8])
    assert (record.covered, record.size, record.empty) == (0.5, 0.75, 0.25)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", published_models())
def test_each_class_of_the_test_pictures_is_covered_about_as_promised(name, level):
    from fmnist import census

    run = artifacts.load_model(name).run
    (known, validation), (labels, test) = (
        (census.load_census(part).labels, load_answers(run, part)) for part in ("validation", "test")
    )
    record = measure_sets(build_rule(known, validation, level), labels, test)
    # Of 1,000 pictures a class, by a threshold from 1,200: four standard deviations of both together.
    chance = 4 * (level * (1 - level) * (1 / 1000 + 1 / 1200)) ** 0.5
    assert (record.coverage > level - chance).all()
    assert record.covered > level - chance / 10**0.5
    shirts = measure_sets(build_global_rule(known, validation, level), labels, test).coverage[6]
    assert shirts < record.coverage[6] + 0.003, "one threshold for all leaves out more shirts"
    if level < 0.99:
        assert shirts < level - chance
