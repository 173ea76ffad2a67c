"""Numbers from labels and probabilities: scores, intervals, calibration, model comparison.

Plain arrays in, plain numbers out; no files, no figures, no models. scikit-learn, SciPy and pandas are
imported only where they are used, because most pages need neither of the first two and `predict` should
not wait for pandas.
"""

from fmnist.evaluation.calibration import (
    CALIBRATION_BINS,
    Reliability,
    apply_temperature,
    compute_reliability,
    expected_calibration_error,
    fit_temperature,
    sort_into_bins,
)
from fmnist.evaluation.comparison import (
    PairedDifference,
    compare_paired,
    compare_right,
    compute_chance,
    disagreement,
    most_confused,
)
from fmnist.evaluation.curves import RISE, Axis, Curve, compare_epochs, find_overfitting, tabulate_curves
from fmnist.evaluation.intervals import adjust_p_values, compare_shares, compute_wilson
from fmnist.evaluation.metrics import (
    compute_confusion_matrix,
    compute_metrics,
    normalize_confusion,
    per_class_scores,
    tabulate_confusions,
)
from fmnist.evaluation.seeds import (
    MeanDifference,
    Spread,
    compare_means,
    compute_churn,
    spread_over_seeds,
)

__all__ = [
    "CALIBRATION_BINS",
    "RISE",
    "Axis",
    "Curve",
    "MeanDifference",
    "PairedDifference",
    "Reliability",
    "Spread",
    "adjust_p_values",
    "apply_temperature",
    "compare_epochs",
    "compare_means",
    "compare_paired",
    "compare_right",
    "compare_shares",
    "compute_chance",
    "compute_churn",
    "compute_confusion_matrix",
    "compute_metrics",
    "compute_reliability",
    "compute_wilson",
    "disagreement",
    "expected_calibration_error",
    "find_overfitting",
    "fit_temperature",
    "most_confused",
    "normalize_confusion",
    "per_class_scores",
    "sort_into_bins",
    "spread_over_seeds",
    "tabulate_confusions",
    "tabulate_curves",
]
