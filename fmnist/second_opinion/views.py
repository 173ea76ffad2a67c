"""What the second opinion looks at: the middle of the photo, and the part of it with the garment."""

import numpy as np
from PIL import Image

from fmnist.preprocessing import Mask, Masked, Preparation

SIDE = 224
"""Pixels: height and width of a view."""
_MIDDLE = 0.7  # of the photo's shorter side: people put the garment in the middle
_TRIM = 0.05  # of each side of the garment's box, which is rarely too small
_GROUND = (127, 127, 127)  # grey: what the network takes for zero
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
    photo = Image.fromarray(preparation.original).convert("RGB")
    cut_out, masked = preparation.cut_out, preparation.find(Masked)
    box = None if cut_out is None else Image.fromarray(cut_out).getbbox()
    frame: _Frame = box or (0, 0, *photo.size)
    if masked is not None and masked.mask in (Mask.CHOSEN_BOX, Mask.WHOLE_BOX):
        return np.stack([_show(photo, frame), _show(_grey_out(photo, cut_out), frame)])
    return np.stack([_show(photo, _find_middle(*photo.size)), _show(photo, _trim(frame))])


def _find_middle(width: int, height: int) -> _Frame:
    half = _MIDDLE * min(width, height) / 2
    return width / 2 - half, height / 2 - half, width / 2 + half, height / 2 + half


def _trim(frame: _Frame) -> _Frame:
    left, top, right, bottom = frame
    x, y = _TRIM * (right - left), _TRIM * (bottom - top)
    return left + x, top + y, right - x, bottom - y


def _grey_out(photo: Image.Image, cut_out: np.ndarray | None) -> Image.Image:
    """Makes grey whatever is black in `cut_out`, uint8 `(height, width, 3)`; None leaves the photo."""
    if cut_out is None:
        return photo
    inside = Image.fromarray(255 * cut_out.any(axis=-1).astype(np.uint8))
    return Image.composite(photo, Image.new("RGB", photo.size, _GROUND), inside)


def _show(picture: Image.Image, frame: _Frame) -> np.ndarray:
    """Stretches what is in the frame to a square: uint8 `(224, 224, 3)`."""
    return np.asarray(picture.resize((SIDE, SIDE), Image.Resampling.BICUBIC, box=frame, reducing_gap=2))
