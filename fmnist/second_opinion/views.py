"""What the second opinion looks at: the whole photo, and the part of it with the garment."""

import numpy as np
from PIL import Image

from fmnist.preprocessing import Mask, Masked, Preparation

SIDE = 224
"""Pixels: height and width of a view."""
_GROUND = (127, 127, 127)  # grey: what the network takes for zero
_MARGIN = 0.05  # of the garment's longer side, left around it


def make_views(preparation: Preparation) -> np.ndarray:
    """Makes the two views of a photo: all of it, stretched to a square, and its garment, with grey bars.

    Args:
        preparation: Of a photo.

    Returns:
        uint8 `(2, 224, 224, 3)`: the photo, and the box around the garment that the preparation found, with
        everything else that is in it. If the visitor has said where the garment is, the latter, and the
        same without everything else.
    """
    photo = Image.fromarray(preparation.original).convert("RGB")
    cut_out, masked = preparation.cut_out, preparation.find(Masked)
    box = None if cut_out is None else Image.fromarray(cut_out).getbbox()
    frame = _widen(box, photo.size) if box else (0, 0, *photo.size)
    part = _fit(photo.crop(frame))
    if masked is not None and masked.mask in (Mask.CHOSEN_BOX, Mask.WHOLE_BOX):
        return np.stack([part, _fit(_grey_out(photo, cut_out).crop(frame))])
    whole = photo.resize((SIDE, SIDE), Image.Resampling.BICUBIC, reducing_gap=2)
    return np.stack([np.asarray(whole), part])


def _grey_out(photo: Image.Image, cut_out: np.ndarray | None) -> Image.Image:
    """Makes grey whatever is black in `cut_out`, uint8 `(height, width, 3)`; None leaves the photo."""
    if cut_out is None:
        return photo
    inside = Image.fromarray(255 * cut_out.any(axis=-1).astype(np.uint8))
    return Image.composite(photo, Image.new("RGB", photo.size, _GROUND), inside)


def _widen(box: tuple[int, int, int, int], size: tuple[int, int]) -> tuple[int, int, int, int]:
    left, top, right, bottom = box
    margin = round(_MARGIN * max(right - left, bottom - top))
    right, bottom = (min(side, end + margin) for side, end in zip(size, (right, bottom), strict=True))
    return max(0, left - margin), max(0, top - margin), right, bottom


def _fit(picture: Image.Image) -> np.ndarray:
    """Scales a picture into a square and fills the rest with grey: uint8 `(224, 224, 3)`."""
    width, height = (max(1, round(side * SIDE / max(picture.size))) for side in picture.size)
    view = Image.new("RGB", (SIDE, SIDE), _GROUND)
    small = picture.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2)
    view.paste(small, ((SIDE - width) // 2, (SIDE - height) // 2))
    return np.asarray(view)
