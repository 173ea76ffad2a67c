"""The combination: a model's probabilities and the second opinion's, each raised to a power and multiplied.

Two powers are all there is to choose: the model's and the second opinion's, whose two views count equally.
The likelihood of labelled photos chooses their proportion; their size makes the mean confidence the share of
the photos that is right. Powers far below 1 say that the sources often err together. With a power for each
view no more photos were right among those that had not chosen it.

Reference: a logarithmic opinion pool, Genest and Zidek 1986, "Combining probability distributions".
"""

from dataclasses import dataclass

import numpy as np

_LEAST = 1e-6  # a probability of 0 would forbid a class for good


@dataclass(frozen=True)
class Weights:
    """The power of each source, at least 0: the model, the middle of the photo, and the garment in it."""

    model: float
    photo: float
    garment: float


def combine(model: np.ndarray, views: np.ndarray, weights: Weights) -> np.ndarray:
    """Combines a model's answers with the second opinion.

    Args:
        model: float `(n, 10)`, rows sum to 1.
        views: float `(n, 2, 10)`, the second opinion on both views; rows sum to 1.
        weights: The power of each of the three.

    Returns:
        float64 `(n, 10)`; rows sum to 1.
    """
    return _pool(_stack(model, views), np.array([weights.model, weights.photo, weights.garment]))


def fit_weights(labels: np.ndarray, model: np.ndarray, views: np.ndarray) -> Weights:
    """Finds the powers that make labelled photos most likely, and scales them to an honest confidence.

    For the likelihood each class counts equally, however many photos it has. Both views get the same power.

    Args:
        labels: int `(n,)`, the true classes.
        model, views: As for `combine`.
    """
    from scipy.optimize import minimize, minimize_scalar

    sources, rows = _stack(model, views), np.arange(len(labels))
    assigned = np.array([[1, 0, 0], [0, 1, 1]])  # which source has which of the two powers
    share = 1 / np.bincount(labels)[labels]

    def loss(powers: np.ndarray) -> float:
        truth = _pool(sources, powers @ assigned)[rows, labels]
        return -float(np.average(np.log(np.maximum(truth, 1e-12)), weights=share))

    likely = minimize(loss, np.full(2, 0.5), method="L-BFGS-B", bounds=[(0, 5)] * 2).x @ assigned
    right = np.mean(_pool(sources, likely).argmax(axis=1) == labels)

    def dishonesty(scale: float) -> float:
        return abs(float(_pool(sources, scale * likely).max(axis=1).mean() - right))

    scale = minimize_scalar(dishonesty, bounds=(0.5, 2), method="bounded").x
    return Weights(*(round(float(power), 3) for power in scale * likely))


def _stack(model: np.ndarray, views: np.ndarray) -> np.ndarray:
    """Takes logarithms: float64 `(3, n, 10)`."""
    sources = np.stack([model, views[:, 0], views[:, 1]]).astype(np.float64)
    return np.log(np.maximum(sources, _LEAST))


def _pool(sources: np.ndarray, powers: np.ndarray) -> np.ndarray:
    logits = np.tensordot(powers, sources, 1)
    scaled = np.exp(logits - logits.max(axis=1, keepdims=True))
    return scaled / scaled.sum(axis=1, keepdims=True)
