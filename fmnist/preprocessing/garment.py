"""The mask step: where the garment is, depending on the kind of picture, and how bright each part becomes."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from fmnist.preprocessing import grabcut
from fmnist.preprocessing.box import find_pixels
from fmnist.preprocessing.colour import find_one_colour
from fmnist.preprocessing.facts import Ground, Light, Lit, Mask, Masked, Settings
from fmnist.preprocessing.ground import differs_from_ground, find_even_ground
from fmnist.preprocessing.outline import fill_outline
from fmnist.preprocessing.pixels import border

_BLACK, _WHITE_INK = (
    24,
    127,
)  # brightness of a drawing: up to the first, nothing is drawn; the rest is dark ink
_RIM = 3  # pixels: the widest soft rim of a stroke
_WIDEST = 0.2  # of the longer side: no brush crosses a line in a wider stroke, even aslant
_FRAME = 0.04  # of the longer side: the frame that decides whether an unmasked picture has a light ground
_DIM, _BRIGHT = 60, 160  # garments whose brightest parts are below the first are raised to the second
_DARK_FLOOR = 16  # brightest parts below this count as noise and are not raised as far
_GUESSED = (Mask.BORDER_COLOURS, Mask.FROM_MIDDLE, Mask.DIFFERING)  # as `grabcut.segment` returns them
_MIDDLE = 180  # median brightness that a photographed garment gets, near that of the data set
_DARKEST = 20  # least brightness of a photographed garment, so that it stands out from the ground


@dataclass(frozen=True)
class Garment:
    """Where the garment is and how bright it becomes, before anything is cropped or reduced.

    Attributes:
        mask: uint8 `(height, width)`, 255 inside.
        bright: uint8 `(height, width)`, the brightness of each pixel if it is inside.
        masked, lit: The facts about the mask and about the brightness.
    """

    mask: np.ndarray
    bright: np.ndarray
    masked: Masked
    lit: Lit


def find_garments(
    colours: np.ndarray, grey: np.ndarray, alpha: np.ndarray | None, drawing: bool, settings: Settings
) -> list[Garment]:
    """Finds the garment by strokes, transparency, what differs from an even ground, or GrabCut.

    If the visitor has drawn a box, looks for it in the box only.

    Args:
        colours: uint8 `(height, width, 3)`, RGB.
        grey: uint8 `(height, width)`, the same in grey.
        alpha: uint8 `(height, width)`, 255 where it is opaque, or None if all of it is.
        drawing: Whether it consists of bright strokes on a black board.
        settings: What the visitor decided.

    Returns:
        The garment as it is shown; then, in a photo, as other ways find it, if they find anything. Where one
        mask is wrong, another is often right, so the mean over several is right more often.
    """
    box = None if drawing else find_pixels(colours.shape[:2], settings.box)
    if box is not None:
        inside = np.zeros_like(grey)
        inside[box] = 255
        found = _search_box(colours, grey, alpha, inside, settings) if settings.remove_background else None
        return [found or _levelled(grey, inside, settings.ground, Mask.WHOLE_BOX)]
    if not settings.remove_background:
        return [_everything(grey, settings.ground, Mask.UNASKED)]
    if drawing:
        return [_from_strokes(colours, settings.fill)]
    if alpha is not None and (alpha > 127).any():
        return [_levelled(grey, alpha, settings.ground, Mask.TRANSPARENCY)]
    ground = find_even_ground(colours)
    if ground is None:
        return _guess(colours, grey, settings)
    garment = _from_even_ground(colours, grey, ground, settings)
    part = find_one_colour(colours, garment.mask) if garment.masked == Masked(Mask.EVEN_GROUND) else None
    return [garment] if part is None else [garment, _levelled(grey, part, settings.ground, Mask.ONE_COLOUR)]


def _guess(colours: np.ndarray, grey: np.ndarray, settings: Settings) -> list[Garment]:
    """Finds the garment of a photo on an uneven ground in up to three ways."""
    found = zip(_GUESSED, grabcut.segment(colours), strict=True)
    garments = [_levelled(grey, mask, settings.ground, kind) for kind, mask in found if mask is not None]
    if garments and garments[0].masked.mask is Mask.BORDER_COLOURS:
        return garments
    return [_everything(grey, settings.ground, Mask.NOTHING_STANDS_OUT), *garments]


def _everything(grey: np.ndarray, ground: Ground, mask: Mask) -> Garment:
    frame = border(grey.shape, _FRAME)
    swapped = ground == "light" or (ground == "auto" and bool(np.median(grey[frame]) > 127))
    bright = 255 - grey if swapped else grey
    return Garment(np.full_like(grey, 255), bright, Masked(mask), Lit(Light.GREY, swapped))


def _search_box(
    colours: np.ndarray, grey: np.ndarray, alpha: np.ndarray | None, inside: np.ndarray, settings: Settings
) -> Garment | None:
    """Finds the garment in a box, uint8 `(height, width)`, 255 inside; None if nothing stands out there."""
    mask: np.ndarray | None
    if alpha is not None and (alpha > 127).any():
        mask = np.minimum(alpha, inside)
    elif (ground := find_even_ground(colours)) is None or _reaches_beyond(colours, ground, inside):
        mask = grabcut.segment_box(colours, inside)
    else:
        only = np.where(inside[..., np.newaxis] > 0, colours, ground)
        garment = _from_even_ground(only, grey, ground, settings)
        is_found = garment.masked.mask is Mask.EVEN_GROUND
        return replace(garment, masked=replace(garment.masked, mask=Mask.CHOSEN_BOX)) if is_found else None
    if mask is None or not (mask > 127).any():
        return None
    return _levelled(grey, mask, settings.ground, Mask.CHOSEN_BOX)


def _reaches_beyond(colours: np.ndarray, ground: np.ndarray, inside: np.ndarray) -> bool:
    """Whether a box cuts through what differs from an even ground, as a garment does that somebody wears.

    Then the colour of the ground cannot tell the garment from its wearer.
    """
    differs, _ = differs_from_ground(colours, ground)
    just_outside = cv2.dilate(inside, np.ones((3, 3), np.uint8)) - inside
    return bool((differs & just_outside).any())


def _from_strokes(colours: np.ndarray, fill: bool | None) -> Garment:
    """Takes all ink for garment: what is drawn white is bright, what is drawn dark stays a dark detail."""
    strokes = colours.max(axis=-1)
    dark = _find_dark_ink(strokes)
    outline = fill_outline(_find_line(strokes > _WHITE_INK, dark), fill, drawn=True)
    mask = np.where(dark, np.uint8(255), strokes)
    if outline is not None:
        mask = np.maximum(mask, 255 * outline)
    light = Light.WHITE if outline is None else Light.FILLED
    return Garment(
        mask,
        np.where(dark, strokes, np.uint8(255)),
        Masked(Mask.STROKES, outline=outline is not None),
        Lit(light, detailed=bool(dark.any())),
    )


def _find_dark_ink(strokes: np.ndarray) -> np.ndarray:
    """Marks what was drawn with a dark brush, and not the soft rim of white strokes: bool.

    Both are grey, but a rim is only a pixel or two wide.
    """
    grey = ((strokes > _BLACK) & (strokes <= _WHITE_INK)).astype(np.uint8)
    return cv2.morphologyEx(grey, cv2.MORPH_OPEN, np.ones((_RIM + 1, _RIM + 1), np.uint8)) > 0


def _find_line(white: np.ndarray, dark: np.ndarray) -> np.ndarray:
    """Finds the line that may be an outline: what is white, and dark ink only where it crosses that.

    A lace across the line must not break it; a button must not clutter what it encloses.

    Returns:
        uint8 `(height, width)`, 1 where the line is.
    """
    if not white.any():
        return dark.astype(np.uint8)
    line = white.astype(np.uint8)
    if dark.any():
        across = round(_WIDEST * max(white.shape))
        bridged = cv2.morphologyEx(line, cv2.MORPH_CLOSE, np.ones((across, across), np.uint8))
        line |= dark & (bridged > 0)
    return line


def _from_even_ground(
    colours: np.ndarray, grey: np.ndarray, ground: np.ndarray, settings: Settings
) -> Garment:
    """Uses the difference from the ground as brightness; on white that is a negative, as in the data set."""
    inside, difference = differs_from_ground(colours, ground)
    if not inside.any():
        return _everything(grey, settings.ground, Mask.NOTHING_DIFFERS)
    outline = fill_outline(inside, settings.fill)
    if outline is not None:
        white = np.full_like(grey, 255)
        return Garment(255 * outline, white, Masked(Mask.EVEN_GROUND, outline=True), Lit(Light.FILLED))
    if settings.ground != "auto":
        return _levelled(grey, 255 * inside, settings.ground, Mask.EVEN_GROUND)
    top = np.percentile(difference[inside > 0], 98)
    raised = bool(top < _DIM)
    if raised:
        difference = np.minimum(difference * (_BRIGHT / max(top, _DARK_FLOOR)), 255).astype(np.uint8)
    return Garment(255 * inside, difference, Masked(Mask.EVEN_GROUND), Lit(Light.DIFFERENCE, raised=raised))


def _levelled(grey: np.ndarray, mask: np.ndarray, ground: Ground, kind: Mask) -> Garment:
    """Makes a photographed garment brighter than its ground and as bright as the data set's."""
    inside = mask > 127
    if ground == "auto":
        lighter = inside.all() or _median(grey, inside) > _median(grey, ~inside)
    else:
        lighter = ground == "dark"
    values = np.arange(256) if lighter else 255 - np.arange(256)
    middle = _median(grey, inside) if lighter else 255 - _median(grey, inside)
    shifted = np.clip(values + (_MIDDLE - middle), _DARKEST, 255).astype(np.uint8)
    bright = cv2.LUT(grey, shifted)
    return Garment(mask, bright, Masked(kind), Lit(Light.LEVELLED, swapped=not lighter))


def _median(grey: np.ndarray, where: np.ndarray) -> float:
    """Computes the median of uint8 values where a bool mask says so, in a fraction of NumPy's time."""
    counts = cv2.calcHist([grey], [0], where.astype(np.uint8), [256], [0, 256]).ravel().cumsum()
    low, high = np.searchsorted(counts, [(counts[-1] + 1) // 2, counts[-1] // 2 + 1])
    return (int(low) + int(high)) / 2
