"""The command that classifies pictures, without TensorFlow."""

import argparse
import csv
import json
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fmnist.cli.command import argument, command
from fmnist.cli.output import complain
from fmnist.config import CLASS_NAMES
from fmnist.errors import ArtifactError, InvalidImageError
from fmnist.words import printable, spreadsheet_text

if TYPE_CHECKING:
    import numpy as np

    from fmnist.artifacts import Model
    from fmnist.confidence import Alarm
    from fmnist.inference import Classifier
    from fmnist.preprocessing import Preparation
    from fmnist.second_opinion import SecondOpinion

_OPINION, _COMBINED = "second-opinion", "combined"
_NO_GARMENT, _NONE_OF_THE_TEN = "no garment found", "probably none of the ten"


@dataclass(frozen=True)
class _Answer:
    """One answer: the file, who gives it, float `(10,)`, and what speaks against any answer, or nothing."""

    file: str
    name: str
    probabilities: "np.ndarray"
    warning: str


@dataclass(frozen=True)
class _Panel:
    """Who is asked: the models by name, of whom `shown` are listed, the second opinion, and the alarm."""

    models: "dict[str, tuple[Model, Classifier]]"
    shown: list[str]
    opinion: "SecondOpinion | None"
    alarm: "Alarm | None"


@command(
    argument("--model", default="all", metavar="NAME|all", help="default: all; also combined"),
    argument("--format", choices=("table", "csv", "json"), default="table"),
    argument("pictures", nargs="+", metavar="PICTURE", help="PNG, JPEG, HEIC, WEBP, AVIF, GIF or BMP"),
)
def predict(arguments: argparse.Namespace) -> int:
    """Classifies pictures with one model or all of them, without TensorFlow.

    On a photo the second opinion and its combination with a model answer too.
    """
    failures: list[str] = []
    panel = _gather(arguments.model, failures)
    if panel.models:
        write = {"table": _write_table, "csv": _write_csv, "json": _write_json}[arguments.format]
        write(_answers(panel, arguments.pictures, failures))
    return 1 if failures else 0


def _gather(wanted: str, failures: list[str]) -> _Panel:
    """Loads who is to answer; says why of the others and adds them to `failures`."""
    from fmnist import artifacts
    from fmnist.confidence import load_alarm
    from fmnist.inference import Classifier
    from fmnist.second_opinion import load_second_opinion

    names = [entry.name for entry in artifacts.list_models()]
    looks = wanted in ("all", _OPINION, _COMBINED)
    models, alarm, opinion = {}, None, None
    for name in names if looks else [wanted]:
        try:
            model = artifacts.load_model(name)
            models[name] = model, Classifier.from_run(model.run)
            alarm = alarm or load_alarm(model.run)
        except ArtifactError as error:  # the others still answer
            complain(error)
            failures.append(name)
    if looks:
        try:
            opinion = load_second_opinion()
        except ArtifactError as error:
            complain(error)
            failures.append(_OPINION)
    shown = [*names, _OPINION, _COMBINED] if wanted == "all" else [wanted]
    return _Panel(models, shown, opinion, alarm)


def _answers(panel: _Panel, pictures: list[str], failures: list[str]) -> Iterator[_Answer]:
    """Yields the answers for each readable picture; says why of the others and adds them to `failures`."""
    for file in pictures:
        try:
            preparation = _prepare_file(Path(file))
        except InvalidImageError as error:
            complain(f"{file}: {error}")
            failures.append(file)
            continue
        warning = _find_warning(preparation, panel.alarm)
        if warning:
            complain(f"{file}: {warning}")
        for name, probabilities in _ask(panel, preparation).items():
            if name in panel.shown:
                yield _Answer(file, name, probabilities, warning)


def _ask(panel: _Panel, preparation: "Preparation") -> "dict[str, np.ndarray]":
    """Asks everybody about one picture: float `(10,)` by name."""
    from fmnist.second_opinion import make_views

    said = {
        name: classifier.predict_means([preparation.images])[0]
        for name, (_, classifier) in panel.models.items()
    }
    if panel.opinion and preparation.is_photo:
        views = panel.opinion.ask_views(make_views(preparation))
        said[_OPINION] = views.mean(axis=0)
        partner = panel.opinion.find_partner([model for model, _ in panel.models.values()])
        if partner:
            said[_COMBINED] = panel.opinion.combine(said[partner.name][None], views[None])[0]
    return said


def _find_warning(preparation: "Preparation", alarm: "Alarm | None") -> str:
    """Says what speaks against any answer, or nothing."""
    if preparation.found_no_garment:
        return _NO_GARMENT
    return _NONE_OF_THE_TEN if alarm and alarm.is_raised(preparation.image[None])[0] else ""


def _prepare_file(path: Path) -> "Preparation":
    from fmnist.pictures.decoding import MAX_BYTES, decode
    from fmnist.preprocessing import prepare

    try:
        if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe or a device may never end
            raise InvalidImageError("This is a directory, a pipe or a device: give a picture file.")
        with open(path, "rb") as stream:
            content = stream.read(MAX_BYTES + 1)  # with one byte too many, decode says that it is too large
    except OSError as error:
        raise InvalidImageError(f"The file cannot be read: {error.strerror}.") from error
    return prepare(decode(content))


def _write_table(answers: Iterator[_Answer]) -> None:
    from fmnist.answers import top_predictions

    for answer in answers:
        ranked = ", ".join(
            f"{p.class_name} {p.probability:.1%}" for p in top_predictions(answer.probabilities)
        )
        print(printable(f"{answer.file}  {answer.name}: {ranked}"))


def _write_csv(answers: Iterator[_Answer]) -> None:
    from fmnist.answers import top_predictions

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["file", "model", "class_index", "class_name", "probability"])
    for answer in answers:
        (top,) = top_predictions(answer.probabilities, 1)
        shown = spreadsheet_text(printable(answer.file))
        writer.writerow([shown, answer.name, top.class_index, top.class_name, f"{top.probability:.6f}"])


def _write_json(answers: Iterator[_Answer]) -> None:
    from fmnist.answers import top_predictions

    rows = []
    for answer in answers:
        (top,) = top_predictions(answer.probabilities, 1)
        rows.append(
            {
                "file": answer.file,
                "model": answer.name,
                "class_index": top.class_index,
                "class_name": top.class_name,
                "warning": answer.warning,
                "probabilities": dict(zip(CLASS_NAMES, map(float, answer.probabilities), strict=True)),
            }
        )
    json.dump(rows, sys.stdout, indent=1)
    print()
