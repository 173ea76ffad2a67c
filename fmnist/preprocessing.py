"""From any picture to the 28x28 image a model sees, stage by stage; deterministic.

One mask step (where is the garment?) in front of one fit step (how does it fill 28x28?). The result
looks like the data set: the garment bright on a black ground, its longest side 28 pixels, centred.

Reference: Xiao, Rasul, Vollgraf 2017, arXiv 1708.07747, section 2.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from fmnist.config import IMAGE_SIZE
from fmnist.decoding import Picture
from fmnist.errors import InvalidImageError

NOTHING_TO_SEE = (
    "The picture shows one even surface, with nothing that stands out from it: choose a picture "
    "with a garment on a plain background."
)
_BORDER_SHARE = 0.03  # width of the frame whose colour is taken for the ground, of the longer side
_MIN_DISTANCE, _MAX_DISTANCE = 8.0, 30.0  # from the ground, in Lab units, to count as garment
_MIN_BRIGHT = 160  # the brightest parts of a garment reach at least this, as in the data set


@dataclass(frozen=True)
class Stage:
    """One step on the way: its name, what was done in one sentence, and the picture after it.

    `image` is uint8 `(height, width)` or `(height, width, 3)`.
    """

    name: str
    sentence: str
    image: np.ndarray


@dataclass(frozen=True)
class Preparation:
    """The 28x28 image a model sees, uint8 `(28, 28)`, and the stages that led to it."""

    image: np.ndarray
    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class _Mask:
    """Where the garment is: uint8 `(height, width)`, 255 inside, and how it was found."""

    alpha: np.ndarray
    sentence: str


def prepare(picture: Picture, drawing: bool = False) -> Preparation:
    """Prepares a picture as the data set's authors prepared theirs.

    A grey picture of 28x28 pixels is taken for one of the data set: it is used as it is, or with
    light and dark swapped if its ground is white.

    Args:
        picture: A decoded picture.
        drawing: Whether it is bright strokes on a black board.

    Raises:
        InvalidImageError: If there is nothing to see on it.
    """
    colours = np.asarray(picture.image.convert("RGB"))
    grey = np.asarray(picture.image.convert("L"))
    width, height = picture.original_size
    stages = [Stage("Your picture", f"As received, upright: {width} x {height} pixels.", colours)]
    if drawing and not grey.any():
        raise InvalidImageError("The drawing board is empty: draw a garment first.")
    if grey.min() == grey.max() and picture.alpha is None:
        raise InvalidImageError(NOTHING_TO_SEE)
    if _is_data_set_picture(picture, colours):
        image, sentence = _as_data_set_picture(grey)
        return Preparation(image, (*stages, Stage("28 x 28", sentence, image)))
    stages.append(Stage("Grey", "The models were trained without colour.", grey))

    mask = _find_mask(colours, picture.alpha, drawing)
    bright, swapped = _garment_bright(grey, mask, drawing)
    on_black = (bright.astype(float) * mask.alpha / 255).round().astype(np.uint8)
    stages.append(Stage("Ground made black", f"{mask.sentence} {swapped}", on_black))

    cropped = _crop(on_black, mask.alpha)
    stages.append(Stage("Cropped", "Cut to the garment, as large as it can be.", cropped))

    image = _fit(cropped)
    stages.append(Stage("28 x 28", _describe_loss(cropped, image), image))
    return Preparation(image, tuple(stages))


def _is_data_set_picture(picture, colours):
    is_grey = (colours == colours[..., :1]).all()
    return colours.shape[:2] == (IMAGE_SIZE, IMAGE_SIZE) and is_grey and picture.alpha is None


def _as_data_set_picture(grey):
    # On all 10,000 test pictures (nearly) black pixels outnumber (nearly) white ones.
    if (grey >= 250).sum() > (grey <= 5).sum():
        return 255 - grey, "Grey and 28 x 28 already; light and dark were swapped."
    return grey, "Grey, 28 x 28 and on black already: used as it is."


def _find_mask(colours, alpha, drawing):
    """The mask step: transparency if there is any, else strokes, else what differs from the border."""
    if drawing:
        return _Mask(colours.max(axis=-1), "Everything you drew counts.")
    if alpha is not None:
        return _Mask(alpha, "The picture's own transparency shows the garment.")
    distance, threshold = _distance_from_ground(colours)
    inside = _keep_large_parts((distance > threshold).astype(np.uint8))
    if not inside.any():
        raise InvalidImageError(NOTHING_TO_SEE)
    return _Mask(inside * 255, "What differs from the colour of the border was kept.")


def _distance_from_ground(colours):
    """Measures how far each pixel lies from the border's median colour, in Lab units."""
    lab = cv2.cvtColor(colours.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    height, width = lab.shape[:2]
    rim = max(1, round(_BORDER_SHARE * max(height, width)))
    frame = np.ones((height, width), bool)
    frame[rim : height - rim, rim : width - rim] = False
    distance = np.linalg.norm(lab - np.median(lab[frame], axis=0), axis=-1)
    # The ground's own unevenness is not garment; a garment that reaches the border is no ground.
    uneven = np.percentile(distance[frame], 80)
    return distance, float(np.clip(2 * uneven, _MIN_DISTANCE, _MAX_DISTANCE))


def _keep_large_parts(inside):
    """Removes specks, keeps every part at least a tenth as large as the largest, fills holes."""
    if min(inside.shape) > 2 * IMAGE_SIZE:
        inside = cv2.morphologyEx(inside, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    outlines, _ = cv2.findContours(inside, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    # A speck of one pixel has no area, but may be all there is.
    areas = [cv2.contourArea(outline) + len(outline) / 2 for outline in outlines]
    large = [o for o, area in zip(outlines, areas, strict=True) if area >= 0.1 * max(areas)]
    return cv2.drawContours(np.zeros_like(inside), large, -1, 1, cv2.FILLED)


def _garment_bright(grey, mask, drawing):
    """Makes the garment brighter than its ground, whichever way round the picture was."""
    if drawing:
        return np.full_like(grey, 255), "White on black, as in the data set."
    inside = mask.alpha > 127
    if not inside.any():
        inside = mask.alpha > 0
    ground = np.median(grey[~inside]) if not inside.all() else 0
    if np.median(grey[inside]) > ground:
        bright, sentence = grey, "The garment is brighter than its ground already."
    else:
        bright, sentence = 255 - grey, "Light and dark were swapped, as the data set's authors did."
    top = np.percentile(bright[inside], 98)
    if top < _MIN_BRIGHT:
        bright = np.minimum(bright * (_MIN_BRIGHT / max(top, 16)), 255).astype(np.uint8)
        sentence += " It was brightened."
    return bright, sentence


def _crop(image, alpha):
    rows, columns = np.nonzero(alpha > 127)
    if not len(rows):
        rows, columns = np.nonzero(alpha)
    return image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def _place(shape):
    """Says where a picture of (height, width) lies within 28x28: rows, columns, top, left."""
    rows, columns = (max(1, round(side * IMAGE_SIZE / max(shape))) for side in shape)
    # Ceil, as in the data set: floor costs 0.6 points of accuracy.
    return rows, columns, (IMAGE_SIZE - rows + 1) // 2, (IMAGE_SIZE - columns + 1) // 2


def _fit(cropped):
    """The fit step: longest side 28 pixels, centred, an odd pixel going to the top and left."""
    rows, columns, top, left = _place(cropped.shape)
    small = Image.fromarray(cropped).resize((columns, rows), Image.Resampling.LANCZOS)
    image = np.zeros((IMAGE_SIZE, IMAGE_SIZE), np.uint8)
    image[top : top + rows, left : left + columns] = np.asarray(small)
    return image


def _describe_loss(cropped, image):
    """Says how much of the cropped picture's variation the 28x28 image still holds."""
    height, width = cropped.shape
    if max(height, width) <= IMAGE_SIZE:
        return "Centred; no detail was lost."
    rows, columns, top, left = _place(cropped.shape)
    garment = Image.fromarray(image[top : top + rows, left : left + columns])
    back = np.asarray(garment.resize((width, height), Image.Resampling.BICUBIC), float)
    variation = cropped.astype(float).var()
    lost = min(1.0, np.mean((cropped - back) ** 2) / variation) if variation else 0.0
    merged = height * width / (rows * columns)
    return (
        f"About {merged:.0f} pixels became one; {lost:.0%} of the light and dark pattern was lost: "
        "prints, buttons and seams go first."
    )
