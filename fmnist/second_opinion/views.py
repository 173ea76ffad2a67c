"""What the second opinion looks at: the middle of the photo, and the part of it with the garment."""

import cv2
import numpy as np

from fmnist.preprocessing import Mask, Masked, Preparation

SIDE = 224
"""Pixels: height and width of a view."""
_MIDDLE = 0.8  # of the photo's shorter side: people put the garment in the middle
_TRIM = 0.05  # of each side of the garment's box, which is rarely too small
_BLACK = (0, 0, 0)  # what a mask leaves outside
_GROUND = 127  # grey: what the network takes for zero
_Frame = tuple[float, float, float, float]  # left, top, right, bottom in pixels


def make_views(preparation: Preparation) -> np.ndarray:
    """Makes the two views of a photo: a square in its middle, and its garment, stretched to a square.

    Args:
        preparation: Of a photo.

    Returns:
        uint8 `(2, 224, 224, 3)`: the middle, and the box around the garment that the preparation found, with
        everything else that is in it. If the visitor has said where the garment is, the latter, and the
        same without everything else.
    """
    photo, cut_out, masked = preparation.original, preparation.cut_out, preparation.find(Masked)
    height, width = photo.shape[:2]
    inside = None if cut_out is None else cv2.bitwise_not(cv2.inRange(cut_out, _BLACK, _BLACK))
    frame = (0, 0, width, height) if inside is None or not inside.any() else _find_box(inside)
    if masked is not None and masked.mask in (Mask.CHOSEN_BOX, Mask.WHOLE_BOX):
        return np.stack([_show(photo, frame), _show(_grey_out(photo, inside), frame)])
    return np.stack([_show(photo, _find_middle(width, height)), _show(photo, _trim(frame))])


def _find_box(inside: np.ndarray) -> _Frame:
    left, top, width, height = cv2.boundingRect(inside)
    return left, top, left + width, top + height


def _find_middle(width: int, height: int) -> _Frame:
    half = _MIDDLE * min(width, height) / 2
    return width / 2 - half, height / 2 - half, width / 2 + half, height / 2 + half


def _trim(frame: _Frame) -> _Frame:
    left, top, right, bottom = frame
    x, y = _TRIM * (right - left), _TRIM * (bottom - top)
    return left + x, top + y, right - x, bottom - y


def _grey_out(photo: np.ndarray, inside: np.ndarray | None) -> np.ndarray:
    """Makes grey what is outside, where `inside`, uint8 `(height, width)`, is 0; None leaves all."""
    return photo if inside is None else np.where(inside[..., np.newaxis] > 0, photo, np.uint8(_GROUND))


def _show(photo: np.ndarray, frame: _Frame) -> np.ndarray:
    """Stretches what is in the frame to a square: uint8 `(224, 224, 3)`."""
    left, top, right, bottom = (round(side) for side in frame)
    part = photo[top : max(bottom, top + 1), left : max(right, left + 1)]
    shrinks = min(part.shape[:2]) >= SIDE
    return cv2.resize(part, (SIDE, SIDE), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
