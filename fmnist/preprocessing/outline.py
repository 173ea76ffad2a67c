"""Fills outlines, except the loop of a handle."""

import cv2
import numpy as np

_OUTLINE = 0.4  # of a filled shape; a drawing that encloses more empty space than this is an outline
_TALLEST_BAG = 1.25  # height divided by width of anything that may have a handle
_LEAST_HANDLE = 0.05  # of the largest opening; smaller openings are collars and details
_LOOSE = 0.05  # of a filled shape: the most that may be loose ends of the line, as letters have
_SOLID = 0.3  # of the ink: the most that may be solid and not a line, unless one opening reaches nearly all
_REACHED = 0.85  # of the filled shape, within a line's width of the largest opening: nearly all of it


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


def fill_outline(inside: np.ndarray, fill: bool | None = None, drawn: bool = False) -> np.ndarray | None:
    """Fills an outline; the loop of a bag's handle stays open.

    On paper and in photos an outline is what encloses much empty space. With the widest brush of the
    drawing board a closed shoe encloses less than a sandal's straps do, so there the line itself decides.

    Args:
        inside: uint8 `(height, width)`, 1 where the line is; gaps from drawing by hand are closed.
        fill: True fills everything, handles included; False leaves it; None fills what looks like an
            outline.
        drawn: Whether it was drawn on the board, with a brush.

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
    # Where the line is closed already, nothing else is: trousers keep the gap between the legs.
    for line in (inside, lines) if drawn else ():
        shape = fill_holes(line)
        if _is_closed_line(inside, shape, shape - line):
            return shape - _find_handle(shape - line)
    return None


def _is_closed_line(ink: np.ndarray, filled: np.ndarray, openings: np.ndarray) -> bool:
    """Whether a drawing is a closed line around empty space, however thick the line is.

    Args:
        ink: uint8 `(height, width)`, 1 where there is ink.
        filled: The same with everything filled that it encloses.
        openings: What it encloses.
    """
    if not openings.any():
        return False
    # Across a line the distances from its rim rise evenly from 0 to half its width.
    width = 4 * float(np.median(_depth(ink)[ink > 0]))
    if 2 * _depth(openings).max() <= width:  # buttonholes, eyes, gaps between strokes
        return False
    if _open(filled, 0.65 * width).sum() < (1 - _LOOSE) * filled.sum():
        return False
    if _open(ink, 0.7 * width).sum() < _SOLID * ink.sum():
        return True
    _, labels, statistics, _ = cv2.connectedComponentsWithStats(openings, connectivity=4)
    largest = labels == 1 + statistics[1:, cv2.CC_STAT_AREA].argmax()
    reached = filled[_distance_to(largest) <= 1.25 * width]
    return bool(reached.sum() > _REACHED * filled.sum())


def _depth(mask: np.ndarray) -> np.ndarray:
    """Measures how far inside each pixel is: float32 `(height, width)`, pixels; 0 outside."""
    padded = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    return cv2.distanceTransform(padded, cv2.DIST_L2, 5)[1:-1, 1:-1]


def _distance_to(mask: np.ndarray) -> np.ndarray:
    """Measures the distance of each pixel from the nearest inside: float32 `(height, width)`, pixels."""
    return cv2.distanceTransform((mask == 0).astype(np.uint8), cv2.DIST_L2, 5)


def _open(mask: np.ndarray, radius: float) -> np.ndarray:
    """Keeps what a disc of this radius, in pixels, can paint without leaving the mask: bool."""
    core = _depth(mask) > radius
    return (_distance_to(core) <= radius) & (mask > 0) if core.any() else core


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
