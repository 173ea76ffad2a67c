"""What passes between the parts of the benchmark: a labelled photo, a wrong answer, all measurements."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from fmnist.answers import Answers
from fmnist.artifacts import PhotosReport

THUMBNAIL = 112  # pixels: the longest side of the small copy that is kept of a photo


@dataclass(frozen=True)
class LabelledPhoto:
    """A line of labels.tsv: where the photo lies, its class index, what it was taken on."""

    path: Path
    label: int
    background: str


@dataclass(frozen=True)
class Failure:
    """A wrong answer: the photo, what the model said and with which confidence, 0 to 1."""

    photo: LabelledPhoto
    said: int
    confidence: float


@dataclass(frozen=True)
class Measurement:
    """All that was found out about a folder of photos.

    Attributes:
        photos: Those that could be read, in the order of labels.tsv.
        thumbnails: A PIL image for each, at most THUMBNAIL pixels high and wide.
        images: uint8 `(n, 28, 28)` for each variant.
        answers: Those of all models for each variant, after each model's temperature.
        report: The figures.
    """

    photos: list[LabelledPhoto]
    thumbnails: list[Image.Image]
    images: dict[str, np.ndarray]
    answers: dict[str, Answers]
    report: PhotosReport
