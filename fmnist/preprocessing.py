"""From any picture to the 28x28 image a model sees, stage by stage; deterministic.

One mask step (where is the garment?) in front of one fit step (how does it fill 28x28?). The result
looks like the data set: the garment bright on a black ground, its longest side 28 pixels, centred.

Reference: Xiao, Rasul, Vollgraf 2017, arXiv 1708.07747, section 2.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from fmnist import segmentation
from fmnist.config import IMAGE_SIZE
from fmnist.errors import InvalidImageError
from fmnist.pictures.decoding import Picture

NOTHING_TO_SEE = (
    "The picture shows one even surface, with nothing that stands out from it: choose a picture "
    "with a garment on a plain background."
)
_FILLED = "outline was filled, as garments are: white on black, as in the data set."
GROUNDS = ("auto", "light", "dark")
_SAME, _ALIKE = 2.5, 10.0  # Lab units: the same colour but for compression, and nearly the same
_FAINT = 12  # of 255, in one channel: what compression does not do to an even ground
_CORNER = 0.04  # of the longer side: what is looked at for the ground's colour
_LEAST_GROUND = 0.15  # of the border that an even ground must cover
_EVEN = 0.75  # of the nearly same pixels that must be the same for a ground to be even
_SPECK = 0.01  # of the largest part; what is smaller is dust on an even ground
_DIM, _BRIGHT = 60, 160  # garments whose brightest parts stay below the first are raised to the second
_MIDDLE = 180  # brightness of a photographed garment's median, near that of the data set
_DARKEST = 20  # of a photographed garment, so that it stands out from the ground


@dataclass(frozen=True)
class Settings:
    """What a visitor may decide instead of the automatic preparation, which the defaults are.

    Attributes:
        ground: What the garment lies on: "light" swaps light and dark, "dark" does not, "auto" decides.
        remove_background: Whether to look for the garment; else everything counts as garment.
        crop: Whether to cut to the garment.
        turns: Quarter turns clockwise.
        fill: Whether to fill an outline; None fills what looks like one.
    """

    ground: str = "auto"
    remove_background: bool = True
    crop: bool = True
    turns: int = 0
    fill: bool | None = None


AUTOMATIC = Settings()


@dataclass(frozen=True)
class Stage:
    """One step on the way: its name, what was done in one sentence, and the picture after it.

    Attributes:
        image: uint8 `(height, width)` or `(height, width, 3)`.
        small: uint8 `(28, 28)`, what a model would get if the preparation ended here.
    """

    name: str
    sentence: str
    image: np.ndarray
    small: np.ndarray


@dataclass(frozen=True)
class Preparation:
    """The 28x28 image a model sees, uint8 `(28, 28)`, and the stages that led to it."""

    image: np.ndarray
    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class _Garment:
    """Where the garment is and how bright it will be, before anything is cut or reduced.

    Attributes:
        mask: uint8 `(height, width)`, 255 inside.
        bright: uint8 `(height, width)`, how bright each pixel shall be if it is inside.
        found, lit: What was done to get each, in a sentence.
    """

    mask: np.ndarray
    bright: np.ndarray
    found: str
    lit: str


def prepare(picture: Picture, drawing: bool = False, settings: Settings = AUTOMATIC) -> Preparation:
    """Prepares a picture as the data set's authors prepared theirs.

    A grey picture of 28x28 pixels is taken for one of the data set: it is used as it is, or with
    light and dark swapped if its ground is white.

    Args:
        picture: A decoded picture.
        drawing: Whether it is bright strokes on a black board.
        settings: What the visitor decided.

    Raises:
        InvalidImageError: If there is nothing to see on it.
    """
    colours = np.rot90(np.asarray(picture.image.convert("RGB")), -settings.turns).copy()
    alpha = None if picture.alpha is None else np.rot90(picture.alpha, -settings.turns).copy()
    grey = np.asarray(Image.fromarray(colours).convert("L"))
    width, height = picture.original_size
    turned = f"turned by {90 * (settings.turns % 4)} degrees" if settings.turns % 4 else "upright"
    received = f"As received, {turned}: {width} x {height} pixels."
    stages = [Stage("Your picture", received, colours, _fit(grey))]
    if drawing and not grey.any():
        raise InvalidImageError("The drawing board is empty: draw a garment first.")
    if grey.min() == grey.max() and alpha is None:
        raise InvalidImageError(NOTHING_TO_SEE)
    if _is_data_set_picture(colours, alpha):
        image, sentence = _as_data_set_picture(grey, settings.ground)
        return Preparation(image, (*stages, Stage("28 x 28", sentence, image, image)))

    garment = _find_garment(colours, grey, alpha, drawing, settings)
    inside = garment.mask.astype(float) / 255
    alone = (colours * inside[..., np.newaxis]).round().astype(np.uint8)
    stages.append(Stage("Ground made black", garment.found, alone, _fit(_blend(grey, inside))))
    on_black = _blend(garment.bright, inside)
    stages.append(Stage("Grey and bright", garment.lit, on_black, _fit(on_black)))
    cropped, sentence = on_black, "Not cut."
    if settings.crop and not _is_framed(garment.mask):
        cropped, sentence = _crop(on_black, garment.mask), "Cut to the garment, as large as it can be."
    image = _fit(cropped)
    if not image.any():
        raise InvalidImageError(NOTHING_TO_SEE)  # what there was vanished when it became small
    stages.append(Stage("Cropped", sentence, cropped, image))
    stages.append(Stage("28 x 28", _describe_loss(cropped, image), image, image))
    return Preparation(image, tuple(stages))


def _blend(values, inside):
    return (values * inside).round().astype(np.uint8)


def _is_data_set_picture(colours, alpha):
    if colours.shape[:2] != (IMAGE_SIZE, IMAGE_SIZE) or alpha is not None:
        return False
    return bool((colours == colours[..., :1]).all())


def _as_data_set_picture(grey, ground):
    # On all 10,000 test pictures (nearly) black pixels outnumber (nearly) white ones.
    swap = ground == "light" or (ground == "auto" and (grey >= 250).sum() > (grey <= 5).sum())
    if swap:
        return 255 - grey, "Grey and 28 x 28 already; light and dark were swapped."
    return grey, "Grey, 28 x 28 and on black already: used as it is."


def _find_garment(colours, grey, alpha, drawing, settings):
    """The mask step: strokes, transparency, what differs from an even ground, or GrabCut."""
    if not settings.remove_background:
        return _everything(grey, settings.ground, "The background was kept: everything counts as garment.")
    if drawing:
        return _from_strokes(colours, settings.fill)
    if alpha is not None and (alpha > 127).any():
        found = "The picture's own transparency shows the garment."
        bright, lit = _level(grey, alpha, settings.ground)
        return _Garment(alpha, bright, found, lit)
    ground = _even_ground(colours)
    if ground is not None:
        return _from_even_ground(colours, grey, ground, settings)
    mask = segmentation.find_garment(colours)
    if mask is None:
        found = "No garment could be told from its background: everything counts as garment."
        return _everything(grey, settings.ground, found)
    found = "What looks like the border of the picture was taken for background and made black."
    bright, lit = _level(grey, mask, settings.ground)
    return _Garment(mask, bright, found, lit)


def _everything(grey, ground, found):
    frame = segmentation.border(grey.shape)
    swap = ground == "light" or (ground == "auto" and np.median(grey[frame]) > 127)
    bright, lit = (255 - grey, "Light and dark were swapped.") if swap else (grey, "Colours became grey.")
    return _Garment(np.full_like(grey, 255), bright, found, lit)


def _from_strokes(colours, fill):
    strokes = colours.max(axis=-1)
    filled = segmentation.fill_outline((strokes > 127).astype(np.uint8), fill)
    if filled is None:
        found, lit, mask = "Everything you drew counts.", "White on black, as in the data set.", strokes
    else:
        found, lit, mask = "You drew an outline.", f"Your {_FILLED}", np.maximum(strokes, 255 * filled)
    return _Garment(mask, np.full_like(mask, 255), found, lit)


def _even_ground(colours):
    """Finds the one colour that most of the ground has: uint8 `(3,)`, or None if there is no such.

    A garment may reach the border, but what else is there must be either exactly of that colour or
    plainly another; on a photo noise and shadow fill the gap between the two.
    """
    frame = colours[segmentation.border(colours.shape[:2])]
    corners = _corners(colours)
    _, bins, counts = np.unique(corners // 8, axis=0, return_inverse=True, return_counts=True)
    ground = np.median(corners[bins.ravel() == counts.argmax()], axis=0).astype(np.uint8)
    distance = _distance(frame[np.newaxis], ground)[0]
    same, alike = (np.mean(distance <= limit) for limit in (_SAME, _ALIKE))
    return ground if same >= _LEAST_GROUND and same >= _EVEN * alike else None


def _corners(colours):
    """The pixels of the two upper corners, which even a wide garment leaves free: uint8 `(n, 3)`."""
    side = max(1, round(_CORNER * max(colours.shape)))
    return np.concatenate([colours[:side, :side], colours[:side, -side:]]).reshape(-1, 3)


def _distance(colours, ground):
    """Measures how far colours lie from that of the ground: float32 `(height, width)`, Lab units."""
    difference = segmentation.to_lab(colours) - segmentation.to_lab(ground.reshape(1, 1, 3))
    return np.sqrt(np.einsum("...c,...c", difference, difference))  # NumPy's norm is slow on three values


def _from_even_ground(colours, grey, ground, settings):
    """Takes the difference from the ground for brightness: on white that is the authors' negative."""
    red, green, blue = cv2.split(cv2.absdiff(colours, np.full_like(colours, ground)))
    difference = cv2.max(red, cv2.max(green, blue))
    # A faint edge may show in one channel only: white on cyan is red, which the eye hardly sees.
    differs = (_distance(colours, ground) > _SAME) | (difference > _FAINT)
    inside = _drop_specks(differs.astype(np.uint8))
    if not inside.any():
        found = "Hardly anything differs from the background: everything counts as garment."
        return _everything(grey, settings.ground, found)
    found = "The background is one even colour and was made black."
    filled = segmentation.fill_outline(inside, settings.fill)
    if filled is not None:
        found += " What is left is an outline."
        return _Garment(255 * filled, np.full_like(grey, 255), found, f"The {_FILLED}")
    if settings.ground != "auto":
        bright, lit = _level(grey, 255 * inside, settings.ground)
        return _Garment(255 * inside, bright, found, lit)
    lit = "The more a pixel differs from the background, the brighter it is: on white, light and dark swap."
    top = np.percentile(difference[inside > 0], 98)
    if top < _DIM:
        difference = np.minimum(difference * (_BRIGHT / max(top, 16)), 255).astype(np.uint8)
        lit += " It was brightened."
    return _Garment(255 * inside, difference, found, lit)


def _drop_specks(inside):
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(inside, connectivity=8)
    if count < 2:
        return inside
    areas = statistics[1:, cv2.CC_STAT_AREA]
    return np.isin(labels, 1 + np.flatnonzero(areas >= _SPECK * areas.max())).astype(np.uint8)


def _level(grey, mask, ground):
    """Makes a photographed garment brighter than its ground and as bright as the data set's."""
    inside = mask > 127
    if ground == "auto":
        lighter = inside.all() or np.median(grey[inside]) > np.median(grey[~inside])
    else:
        lighter = ground == "dark"
    bright = grey if lighter else 255 - grey
    sentence = (
        "The garment is brighter than its ground already."
        if lighter
        else "Light and dark were swapped, as the data set's authors did."
    )
    shifted = np.clip(bright + (_MIDDLE - np.median(bright[inside])), _DARKEST, 255)
    return shifted.astype(np.uint8), f"{sentence} Its brightness was set to that of the data set."


def _box(mask):
    """Finds the garment's first row, row after the last, first column and column after the last."""
    rows, columns = np.nonzero(mask > 127)
    if not len(rows):
        rows, columns = np.nonzero(mask)
    return rows.min(), rows.max() + 1, columns.min(), columns.max() + 1


def _is_framed(mask):
    """Tells whether a square picture is filled by its garment already, but for a pixel of the 28.

    Cutting such a one would only move it by parts of a pixel, which blurs.
    """
    height, width = mask.shape
    top, bottom, left, right = _box(mask)
    return height == width and max(bottom - top, right - left) > (1 - 1 / IMAGE_SIZE) * height


def _crop(image, mask):
    top, bottom, left, right = _box(mask)
    return image[top:bottom, left:right]


def place(shape: tuple[float, float]) -> tuple[int, int, int, int]:
    """Says where a picture of (height, width) lies within 28x28: rows, columns, top, left."""
    rows, columns = (max(1, round(side * IMAGE_SIZE / max(shape))) for side in shape)
    # Ceil, as in the data set: floor costs 0.6 points of accuracy.
    return rows, columns, (IMAGE_SIZE - rows + 1) // 2, (IMAGE_SIZE - columns + 1) // 2


def _fit(cropped):
    """The fit step: longest side 28 pixels, centred, an odd pixel going to the top and left."""
    rows, columns, top, left = place(cropped.shape)
    small = Image.fromarray(cropped).resize((columns, rows), Image.Resampling.LANCZOS)
    image = np.zeros((IMAGE_SIZE, IMAGE_SIZE), np.uint8)
    image[top : top + rows, left : left + columns] = np.asarray(small)
    return image


def _describe_loss(cropped, image):
    """Says how much of the cropped picture's variation the 28x28 image still holds."""
    height, width = cropped.shape
    if max(height, width) <= IMAGE_SIZE:
        return "Centred; no detail was lost."
    rows, columns, top, left = place(cropped.shape)
    garment = Image.fromarray(image[top : top + rows, left : left + columns])
    back = np.asarray(garment.resize((width, height), Image.Resampling.BICUBIC), float)
    variation = cropped.astype(float).var()
    lost = min(1.0, np.mean((cropped - back) ** 2) / variation) if variation else 0.0
    merged = height * width / (rows * columns)
    return (
        f"About {merged:.0f} pixels became one; {lost:.0%} of the light and dark pattern was lost: "
        "prints, buttons and seams go first."
    )
