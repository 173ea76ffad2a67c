"""Where is the garment? Finds it on a photo by colour alone, without any training; fills outlines.

The colours along the border say what the ground looks like; GrabCut then decides for each pixel. It
is run on a small copy, where it takes hundredths of a second, and its outline is refined at full
size with a guided filter.

References: Rother, Kolmogorov, Blake 2004, "GrabCut: interactive foreground extraction using iterated
graph cuts"; He, Sun, Tang 2013, "Guided image filtering".
"""

import cv2
import numpy as np

_SIDE = 160  # pixels; GrabCut takes 60 times as long at 640
_RIM = 0.04  # width of the frame that is taken for ground, of the longer side
_CLUSTERS = 4  # colours a ground may have: two of a pattern, a shadow, a skirting board
_RARE = 0.08  # a colour on less of the border than this may as well be a garment that reaches it
_LIGHTNESS = 0.6  # weight of a difference in lightness, which shadows and uneven light make too
_NEAREST, _FARTHEST = 5.0, 25.0  # Lab units from the ground between which garment may begin
_ROUNDS = 4  # of GrabCut
_SMALL_PART = 0.15  # of the main part; smaller ones are dropped
_SMALL_HOLE = 0.02  # of the garment; smaller ones are filled
_LEAST = 0.02  # of the picture that a garment must cover
_GOOD_AREA, _GOOD_SOLIDITY = 0.12, 0.55  # below one of them the border may have misled us
_OUTLINE = 0.4  # of a filled shape; what encloses more than this of nothing is an outline
_TALLEST_BAG = 1.25  # height by width of what may have a handle
_LEAST_HANDLE = 0.05  # of the largest opening; smaller ones are collars and details


def find_garment(colours: np.ndarray) -> np.ndarray | None:
    """Finds the garment on a photo; the same photo always gives the same answer.

    Args:
        colours: uint8 `(height, width, 3)`, RGB.

    Returns:
        uint8 `(height, width)`, 255 inside the garment, or None where nothing stands out.
    """
    height, width = colours.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    size = max(2, round(width * scale)), max(2, round(height * scale))
    small = cv2.resize(colours, size, interpolation=cv2.INTER_AREA)
    distance = _distance_from_ground(small)
    inside = _keep_parts(_grab_cut(small, _guess_from_border(distance)))
    if inside.mean() < _GOOD_AREA or _solidity(inside) < _GOOD_SOLIDITY:
        # Crumbs: the garment has the ground's colours, or covers the border. It should be in the middle.
        other = _keep_parts(_grab_cut(small, _guess_from_middle(distance.shape)))
        inside = max(inside, other, key=lambda mask: mask.mean() * _solidity(mask))
    if inside.mean() < _LEAST:
        return None
    return _refine(inside, colours)


def border(shape: tuple[int, int], share: float = _RIM) -> np.ndarray:
    """Marks the frame of a picture: bool `(height, width)`, `share` of the longer side wide."""
    height, width = shape
    rim = max(1, round(share * max(shape)))
    frame = np.ones((height, width), bool)
    frame[rim : height - rim, rim : width - rim] = False
    return frame


def to_lab(colours: np.ndarray) -> np.ndarray:
    """Turns uint8 RGB into CIE Lab: float32 `(height, width, 3)`, lightness 0 to 100."""
    return cv2.cvtColor(colours.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def _distance_from_ground(small):
    """Measures how far each pixel lies from the nearest of the border's colours, in Lab units."""
    lab = to_lab(small)
    samples = lab[border(lab.shape[:2])]
    clusters = min(_CLUSTERS, len(samples))
    cv2.setRNGSeed(1)  # k-means and GrabCut are random
    _, labels, centres = cv2.kmeans(samples, clusters, None, (3, 15, 1.0), 2, cv2.KMEANS_PP_CENTERS)
    shares = np.bincount(labels.ravel(), minlength=clusters) / len(samples)
    difference = (lab[:, :, None] - centres[shares >= _RARE]) * (_LIGHTNESS, 1, 1)
    distance = np.sqrt((difference**2).sum(axis=-1)).min(axis=-1)
    return cv2.GaussianBlur(distance.astype(np.float32), (0, 0), 1.5)


def _guess_from_border(distance):
    """Tells GrabCut what differs from the ground by more than Otsu's threshold."""
    fine = np.clip(10 * distance, 0, 65535).astype(np.uint16)
    threshold, _ = cv2.threshold(fine, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    threshold = np.clip(threshold / 10, _NEAREST, _FARTHEST)
    guess = np.where(distance > threshold, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    guess[border(distance.shape, _RIM / 3) & (distance < threshold)] = cv2.GC_BGD
    return guess


def _guess_from_middle(shape):
    """Tells GrabCut that the border is ground and the middle may be garment."""
    guess = np.full(shape, cv2.GC_PR_FGD, np.uint8)
    guess[border(shape, 0.15)] = cv2.GC_PR_BGD
    guess[border(shape, _RIM)] = cv2.GC_BGD
    return guess


def _grab_cut(small, guess):
    """Runs GrabCut from a first guess: uint8 `(height, width)`, 1 inside."""
    if not (guess == cv2.GC_PR_FGD).any() or (guess == cv2.GC_PR_FGD).all():
        return np.zeros_like(guess)
    cv2.setRNGSeed(1)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    cv2.grabCut(lab, guess, None, np.zeros((1, 65)), np.zeros((1, 65)), _ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.isin(guess, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)


def _solidity(inside):
    """Tells how much of its convex hull a mask fills, 0 to 1; little for scattered crumbs."""
    points = cv2.findNonZero(inside)
    if points is None:
        return 0.0
    return inside.sum() / max(1.0, cv2.contourArea(cv2.convexHull(points)))


def _keep_parts(inside):
    """Keeps the main part and what is nearly as large; parts near the middle count more."""
    inside = cv2.morphologyEx(inside, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3)))
    count, labels, statistics, centres = cv2.connectedComponentsWithStats(inside, connectivity=4)
    if count < 2:
        return inside
    height, width = inside.shape
    away = np.hypot(centres[1:, 0] / width - 0.5, centres[1:, 1] / height - 0.5)
    weight = statistics[1:, cv2.CC_STAT_AREA] * np.exp(-3 * away**2)
    kept = 1 + np.flatnonzero(weight >= _SMALL_PART * weight.max())
    return fill_holes(np.isin(labels, kept).astype(np.uint8), _SMALL_HOLE)


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
    """Fills what was drawn in outline; the loop of a bag's handle stays open.

    Args:
        inside: uint8 `(height, width)`, 1 where the line is; gaps a hand leaves are closed.
        fill: Whether to; True fills a handle too, None fills what looks like an outline.

    Returns:
        uint8 `(height, width)`, 1 inside, or None if it shall stay as it is.
    """
    if fill is False:
        return None
    # A hand rarely closes a line to the pixel.
    reach = max(3, round(0.04 * max(inside.shape)))
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    padded = cv2.copyMakeBorder(inside, *4 * [reach], cv2.BORDER_CONSTANT, value=0)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, kernel)[reach:-reach, reach:-reach]
    lines = np.maximum(inside, closed)
    filled = fill_holes(lines)
    if fill:
        return filled
    if filled.any() and (filled.sum() - inside.sum()) > _OUTLINE * filled.sum():
        return filled - _find_handle(filled - lines)
    return None


def _find_handle(openings):
    """Finds the loop of a handle, which stays open: uint8 `(height, width)`, 1 inside.

    It is what lies above the largest opening, narrower and in its middle. The bodice of a dress does
    too, but makes the whole taller than a bag is.
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


def _refine(inside, colours):
    """Enlarges a small mask along the edges of the picture: uint8 `(height, width)`, 255 inside."""
    height, width = colours.shape[:2]
    mask = cv2.resize(inside.astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    grey = cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    radius = max(1, round(1.5 * max(height, width) / _SIDE))

    def mean(values):
        return cv2.blur(values, (2 * radius + 1, 2 * radius + 1))

    mean_grey, mean_mask = mean(grey), mean(mask)
    slope = (mean(grey * mask) - mean_grey * mean_mask) / (mean(grey * grey) - mean_grey**2 + 1e-3)
    refined = mean(slope) * grey + mean(mean_mask - slope * mean_grey)
    return (255 * np.clip(2 * refined - 0.5, 0, 1)).astype(np.uint8)
