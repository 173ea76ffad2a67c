"""Outlines of ten garments to start a drawing with, one for each class, as closed curves.

Coordinates are pixels of the drawing board: x to the right, y down. They run along the middle of the
stroke, 20 pixels from the border, so that the widest brush still fits. With the usual brush the filled
shapes are about as wide as the mean silhouette of their class in the data set: sleeves hang down, a
dress is narrow. The samples cannot provide such curves, because they are built from overlapping pieces.
Shoes point to the left, like most shoes in the data set.
"""

import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

from fmnist.config import CLASS_NAMES

BOARD_SIZE = 280  # pixels per side, ten times the models' image
_FINER = 4  # drawn this many times larger and then reduced, for soft edges

Curve = tuple[tuple[int, int], ...]


def _curve(*numbers: int) -> Curve:
    """Pairs up x, y, x, y, ..."""
    return tuple(zip(numbers[::2], numbers[1::2], strict=True))


def _symmetric(*numbers: int) -> Curve:
    """Mirrors a left half, listed from the top of the centre line to its bottom, into a whole curve."""
    left = _curve(*numbers)
    right = tuple((BOARD_SIZE - x, y) for x, y in reversed(left) if x != BOARD_SIZE // 2)
    return left + right


_TSHIRT = (_symmetric(140, 44, 118, 38, 106, 20, 76, 30, 46, 98, 74, 116, 86, 96, 84, 260, 140, 260),)
_TROUSER = (_symmetric(140, 20, 94, 20, 84, 110, 76, 260, 116, 260, 140, 116),)
_PULLOVER = (
    _symmetric(140, 36, 118, 32, 108, 20, 78, 28, 60, 60, 42, 260, 72, 260, 94, 130, 90, 238, 140, 238),
)
_DRESS = (_symmetric(140, 30, 122, 20, 104, 24, 86, 64, 102, 74, 108, 120, 98, 190, 88, 260, 140, 260),)
_COAT = (_symmetric(140, 60, 122, 20, 92, 38, 70, 80, 52, 236, 80, 240, 96, 150, 80, 260, 140, 260),)
_SANDAL = (
    _curve(20, 214, 24, 194, 54, 186, 86, 140, 126, 148, 136, 178, 166, 164, 206, 124, 200, 66, 250, 60,
           260, 120, 258, 220, 236, 220, 228, 154, 176, 204, 120, 220, 28, 220),
)  # fmt: skip
_SHIRT = (
    _symmetric(140, 50, 122, 22, 108, 20, 70, 36, 58, 60, 50, 232, 80, 236, 92, 130, 88, 246, 110, 256,
               140, 260),
)  # fmt: skip
_SNEAKER = (
    _curve(20, 190, 28, 168, 56, 154, 104, 144, 148, 98, 170, 88, 188, 108, 224, 106, 250, 84, 260, 112,
           260, 206, 24, 206),
)  # fmt: skip
_BAG = (
    _symmetric(140, 116, 36, 116, 20, 256, 140, 256),
    _symmetric(140, 26, 120, 26, 96, 48, 84, 116, 140, 116),
)
_ANKLE_BOOT = (
    _curve(150, 20, 248, 24, 244, 130, 258, 190, 258, 260, 208, 260, 202, 240, 120, 252, 24, 252, 20, 226,
           38, 198, 104, 172, 144, 132),
)  # fmt: skip

_CURVES: tuple[tuple[Curve, ...], ...] = (
    _TSHIRT, _TROUSER, _PULLOVER, _DRESS, _COAT, _SANDAL, _SHIRT, _SNEAKER, _BAG, _ANKLE_BOOT,
)  # fmt: skip

OUTLINES = dict(zip(CLASS_NAMES, _CURVES, strict=True))


HALF_SNEAKER = _curve(20, 190, 28, 168, 56, 154, 104, 144, 150, 136, 200, 150, 250, 140, 260, 206, 24, 206)
"""A sneaker without its upper, drawn solid, which asks to be finished."""


def draw_outline(garment: str, width: int) -> bytes:
    """Draws a garment's outline in white on black, as the board itself shows it.

    Args:
        garment: One of CLASS_NAMES.
        width: The brush width in pixels.

    Returns:
        A PNG of BOARD_SIZE x BOARD_SIZE pixels.
    """
    return _draw(OUTLINES[garment], width)


def draw_solid(curve: Curve, width: int) -> bytes:
    """Draws a filled shape in white on black, as the board itself shows it; see `draw_outline`."""
    return _draw([curve], width, filled=True)


def _draw(curves: Sequence[Curve], width: int, filled: bool = False) -> bytes:
    image = Image.new("L", (BOARD_SIZE * _FINER,) * 2)
    pencil = ImageDraw.Draw(image)
    radius = width * _FINER / 2
    for curve in curves:
        points = [(x * _FINER, y * _FINER) for x, y in curve]
        if filled:
            pencil.polygon(points, fill=255)
        pencil.line([*points, points[0]], fill=255, width=width * _FINER)
        for x, y in points:  # round corners
            pencil.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    stream = io.BytesIO()
    image.resize((BOARD_SIZE, BOARD_SIZE), Image.Resampling.BOX).save(stream, "PNG")
    return stream.getvalue()
