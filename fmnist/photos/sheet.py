"""The contact sheet: every photo with what the models see of it and one model's answer."""

import os
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from fmnist.config import CLASS_NAMES
from fmnist.errors import DataError
from fmnist.photos.benchmark import AUTOMATIC_VARIANT
from fmnist.photos.types import THUMBNAIL, Measurement

_TILE = THUMBNAIL  # pixels per side: four for each pixel of a prepared image
_CAPTION = 36
_TILES_PER_LINE = 8
_MOST_TILES = 64  # per class, so that no folder makes a sheet too large to open
_RIGHT, _WRONG, _INK = "#0072B2", "#D55E00", "#222222"  # distinct for colour-blind readers too


def draw_sheet(measurement: Measurement, model_name: str) -> Image.Image:
    """Draws the contact sheet for one model: each photo, the 28x28 image made from it, and the answer.

    The tiles of a class stand together, wrong answers first and the most confident of each kind first. A
    tick or a cross before the answer makes the sheet readable without colour.
    """
    answers = measurement.answers[AUTOMATIC_VARIANT]
    said, confidence = answers.tops[model_name], answers.confidences[model_name]
    labels = np.array([photo.label for photo in measurement.photos])
    right = said == labels
    title = f"{model_name}, {AUTOMATIC_VARIANT} preparation: {right.sum()} of {len(labels)} photos right"
    bands = [_draw_heading(title, 26)]
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        order = members[np.lexsort((-confidence[members], right[members]))]
        heading = f"{CLASS_NAMES[label]}: {right[members].sum()} of {len(members)} right"
        if len(order) > _MOST_TILES:
            heading += f"; the first {_MOST_TILES} are shown"
        bands.append(_draw_heading(heading, 20))
        shown = [
            _draw_tile(measurement, index, int(said[index]), confidence[index])
            for index in order[:_MOST_TILES]
        ]
        blank = np.full_like(shown[0], 255)
        for start in range(0, len(shown), _TILES_PER_LINE):
            line = shown[start : start + _TILES_PER_LINE]
            bands.append(np.hstack(line + [blank] * (_TILES_PER_LINE - len(line))))
    return Image.fromarray(np.vstack(bands))


def _draw_heading(text: str, size: int) -> np.ndarray:
    band = Image.new("RGB", (_TILES_PER_LINE * (2 * _TILE + 16), size + 20), "white")
    ImageDraw.Draw(band).text((8, 10), text, _INK, ImageFont.load_default(size))
    return np.asarray(band)


def _draw_tile(measurement: Measurement, index: int, said: int, confidence: float) -> np.ndarray:
    """Draws one photo's tile: uint8 `(height, width, 3)`."""
    photo = measurement.photos[index]
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
    answer = f"{CLASS_NAMES[said]} {confidence:.0%}"
    draw.text((30, _TILE + 10), answer, colour, ImageFont.load_default(15))
    draw.text((12, _TILE + 30), photo.path.name[:34], _INK, ImageFont.load_default(11))
    return np.asarray(tile)


def check_sheet_path(path: Path) -> None:
    """Refuses a path for the sheet if a file exists there, or if none can be written there.

    Raises:
        DataError: If so.
    """
    if os.path.lexists(path):
        raise DataError(f"The file {path} exists already: name a new one with --sheet.")
    try:
        tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as error:
        raise _cannot_write(path, error) from error


def save_sheet(sheet: Image.Image, path: Path) -> None:
    """Saves the sheet as a new PNG file, either completely or not at all.

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


def _cannot_write(path: Path, error: OSError) -> DataError:
    return DataError(
        f"The contact sheet {path} cannot be written ({error.strerror or error}): name another with --sheet."
    )
