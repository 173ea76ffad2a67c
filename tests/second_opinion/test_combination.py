"""Combining a model with the second opinion, and choosing the powers."""

import numpy as np
import pytest

from fmnist.second_opinion import Weights, combine, fit_weights


def answers(*tops, confidence=0.82):
    rows = np.full((len(tops), 10), (1 - confidence) / 9)
    rows[np.arange(len(tops)), tops] = confidence
    return rows


def test_it_is_a_product_of_powers():
    model, views = answers(3), np.stack([answers(4), answers(3)], axis=1)
    (found,) = combine(model, views, Weights(1, 2, 0.5))
    product = model[0] * views[0, 0] ** 2 * views[0, 1] ** 0.5
    np.testing.assert_allclose(found, product / product.sum())
    np.testing.assert_allclose(combine(model, views, Weights(1, 0, 0)), model, atol=1e-9)
    impossible = np.eye(10)[[3]]
    assert np.isfinite(combine(impossible, np.stack([np.eye(10)[[4]]] * 2, axis=1), Weights(1, 1, 1))).all()


@pytest.mark.parametrize("who", ["model", "views"])
def test_whoever_is_right_gets_the_power(who):
    random = np.random.default_rng(0)
    labels = np.arange(400) % 10
    guesses = random.integers(0, 10, (2, 400))
    right = np.where(random.random(400) < 0.8, labels, guesses[0])
    good, poor = answers(*right), answers(*guesses[1])
    model, view = (good, poor) if who == "model" else (poor, good)
    views = np.stack([view, view], axis=1)
    weights = fit_weights(labels, model, views)
    assert weights.photo == weights.garment, "both views count equally"
    strong, weak = (weights.model, weights.photo) if who == "model" else (2 * weights.photo, weights.model)
    assert strong > 0.8 and weak < 0.2
    told = combine(model, views, weights)
    is_right = told.argmax(axis=1) == labels
    assert told.max(axis=1).mean() == pytest.approx(is_right.mean(), abs=0.005), "calibrated"
