"""Helpers shared by several ways of finding the garment."""

import cv2
import numpy as np


def border(shape: tuple[int, int], share: float) -> np.ndarray:
    """Marks the frame of a picture: bool `(height, width)`, `share` of the longer side wide."""
    height, width = shape
    rim = max(1, round(share * max(shape)))
    frame = np.ones((height, width), bool)
    frame[rim : height - rim, rim : width - rim] = False
    return frame


def to_lab(colours: np.ndarray) -> np.ndarray:
    """Turns uint8 RGB into CIE Lab: float32 `(height, width, 3)`, lightness 0 to 100."""
    return cv2.cvtColor(colours.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
