"""Measures of a 28x28 image that a person would see too: how bright, how large, which way, how even."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

GROUND = 10
"""The highest grey level that counts as ground; the data set's ground is 0, its edges a little above."""


@dataclass(frozen=True)
class Measure:
    """A measure of images.

    Attributes:
        label: What pages call it.
        unit: What its values count, for an axis.
        compute: Takes grey levels float32 `(n, 28, 28)` and which pixels are garment, bool `(n, 28, 28)`;
            returns float `(n,)`. An image without any garment gets 0.
    """

    label: str
    unit: str
    compute: Callable[[np.ndarray, np.ndarray], np.ndarray]


def measure_images(images: np.ndarray) -> dict[str, np.ndarray]:
    """Measures images.

    Args:
        images: uint8 `(n, 28, 28)`, 0-255, garment bright on black.

    Returns:
        For each name in MEASURES float32 `(n,)`.
    """
    grey = images.astype(np.float32)
    garment = images > GROUND
    return {name: measure.compute(grey, garment).astype(np.float32) for name, measure in MEASURES.items()}


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.zeros(len(part), np.float32), where=whole > 0)


def _brightness(grey: np.ndarray, garment: np.ndarray) -> np.ndarray:
    """The mean grey level of the garment, 0 to 255."""
    return _share(np.where(garment, grey, 0).sum((1, 2)), garment.sum((1, 2)))


def _filled(grey: np.ndarray, garment: np.ndarray) -> np.ndarray:
    """The share of the pixels that is garment, 0 to 1."""
    return garment.mean((1, 2))


def _facing(grey: np.ndarray, garment: np.ndarray) -> np.ndarray:
    """Where the bulk lies between the garment's left edge, -1, and its right edge, 1."""
    columns = garment.sum(1) > 0
    left, right = columns.argmax(1), columns.shape[1] - 1 - columns[:, ::-1].argmax(1)
    bulk = _share((grey.sum(1) * np.arange(grey.shape[2])).sum(1), grey.sum((1, 2)))
    offset = np.where(columns.sum(1) > 0, bulk - (left + right) / 2, 0)
    return np.clip(_share(2 * offset, (right - left).astype(np.float32)), -1, 1)


def _symmetry(grey: np.ndarray, garment: np.ndarray) -> np.ndarray:
    """How much of the image its mirror image shares, 0 (nothing) to 1 (it is its own mirror image)."""
    mirrored = grey[:, :, ::-1]
    different = _share(np.abs(grey - mirrored).sum((1, 2)), (grey + mirrored).sum((1, 2)))
    return np.where(garment.sum((1, 2)) > 0, 1 - different, 0)


def _texture(grey: np.ndarray, garment: np.ndarray) -> np.ndarray:
    """The mean difference between neighbouring pixels of the garment, in grey levels."""
    across = garment[:, :, 1:] & garment[:, :, :-1], np.abs(np.diff(grey, axis=2))
    down = garment[:, 1:] & garment[:, :-1], np.abs(np.diff(grey, axis=1))
    steps = sum(np.where(both, step, 0).sum((1, 2)) for both, step in (across, down))
    return _share(np.asarray(steps), sum(both.sum((1, 2)) for both, _ in (across, down)))


MEASURES = {
    "brightness": Measure("Brightness", "mean grey level of the garment, 0 to 255", _brightness),
    "filled": Measure("Filled area", "share of the 784 pixels", _filled),
    "facing": Measure("Facing", "−1 left to 1 right", _facing),
    "symmetry": Measure("Symmetry", "share of the image its mirror image has too", _symmetry),
    "texture": Measure("Texture", "grey levels between neighbouring pixels", _texture),
}
"""The measures, by the names used in the program."""
