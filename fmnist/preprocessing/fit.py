"""The fit step: where the garment lies, how it fills 28x28, and how much detail that loses."""

import cv2
import numpy as np
from PIL import Image

from fmnist.config import IMAGE_SIZE
from fmnist.preprocessing.facts import Fitted


def is_framed(mask: np.ndarray) -> bool:
    """Whether the garment already fills a square picture, to within one of the 28 pixels.

    Cropping such a picture would only shift it by fractions of a pixel, which blurs.
    """
    height, width = mask.shape
    if height != width:
        return False
    top, bottom, left, right = _box(mask)
    return max(bottom - top, right - left) > (1 - 1 / IMAGE_SIZE) * height


def crop(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Crops `image` to the garment; `mask` is uint8 `(height, width)`, 255 inside."""
    top, bottom, left, right = _box(mask)
    return image[top:bottom, left:right]


def _box(mask: np.ndarray) -> tuple[int, int, int, int]:
    """Finds the garment's first row, row after the last, first column and column after the last."""
    inside = (mask > 127).astype(np.uint8)
    left, top, width, height = cv2.boundingRect(inside if inside.any() else mask)
    return top, top + height, left, left + width


def place(shape: tuple[float, float]) -> tuple[int, int, int, int]:
    """Computes where a picture of (height, width) lies within 28x28: rows, columns, top, left."""
    rows, columns = (max(1, round(side * IMAGE_SIZE / max(shape))) for side in shape)
    # Rounded up, as in the data set; rounding down costs 0.6 points of accuracy.
    return rows, columns, (IMAGE_SIZE - rows + 1) // 2, (IMAGE_SIZE - columns + 1) // 2


def fit(cropped: np.ndarray) -> np.ndarray:
    """Makes a picture 28x28: longest side 28 pixels, centred, an odd pixel going to the top and left.

    Args:
        cropped: uint8 `(height, width)`.
    """
    rows, columns, top, left = place(_shape(cropped))
    small = Image.fromarray(cropped).resize((columns, rows), Image.Resampling.LANCZOS)
    image = np.zeros((IMAGE_SIZE, IMAGE_SIZE), np.uint8)
    image[top : top + rows, left : left + columns] = np.asarray(small)
    return image


def measure_loss(cropped: np.ndarray, image: np.ndarray) -> Fitted:
    """Measures how much of the cropped picture's variance is lost in the 28x28 image."""
    height, width = _shape(cropped)
    rows, columns, top, left = place((height, width))
    merged = height * width / (rows * columns)
    if max(height, width) <= IMAGE_SIZE:
        return Fitted(merged, 0.0)
    garment = Image.fromarray(image[top : top + rows, left : left + columns])
    back = np.asarray(garment.resize((width, height), Image.Resampling.BICUBIC), float)
    variation = cropped.astype(float).var()
    lost = min(1.0, float(np.mean((cropped - back) ** 2) / variation)) if variation else 0.0
    return Fitted(merged, lost)


def _shape(image: np.ndarray) -> tuple[int, int]:
    height, width = image.shape
    return height, width
