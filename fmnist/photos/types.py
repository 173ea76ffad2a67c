"""The benchmark's values: a labelled photo, a wrong answer, all answers."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from fmnist.answers import Answers

THUMBNAIL = 112  # pixels: the longest side of the small copy that is kept of a photo


@dataclass(frozen=True)
class LabelledPhoto:
    """A line of labels.tsv: the photo's path, its class index, its background, and whether somebody wears it.

    `worn` is empty where labels.tsv does not say.
    """

    path: Path
    label: int
    background: str
    worn: str = ""


@dataclass(frozen=True)
class Failure:
    """A wrong answer: the photo, the class index the model named, and its confidence, 0 to 1."""

    photo: LabelledPhoto
    said: int
    confidence: float


@dataclass(frozen=True)
class Measurement:
    """All answers to a folder of photos.

    Attributes:
        photos: The readable photos, in the order of labels.tsv.
        thumbnails: A PIL image for each, at most THUMBNAIL pixels high and wide.
        images: uint8 `(n, 28, 28)` for each variant, by the first mask.
        answers: All models' answers for each variant, after each model's temperature.
        views: float `(n, 2, 10)`, the second opinion on both views of each photo; None without one.
        left_out: How many photos could not be used.
    """

    photos: list[LabelledPhoto]
    thumbnails: list[Image.Image]
    images: dict[str, np.ndarray]
    answers: dict[str, Answers]
    views: np.ndarray | None
    left_out: int

    @property
    def labels(self) -> np.ndarray:
        """The true class of each photo: int `(n,)`."""
        return np.array([photo.label for photo in self.photos])
