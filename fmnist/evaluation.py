"""Numbers from labels and probabilities: scores, intervals, calibration, comparison of models.

Plain arrays in, plain numbers out; no file, no figure, no model. scikit-learn and SciPy are
imported where they are used, because the pages that only read finished numbers need neither, and
pandas, because `predict` need not wait for it.
"""

from typing import TYPE_CHECKING

import numpy as np

from fmnist.config import CLASS_NAMES, NUM_CLASSES

if TYPE_CHECKING:
    import pandas as pd

CALIBRATION_BINS = 15


def compute_metrics(y_true: np.ndarray, probabilities: np.ndarray) -> dict:
    """Computes what a run records about one part of the data set, as plain JSON-able values.

    Args:
        y_true: int `(n,)`, class indices.
        probabilities: float `(n, 10)`, rows sum to 1.

    Returns:
        `size`, `accuracy` and its 95 % Wilson `accuracy_interval` (fractions), `loss` (mean
        cross-entropy in nats), `confusion_matrix` (row true, column predicted) and `wrong`, the
        positions of the pictures whose most probable class is not the true one.
    """
    from scipy.stats import binomtest
    from sklearn.metrics import log_loss

    y_pred = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(y_pred != y_true)
    size = len(y_true)
    interval = binomtest(size - len(wrong), size).proportion_ci(0.95, method="wilson")
    return {
        "size": size,
        "accuracy": (size - len(wrong)) / size,
        "accuracy_interval": [float(interval.low), float(interval.high)],
        "loss": float(log_loss(y_true, probabilities, labels=range(NUM_CLASSES))),
        "confusion_matrix": compute_confusion_matrix(y_true, y_pred).tolist(),
        "wrong": wrong.tolist(),
    }


def compute_confusion_matrix(y_true: np.ndarray, y_pred: np.ndarray) -> np.ndarray:
    """Counts answers: int32 `(10, 10)`, row true, column predicted."""
    from sklearn.metrics import confusion_matrix

    return confusion_matrix(y_true, y_pred, labels=range(NUM_CLASSES)).astype(np.int32)


def normalize_confusion(confusion: np.ndarray, normalize: str | None) -> np.ndarray:
    """Turns counts into shares of their row ('true'), of their column ('pred'), or leaves them.

    A row or column without any picture stays zero.
    """
    if normalize is None:
        return confusion
    if normalize not in ("true", "pred"):
        raise ValueError(f"`normalize` must be 'true', 'pred' or None. Received: {normalize!r}")
    totals = confusion.sum(axis=1 if normalize == "true" else 0, keepdims=True)
    return np.divide(confusion, totals, out=np.zeros(confusion.shape), where=totals > 0)


def per_class_scores(confusion: np.ndarray) -> "pd.DataFrame":
    """Computes precision, recall, F1 and support of each class from a confusion matrix.

    Returns:
        A table indexed by class name with columns `precision`, `recall`, `f1` (fractions; 0 where
        nothing was predicted) and `support` (pictures).
    """
    import pandas as pd

    hits = np.diag(confusion).astype(float)
    support, predicted = confusion.sum(axis=1), confusion.sum(axis=0)

    def share(part, whole):
        return np.divide(part, whole, out=np.zeros(NUM_CLASSES), where=whole > 0)

    return pd.DataFrame(
        {
            "precision": share(hits, predicted),
            "recall": share(hits, support),
            "f1": share(2 * hits, support + predicted),
            "support": support,
        },
        index=pd.Index(CLASS_NAMES, name="class"),
    )


def most_confused(confusion: np.ndarray, count: int = 1) -> list[tuple[str, str, int]]:
    """Lists the most frequent mistakes as (true class, predicted class, pictures)."""
    errors = confusion - np.diag(np.diag(confusion))
    order = np.argsort(errors, axis=None)[::-1][:count]
    rows, columns = np.unravel_index(order, errors.shape)
    return [
        (CLASS_NAMES[row], CLASS_NAMES[column], int(errors[row, column]))
        for row, column in zip(rows, columns, strict=True)
    ]


def compare_paired(wrong_a: list[int], wrong_b: list[int], size: int) -> dict:
    """Compares two models that answered the same `size` pictures.

    Args:
        wrong_a, wrong_b: Positions of the pictures each model got wrong.

    Returns:
        `only_a_wrong` and `only_b_wrong` (pictures), `difference` of the accuracies, B minus A,
        and its 95 % `interval` (fractions; Wald interval for paired proportions).

    Reference: Agresti, Categorical Data Analysis, 3rd edition, section 11.1.
    """
    only_a = len(set(wrong_a) - set(wrong_b))
    only_b = len(set(wrong_b) - set(wrong_a))
    difference = (only_a - only_b) / size
    error = np.sqrt((only_a + only_b) / size - difference**2) / np.sqrt(size)
    return {
        "only_a_wrong": only_a,
        "only_b_wrong": only_b,
        "difference": difference,
        "interval": [float(difference - 1.96 * error), float(difference + 1.96 * error)],
    }


def apply_temperature(probabilities: np.ndarray, temperature: float) -> np.ndarray:
    """Softens (above 1) or sharpens (below 1) probabilities; the order of the classes stays.

    Equal to dividing the network's logits by `temperature` before its softmax.
    """
    logits = np.log(np.clip(probabilities.astype(np.float64), 1e-12, 1.0)) / temperature
    scaled = np.exp(logits - logits.max(axis=1, keepdims=True))
    return scaled / scaled.sum(axis=1, keepdims=True)


def fit_temperature(y_true: np.ndarray, probabilities: np.ndarray) -> float:
    """Finds the temperature with the lowest cross-entropy.

    Reference: Guo et al. 2017, "On Calibration of Modern Neural Networks", arXiv 1706.04599.
    """
    from scipy.optimize import minimize_scalar

    def loss(log_temperature):
        scaled = apply_temperature(probabilities, np.exp(log_temperature))
        return -np.mean(np.log(scaled[np.arange(len(y_true)), y_true]))

    best = minimize_scalar(loss, bounds=(np.log(0.1), np.log(10.0)), method="bounded")
    return float(np.exp(best.x))


def expected_calibration_error(y_true: np.ndarray, probabilities: np.ndarray) -> float:
    """Computes how far confidence and accuracy lie apart, as a fraction (15 equal-width bins).

    Reference: Guo et al. 2017, arXiv 1706.04599, section 2.
    """
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == y_true
    bins = np.minimum((confidence * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = np.bincount(bins, weights=correct - confidence.astype(float))
    return float(np.abs(gaps).sum() / len(y_true))


def disagreement(answers: list[np.ndarray]) -> float:
    """Measures how far models lie apart on one picture: 0 for the same answer, 1 for no overlap.

    Args:
        answers: float `(10,)` for each model.

    Returns:
        The largest total variation distance between two of them; 0 for a single model.
    """
    stacked = np.asarray(answers, dtype=float)
    distances = np.abs(stacked[:, None] - stacked[None]).sum(axis=-1) / 2
    return float(distances.max())
