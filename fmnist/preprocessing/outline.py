"""Fills outlines, except the loop of a handle."""

import cv2
import numpy as np

_OUTLINE = 0.4  # of a filled shape; a drawing that encloses more empty space than this is an outline
_TALLEST_BAG = 1.25  # height divided by width of anything that may have a handle
_LEAST_HANDLE = 0.05  # of the largest opening; smaller openings are collars and details


def fill_holes(inside: np.ndarray, largest: float = 1.0) -> np.ndarray:
    """Fills what an outline encloses.

    Args:
        inside: uint8 `(height, width)`, 1 inside.
        largest: Openings up to this share of the filled shape are filled, 0 to 1.

    Returns:
        uint8 `(height, width)`, 1 inside.
    """
    outlines, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(np.zeros_like(inside), outlines, -1, 1, cv2.FILLED)
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(filled - inside, connectivity=4)
    open_ones = 1 + np.flatnonzero(statistics[1:, cv2.CC_STAT_AREA] > largest * filled.sum())
    filled[np.isin(labels, open_ones)] = 0
    return filled


def fill_outline(inside: np.ndarray, fill: bool | None = None) -> np.ndarray | None:
    """Fills an outline; the loop of a bag's handle stays open.

    Args:
        inside: uint8 `(height, width)`, 1 where the line is; gaps from drawing by hand are closed.
        fill: True fills everything, handles included; False leaves it; None fills what looks like an
            outline.

    Returns:
        uint8 `(height, width)`, 1 inside, or None if nothing is to be filled.
    """
    if fill is False:
        return None
    # A hand rarely closes a line to the pixel.
    reach = max(3, round(0.04 * max(inside.shape)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    padded = cv2.copyMakeBorder(inside, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, kernel)[reach:-reach, reach:-reach]
    lines = np.maximum(inside, closed)
    filled = fill_holes(lines)
    if fill:
        return filled
    if filled.any() and (filled.sum() - inside.sum()) > _OUTLINE * filled.sum():
        return filled - _find_handle(filled - lines)
    return None


def _find_handle(openings: np.ndarray) -> np.ndarray:
    """Finds the loop of a handle, which stays open: uint8 `(height, width)`, 1 inside.

    The loop lies above the largest opening, is narrower and centred on it. So is the bodice of a dress, but a
    dress is taller than any bag.
    """
    handle = np.zeros_like(openings)
    count, labels, statistics, centres = cv2.connectedComponentsWithStats(openings, connectivity=4)
    if count < 3:
        return handle
    rows, columns = np.nonzero(openings)
    if np.ptp(rows) > _TALLEST_BAG * np.ptp(columns):
        return handle
    body = 1 + int(statistics[1:, cv2.CC_STAT_AREA].argmax())
    _, body_top, body_width, body_height, body_area = statistics[body]
    for part in range(1, count):
        _, top, width, height, area = statistics[part]
        above = top + height <= body_top + 0.15 * body_height
        central = abs(centres[part][0] - centres[body][0]) < 0.2 * body_width
        if above and central and width < 0.85 * body_width and area > _LEAST_HANDLE * body_area:
            handle[labels == part] = 1
    return handle
