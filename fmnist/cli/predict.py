"""The command that classifies pictures, without TensorFlow."""

import argparse
import csv
import json
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from fmnist.cli.command import argument, command
from fmnist.cli.output import complain
from fmnist.config import CLASS_NAMES
from fmnist.errors import ArtifactError, InvalidImageError
from fmnist.words import printable, spreadsheet_text

if TYPE_CHECKING:
    import numpy as np

    from fmnist.inference import Classifier

    Answers = Iterator[tuple[str, str, np.ndarray]]  # file, model, probabilities


@command(
    argument("--model", default="all", metavar="NAME|all", help="default: all"),
    argument("--format", choices=("table", "csv", "json"), default="table"),
    argument("pictures", nargs="+", metavar="PICTURE", help="PNG, JPEG, HEIC, WEBP, AVIF, GIF or BMP"),
)
def predict(arguments: argparse.Namespace) -> int:
    """Classifies pictures with one model or all of them, without TensorFlow."""
    from fmnist import artifacts
    from fmnist.inference import Classifier

    names = [entry.name for entry in artifacts.list_models()]
    if arguments.model != "all":
        names = [arguments.model]
    classifiers: dict[str, Classifier] = {}
    failures: list[str] = []
    for name in names:
        try:
            classifiers[name] = Classifier.from_run(artifacts.load_model(name).run)
        except ArtifactError as error:  # the others still answer
            complain(error)
            failures.append(name)
    if classifiers:
        write = {"table": _write_table, "csv": _write_csv, "json": _write_json}[arguments.format]
        write(_answers(classifiers, arguments.pictures, failures))
    return 1 if failures else 0


def _answers(classifiers: "dict[str, Classifier]", pictures: list[str], failures: list[str]) -> "Answers":
    """Yields the answers for each readable picture; says why of the others and adds them to `failures`."""
    for file in pictures:
        try:
            image = _prepare_file(Path(file))
        except InvalidImageError as error:
            complain(f"{file}: {error}")
            failures.append(file)
            continue
        for name, classifier in classifiers.items():
            yield file, name, classifier.predict_proba(image[None])[0]


def _prepare_file(path: Path) -> "np.ndarray":
    from fmnist.pictures.decoding import MAX_BYTES, decode
    from fmnist.preprocessing import prepare

    try:
        if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe or a device may never end
            raise InvalidImageError("This is a directory, a pipe or a device: give a picture file.")
        with open(path, "rb") as stream:
            content = stream.read(MAX_BYTES + 1)  # with one byte too many, decode says that it is too large
    except OSError as error:
        raise InvalidImageError(f"The file cannot be read: {error.strerror}.") from error
    return prepare(decode(content)).image


def _write_table(answers: "Answers") -> None:
    from fmnist.answers import top_predictions

    for file, name, probabilities in answers:
        ranked = ", ".join(f"{p.class_name} {p.probability:.1%}" for p in top_predictions(probabilities))
        print(printable(f"{file}  {name}: {ranked}"))


def _write_csv(answers: "Answers") -> None:
    from fmnist.answers import top_predictions

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["file", "model", "class_index", "class_name", "probability"])
    for file, name, probabilities in answers:
        (top,) = top_predictions(probabilities, 1)
        shown = spreadsheet_text(printable(file))
        writer.writerow([shown, name, top.class_index, top.class_name, f"{top.probability:.6f}"])


def _write_json(answers: "Answers") -> None:
    from fmnist.answers import top_predictions

    rows = []
    for file, name, probabilities in answers:
        (top,) = top_predictions(probabilities, 1)
        rows.append(
            {
                "file": file,
                "model": name,
                "class_index": top.class_index,
                "class_name": top.class_name,
                "probabilities": dict(zip(CLASS_NAMES, map(float, probabilities), strict=True)),
            }
        )
    json.dump(rows, sys.stdout, indent=1)
    print()
