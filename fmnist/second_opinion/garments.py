"""Which garments the classes of ImageNet are, as far as their names tell."""

import numpy as np

from fmnist.artifacts import ImageNetClass
from fmnist.config import CLASS_NAMES

_TEMPERATURE = 1.4  # logits are divided by it; chosen by the likelihood of the development photos
_UNNAMED = 3e-3  # probability that a garment has although no class of ImageNet names it


def count_shares(classes: tuple[ImageNetClass, ...], outputs: int) -> np.ndarray:
    """Turns the table of classes into numbers.

    Args:
        classes: The classes of ImageNet that are garments.
        outputs: How many classes the network knows.

    Returns:
        float `(outputs, 10)`: which share of the probability of a class goes to each garment, 0 to 1.
    """
    shares = np.zeros((outputs, len(CLASS_NAMES)))
    for known in classes:
        for name, share in known.garments.items():
            shares[known.index, CLASS_NAMES.index(name)] = share
    return shares


def sum_garments(logits: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Sums the probabilities of the classes that name each garment.

    Args:
        logits: float `(n, outputs)`.
        shares: What `count_shares` returned.

    Returns:
        float64 `(n, 10)`; rows sum to 1, because other things than garments do not count.
    """
    soft = logits.astype(np.float64) / _TEMPERATURE
    scaled = np.exp(soft - soft.max(axis=1, keepdims=True))
    garments = scaled / scaled.sum(axis=1, keepdims=True) @ shares + _UNNAMED
    return garments / garments.sum(axis=1, keepdims=True)
