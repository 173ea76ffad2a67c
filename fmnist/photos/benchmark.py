"""Asks the models about a folder of labelled photos, prepared in several ways."""

from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image

from fmnist.answers import Answers
from fmnist.artifacts import Model
from fmnist.confidence import load_alarm, load_rule
from fmnist.errors import DataError, InvalidImageError
from fmnist.inference import Classifier
from fmnist.photos.labels import read_labels
from fmnist.photos.report import compute_report
from fmnist.photos.types import THUMBNAIL, Measurement
from fmnist.pictures.decoding import decode
from fmnist.preprocessing import AUTOMATIC, Settings, prepare

AUTOMATIC_VARIANT = "automatic"
VARIANTS = {
    AUTOMATIC_VARIANT: AUTOMATIC,
    "background kept": Settings(remove_background=False),
    "not cropped": Settings(crop=False),
    "grey and resize": Settings(ground="dark", remove_background=False, crop=False),
}
"""The preparations to compare, by name. The first is what a visitor gets; the last is what most
demonstrations do."""


def measure(
    folder: Path,
    models: Sequence[Model],
    complain: Callable[[str], None],
    progress: Callable[[int, int], None],
) -> Measurement:
    """Prepares each photo in every variant and asks every model; takes about half a second per photo.

    Args:
        folder: The folder with labels.tsv and the photos.
        models: The published models to ask.
        complain: Called with one sentence for each photo that cannot be used, which is not counted.
        progress: Called with the number of photos prepared so far and the number of all photos.

    Raises:
        DataError: If `read_labels` refuses labels.tsv, or no photo can be used.
        ArtifactError: If a model cannot be loaded.
    """
    listed = read_labels(folder)
    classifiers = {model.name: Classifier.from_run(model.run) for model in models}
    photos, thumbnails, prepared = [], [], []
    for done, photo in enumerate(listed, start=1):
        try:
            thumbnail, versions = _prepare_photo(photo.path)
        except (InvalidImageError, OSError) as error:
            complain(f"{photo.path}: {error}")
        else:
            photos.append(photo)
            thumbnails.append(thumbnail)
            prepared.append(versions)
        progress(done, len(listed))
    if not photos:
        raise DataError(f"None of the photos in {folder} can be used: see the reasons above.")
    images = {variant: np.stack([versions[variant] for versions in prepared]) for variant in VARIANTS}
    answers = {
        variant: Answers({name: classifier.predict_proba(batch) for name, classifier in classifiers.items()})
        for variant, batch in images.items()
    }
    alarm = next(filter(None, (load_alarm(model.run) for model in models)), None)
    alarmed = float(alarm.is_raised(images[AUTOMATIC_VARIANT]).mean()) if alarm else None
    rules = {model.name: rule for model in models if (rule := load_rule(model.run))}
    runs = {model.name: model.run.name for model in models}
    report = compute_report(photos, answers, runs, alarmed, rules)
    report = msgspec.structs.replace(report, left_out=len(listed) - len(photos))
    return Measurement(photos, thumbnails, images, answers, report)


def _prepare_photo(path: Path) -> tuple[Image.Image, dict[str, np.ndarray]]:
    """Returns the thumbnail of a photo, and uint8 `(28, 28)` for each variant."""
    picture = decode(path.read_bytes())
    versions = {variant: prepare(picture, settings=settings).image for variant, settings in VARIANTS.items()}
    thumbnail = picture.image.convert("RGB")
    thumbnail.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    return thumbnail, versions
