"""Where is the garment in a photo? Finds it by colour alone, without any training.

The colours along the border show what the ground looks like; GrabCut then decides for each pixel. It runs
on a small copy, where it takes hundredths of a second, and its outline is refined at full size with a
guided filter.

References: Rother, Kolmogorov, Blake 2004, "GrabCut: interactive foreground extraction using iterated
graph cuts"; He, Sun 2015, "Fast guided filter", arXiv 1505.00996.
"""

from typing import NamedTuple

import cv2
import numpy as np

from fmnist.preprocessing.outline import fill_holes
from fmnist.preprocessing.pixels import border, to_lab

_SIDE = 128  # pixels; at 160, GrabCut takes nearly twice as long and no more photos are right
_RIM = 0.04  # of the longer side: the frame that counts as ground
_CLUSTERS = 4  # colours a ground may have: two of a pattern, a shadow, a skirting board
_RARE = 0.08  # a colour on less of the border than this may belong to a garment that reaches it
_LIGHTNESS = 0.6  # weight of a difference in lightness, which shadows and uneven light also cause
_NEAREST, _FARTHEST = 5.0, 25.0  # Lab units from the ground: limits for where a garment may begin
_ROUNDS = 3  # iterations of GrabCut; more of them change hardly an answer
_SMALL_PART = 0.15  # of the main part; smaller parts are dropped
_SMALL_HOLE = 0.02  # of the garment; smaller holes are filled
_LEAST = 0.02  # of the picture: the least that a garment must cover
_AROUND = 0.25  # of the longer side of a box: how far its surroundings reach
_SIDE_OF_BOX = 160  # pixels, for one mask that a visitor asked for
_LEAST_OF_BOX = 0.1  # of a box: the least that a garment must cover
_GOOD_AREA, _GOOD_SOLIDITY = 0.12, 0.55  # below either of them, the border may have misled us


class Found(NamedTuple):
    """Where the garment is, found in three ways that err on different photos.

    Each is uint8 `(height, width)`, 255 inside the garment, or None if nothing stands out.

    Attributes:
        from_border: What GrabCut finds when it starts from what differs from the border's colours, or, if
            those are crumbs, from the middle.
        from_middle: What GrabCut finds when it starts from the middle of the photo.
        differing: What simply differs from the border's colours.
    """

    from_border: np.ndarray | None
    from_middle: np.ndarray | None
    differing: np.ndarray | None


def segment(colours: np.ndarray) -> Found:
    """Finds the garment in a photo; the same photo always gives the same result.

    Args:
        colours: uint8 `(height, width, 3)`, RGB.
    """
    small = shrink(colours)
    guess = _guess_from_border(_distance_from_ground(small))
    differing = keep_parts((guess == cv2.GC_PR_FGD).astype(np.uint8))
    middle = keep_parts(_grab_cut(small, _guess_from_middle(guess.shape)))
    inside = keep_parts(_grab_cut(small, guess))
    if inside.mean() < _GOOD_AREA or _solidity(inside) < _GOOD_SOLIDITY:
        # Only crumbs: the garment has the ground's colours or covers the border.
        inside = max(inside, middle, key=lambda mask: mask.mean() * _solidity(mask))
    return Found(*(_accept(mask, colours) for mask in (inside, middle, differing)))


def _accept(inside: np.ndarray, colours: np.ndarray) -> np.ndarray | None:
    """Enlarges a small mask, or returns None if it covers hardly anything."""
    return None if inside.mean() < _LEAST else refine(inside, colours)


def shrink(colours: np.ndarray, side: int = _SIDE) -> np.ndarray:
    """Reduces a picture, uint8 RGB, until its longer side has at most `side` pixels."""
    height, width = colours.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = max(2, round(width * scale)), max(2, round(height * scale))
    return cv2.resize(colours, size, interpolation=cv2.INTER_AREA)


def segment_box(colours: np.ndarray, box: np.ndarray) -> np.ndarray | None:
    """Finds the garment in a box: what surrounds the box is ground, what is inside may be garment.

    Args:
        colours: uint8 `(height, width, 3)`, RGB.
        box: uint8 `(height, width)`, 255 inside; not everywhere.

    Returns:
        uint8 `(height, width)`, 255 inside the garment and 0 outside the box, or None if nothing in the
        box stands out from its surroundings.
    """
    left, top, width, height = cv2.boundingRect(box)
    # Only what is near: farther away may lie another garment of the same colours, such as the other shoe.
    reach = max(2, round(_AROUND * max(width, height)))
    near = np.s_[max(0, top - reach) : top + height + reach, max(0, left - reach) : left + width + reach]
    small = shrink(colours[near], _SIDE_OF_BOX)
    may_be = cv2.resize(box[near], small.shape[1::-1], interpolation=cv2.INTER_NEAREST) > 0
    guess = np.where(may_be, cv2.GC_PR_FGD, cv2.GC_BGD).astype(np.uint8)
    inside = keep_parts(_grab_cut(small, guess))
    if inside.sum() < _LEAST_OF_BOX * may_be.sum():
        return None
    mask = np.zeros_like(box)
    mask[near] = refine(inside, colours[near])
    return np.minimum(mask, box)


def _distance_from_ground(small: np.ndarray) -> np.ndarray:
    """Measures each pixel's distance from the nearest border colour, in Lab units."""
    lab = to_lab(small)
    samples = lab[border(lab.shape[:2], _RIM)]
    clusters = min(_CLUSTERS, len(samples))
    cv2.setRNGSeed(1)  # k-means and GrabCut are random
    _, labels, centres = cv2.kmeans(  # type: ignore[call-overload]  # its stubs forbid None for no labels
        samples, clusters, None, (3, 15, 1.0), 2, cv2.KMEANS_PP_CENTERS
    )
    shares = np.bincount(labels.ravel(), minlength=clusters) / len(samples)
    difference = (lab[:, :, None] - centres[shares >= _RARE]) * np.array([_LIGHTNESS, 1, 1], np.float32)
    distance = np.sqrt(np.einsum("...c,...c", difference, difference).min(axis=-1))
    return cv2.GaussianBlur(distance, (0, 0), 1.5)


def _guess_from_border(distance: np.ndarray) -> np.ndarray:
    """Guesses that whatever differs from the ground by more than Otsu's threshold is garment."""
    fine = np.clip(10 * distance, 0, 65535).astype(np.uint16)
    threshold, _ = cv2.threshold(fine, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    threshold = np.clip(threshold / 10, _NEAREST, _FARTHEST)
    guess = np.where(distance > threshold, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    guess[border(distance.shape, _RIM / 3) & (distance < threshold)] = cv2.GC_BGD
    return guess


def _guess_from_middle(shape: tuple[int, int]) -> np.ndarray:
    """Guesses that the border is ground and the middle may be garment."""
    guess = np.full(shape, cv2.GC_PR_FGD, np.uint8)
    guess[border(shape, 0.15)] = cv2.GC_PR_BGD
    guess[border(shape, _RIM)] = cv2.GC_BGD
    return guess


def _grab_cut(small: np.ndarray, guess: np.ndarray) -> np.ndarray:
    """Runs GrabCut from a first guess: uint8 `(height, width)`, 1 inside."""
    if not (guess == cv2.GC_PR_FGD).any() or (guess == cv2.GC_PR_FGD).all():
        return np.zeros_like(guess)
    cv2.setRNGSeed(1)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    box, models = (0, 0, 0, 0), np.zeros((2, 1, 65))  # the mask decides everything; the box is ignored
    cv2.grabCut(lab, guess, box, models[0], models[1], _ROUNDS, cv2.GC_INIT_WITH_MASK)
    return np.isin(guess, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)


def _solidity(inside: np.ndarray) -> float:
    """Computes the share of its convex hull that a mask fills, 0 to 1; low for scattered crumbs."""
    points = cv2.findNonZero(inside)
    if points is None:
        return 0.0
    return inside.sum() / max(1.0, cv2.contourArea(cv2.convexHull(points)))


def keep_parts(inside: np.ndarray) -> np.ndarray:
    """Keeps the main part and other large parts; parts near the middle count more."""
    inside = cv2.morphologyEx(inside, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3)))
    count, labels, statistics, centres = cv2.connectedComponentsWithStats(inside, connectivity=4)
    if count < 2:
        return inside
    height, width = inside.shape
    away = np.hypot(centres[1:, 0] / width - 0.5, centres[1:, 1] / height - 0.5)
    weight = statistics[1:, cv2.CC_STAT_AREA] * np.exp(-3 * away**2)
    kept = 1 + np.flatnonzero(weight >= _SMALL_PART * weight.max())
    return fill_holes(np.isin(labels, kept).astype(np.uint8), _SMALL_HOLE)


def refine(inside: np.ndarray, colours: np.ndarray) -> np.ndarray:
    """Enlarges a small mask along the edges of the picture: uint8 `(height, width)`, 255 inside."""
    height, width = colours.shape[:2]
    # Slope and offset change slowly, so that half the size is enough for them.
    size = max(1, width // 2), max(1, height // 2)
    grey = cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY)
    guide = cv2.resize(grey, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    mask = cv2.resize(inside.astype(np.float32), size, interpolation=cv2.INTER_LINEAR)
    radius = max(1, round(1.2 * max(size) / max(inside.shape)))

    def mean(values: np.ndarray) -> np.ndarray:
        return cv2.blur(values, (2 * radius + 1, 2 * radius + 1))

    def enlarge(values: np.ndarray) -> np.ndarray:
        return cv2.resize(values, (width, height), interpolation=cv2.INTER_LINEAR)

    mean_guide, mean_mask = mean(guide), mean(mask)
    slope = (mean(guide * mask) - mean_guide * mean_mask) / (mean(guide * guide) - mean_guide**2 + 1e-3)
    offset = mean_mask - slope * mean_guide
    # 255 * (2 * (slope * brightness + offset) - 0.5), cut off at 0 and 255.
    return cv2.addWeighted(
        cv2.multiply(enlarge(mean(slope)), grey, scale=2.0, dtype=cv2.CV_32F), 1.0,
        enlarge(mean(offset)), 510.0, -127.5, dtype=cv2.CV_8U,
    )  # fmt: skip
