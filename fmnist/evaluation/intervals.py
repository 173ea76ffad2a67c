"""Shares with their intervals, and whether two shares differ by more than chance.

SciPy's statistics, which do the same, take a second to import.
"""

import numpy as np

_Z = 1.959963984540054  # 95 % of a normal distribution lies within this many standard deviations


def compute_wilson(right: np.ndarray | int, size: np.ndarray | int) -> tuple[np.ndarray, np.ndarray]:
    """Computes the 95 % Wilson interval of shares.

    Args:
        right: Of how many each share speaks, int of any shape.
        size: Of how many in all, above 0.

    Returns:
        The lower and the upper ends, float of the same shape, 0 to 1.

    Reference: Wilson 1927, JASA 22, 209-212.
    """
    hits, total = np.asarray(right, float), np.asarray(size, float)
    middle, shrink = (hits + _Z**2 / 2) / total, 1 + _Z**2 / total
    reach = _Z * np.sqrt(hits * (total - hits) / total + _Z**2 / 4) / total
    return np.clip((middle - reach) / shrink, 0, 1), np.clip((middle + reach) / shrink, 0, 1)


def compare_shares(table: np.ndarray) -> float:
    """Tests whether two groups have the same share: the p-value of Pearson's chi-squared test.

    Where fewer than five are expected in a cell, Fisher's exact test takes its place.

    Args:
        table: int `(2, 2)`: a row for each group, its numbers of rights and of wrongs.

    Reference: Agresti, Categorical Data Analysis, 3rd edition, sections 3.2 and 3.5.
    """
    counts = np.asarray(table, float)
    expected = counts.sum(1, keepdims=True) * counts.sum(0, keepdims=True) / counts.sum()
    if (counts.sum(0) == 0).any() or (counts.sum(1) == 0).any():
        return 1.0
    if (expected < 5).any():
        from scipy.stats import fisher_exact

        return float(fisher_exact(np.asarray(table)).pvalue)
    from scipy.special import chdtrc

    return float(chdtrc(1, ((counts - expected) ** 2 / expected).sum()))


def adjust_p_values(p_values: np.ndarray) -> np.ndarray:
    """Adjusts p-values for the number of tests, so that of all called different few are so by chance.

    Args:
        p_values: float `(n,)`, 0 to 1.

    Returns:
        float `(n,)`: calling those below 0.05 different, at most 5 % of them are false on average.

    Reference: Benjamini and Hochberg 1995, JRSS B 57, 289-300.
    """
    order = np.argsort(p_values)[::-1]
    ranked = np.asarray(p_values, float)[order] * len(p_values) / np.arange(len(p_values), 0, -1)
    adjusted = np.empty(len(p_values))
    adjusted[order] = np.minimum(np.minimum.accumulate(ranked), 1)
    return adjusted
