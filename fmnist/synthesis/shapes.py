"""Where a garment lies in its array, and soft shapes to paint; float32 arrays with values 0 to 1."""

from collections.abc import Sequence

import cv2
import numpy as np

_FRACTION = 4  # bits after the point in OpenCV's coordinates
_RIM = 0.64  # pixels by which OpenCV's soft outlines lie outside the shape

Point = tuple[float, float]  # x, y


def enlarge(layer: np.ndarray, above: int = 0, below: int = 0, left: int = 0, right: int = 0) -> np.ndarray:
    """Adds empty rows and columns: float32; a tenth of the time that NumPy's `pad` takes."""
    height, width = layer.shape
    larger = np.zeros((above + height + below, left + width + right), np.float32)
    larger[above : above + height, left : left + width] = layer
    return larger


def find_extent(mask: np.ndarray) -> tuple[int, int, int, int]:
    """Finds the first and last row and the first and last column of a garment; all 0 if there is none."""
    inside = mask > 0.5
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    return (int(rows[0]), int(rows[-1]), int(columns[0]), int(columns[-1])) if len(rows) else (0, 0, 0, 0)


def draw_oval(
    shape: tuple[int, ...], x: float, y: float, half_width: float, half_height: float
) -> np.ndarray:
    """Draws an ellipse with soft edges: float32 of `shape`, 1 inside."""
    drawn, unit = np.zeros(shape, np.uint8), 2**_FRACTION
    centre = round(x * unit), round(y * unit)
    axes = max(1, round((half_width - _RIM) * unit)), max(1, round((half_height - _RIM) * unit))
    cv2.ellipse(drawn, centre, axes, 0, 0, 360, 255, cv2.FILLED, cv2.LINE_AA, _FRACTION)
    return drawn.astype(np.float32) / 255


def draw_polygon(shape: tuple[int, ...], corners: Sequence[Point]) -> np.ndarray:
    """Draws a convex polygon with soft edges: float32 of `shape`, 1 inside."""
    drawn = np.zeros(shape, np.uint8)
    points = np.round(np.array(corners) * 2**_FRACTION).astype(np.int32)
    cv2.fillConvexPoly(drawn, points, 255, cv2.LINE_AA, _FRACTION)
    return drawn.astype(np.float32) / 255


def draw_limb(shape: tuple[int, ...], start: Point, end: Point, wide: float, narrow: float) -> np.ndarray:
    """Draws a limb, `wide` at its start and `narrow` at its end, in pixels: float32 of `shape`, 1 inside."""
    (x, y), (to_x, to_y) = start, end
    wide, narrow = max(wide - 2 * _RIM, 0.1), max(narrow - 2 * _RIM, 0.1)
    length = max(float(np.hypot(to_x - x, to_y - y)), 1e-6)
    across_x, across_y = (y - to_y) / length / 2, (to_x - x) / length / 2
    corners = [
        (x + wide * across_x, y + wide * across_y),
        (to_x + narrow * across_x, to_y + narrow * across_y),
        (to_x - narrow * across_x, to_y - narrow * across_y),
        (x - wide * across_x, y - wide * across_y),
    ]
    return draw_polygon(shape, corners)


def mix(cloth: np.ndarray, part: np.ndarray, value: float) -> np.ndarray:
    """Blends `value` into the cloth by `part`, 0 to 1."""
    return (cloth + part * (value - cloth)).astype(np.float32)


def fill_openings(mask: np.ndarray) -> np.ndarray:
    """Fills what an outline encloses: float32, 1 inside."""
    outlines, _ = cv2.findContours((mask > 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(np.zeros(mask.shape, np.uint8), outlines, -1, 1, cv2.FILLED)
    return np.maximum(mask, filled.astype(np.float32))
