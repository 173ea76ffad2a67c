"""What preparation is asked for and what it answers: settings in; stages, each with its facts, out.

Facts are numbers and names of cases, never sentences; `fmnist.narration` has the words for them.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeVar

import numpy as np

Ground = Literal["auto", "light", "dark"]
GROUNDS: tuple[Ground, ...] = ("auto", "light", "dark")


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

    ground: Ground = "auto"
    remove_background: bool = True
    crop: bool = True
    turns: int = 0
    fill: bool | None = None


AUTOMATIC = Settings()


class Origin(StrEnum):
    """Where an image comes from that is used as it is."""

    VISITOR = "visitor"
    SAMPLE = "sample"
    DATA_SET = "data set"


class Mask(StrEnum):
    """What told the garment from its background."""

    STROKES = "strokes"
    TRANSPARENCY = "transparency"
    EVEN_GROUND = "even ground"
    BORDER_COLOURS = "border colours"
    UNASKED = "unasked"
    """Nothing: the visitor wanted the background kept."""
    NOTHING_DIFFERS = "nothing differs"
    """Nothing: hardly a pixel differs from the even ground."""
    NOTHING_STANDS_OUT = "nothing stands out"
    """Nothing: on an uneven ground, no part is unlike the colours of the border."""


class Light(StrEnum):
    """How the brightness of the garment came about."""

    GREY = "grey"
    """Colours became grey."""
    WHITE = "white"
    """All of the garment is white, as is what was drawn."""
    FILLED = "filled"
    """An outline was filled, with white."""
    DIFFERENCE = "difference"
    """It is the difference from the colour of an even ground."""
    LEVELLED = "levelled"
    """Grey, shifted to the brightness that garments of the data set have."""


@dataclass(frozen=True)
class Received:
    """The picture as it came: quarter turns clockwise, 0 to 3; its stored size in pixels, turned upright."""

    turns: int
    width: int
    height: int


@dataclass(frozen=True)
class AsItIs:
    """An image of 28x28 that is used as it is, or with light and dark `swapped`."""

    origin: Origin
    swapped: bool = False


@dataclass(frozen=True)
class Masked:
    """The background became black: what told it from the garment, and whether that left an outline."""

    mask: Mask
    outline: bool = False


@dataclass(frozen=True)
class Lit:
    """The garment became bright: how, with light and dark `swapped`, dim as it was `raised`."""

    light: Light
    swapped: bool = False
    raised: bool = False


@dataclass(frozen=True)
class Cropped:
    """Whether the picture was `cut` to the garment."""

    cut: bool


@dataclass(frozen=True)
class Fitted:
    """The picture became 28x28.

    Attributes:
        merged: Pixels that became one; at most 1 where the picture was no larger than 28x28.
        lost: Share of the light and dark pattern, its variance, that the image no longer holds, 0 to 1.
    """

    merged: float
    lost: float


Facts = Received | AsItIs | Masked | Lit | Cropped | Fitted
_Kind = TypeVar("_Kind", bound=Facts)

WAYS: tuple[tuple[type[Facts], ...], ...] = (
    (Received, AsItIs),
    (Received, Masked, Lit, Cropped, Fitted),
)
"""The stages that a picture goes through: one that is 28x28 and grey already, and any other."""


@dataclass(frozen=True)
class Stage:
    """One step on the way: what was done, and the picture after it.

    Attributes:
        image: uint8 `(height, width)` or `(height, width, 3)`.
        small: uint8 `(28, 28)`, what a model would get if the preparation ended here.
    """

    facts: Facts
    image: np.ndarray
    small: np.ndarray


@dataclass(frozen=True)
class Preparation:
    """The way from a picture to the 28x28 image a model sees: one of `WAYS`, or a ready-made image alone."""

    stages: tuple[Stage, ...]

    @classmethod
    def of_ready(cls, image: np.ndarray, origin: Origin) -> "Preparation":
        """Takes an image, uint8 `(28, 28)`, as it is."""
        return cls((Stage(AsItIs(origin), image, image),))

    @property
    def image(self) -> np.ndarray:
        """What a model sees: uint8 `(28, 28)`."""
        return self.stages[-1].image

    @property
    def original(self) -> np.ndarray:
        """The picture as it came, uint8 `(height, width)` or `(height, width, 3)`, turned if asked for."""
        return self.stages[0].image

    @property
    def was_prepared(self) -> bool:
        """Whether it is a picture that somebody brought, not an image that was ready made."""
        return len(self.stages) > 1

    @property
    def found_no_garment(self) -> bool:
        """Whether a garment was looked for in vain, so that everything counts as garment."""
        masked = self.find(Masked)
        return masked is not None and masked.mask in (Mask.NOTHING_DIFFERS, Mask.NOTHING_STANDS_OUT)

    def find(self, kind: type[_Kind]) -> _Kind | None:
        """Returns the facts of one kind, or None where there was no such stage."""
        return next((stage.facts for stage in self.stages if isinstance(stage.facts, kind)), None)
