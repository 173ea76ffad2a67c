"""Answers that are right more often than chance, with their true classes."""

import numpy as np
import pytest


@pytest.fixture
def answers():
    random = np.random.default_rng(0)
    y_true = random.integers(0, 10, 500)
    logits = random.normal(size=(500, 10))
    logits[np.arange(500), y_true] += 1.5
    probabilities = np.exp(logits)
    return y_true, probabilities / probabilities.sum(axis=1, keepdims=True)
