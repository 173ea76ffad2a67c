"""Scores of one model's answers: accuracy, loss, confusion matrix, precision and recall."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from fmnist.config import CLASS_NAMES, NUM_CLASSES
from fmnist.evaluation.intervals import compute_wilson

if TYPE_CHECKING:
    import pandas as pd


def compute_metrics(y_true: np.ndarray, probabilities: np.ndarray) -> dict:
    """Computes a run's figures for one part of the data set, as plain values for JSON.

    Args:
        y_true: int `(n,)`, class indices.
        probabilities: float `(n, 10)`, rows sum to 1.

    Returns:
        `size`, `accuracy` and its 95 % Wilson `accuracy_interval` (fractions), `loss` (mean
        cross-entropy in nats), `confusion_matrix` (row true, column predicted) and `wrong`, the
        positions of the wrongly classified images.
    """
    from sklearn.metrics import log_loss

    y_pred = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(y_pred != y_true)
    size = len(y_true)
    low, high = compute_wilson(size - len(wrong), size)
    return {
        "size": size,
        "accuracy": (size - len(wrong)) / size,
        "accuracy_interval": [float(low), float(high)],
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

    A row or column without any images stays zero.
    """
    if normalize is None:
        return confusion
    if normalize not in ("true", "pred"):
        raise ValueError(f"`normalize` must be 'true', 'pred' or None. Received: {normalize!r}")
    totals = confusion.sum(axis=1 if normalize == "true" else 0, keepdims=True)
    return np.divide(confusion, totals, out=np.zeros(confusion.shape), where=totals > 0)


def tabulate_confusions(confusions: Mapping[str, np.ndarray]) -> "pd.DataFrame":
    """Writes confusion matrices as a table with a row for each cell.

    Args:
        confusions: int `(10, 10)` for each model name, row true, column predicted.

    Returns:
        Columns `model`, `true`, `predicted`, `pictures`, `share_of_true` and `share_of_predicted`
        (fractions; 0 where there are no pictures).
    """
    import pandas as pd

    true, predicted = np.indices((NUM_CLASSES, NUM_CLASSES)).reshape(2, -1)
    names = np.array(CLASS_NAMES)
    return pd.concat(
        [
            pd.DataFrame(
                {
                    "model": name,
                    "true": names[true],
                    "predicted": names[predicted],
                    "pictures": confusion.ravel(),
                    "share_of_true": normalize_confusion(confusion, "true").ravel(),
                    "share_of_predicted": normalize_confusion(confusion, "pred").ravel(),
                }
            )
            for name, confusion in confusions.items()
        ],
        ignore_index=True,
    )


def per_class_scores(confusion: np.ndarray) -> "pd.DataFrame":
    """Computes precision, recall, F1 and support of each class from a confusion matrix.

    Returns:
        A table indexed by class name with columns `precision`, `recall`, `f1` (fractions; 0 where
        nothing was predicted) and `support` (number of images).
    """
    import pandas as pd

    hits = np.diag(confusion).astype(float)
    support, predicted = confusion.sum(axis=1), confusion.sum(axis=0)

    def share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
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
