"""The values of the preparation: settings in; stages, each with its facts, out.

Facts are numbers and names of cases, never sentences; `fmnist.narration` puts them into words.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeVar

import numpy as np

Ground = Literal["auto", "light", "dark"]
GROUNDS: tuple[Ground, ...] = ("auto", "light", "dark")
Box = tuple[float, float, float, float]
"""Left, top, right and bottom as shares of the picture as it is shown, 0 to 1."""


@dataclass(frozen=True)
class Settings:
    """What a visitor may decide about the preparation; the defaults are automatic.

    Attributes:
        ground: What the garment lies on: "light" swaps light and dark, "dark" does not, "auto" decides.
        remove_background: Whether to look for the garment; otherwise everything counts as garment.
        crop: Whether to crop to the garment.
        turns: Quarter turns clockwise.
        fill: Whether to fill outlines; None fills what looks like an outline.
        box: Where the garment is, on the picture after its turns, or None to look everywhere. Not for
            drawings.
    """

    ground: Ground = "auto"
    remove_background: bool = True
    crop: bool = True
    turns: int = 0
    fill: bool | None = None
    box: Box | None = None


AUTOMATIC = Settings()


class Origin(StrEnum):
    """Where an image that is used as it is comes from."""

    VISITOR = "visitor"
    SAMPLE = "sample"
    DATA_SET = "data set"


class Mask(StrEnum):
    """How the garment was separated from its background."""

    STROKES = "strokes"
    TRANSPARENCY = "transparency"
    EVEN_GROUND = "even ground"
    BORDER_COLOURS = "border colours"
    CHOSEN_BOX = "chosen box"
    """It was looked for in a box that the visitor has drawn."""
    WHOLE_BOX = "whole box"
    """All that is in the visitor's box: nothing stood out there, or the background was to be kept."""
    UNASKED = "unasked"
    """It was not: the visitor wanted to keep the background."""
    NOTHING_DIFFERS = "nothing differs"
    """It was not: hardly a pixel differs from the even ground."""
    NOTHING_STANDS_OUT = "nothing stands out"
    """It was not: on an uneven ground, no part differs from the colours of the border."""
    FROM_MIDDLE = "from the middle"
    """In a photo, besides the mask that was chosen: by GrabCut, starting from the middle."""
    DIFFERING = "differing"
    """In a photo, besides the mask that was chosen: whatever differs from the border's colours."""
    ONE_COLOUR = "one colour"
    """On an even ground, besides all that differs from it: the middle part of a person, of one colour."""


class Light(StrEnum):
    """How the brightness of the garment was chosen."""

    GREY = "grey"
    """Colours became grey."""
    WHITE = "white"
    """The whole garment is white, like a drawing."""
    FILLED = "filled"
    """An outline was filled, with white."""
    DIFFERENCE = "difference"
    """The brightness is the difference from the colour of an even ground."""
    LEVELLED = "levelled"
    """Grey, shifted to the brightness of garments in the data set."""


@dataclass(frozen=True)
class Received:
    """The original picture: quarter turns clockwise, 0 to 3; its stored size in pixels, turned upright."""

    turns: int
    width: int
    height: int


@dataclass(frozen=True)
class AsItIs:
    """A 28x28 image that is used as it is, or with light and dark `swapped`."""

    origin: Origin
    swapped: bool = False


@dataclass(frozen=True)
class Masked:
    """The background was made black: by which mask, and whether that left an outline."""

    mask: Mask
    outline: bool = False


@dataclass(frozen=True)
class Lit:
    """The garment was made bright: how, whether with light and dark `swapped`, whether `raised` from dim.

    A drawing is `detailed` if part of it was drawn dark and stays so.
    """

    light: Light
    swapped: bool = False
    raised: bool = False
    detailed: bool = False


@dataclass(frozen=True)
class Cropped:
    """Whether the picture was `cut` to the garment."""

    cut: bool


@dataclass(frozen=True)
class Fitted:
    """The picture became 28x28.

    Attributes:
        merged: Number of pixels merged into one; at most 1 if the picture was no larger than 28x28.
        lost: Share of the contrast (the variance) that is lost in the image, 0 to 1.
    """

    merged: float
    lost: float


Facts = Received | AsItIs | Masked | Lit | Cropped | Fitted
_Kind = TypeVar("_Kind", bound=Facts)

WAYS: tuple[tuple[type[Facts], ...], ...] = (
    (Received, AsItIs),
    (Received, Masked, Lit, Cropped, Fitted),
)
"""The stages a picture goes through: the first way if it is 28x28 and grey already, else the second."""


@dataclass(frozen=True)
class Stage:
    """One step of the preparation: what was done, and the picture after it.

    Attributes:
        image: uint8 `(height, width)` or `(height, width, 3)`.
        small: uint8 `(28, 28)`, what a model would get if the preparation ended here.
    """

    facts: Facts
    image: np.ndarray
    small: np.ndarray


@dataclass(frozen=True)
class Preparation:
    """The stages from a picture to the image a model sees: one of `WAYS`, or a ready-made image alone.

    Attributes:
        stages: In order.
        others: The garment cut out in other ways, if the mask is a guess, as in most photos, or somebody may
            wear the garment; a model's answer is the mean over all of them.
    """

    stages: tuple[Stage, ...]
    others: tuple[Stage, ...] = ()

    @classmethod
    def of_ready(cls, image: np.ndarray, origin: Origin) -> "Preparation":
        """Makes a preparation from an image, uint8 `(28, 28)`, that is used as it is."""
        return cls((Stage(AsItIs(origin), image, image),))

    @property
    def image(self) -> np.ndarray:
        """What a model sees: uint8 `(28, 28)`."""
        return self.stages[-1].image

    @property
    def images(self) -> np.ndarray:
        """The image and those by the other masks, which models see for one answer: uint8 `(n, 28, 28)`."""
        return np.stack([self.image, *(other.small for other in self.others)])

    @property
    def is_photo(self) -> bool:
        """Whether it is a picture of a thing, as a camera takes it: neither drawn nor an image already."""
        masked = self.find(Masked)
        return masked is not None and masked.mask is not Mask.STROKES and not masked.outline

    @property
    def original(self) -> np.ndarray:
        """The original picture, uint8 `(height, width)` or `(height, width, 3)`, turned if asked for."""
        return self.stages[0].image

    @property
    def was_prepared(self) -> bool:
        """Whether a visitor brought the picture; a ready-made image needs no preparation."""
        return len(self.stages) > 1

    @property
    def found_no_garment(self) -> bool:
        """Whether no garment was found although one was looked for, so that everything counts as garment."""
        masked = self.find(Masked)
        return masked is not None and masked.mask in (Mask.NOTHING_DIFFERS, Mask.NOTHING_STANDS_OUT)

    @property
    def cut_out(self) -> np.ndarray | None:
        """The picture with its background black: uint8 `(height, width, 3)`, or None without a mask."""
        return next((stage.image for stage in self.stages if isinstance(stage.facts, Masked)), None)

    def find(self, kind: type[_Kind]) -> _Kind | None:
        """Returns the facts of one kind, or None if there was no such stage."""
        return next((stage.facts for stage in self.stages if isinstance(stage.facts, kind)), None)
