"""How well probabilities are calibrated, and how to calibrate them."""

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


def expected_calibration_error(y_true: np.ndarray, probabilities: np.ndarray) -> float:
    """Computes how far apart confidence and accuracy are, as a fraction (15 equal-width bins).

    Reference: Guo et al. 2017, arXiv 1706.04599, section 2.
    """
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == y_true
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = np.bincount(bins, weights=correct - confidence.astype(float))
    return float(np.abs(gaps).sum() / len(y_true))
