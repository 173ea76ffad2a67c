"""A card to share: a picture, the 28x28 image that the models saw of it, and what each of them said."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fmnist.pictures.tiles import letterbox
from fmnist.words import percent

CARD_SIZE = 1200, 630
"""Width and height in pixels, as social networks show a shared link."""
PROJECT = "Fashion-MNIST: see how a classifier learns"

_GROUND, _PANEL, _TRACK, _TEXT, _FAINT = "#0B0D12", "#171B24", "#2C3340", "#FFFFFF", "#A9B1BE"
_FINER = 2  # drawn this many times larger and then reduced, for soft edges

# In pixels of the card.
_LEFT, _RIGHT = 48, 1152
_HEADLINE, _PICTURES, _FOOT = 112, 204, 590  # the middle of a line, the top of the pictures, a line's middle
_SIDE = 308  # of the picture and of the image, in which each of the 28 pixels becomes 11
_IMAGE = 436  # the image's left edge
_CHIPS = 788  # the left edge of the chips
_GAP = 10  # between chips
_TALLEST = 94  # a chip
_SMALLEST = 14  # font size, or a third of the usual one; text that is still too long is shortened

_STAR = [
    (radius * np.sin(turn), -radius * np.cos(turn))
    for radius, turn in zip([1.1, 0.45] * 5, np.arange(10) * np.pi / 5, strict=True)
]
_CORNERS = {
    "square": [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)],
    "diamond": [(0, -1.1), (1.1, 0), (0, 1.1), (-1.1, 0)],
    "triangle-up": [(0, -1), (1.05, 0.85), (-1.05, 0.85)],
    "cross": [
        (-1, -0.35), (-0.35, -0.35), (-0.35, -1), (0.35, -1), (0.35, -0.35), (1, -0.35),
        (1, 0.35), (0.35, 0.35), (0.35, 1), (-0.35, 1), (-0.35, 0.35), (-1, 0.35),
    ],
    "star": _STAR,
}  # fmt: skip


@dataclass(frozen=True)
class Chip:
    """What one model said.

    Attributes:
        name: The model's.
        colour: As #rrggbb.
        symbol: Its marker as plotly calls it: circle, square, diamond, triangle-up, cross or star.
        class_name: The class that it named.
        probability: Of that class, 0 to 1.
    """

    name: str
    colour: str
    symbol: str
    class_name: str
    probability: float


def draw_card(
    picture: np.ndarray, image: np.ndarray, headline: str, chips: Sequence[Chip], address: str
) -> bytes:
    """Draws a card to share; text that is too long is set smaller, then shortened.

    Args:
        picture: The visitor's picture: uint8 `(height, width)` or `(height, width, 3)`.
        image: What the models saw of it: uint8 `(28, 28)`.
        headline: The verdict in a few words; it appears in capitals.
        chips: One to six, one per model.
        address: Where to find the page.

    Returns:
        A PNG of CARD_SIZE.
    """
    pencil = _Pencil()
    pencil.write(headline.upper(), (_LEFT, _HEADLINE), _RIGHT - _LEFT, 124, bold=True)

    top, middle = _PICTURES, _PICTURES + _SIDE / 2
    pencil.paste(letterbox(picture, _SIDE, _PANEL), _LEFT, top)
    start, end = _LEFT + _SIDE + 18, _IMAGE - 18
    pencil.fill(
        _TEXT, [(start, middle - 4), (end - 16, middle - 4), (end - 16, middle + 4), (start, middle + 4)]
    )
    pencil.fill(_TEXT, [(end - 22, middle - 18), (end, middle), (end - 22, middle + 18)])
    pencil.paste(np.kron(image, np.ones((_SIDE // len(image) * _FINER,) * 2, np.uint8)), _IMAGE, top)
    pencil.write("your picture", (_LEFT, top + _SIDE + 22), _SIDE, 20, _FAINT)
    pencil.write("what the models saw: 28 x 28", (_IMAGE, top + _SIDE + 22), _SIDE, 20, _FAINT)

    height = min(_TALLEST, (_SIDE - _GAP * (len(chips) - 1)) / len(chips))
    for number, chip in enumerate(chips):
        offset = (number - len(chips) / 2) * (height + _GAP) + _GAP / 2
        _draw_chip(pencil, chip, middle + offset, height)

    pencil.write(PROJECT, (_LEFT, _FOOT), 640, 26, bold=True)
    pencil.write(address, (_RIGHT, _FOOT), _RIGHT - _LEFT - 680, 24, _FAINT, anchor="rm")
    return pencil.finish()


def _draw_chip(pencil: "_Pencil", chip: Chip, top: float, height: float) -> None:
    """Draws marker, name, class and percentage, with a bar as long as the probability below them."""
    bottom, size = top + height, min(30.0, 0.4 * height)
    pencil.panel(_PANEL, _CHIPS, top, _RIGHT, bottom, 10)
    bar = 0.08 * height
    left, right, line = _CHIPS + 14, _RIGHT - 14, bottom - 1.9 * bar
    pencil.panel(_TRACK, left, line, right, line + bar, bar / 2)
    pencil.panel(
        chip.colour, left, line, left + max(bar, chip.probability * (right - left)), line + bar, bar / 2
    )
    middle = (top + line) / 2
    pencil.mark(chip.symbol, chip.colour, left + 14, middle, min(13.0, 0.22 * height))
    share = percent(chip.probability, 0)
    pencil.write(share, (right, middle), 80, size, anchor="rm", bold=True)
    words = left + 40
    room = right - 88 - words
    if height > 60:  # two lines
        pencil.write(chip.name, (words, middle - 0.2 * height), room, 0.62 * size, _FAINT)
        pencil.write(chip.class_name, (words, middle + 0.14 * height), room, size)
        return
    used = pencil.write(chip.name, (words, middle), 0.45 * room, 0.9 * size, _FAINT)
    pencil.write(chip.class_name, (words + used + 10, middle), room - used - 10, size)


class _Pencil:
    """Draws on a card, in pixels of the finished card."""

    def __init__(self) -> None:
        width, height = CARD_SIZE
        self._card = Image.new("RGB", (width * _FINER, height * _FINER), _GROUND)
        self._draw = ImageDraw.Draw(self._card)

    def write(
        self,
        text: str,
        place: tuple[float, float],
        room: float,
        size: float,
        colour: str = _TEXT,
        anchor: str = "lm",
        bold: bool = False,
    ) -> float:
        """Writes one line of at most `room` pixels, and returns how many it takes."""
        text, smallest = " ".join(text.split()), max(_SMALLEST, size / 3)
        while True:
            font = ImageFont.load_default(size * _FINER)
            weight = round(size * _FINER / 55) if bold else 0  # the default font has no bold face
            taken = (font.getlength(text) + 2 * weight) / _FINER
            if taken <= room or len(text) <= 1:
                break
            if size > smallest:
                size = max(smallest, min(size - 1, size * room / taken))
            else:
                text = f"{text.rstrip('…')[:-1].rstrip()}…"
        x, y = place[0] * _FINER, place[1] * _FINER
        x += -weight if anchor == "rm" else weight - font.getbbox(text, anchor=anchor)[0]
        self._draw.text((x, y), text, colour, font, anchor, stroke_width=weight, stroke_fill=colour)
        return taken

    def fill(self, colour: str, corners: Sequence[tuple[float, float]]) -> None:
        """Fills a polygon."""
        self._draw.polygon([(x * _FINER, y * _FINER) for x, y in corners], colour)

    def panel(self, colour: str, left: float, top: float, right: float, bottom: float, radius: float) -> None:
        """Fills a rectangle with round corners."""
        box = tuple(round(edge * _FINER) for edge in (left, top, right, bottom))
        self._draw.rounded_rectangle(box, radius * _FINER, colour)

    def mark(self, symbol: str, colour: str, x: float, y: float, radius: float) -> None:
        """Draws a marker."""
        if symbol in _CORNERS:
            self.fill(colour, [(x + radius * right, y + radius * down) for right, down in _CORNERS[symbol]])
        else:
            self._draw.circle((x * _FINER, y * _FINER), radius * _FINER, colour)

    def paste(self, pixels: np.ndarray, left: float, top: float) -> None:
        """Pastes pixels that are as fine as the drawing: uint8 `(height, width)` or with three colours."""
        self._card.paste(Image.fromarray(pixels).convert("RGB"), (round(left * _FINER), round(top * _FINER)))

    def finish(self) -> bytes:
        """Returns the card as a PNG."""
        stream = io.BytesIO()
        self._card.resize(CARD_SIZE, Image.Resampling.BOX).save(stream, "PNG")
        return stream.getvalue()
