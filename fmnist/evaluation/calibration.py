"""How well probabilities are calibrated, and how to calibrate them."""

from dataclasses import dataclass

import numpy as np

CALIBRATION_BINS = 15


def apply_temperature(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Softens (above 1) or sharpens (below 1) probabilities; the order of the classes stays the same.

    Equivalent to dividing the network's logits by `temperature` before its softmax.
    """
    logits = np.log(np.clip(probabilities.astype(np.float64), 1e-12, 1.0)) / temperature
    scaled = np.exp(logits - logits.max(axis=1, keepdims=True))
    return scaled / scaled.sum(axis=1, keepdims=True)


def fit_temperature(y_true: np.ndarray, probabilities: np.ndarray) -> float:
    """Finds the temperature with the lowest cross-entropy.

    Reference: Guo et al. 2017, "On Calibration of Modern Neural Networks", arXiv 1706.04599.
    """
    from scipy.optimize import minimize_scalar

    def loss(log_temperature: float) -> float:
        scaled = apply_temperature(probabilities, np.exp(log_temperature))
        return -np.mean(np.log(scaled[np.arange(len(y_true)), y_true]))

    best = minimize_scalar(loss, bounds=(np.log(0.1), np.log(10.0)), method="bounded")
    return float(np.exp(best.x))


@dataclass(frozen=True)
class Reliability:
    """How often answers were right, by how confident they were; equal-width bins from 0 to 1.

    Attributes:
        counts: int `(15,)`, the number of answers in each bin.
        confidence: float `(15,)`, their mean confidence, 0 to 1; "not a number" in an empty bin.
        accuracy: float `(15,)`, the share of them that was right, alike.
        error: The expected calibration error: how far apart the two are, as a fraction.
    """

    counts: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray
    error: float


def sort_into_bins(confidences: np.ndarray) -> np.ndarray:
    """Finds the bin of each confidence, 0 to 1: int `(n,)`, 0 to 14. Bin k begins at k / 15."""
    return np.minimum((confidences * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)


def compute_reliability(confidences: np.ndarray, is_right: np.ndarray) -> Reliability:
    """Compares confidences with how often they were right.

    Args:
        confidences: float `(n,)`, the highest probability of each answer, 0 to 1.
        is_right: bool `(n,)`.

    Reference: Guo et al. 2017, arXiv 1706.04599, section 2.
    """
    bins = sort_into_bins(confidences)
    counts, confident, right = (
        np.bincount(bins, weights=weights, minlength=CALIBRATION_BINS)
        for weights in (None, confidences.astype(float), is_right.astype(float))
    )

    def average(totals: np.ndarray) -> np.ndarray:
        return np.divide(totals, counts, out=np.full(CALIBRATION_BINS, np.nan), where=counts > 0)

    error = float(np.abs(right - confident).sum() / len(confidences))
    return Reliability(counts, average(confident), average(right), error)


def expected_calibration_error(y_true: np.ndarray, probabilities: np.ndarray) -> float:
    """Computes how far apart confidence and accuracy are, as a fraction; see `compute_reliability`."""
    return compute_reliability(probabilities.max(axis=1), probabilities.argmax(axis=1) == y_true).error
