"""Numbers from labels and probabilities: scores, intervals, calibration, comparison of models.

Plain arrays in, plain numbers out; no file, no figure, no model. scikit-learn and SciPy are
imported where they are used, because the pages that only read finished numbers need neither, and
pandas, because `predict` need not wait for it.
"""

from fmnist.evaluation.calibration import apply_temperature, expected_calibration_error, fit_temperature
from fmnist.evaluation.comparison import compare_paired, disagreement, most_confused
from fmnist.evaluation.metrics import (
    compute_confusion_matrix,
    compute_metrics,
    normalize_confusion,
    per_class_scores,
)

__all__ = [
    "apply_temperature",
    "compare_paired",
    "compute_confusion_matrix",
    "compute_metrics",
    "disagreement",
    "expected_calibration_error",
    "fit_temperature",
    "most_confused",
    "normalize_confusion",
    "per_class_scores",
]
