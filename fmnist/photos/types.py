"""The benchmark's values: a labelled photo, a wrong answer, a whole measurement."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from fmnist.answers import Answers
from fmnist.artifacts import PhotosReport

THUMBNAIL = 112  # pixels: the longest side of the small copy that is kept of a photo


@dataclass(frozen=True)
class LabelledPhoto:
    """A line of labels.tsv: the photo's path, its class index and its background."""

    path: Path
    label: int
    background: str


@dataclass(frozen=True)
class Failure:
    """A wrong answer: the photo, the class index the model named, and its confidence, 0 to 1."""

    photo: LabelledPhoto
    said: int
    confidence: float


@dataclass(frozen=True)
class Measurement:
    """All results for a folder of photos.

    Attributes:
        photos: The readable photos, in the order of labels.tsv.
        thumbnails: A PIL image for each, at most THUMBNAIL pixels high and wide.
        images: uint8 `(n, 28, 28)` for each variant.
        answers: All models' answers for each variant, after each model's temperature.
        report: The figures.
    """

    photos: list[LabelledPhoto]
    thumbnails: list[Image.Image]
    images: dict[str, np.ndarray]
    answers: dict[str, Answers]
    report: PhotosReport
