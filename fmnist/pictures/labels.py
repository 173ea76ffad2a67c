"""What a batch says itself of its pictures: labels.csv, labels.tsv, or folders named after the classes.

Unlike the labels.tsv of benchmark-photos (fmnist/photos/labels.py), which must be right in every line, these
come from visitors: they may name some of the pictures only, and what is wrong is counted, not refused. A
file made for benchmark-photos serves here too.
"""

import csv
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from fmnist.config import CLASS_NAMES

LABEL_FILES = ("labels.csv", "labels.tsv")
MAX_LABEL_BYTES = 1_000_000
_LABEL_COLUMNS = ("label", "class_name")  # the first that there is counts


@dataclass(frozen=True)
class Labels:
    """The lines of a labels file.

    Attributes:
        name: Of the file.
        by_file: The class index for each file, as the line names it, with / between folders.
        folder: Where in a zip the labels file lies, which is where its lines start from.
        unknown: Labels that are none of the ten classes, each once.
        fault: Why the file cannot be used, as a sentence; else empty.
    """

    name: str
    by_file: dict[str, int] = field(default_factory=dict)
    folder: str = ""
    unknown: tuple[str, ...] = ()
    fault: str = ""


def is_labels_file(path: str) -> bool:
    """Whether a file is one with labels, by its name."""
    return _split(path).name.lower() in LABEL_FILES


def find_class(name: str) -> int | None:
    """Returns the index of the class that a person means; case, spaces, hyphens and underscores are forgiven.

    Example:
        >>> find_class("Ankle_Boot"), find_class("T-shirt/top"), find_class("7"), find_class("hat")
        (9, 0, 7, None)
    """
    return _NUMBERS.get(name.strip(), _CLASSES.get(_plain(name)))


def _plain(name: str) -> str:
    return re.sub(r"[\s_/-]", "", name).casefold()


_CLASSES = {
    **{_plain(name): index for index, name in enumerate(CLASS_NAMES)},
    "tshirttop": 0,  # the data set's own name, "T-shirt/top"
}
_NUMBERS = {str(index): index for index in range(len(CLASS_NAMES))}


def read_labels(path: str, content: bytes) -> Labels:
    """Reads a labels file: a heading with the columns file and label, then a line for each picture.

    The label is a class by name or number; the column may also be called class_name. Columns are separated
    by tabs, commas or semicolons, whichever the heading has.

    Args:
        path: Of the file, in a zip with its folders.
        content: Its bytes, at most MAX_LABEL_BYTES.
    """
    file, name = _split(path), _split(path).name
    try:
        lines = content.decode("utf-8-sig").splitlines()
        heading = lines[0] if lines else ""
        delimiter = next((mark for mark in "\t;" if mark in heading), ",")
        reader = csv.DictReader(lines, delimiter=delimiter)
        columns = {name.strip().casefold(): name for name in reader.fieldnames or ()}
        rows = list(reader)
    except (UnicodeDecodeError, csv.Error):
        return Labels(name, fault=f"{name} cannot be read: save it as CSV in UTF-8.")
    label_column = next((columns[column] for column in _LABEL_COLUMNS if column in columns), None)
    if "file" not in columns or label_column is None:
        return Labels(name, fault=f"{name} cannot be used: its first line must be file,label.")
    by_file: dict[str, int] = {}
    unknown: dict[str, None] = {}
    for row in rows:
        label = (row[label_column] or "").strip()
        index = find_class(label)
        if index is not None:
            by_file[_split((row[columns["file"]] or "").strip()).as_posix()] = index
        elif label:
            unknown[label] = None
    return Labels(name, by_file, file.parent.as_posix(), tuple(unknown))


def label_pictures(paths: list[str], labels: Labels | None) -> tuple[list[int | None], int]:
    """Finds the true class of each picture: by its line, else by the nearest folder named after a class.

    A line names a picture by its path from where the labels file lies, or by its name alone if only one
    picture has that name.

    Returns:
        The class index of each picture, None where it is unknown; and the number of lines without a picture.
    """
    by_file = dict(labels.by_file) if labels else {}
    names = Counter(_split(path).name for path in paths)
    found: list[int | None] = []
    used = set()
    for path in map(_split, paths):
        ways = [path.as_posix()]
        if labels and path.is_relative_to(labels.folder):
            ways.insert(0, path.relative_to(labels.folder).as_posix())
        if names[path.name] == 1:
            ways.append(path.name)
        line = next((way for way in ways if way in by_file), None)
        if line is not None:
            used.add(line)
            found.append(by_file[line])
        else:
            classes = (_CLASSES.get(_plain(folder)) for folder in reversed(path.parts[:-1]))
            found.append(next((index for index in classes if index is not None), None))
    return found, len(by_file.keys() - used)


def _split(path: str) -> PurePosixPath:
    return PurePosixPath(path.replace("\\", "/"))
