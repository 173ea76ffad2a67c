"""What several trainings say that differ in nothing but the seed: their mean, and how far luck reaches."""

import math
from typing import NamedTuple

import numpy as np

_HALF = 0.975  # of a two-sided 95 % interval


class Spread(NamedTuple):
    """A figure over several seeds.

    Attributes:
        mean, deviation: Mean and standard deviation (of a sample); the latter is NaN for a single seed.
        low, high: The 95 % interval of the mean; NaN for a single seed.
        lowest, highest: The extreme seeds.
        seeds: How many there are.
    """

    mean: float
    deviation: float
    low: float
    high: float
    lowest: float
    highest: float
    seeds: int


class MeanDifference(NamedTuple):
    """How two means over seeds differ.

    Attributes:
        difference: The second mean minus the first.
        low, high: Its 95 % interval.
        seeds: How many stand behind each mean.
    """

    difference: float
    low: float
    high: float
    seeds: tuple[int, int]

    @property
    def sign(self) -> int:
        """1 or -1 if the whole interval lies on that side of zero, else 0: undecided."""
        return int(self.low > 0) - int(self.high < 0)


def spread_over_seeds(values: np.ndarray) -> Spread:
    """Describes a figure over several seeds.

    Args:
        values: float `(seeds,)`, at least one.

    Reference: Student's t interval of a mean.
    """
    values = np.asarray(values, float)
    seeds, mean = len(values), float(values.mean())
    deviation = float(values.std(ddof=1)) if seeds > 1 else math.nan
    reach = _find_quantile(seeds - 1) * deviation / math.sqrt(seeds) if seeds > 1 else math.nan
    extremes = float(values.min()), float(values.max())
    return Spread(mean, deviation, mean - reach, mean + reach, *extremes, seeds)


def compare_means(before: np.ndarray, after: np.ndarray) -> MeanDifference:
    """Compares two means over seeds. The seeds of the two are not pairs: they share nothing but a number.

    Args:
        before, after: float `(seeds,)`, at least two each; their numbers may differ.

    Reference: Welch, "The generalization of 'Student's' problem when several different population variances
        are involved", Biometrika 34 (1947).
    """
    before, after = np.asarray(before, float), np.asarray(after, float)
    if min(len(before), len(after)) < 2:
        raise ValueError("an interval needs two seeds of each")
    difference = float(after.mean() - before.mean())
    parts = np.array([values.var(ddof=1) / len(values) for values in (before, after)])
    if not parts.any():
        return MeanDifference(difference, difference, difference, (len(before), len(after)))
    freedom = parts.sum() ** 2 / sum(
        part**2 / (len(values) - 1) for part, values in zip(parts, (before, after), strict=True)
    )
    reach = _find_quantile(float(freedom)) * math.sqrt(parts.sum())
    return MeanDifference(difference, difference - reach, difference + reach, (len(before), len(after)))


def compute_churn(answers: np.ndarray) -> float:
    """Computes the share of images that two trainings answer differently, the mean over all pairs.

    Args:
        answers: uint8 `(seeds, n)`, classes, at least two seeds.

    Reference: Milani Fard et al., "Launch and Iterate: Reducing Prediction Churn", NeurIPS 2016.
    """
    first, second = np.triu_indices(len(answers), 1)
    return float(np.mean([(answers[a] != answers[b]).mean() for a, b in zip(first, second, strict=True)]))


def _find_quantile(freedom: float) -> float:
    """Returns how many standard errors the interval reaches to each side."""
    from scipy.special import stdtrit  # scipy.stats would take a second to import

    return float(stdtrit(freedom, _HALF))
