"""Does the ground have one even colour, and what differs from it?"""

import cv2
import numpy as np

from fmnist.preprocessing.pixels import to_lab

_SAME, _ALIKE = 2.5, 10.0  # Lab units: the same colour except for compression, and nearly the same
_FAINT = 12  # of 255, in one channel: a difference that compression does not cause on an even ground
_FRAME = 0.04  # of the longer side: the width of the frame that is examined
_CORNER = 0.04  # of the longer side: the corners that show the ground's colour
_LEAST_GROUND = 0.15  # of the border: the least that an even ground must cover
_EVEN = 0.75  # of the nearly same pixels: the share that must be the same for a ground to be even
_SPECK = 0.01  # of the largest part; anything smaller is dust on an even ground


def find_even_ground(colours: np.ndarray) -> np.ndarray | None:
    """Finds the one colour of an even ground: uint8 `(3,)`, or None if the ground is not even.

    A garment may reach the border, but everything else there must have either exactly that colour or a
    clearly different one; in a photo, noise and shadow fill the gap between the two.

    Args:
        colours: uint8 `(height, width, 3)`, RGB.
    """
    frame = _frame(colours)
    corners = _corners(colours)
    bins = corners // 8 @ np.array([1024, 32, 1])
    ground = np.median(corners[bins == np.bincount(bins).argmax()], axis=0).astype(np.uint8)
    distance = _distance(frame[np.newaxis], ground)[0]
    same, alike = (np.mean(distance <= limit) for limit in (_SAME, _ALIKE))
    return ground if same >= _LEAST_GROUND and same >= _EVEN * alike else None


def differs_from_ground(colours: np.ndarray, ground: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Marks what does not have the ground's colour, and measures by how much it differs.

    Args:
        colours: uint8 `(height, width, 3)`, RGB.
        ground: uint8 `(3,)`.

    Returns:
        uint8 `(height, width)`, 1 where the picture differs, without specks; and uint8 `(height, width)`,
        the largest difference in any channel, 0 to 255.
    """
    red, green, blue = cv2.split(cv2.absdiff(colours, np.full_like(colours, ground)))
    difference = cv2.max(red, cv2.max(green, blue))
    # A faint edge may show in one channel only: white on cyan is red, which the eye hardly sees.
    differs = (_distance(colours, ground) > _SAME) | (difference > _FAINT)
    return _drop_specks(differs.astype(np.uint8)), difference


def _frame(colours: np.ndarray) -> np.ndarray:
    """Returns the pixels of the frame: uint8 `(n, 3)`; a mask would take 15 times as long."""
    rim = max(1, round(_FRAME * max(colours.shape)))
    sides = colours[:rim], colours[rim:][-rim:], colours[rim:-rim, :rim], colours[rim:-rim, rim:][:, -rim:]
    return np.concatenate([side.reshape(-1, 3) for side in sides])


def _corners(colours: np.ndarray) -> np.ndarray:
    """Returns the pixels of the two upper corners, which even wide garments leave free: uint8 `(n, 3)`."""
    side = max(1, round(_CORNER * max(colours.shape)))
    return np.concatenate([colours[:side, :side], colours[:side, -side:]]).reshape(-1, 3)


def _distance(colours: np.ndarray, ground: np.ndarray) -> np.ndarray:
    """Measures the distance of colours from the ground's colour: float32 `(height, width)`, Lab units."""
    difference = to_lab(colours) - to_lab(ground.reshape(1, 1, 3))
    return np.sqrt(np.einsum("...c,...c", difference, difference))  # NumPy's norm is slow on three values


def _drop_specks(inside: np.ndarray) -> np.ndarray:
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(inside, connectivity=8)
    if count < 2:
        return inside
    areas = statistics[1:, cv2.CC_STAT_AREA]
    return np.isin(labels, 1 + np.flatnonzero(areas >= _SPECK * areas.max())).astype(np.uint8)
