"""Which part of somebody has one colour: most garments have, and who wears them has others.

An even ground tells what lies on it, but takes a person in a T-shirt for one thing.

Reference: the colours of skin, which differ in brightness far more than in hue: Chai, Ngan 1999, "Face
segmentation using skin-color map in videophone applications".
"""

import cv2
import numpy as np

from fmnist.preprocessing.grabcut import keep_parts, refine, shrink
from fmnist.preprocessing.pixels import to_lab

_SIDE = 112  # pixels: the size at which colours are compared
_COLOURS = 5
_LIGHTNESS = 0.6  # weight of a difference in lightness, which folds and shadows also cause
_ALIKE = 10.0  # Lab units between two colours of one garment
_LEAST, _MOST = 0.1, 0.7  # of the figure: smaller parts are a detail, and larger ones are the figure
_SKIN = (0, 133, 77), (255, 173, 127)  # least and most of Y, Cr and Cb
_LEAST_SKIN = 0.03  # of the figure; with less, nobody wears it
_NEIGHBOURS = np.ones((3, 3), np.uint8)


def find_one_colour(colours: np.ndarray, inside: np.ndarray) -> np.ndarray | None:
    """Finds the largest part of one colour near the middle of a figure that shows skin.

    Args:
        colours: uint8 `(height, width, 3)`, RGB.
        inside: uint8 `(height, width)`, 255 inside the figure.

    Returns:
        uint8 `(height, width)`, 255 inside the part, or None if there is no skin, no part stands out, or the
        part is most of the figure.
    """
    small = shrink(colours, _SIDE)
    figure = cv2.resize(inside, small.shape[1::-1], interpolation=cv2.INTER_AREA) > 127
    if figure.sum() < _COLOURS or _measure_skin(small, figure) < _LEAST_SKIN:
        return None
    labels, centres = _cluster(small, figure)
    middle = _find_middle_part(labels, figure)
    if middle is None:
        return None
    group, part = middle
    alike = np.linalg.norm(centres - centres[group], axis=1) < _ALIKE
    alike[group] = False  # what has just this colour elsewhere is something else
    part = part | np.isin(labels, np.flatnonzero(alike))
    part = keep_parts(cv2.morphologyEx(part.astype(np.uint8), cv2.MORPH_CLOSE, _NEIGHBOURS))
    return refine(part, colours) if _LEAST <= part.sum() / figure.sum() <= _MOST else None


def _measure_skin(small: np.ndarray, figure: np.ndarray) -> float:
    """Computes the share of a figure that may be skin, 0 to 1; 0 in a grey picture."""
    skin = cv2.inRange(cv2.cvtColor(small, cv2.COLOR_RGB2YCrCb), np.array(_SKIN[0]), np.array(_SKIN[1]))
    return float((skin[figure] > 0).mean())


def _cluster(small: np.ndarray, figure: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Groups the colours of a figure: the group of each pixel, -1 outside, and the colour of each group."""
    lab = cv2.GaussianBlur(to_lab(small) * np.array([_LIGHTNESS, 1, 1], np.float32), (0, 0), 1)
    cv2.setRNGSeed(1)  # k-means is random
    _, groups, centres = cv2.kmeans(  # type: ignore[call-overload]  # its stubs forbid None for no labels
        lab[figure], _COLOURS, None, (3, 15, 1.0), 2, cv2.KMEANS_PP_CENTERS
    )
    labels = np.full(figure.shape, -1)
    labels[figure] = groups.ravel()
    return labels, centres


def _find_middle_part(labels: np.ndarray, figure: np.ndarray) -> tuple[int, np.ndarray] | None:
    """Finds the largest connected part of one group, near the middle: its group, and where it is, bool."""
    left, top, width, height = cv2.boundingRect(figure.astype(np.uint8))
    side, best, found = max(width, height), 0.0, None
    for group in range(_COLOURS):
        pixels = cv2.morphologyEx((labels == group).astype(np.uint8), cv2.MORPH_OPEN, _NEIGHBOURS)
        count, parts, statistics, centres = cv2.connectedComponentsWithStats(pixels, connectivity=4)
        for part in range(1, count):
            away = np.hypot(*(centres[part] - (left + width / 2, top + height / 2))) / side
            weight = statistics[part, cv2.CC_STAT_AREA] * np.exp(-3 * away**2)
            if weight > best:
                best, found = weight, (group, parts == part)
    return found
