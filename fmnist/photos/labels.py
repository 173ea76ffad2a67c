"""labels.tsv: the garment that each photo in a folder shows."""

import csv
from pathlib import Path

from fmnist.config import CLASS_NAMES
from fmnist.errors import DataError
from fmnist.photos.types import LabelledPhoto

LABELS_FILE = "labels.tsv"
LABEL_COLUMNS = ("file", "class_index", "class_name", "background")
"""The required columns. Others may stand beside them; `worn`, with yes or no, is counted too."""


def read_labels(folder: Path) -> list[LabelledPhoto]:
    """Reads labels.tsv: tab-separated, a heading, then one line per photo.

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
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
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
        raise DataError(f"The file {path} lists no photos: give each photo a line.")
    if len({photo.path for photo in photos}) < len(photos):
        raise DataError(f"The file {path} lists a photo twice: keep one line per photo.")
    return photos


def _read_row(row: dict[str, str | None], folder: Path, where: str) -> LabelledPhoto:
    file, index, name, background = (row[column] or "" for column in LABEL_COLUMNS)
    known = {str(number): class_name for number, class_name in enumerate(CLASS_NAMES)}
    if known.get(index) != name:
        raise DataError(
            f"{where} must give a Fashion-MNIST class by number and name, such as 7 and {CLASS_NAMES[7]}. "
            f"Received: {index!r} and {name!r}"
        )
    if not background:
        raise DataError(f"{where} must name the background in one word, such as white or cluttered.")
    if not (folder / file).is_file():
        raise DataError(
            f"{where} names the photo {file!r}, which is not in the folder: add it or delete the line."
        )
    return LabelledPhoto(folder / file, int(index), background, row.get("worn") or "")
