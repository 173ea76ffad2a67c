"""Numbers from labels and probabilities: scores, intervals, calibration, model comparison.

Plain arrays in, plain numbers out; no files, no figures, no models. scikit-learn, SciPy and pandas are
imported only where they are used, because most pages need neither of the first two and `predict` should
not wait for pandas.
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
