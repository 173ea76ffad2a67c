"""Asks the models and the second opinion about a folder of labelled photos, prepared in several ways."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from fmnist.answers import Answers
from fmnist.artifacts import Model, PhotosReport
from fmnist.confidence import load_alarm, load_rule
from fmnist.errors import DataError, InvalidImageError
from fmnist.inference import Classifier
from fmnist.photos.labels import read_labels
from fmnist.photos.report import COMBINED, SECOND_OPINION, compute_report
from fmnist.photos.types import THUMBNAIL, Measurement
from fmnist.pictures.decoding import decode
from fmnist.preprocessing import AUTOMATIC, Settings, prepare
from fmnist.second_opinion import SecondOpinion, make_views

AUTOMATIC_VARIANT, ONE_MASK_VARIANT = "automatic", "one mask"
VARIANTS = {
    AUTOMATIC_VARIANT: AUTOMATIC,
    ONE_MASK_VARIANT: AUTOMATIC,
    "background kept": Settings(remove_background=False),
    "not cropped": Settings(crop=False),
    "grey and resize": Settings(ground="dark", remove_background=False, crop=False),
}
"""The preparations to compare, by name. The first is what a visitor gets, the mean over several masks; the
last is what most demonstrations do."""


def measure(
    folder: Path,
    models: Sequence[Model],
    opinion: SecondOpinion | None,
    complain: Callable[[str], None],
    progress: Callable[[int, int], None],
) -> Measurement:
    """Prepares each photo in every variant and asks every model; takes about half a second per photo.

    Args:
        folder: The folder with labels.tsv and the photos.
        models: The published models to ask.
        opinion: The second opinion, or None.
        complain: Called with one sentence for each photo that cannot be used, which is not counted.
        progress: Called with the number of photos prepared so far and the number of all photos.

    Raises:
        DataError: If `read_labels` refuses labels.tsv, or no photo can be used.
        ArtifactError: If a model cannot be loaded.
    """
    listed = read_labels(folder)
    classifiers = {model.name: Classifier.from_run(model.run) for model in models}
    photos, thumbnails, prepared, views = [], [], [], []
    for done, photo in enumerate(listed, start=1):
        try:
            thumbnail, versions, seen = _prepare_photo(photo.path)
        except (InvalidImageError, OSError) as error:
            complain(f"{photo.path}: {error}")
        else:
            photos.append(photo)
            thumbnails.append(thumbnail)
            prepared.append(versions)
            if opinion:
                views.append(opinion.ask_views(seen))
        progress(done, len(listed))
    if not photos:
        raise DataError(f"None of the photos in {folder} can be used: see the reasons above.")
    groups = {variant: [versions[variant] for versions in prepared] for variant in VARIANTS}
    return Measurement(
        photos,
        thumbnails,
        {variant: np.stack([images[0] for images in group]) for variant, group in groups.items()},
        {
            variant: Answers(
                {name: classifier.predict_means(group) for name, classifier in classifiers.items()}
            )
            for variant, group in groups.items()
        },
        np.stack(views) if views else None,
        len(listed) - len(photos),
    )


def _prepare_photo(path: Path) -> tuple[Image.Image, dict[str, np.ndarray], np.ndarray]:
    """Returns a thumbnail, uint8 `(k, 28, 28)` for each variant, and what the second opinion sees."""
    picture = decode(path.read_bytes())
    automatic = prepare(picture)
    versions = {AUTOMATIC_VARIANT: automatic.images, ONE_MASK_VARIANT: automatic.images[:1]}
    for variant in VARIANTS.keys() - versions.keys():
        versions[variant] = prepare(picture, settings=VARIANTS[variant]).images
    thumbnail = picture.image.convert("RGB")
    thumbnail.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
    return thumbnail, versions, make_views(automatic)


def report(measurement: Measurement, models: Sequence[Model], opinion: SecondOpinion | None) -> PhotosReport:
    """Computes the figures that the dashboard shows; see `compute_report`.

    Args:
        measurement: What `measure` returned for the same models and second opinion.
        models: The models that were asked.
        opinion: The second opinion that was asked, or None.
    """
    images = measurement.images[AUTOMATIC_VARIANT]
    alarm = next(filter(None, (load_alarm(model.run) for model in models)), None)
    return compute_report(
        measurement.photos,
        measurement.answers,
        {model.name: model.run.name for model in models},
        float(alarm.is_raised(images).mean()) if alarm else None,
        {model.name: rule for model in models if (rule := load_rule(model.run))},
        _combine(measurement, models, opinion),
        measurement.left_out,
    )


def _combine(
    measurement: Measurement, models: Sequence[Model], opinion: SecondOpinion | None
) -> dict[str, np.ndarray]:
    """Returns the second opinion's answers, alone and, if it is known how, combined with its model's."""
    if opinion is None or measurement.views is None:
        return {}
    alone = {SECOND_OPINION: measurement.views.mean(axis=1)}
    partner = opinion.find_partner(models)
    if partner is None:
        return alone
    answers = measurement.answers[AUTOMATIC_VARIANT][partner.name]
    return alone | {COMBINED: opinion.combine(answers, measurement.views)}
