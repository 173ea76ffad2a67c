"""How well the models do on photos: a folder of labelled photos in, figures and a contact sheet out.

Nothing of a photo but figures leaves through the report; thumbnails leave only through the sheet.
pandas and scikit-learn are imported where they are used.
"""

import csv
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fmnist import evaluation
from fmnist.artifacts import PHOTOS_FORMAT, ModelEntry, Run
from fmnist.config import CLASS_NAMES
from fmnist.errors import DataError, InvalidImageError
from fmnist.inference import Classifier
from fmnist.pictures.decoding import decode
from fmnist.preprocessing import AUTOMATIC, Settings, prepare

LABELS_FILE = "labels.tsv"
LABEL_COLUMNS = ("file", "class_index", "class_name", "background")
"""The columns that are needed; others, such as `worn`, `source` and `licence`, may stand beside them."""

AUTOMATIC_VARIANT = "automatic"
VARIANTS = {
    AUTOMATIC_VARIANT: AUTOMATIC,
    "background kept": Settings(remove_background=False),
    "not cropped": Settings(crop=False),
    "grey and resize": Settings(ground="dark", remove_background=False, crop=False),
}
"""The preparations that are compared, by name. The first is what a visitor gets; the last is what
most demonstrations do."""

MIN_CLASS_PHOTOS = 10
"""A class with fewer photos says too little to count in the macro accuracy."""

CONFIDENCE_BANDS = (0.0, 0.5, 0.8, 1.0)
"""Where answers are parted by how sure they are: unsure, fairly sure, sure."""

_TILE = 112  # pixels a side on the contact sheet: four for each of a prepared picture's
_CAPTION = 36
_TILES_A_LINE = 8
_MOST_TILES = 64  # of one class, so that no folder makes a sheet that nothing can open
_RIGHT, _WRONG, _INK = "#0072B2", "#D55E00", "#222222"  # told apart by colour-blind eyes too


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
        thumbnails: A PIL image of at most 112 pixels a side for each.
        images: uint8 `(n, 28, 28)` for each variant.
        answers: float `(n, 10)` for each variant and model name, after the model's temperature.
        report: The figures, as plain JSON-able values; see `compute_report`.
    """

    photos: list[LabelledPhoto]
    thumbnails: list[Image.Image]
    images: dict[str, np.ndarray]
    answers: dict[str, dict[str, np.ndarray]]
    report: dict


def read_labels(folder: Path) -> list[LabelledPhoto]:
    """Reads labels.tsv: tab-separated, a heading, then one line a photo.

    Raises:
        DataError: If the folder, the file, a column or a picture is missing, or a label is wrong.
    """
    path = folder / LABELS_FILE
    if not folder.is_dir():
        raise DataError(
            f"There is no folder {folder}: give the folder that holds {LABELS_FILE} and the photos."
        )
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise DataError(
            f"The file {path} cannot be read ({reason}): it must be tab-separated text with the columns "
            f"{', '.join(LABEL_COLUMNS)}."
        ) from error
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    received = rows.fieldnames or ()
    if missing := [name for name in LABEL_COLUMNS if name not in received]:
        raise DataError(
            f"The file {path} lacks the column {missing[0]}: its first line must name "
            f"{', '.join(LABEL_COLUMNS)}, separated by tabs. Received: {', '.join(received)[:200]!r}"
        )
    photos = [_read_row(row, folder, f"The file {path}, line {rows.line_num},") for row in rows]
    if not photos:
        raise DataError(f"The file {path} names no photo: give each photo a line.")
    if len({photo.path for photo in photos}) < len(photos):
        raise DataError(f"The file {path} names a photo twice: leave one line for each.")
    return photos


def _read_row(row, folder, where):
    file, index, name, background = (row[column] or "" for column in LABEL_COLUMNS)
    known = {str(number): class_name for number, class_name in enumerate(CLASS_NAMES)}
    if known.get(index) != name:
        raise DataError(
            f"{where} must give a class of Fashion-MNIST by number and name, such as 7 and {CLASS_NAMES[7]}. "
            f"Received: {index!r} and {name!r}"
        )
    if not background:
        raise DataError(f"{where} must say in a word what the garment lies on, such as white or cluttered.")
    if not (folder / file).is_file():
        raise DataError(
            f"{where} names the photo {file!r}, which is not in the folder: add it or drop the line."
        )
    return LabelledPhoto(folder / file, int(index), background)


def measure(
    folder: Path,
    runs: Sequence[Run],
    complain: Callable[[str], None],
    progress: Callable[[int, int], None],
) -> Measurement:
    """Prepares each photo in every variant and asks every model; about half a second a photo.

    Args:
        folder: Where labels.tsv and the photos lie.
        runs: The published runs to ask.
        complain: Is told in one sentence of each photo that cannot be used; it is not counted.
        progress: Is told how many of how many photos are prepared.

    Raises:
        DataError: If labels.tsv is not as `read_labels` needs it, or no photo can be used.
        ArtifactError: If a model cannot be loaded.
    """
    listed = read_labels(folder)
    classifiers = {
        run.entry.name: Classifier(run.read("model.tflite"), run.manifest["temperature"]) for run in runs
    }
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
        variant: {name: classifier.predict_proba(batch) for name, classifier in classifiers.items()}
        for variant, batch in images.items()
    }
    alarm = next(filter(None, (run.load_alarm() for run in runs)), None)
    alarmed = float(alarm.is_raised(images[AUTOMATIC_VARIANT]).mean()) if alarm else None
    report = compute_report(photos, answers, {run.entry.name: run.entry.run for run in runs}, alarmed)
    report["left_out"] = len(listed) - len(photos)
    return Measurement(photos, thumbnails, images, answers, report)


def _prepare_photo(path):
    picture = decode(path.read_bytes())
    versions = {variant: prepare(picture, settings=settings).image for variant, settings in VARIANTS.items()}
    thumbnail = picture.image.convert("RGB")
    thumbnail.thumbnail((_TILE, _TILE), Image.Resampling.LANCZOS)
    return thumbnail, versions


def compute_report(
    photos: Sequence[LabelledPhoto],
    answers: dict[str, dict[str, np.ndarray]],
    runs: dict[str, str],
    alarmed: float | None,
) -> dict:
    """Computes what artifacts/photos.json records: figures only, as plain JSON-able values.

    Args:
        photos: The photos that were answered.
        answers: float `(n, 10)`, rows sum to 1, for each variant and model name.
        runs: The run behind each model name.
        alarmed: Share of the photos, prepared in the first variant, that raise the alarm "probably none
            of the ten", 0 to 1; None if no published model has one.

    Returns:
        `format`, number of `photos` and of those `left_out`, `runs`, `min_class_photos` and
        `macro_classes` (classes with at least so many photos, over which macro accuracies are
        taken), `alarmed`, and `variants`: for each variant and model what `compute_figures` returns.
    """
    labels = np.array([photo.label for photo in photos])
    backgrounds = [photo.background for photo in photos]
    return {
        "format": PHOTOS_FORMAT,
        "photos": len(photos),
        "left_out": 0,
        "runs": runs,
        "min_class_photos": MIN_CLASS_PHOTOS,
        "macro_classes": int((np.bincount(labels) >= MIN_CLASS_PHOTOS).sum()),
        "alarmed": alarmed,
        "variants": {
            variant: {
                name: compute_figures(labels, backgrounds, probabilities)
                for name, probabilities in by_model.items()
            }
            for variant, by_model in answers.items()
        },
    }


def compute_figures(labels: np.ndarray, backgrounds: Sequence[str], probabilities: np.ndarray) -> dict:
    """Computes the figures of one model's answers to photos prepared in one way.

    Args:
        labels: int `(n,)`, class indices.
        backgrounds: What each garment lies on.
        probabilities: float `(n, 10)`, rows sum to 1, after the model's temperature.

    Returns:
        What `evaluation.compute_metrics` returns and `macro_accuracy` (None if no class has
        enough photos), `per_class` and `per_background` (`photos` and `accuracy` of each that
        occurs), `by_confidence` (for each band of CONFIDENCE_BANDS its bounds `low` and `high`,
        `photos` and `accuracy`) and `calibration` (`ece` and `mean_confidence`, which should equal
        the accuracy).
    """
    import pandas as pd

    metrics = evaluation.compute_metrics(labels, probabilities)
    scores = evaluation.per_class_scores(np.array(metrics["confusion_matrix"]))
    per_class = scores.loc[scores["support"] > 0, ["support", "recall"]]
    macro = per_class.loc[per_class["support"] >= MIN_CLASS_PHOTOS, "recall"].mean()
    right = pd.Series(probabilities.argmax(axis=1) == labels)
    per_background = right.groupby(np.asarray(backgrounds)).agg(["size", "mean"])
    return {
        **metrics,
        "macro_accuracy": None if np.isnan(macro) else float(macro),
        "per_class": _list_shares(per_class),
        "per_background": _list_shares(per_background),
        "by_confidence": _list_bands(probabilities.max(axis=1), right.to_numpy()),
        "calibration": {
            "ece": evaluation.expected_calibration_error(labels, probabilities),
            "mean_confidence": float(probabilities.max(axis=1).mean()),
        },
    }


def _list_bands(confidences, right):
    """Counts the photos of each band of confidence and how many of their answers are right."""
    bands = []
    for low, high in pairwise(CONFIDENCE_BANDS):
        inside = (confidences >= low) & ((confidences < high) | (high == CONFIDENCE_BANDS[-1]))
        count = int(inside.sum())
        accuracy = float(right[inside].mean()) if count else 0.0
        bands.append({"low": low, "high": high, "photos": count, "accuracy": accuracy})
    return bands


def _list_shares(table):
    return {
        str(name): {"photos": int(photos), "accuracy": float(accuracy)}
        for name, photos, accuracy in table.itertuples()
    }


def find_band(report: dict | None, entry: ModelEntry, confidence: float) -> dict | None:
    """Finds what a model's answers to photos were worth when they were about as sure.

    Args:
        report: What `compute_report` returns, or None.
        entry: The model; figures of another run of it do not count.
        confidence: The highest probability of the answer in question, 0 to 1.

    Returns:
        `low`, `high`, `photos` and `accuracy` of the band, prepared as for a visitor, or None.
    """
    if report is None or report["runs"].get(entry.name) != entry.run:
        return None
    bands = next(iter(report["variants"].values()))[entry.name]["by_confidence"]
    return next((band for band in reversed(bands) if confidence >= band["low"]), None)


def list_failures(photos: Sequence[LabelledPhoto], probabilities: np.ndarray, count: int) -> list[Failure]:
    """Lists the most telling wrong answers: those the model was surest of, the surest first.

    Args:
        probabilities: float `(n, 10)`.
    """
    said, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(said != [photo.label for photo in photos])
    order = wrong[np.argsort(-confidence[wrong], kind="stable")][:count]
    return [Failure(photos[index], int(said[index]), float(confidence[index])) for index in order]


def draw_sheet(measurement: Measurement, model_name: str) -> Image.Image:
    """Draws the contact sheet of one model: each photo, the 28x28 made of it, and the answer.

    The tiles of a class stand together, wrong answers first, the surest of each kind before the
    others; a tick or a cross stands before the answer, so that it does not take colour to tell.
    """
    probabilities = measurement.answers[AUTOMATIC_VARIANT][model_name]
    labels = np.array([photo.label for photo in measurement.photos])
    right, confidence = probabilities.argmax(axis=1) == labels, probabilities.max(axis=1)
    title = f"{model_name}, {AUTOMATIC_VARIANT} preparation: {right.sum()} of {len(labels)} photos right"
    bands = [_draw_heading(title, 26)]
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        order = members[np.lexsort((-confidence[members], right[members]))]
        heading = f"{CLASS_NAMES[label]}: {right[members].sum()} of {len(members)} right"
        if len(order) > _MOST_TILES:
            heading += f"; the first {_MOST_TILES} are shown"
        bands.append(_draw_heading(heading, 20))
        shown = [_draw_tile(measurement, probabilities, index) for index in order[:_MOST_TILES]]
        blank = np.full_like(shown[0], 255)
        for start in range(0, len(shown), _TILES_A_LINE):
            line = shown[start : start + _TILES_A_LINE]
            bands.append(np.hstack(line + [blank] * (_TILES_A_LINE - len(line))))
    return Image.fromarray(np.vstack(bands))


def check_sheet_path(path: Path) -> None:
    """Refuses a place for the sheet where there is a file already, or where none can be written.

    Raises:
        DataError: If so.
    """
    if os.path.lexists(path):
        raise DataError(f"There is already a file {path}: name a new one with --sheet.")
    try:
        tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as error:
        raise _cannot_write(path, error) from error


def save_sheet(sheet: Image.Image, path: Path) -> None:
    """Saves the sheet as a new PNG file, which is there in full or not at all.

    Raises:
        DataError: If the file exists or cannot be written.
    """
    check_sheet_path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        sheet.save(temporary, format="PNG")
        os.replace(temporary, path)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _cannot_write(path, error):
    return DataError(
        f"The contact sheet {path} cannot be written ({error.strerror or error}): name another with --sheet."
    )


def _draw_heading(text, size):
    band = Image.new("RGB", (_TILES_A_LINE * (2 * _TILE + 16), size + 20), "white")
    ImageDraw.Draw(band).text((8, 10), text, _INK, ImageFont.load_default(size))
    return np.asarray(band)


def _draw_tile(measurement, probabilities, index):
    """Draws one photo's tile: uint8 `(height, width, 3)`."""
    photo, said = measurement.photos[index], int(probabilities[index].argmax())
    right = said == photo.label
    colour = _RIGHT if right else _WRONG
    tile = Image.new("RGB", (2 * _TILE + 16, _TILE + _CAPTION + 16), "white")
    draw = ImageDraw.Draw(tile)
    draw.rectangle((4, 4, 2 * _TILE + 11, _TILE + _CAPTION + 11), outline=colour, width=1 if right else 3)
    thumbnail = measurement.thumbnails[index]
    tile.paste(thumbnail, (8 + (_TILE - thumbnail.width) // 2, 8 + (_TILE - thumbnail.height) // 2))
    seen = Image.fromarray(measurement.images[AUTOMATIC_VARIANT][index])
    tile.paste(seen.resize((_TILE, _TILE), Image.Resampling.NEAREST), (8 + _TILE, 8))
    # The built-in font has no tick and no cross, so they are drawn.
    mark = [[(0, 6), (4, 11), (12, 0)]] if right else [[(1, 1), (11, 11)], [(11, 1), (1, 11)]]
    for stroke in mark:
        draw.line([(12 + x, _TILE + 13 + y) for x, y in stroke], colour, 3)
    answer = f"{CLASS_NAMES[said]} {probabilities[index, said]:.0%}"
    draw.text((30, _TILE + 10), answer, colour, ImageFont.load_default(15))
    draw.text((12, _TILE + 30), photo.path.name[:34], _INK, ImageFont.load_default(11))
    return np.asarray(tile)
