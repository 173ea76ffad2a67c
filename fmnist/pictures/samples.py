"""Ten garments drawn by this program, one per class, so that every page works without a download.

They are drawn ten times as large and then reduced, which gives soft edges as in the data set. Coordinates
are pixels of the finished 28x28 image: x to the right, y down. Shoes point to the left, like most shoes in
the data set.
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from fmnist.config import CLASS_NAMES, IMAGE_SIZE

_SCALE = 10


class _Pencil:
    """Draws grey shapes on black, in coordinates of the finished image."""

    def __init__(self) -> None:
        self.image = Image.new("L", (IMAGE_SIZE * _SCALE,) * 2)
        self._draw = ImageDraw.Draw(self.image)

    def fill(self, grey: int, *points: float) -> None:
        """Fills a polygon given as x, y, x, y, ..."""
        self._draw.polygon([coordinate * _SCALE for coordinate in points], fill=grey)

    def mirror(self, grey: int, *points: float) -> None:
        """Fills a polygon and its mirror image about the vertical centre line."""
        self.fill(grey, *points)
        flipped = [28 - c if position % 2 == 0 else c for position, c in enumerate(points)]
        self.fill(grey, *flipped)

    def line(self, grey: int, width: float, *points: float) -> None:
        """Draws a line through x, y, x, y, ..."""
        scaled = [coordinate * _SCALE for coordinate in points]
        self._draw.line(scaled, fill=grey, width=round(width * _SCALE), joint="curve")

    def oval(self, grey: int, left: float, top: float, right: float, bottom: float) -> None:
        """Fills an ellipse given by its box."""
        box = [coordinate * _SCALE for coordinate in (left, top, right, bottom)]
        self._draw.ellipse(box, fill=grey)


def _tshirt(pencil: _Pencil) -> None:
    pencil.mirror(200, 14, 1.5, 10.5, 0.5, 4.5, 3, 0.5, 9, 4.5, 11.5, 7, 9, 7, 27.5, 14, 27.8)
    pencil.mirror(175, 4.5, 3, 0.5, 9, 4.5, 11.5, 7, 9, 7.5, 5)
    pencil.oval(0, 10.5, -2.5, 17.5, 3)
    pencil.line(150, 0.5, 7.2, 9, 7.2, 27)
    pencil.line(150, 0.5, 20.8, 9, 20.8, 27)


def _trouser(pencil: _Pencil) -> None:
    pencil.mirror(190, 14, 0.2, 8.5, 0.2, 7.5, 10, 7.8, 27.8, 12.4, 27.8, 13.4, 9, 14, 8)
    pencil.fill(130, 8.5, 0.2, 19.5, 0.2, 19.6, 1.6, 8.4, 1.6)
    pencil.mirror(220, 9.6, 4, 9.4, 27, 10.8, 27, 11.2, 4)
    pencil.line(110, 0.4, 14, 1.6, 14, 8)


def _pullover(pencil: _Pencil) -> None:
    pencil.mirror(185, 14, 1.2, 10.5, 0.4, 7, 2, 7.3, 27.2, 14, 27.6)
    pencil.mirror(165, 8, 1.6, 4.6, 4.5, 2.2, 16, 1.8, 27, 5, 27.2, 7.2, 11)
    pencil.mirror(120, 1.8, 25.2, 1.8, 27, 5, 27.2, 5.2, 25.4)
    pencil.fill(125, 7.3, 25.6, 20.7, 25.6, 20.7, 27.4, 7.3, 27.4)
    pencil.oval(120, 10, -1.4, 18, 2.8)
    pencil.oval(20, 11, -2.2, 17, 1.8)


def _dress(pencil: _Pencil) -> None:
    pencil.mirror(205, 14, 3, 11, 0.3, 9.6, 0.3, 9.4, 5, 10.6, 10.5, 7.4, 27.2, 14, 27.8)
    pencil.oval(0, 11, -3.5, 17, 4)
    pencil.mirror(160, 10.5, 10, 10.8, 11.2, 14, 11.5, 14, 10.2)
    pencil.mirror(180, 11.4, 12, 9.6, 27, 10.6, 27, 12, 12)


def _coat(pencil: _Pencil) -> None:
    pencil.mirror(170, 14, 1.5, 10, 0.3, 6.8, 2, 6.6, 27.2, 14, 27.8)
    pencil.mirror(150, 7.4, 1.8, 4.4, 4.5, 1.8, 17, 1.6, 25.6, 5, 26, 6.8, 12)
    pencil.mirror(215, 10.2, 0.4, 13.6, 9.5, 10.4, 6)
    pencil.line(60, 0.7, 14, 6, 14, 27.6)
    pencil.mirror(110, 8, 17.5, 8, 18.6, 12, 18.2, 12, 17.2)
    for y in (11, 15, 19, 23):
        pencil.oval(40, 14.9, y, 16, y + 1.1)


def _sandal(pencil: _Pencil) -> None:
    pencil.fill(150, 0.5, 17.5, 6, 18, 16, 16.4, 24, 13.6, 27.5, 12.6, 27.5, 15, 25, 20.6, 23.6, 20.6,
                23, 16.8, 16, 18.8, 5, 20, 0.8, 19.6)  # fmt: skip
    pencil.line(215, 1.0, 3, 17.6, 6.5, 13, 10, 17)
    pencil.line(215, 1.0, 9, 17.2, 13, 11.6, 16.5, 16.2)
    pencil.line(200, 0.9, 6.5, 13, 13, 11.6, 20, 9)
    pencil.line(225, 1.0, 26.6, 13, 25, 8.4, 19.5, 9.2, 17, 15.8)


def _shirt(pencil: _Pencil) -> None:
    pencil.mirror(150, 14, 1.8, 10.4, 0.3, 6.8, 2.2, 7.4, 27.6, 14, 27.8)
    pencil.mirror(135, 7.4, 1.8, 4.2, 4.6, 2.6, 14, 2.4, 21, 5.4, 21.6, 7.4, 11)
    for x in (8.5, 10.4, 12.3):
        pencil.line(190, 0.6, x, 4, x, 27.4)
        pencil.line(190, 0.6, 28 - x, 4, 28 - x, 27.4)
    pencil.mirror(235, 10.4, 0.3, 13.8, 4, 11.2, 4.8)
    pencil.line(225, 1.2, 14, 4, 14, 27.7)
    for y in (7, 11, 15, 19, 23):
        pencil.oval(70, 13.6, y, 14.5, y + 0.9)


def _sneaker(pencil: _Pencil) -> None:
    pencil.fill(175, 0.6, 17.5, 2, 15.6, 8, 14, 13.5, 10.4, 17, 9.2, 19, 10.8, 23, 10.2, 26, 8.4, 27.4, 9.6,
                27.4, 18, 0.6, 18.6)  # fmt: skip
    pencil.fill(235, 0.3, 17.4, 10, 17.2, 27.7, 16.8, 27.7, 19.4, 20, 19.7, 1.4, 19.7)
    for x in (10, 11.8, 13.6):
        pencil.line(240, 0.5, x, 13.4 - (x - 10) / 2, x + 2.4, 14.4 - (x - 10) / 2)
    pencil.fill(110, 16, 16.4, 20, 12.4, 22, 12.4, 19, 16.4)


def _bag(pencil: _Pencil) -> None:
    pencil.line(150, 1.3, 7.4, 10, 8.4, 4, 11.5, 1.4, 16.5, 1.4, 19.6, 4, 20.6, 10)
    pencil.fill(185, 2.2, 9.4, 25.8, 9.4, 27.6, 26, 26.6, 27.4, 1.4, 27.4, 0.4, 26)
    pencil.fill(215, 2.2, 9.4, 25.8, 9.4, 26.2, 13.4, 14, 16.4, 1.8, 13.4)
    pencil.fill(90, 12.8, 14.6, 15.2, 14.6, 15.2, 17.6, 12.8, 17.6)


def _ankle_boot(pencil: _Pencil) -> None:
    pencil.fill(195, 15.2, 0.6, 26.4, 1.2, 26, 12, 27, 20, 26.8, 25, 1.6, 25.4, 0.8, 22.6, 3, 19.6, 10, 16.8,
                14.6, 12)  # fmt: skip
    pencil.fill(110, 0.6, 24.6, 27.2, 24.2, 27.2, 27.8, 21.4, 27.8, 20.8, 26.2, 1, 26.8)
    pencil.fill(140, 17.6, 2, 20.2, 2, 20.6, 11, 18, 12.4)
    pencil.line(150, 0.6, 14.6, 13, 19, 17, 26.4, 17)


_GARMENTS = (
    _tshirt, _trouser, _pullover, _dress, _coat, _sandal, _shirt, _sneaker, _bag, _ankle_boot,
)  # fmt: skip


def draw_samples() -> np.ndarray:
    """Draws the ten garments.

    Returns:
        uint8 `(10, 28, 28)`, 0-255, in the order of CLASS_NAMES; read-only.
    """
    pictures = []
    for draw, _ in zip(_GARMENTS, CLASS_NAMES, strict=True):
        pencil = _Pencil()
        draw(pencil)
        soft = pencil.image.filter(ImageFilter.GaussianBlur(0.3 * _SCALE))
        pictures.append(np.asarray(soft.resize((IMAGE_SIZE, IMAGE_SIZE), Image.Resampling.BOX)))
    samples = np.stack(pictures)
    samples.flags.writeable = False
    return samples
