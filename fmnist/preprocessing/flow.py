"""The straight way from a picture to 28x28, stage by stage."""

import cv2
import numpy as np
from PIL import Image

from fmnist.config import IMAGE_SIZE
from fmnist.errors import NothingToSeeError
from fmnist.pictures.decoding import Picture
from fmnist.preprocessing.facts import (
    AUTOMATIC,
    AsItIs,
    Cropped,
    Ground,
    Origin,
    Preparation,
    Received,
    Settings,
    Stage,
)
from fmnist.preprocessing.fit import crop, fit, is_framed, measure_loss
from fmnist.preprocessing.garment import Garment, find_garments

_EMPTY_BOARD = "The drawing board is empty: draw a garment first."
_EVEN_SURFACE = (
    "The picture shows one even surface, and nothing stands out from it: choose a picture of a garment on a "
    "plain background."
)
_LEAST_GROUND = 0.1  # of the pixels at the edge that are black; all 70,000 images of the data set have more


def prepare(picture: Picture, drawing: bool = False, settings: Settings = AUTOMATIC) -> Preparation:
    """Prepares a picture as the data set's authors prepared theirs.

    A grey picture of 28x28 pixels on black or white is taken for one of the data set: it is used as it
    is, or with light and dark swapped if its ground is white.

    Args:
        picture: A decoded picture.
        drawing: Whether it consists of bright strokes on a black board.
        settings: What the visitor decided.

    Raises:
        NothingToSeeError: If the picture shows nothing.
    """
    colours = np.rot90(np.asarray(picture.image.convert("RGB")), -settings.turns).copy()
    alpha = None if picture.alpha is None else np.rot90(picture.alpha, -settings.turns).copy()
    grey = np.asarray(Image.fromarray(colours).convert("L"))
    received = Stage(Received(settings.turns % 4, *picture.original_size), colours, fit(grey))
    if drawing and not grey.any():
        raise NothingToSeeError(_EMPTY_BOARD)
    if grey.min() == grey.max() and alpha is None:
        raise NothingToSeeError(_EVEN_SURFACE)
    if alpha is None and _is_data_set_picture(colours):
        return Preparation((received, _use_as_it_is(grey, settings.ground)))

    garment, *others = find_garments(colours, grey, alpha, drawing, settings)
    alone = _blend(colours, garment.mask)
    masked = Stage(garment.masked, alone, fit(_blend(grey, garment.mask)))

    on_black = _blend(garment.bright, garment.mask)
    lit = Stage(garment.lit, on_black, fit(on_black))

    cropped, cut = _crop(on_black, garment, settings)
    image = fit(cropped)
    if not image.any():
        raise NothingToSeeError(_EVEN_SURFACE)  # whatever it showed vanished when it became small
    fitted = Stage(measure_loss(cropped, image), image, image)
    stages = (received, masked, lit, Stage(Cropped(cut), cropped, image), fitted)
    cut_out = (_cut_out(other, settings) for other in others)
    return Preparation(stages, tuple(other for other in cut_out if other.small.any()))


def _crop(on_black: np.ndarray, garment: Garment, settings: Settings) -> tuple[np.ndarray, bool]:
    """Crops to the garment if that is wanted and changes anything; returns the picture and whether it did."""
    cut = settings.crop and not is_framed(garment.mask)
    return (crop(on_black, garment.mask) if cut else on_black), cut


def _cut_out(garment: Garment, settings: Settings) -> Stage:
    """Prepares a garment at once, without the stages between."""
    cropped, _ = _crop(_blend(garment.bright, garment.mask), garment, settings)
    return Stage(garment.masked, cropped, fit(cropped))


def _blend(values: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Makes everything outside black: uint8, grey or in colour; `mask` is 255 inside."""
    channels = 1 if values.ndim == 2 else values.shape[2]
    return cv2.multiply(values, mask if channels == 1 else cv2.merge([mask] * channels), scale=1 / 255)


def _is_data_set_picture(colours: np.ndarray) -> bool:
    if colours.shape[:2] != (IMAGE_SIZE, IMAGE_SIZE) or (colours != colours[..., :1]).any():
        return False
    grey = colours[..., 0]
    edge = np.concatenate([grey[0], grey[-1], grey[1:-1, 0], grey[1:-1, -1]])
    return max(_count_extremes(edge)) >= _LEAST_GROUND * len(edge)


def _count_extremes(grey: np.ndarray) -> tuple[int, int]:
    """Counts the (nearly) black and the (nearly) white pixels."""
    return int(np.count_nonzero(grey <= 5)), int(np.count_nonzero(grey >= 250))


def _use_as_it_is(grey: np.ndarray, ground: Ground) -> Stage:
    # In all 10,000 test images (nearly) black pixels outnumber (nearly) white ones.
    black, white = _count_extremes(grey)
    swapped = ground == "light" or (ground == "auto" and white > black)
    image = 255 - grey if swapped else grey
    return Stage(AsItIs(Origin.VISITOR, swapped), image, image)
