"""Drawings that are hardly garments: too small to show anything, or a disc."""

import numpy as np

from fmnist.config import IMAGE_SIZE
from fmnist.preprocessing.facts import Fitted, Mask, Masked, Preparation

_LEAST_MERGED = 3  # pixels of the board per pixel of the image; a dot of the widest brush has 2.2
_INK = 40  # brightness from which a pixel of the image is inside
_ROUND = 0.93  # of a disc and the drawing together: the share in both; 0.91 at most in the data set


def is_tiny(preparation: Preparation) -> bool:
    """Whether a drawing is too small to show a garment: less than a sixth of the board, like a dot."""
    fitted = preparation.find(Fitted)
    return _is_drawing(preparation) and fitted is not None and fitted.merged < _LEAST_MERGED


def is_disc(preparation: Preparation) -> bool:
    """Whether a drawing is a disc, rounder than anything in the data set."""
    return _is_drawing(preparation) and bool(measure_roundness(preparation.image) >= _ROUND)


def measure_roundness(images: np.ndarray) -> np.ndarray:
    """Measures how much images have in common with the largest disc: 0 to 1, which is a disc.

    Args:
        images: uint8 `(28, 28)` or `(n, 28, 28)`.

    Returns:
        float `()` or `(n,)`: what is inside both, divided by what is inside either.
    """
    across = np.arange(IMAGE_SIZE) + 0.5 - IMAGE_SIZE / 2
    disc = np.add.outer(across**2, across**2) <= (IMAGE_SIZE / 2) ** 2
    inside = images >= _INK
    return (inside & disc).sum(axis=(-2, -1)) / (inside | disc).sum(axis=(-2, -1))


def _is_drawing(preparation: Preparation) -> bool:
    masked = preparation.find(Masked)
    return masked is not None and masked.mask is Mask.STROKES
