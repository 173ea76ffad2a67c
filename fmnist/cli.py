"""The command line: one function a command, heavy imports inside it."""

import argparse
import contextlib
import csv
import json
import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path

from fmnist.config import CLASS_NAMES, RECIPES
from fmnist.errors import ArtifactError, FmnistError, InvalidImageError
from fmnist.words import printable, spreadsheet_text

_EXAMPLES = """examples:
  python -m fmnist download                       fetch the data set (31 MB) into the Keras cache
  python -m fmnist train simple                   train a model and publish it (about 15 minutes)
  python -m fmnist train simple --resume          go on with an interrupted training
  python -m fmnist evaluate                       recompute the published test figures from the data
  python -m fmnist predict shoe.jpg               ask every model about a picture
  python -m fmnist predict --model simple --format csv *.png > answers.csv
  python -m fmnist benchmark-photos photos        how often is each model right on photos of your own?

environment:
  FMNIST_DATA_DIR        a folder that holds the four files of the data set; only ever read
  FMNIST_ARTIFACTS_DIR   another folder of published models
"""


def download(arguments: argparse.Namespace) -> int:
    """Downloads and verifies the data set."""
    from fmnist import data

    def report(name, share):
        if sys.stderr.isatty():
            print(f"\r{name} {share:4.0%} ", end="\n" if share >= 1 else "", file=sys.stderr)

    print(f"the data set is complete in {data.download(report)}")
    return 0


def train(arguments: argparse.Namespace) -> int:
    """Trains one model on the full data set and publishes it."""
    from dataclasses import replace

    from fmnist.data import load_dataset

    dataset = load_dataset()  # before the slow import, so that a missing file is said at once
    from fmnist.training import train as train_model

    config = RECIPES[arguments.model]
    if arguments.seed is not None:
        config = replace(config, seed=arguments.seed)
    print(
        f"training {config.model_name}; Ctrl-C leaves the published models as they are, and "
        "--resume goes on later",
        flush=True,
    )
    train_model(config, dataset, lambda line: print(line, flush=True), arguments.resume)
    return 0


def evaluate(arguments: argparse.Namespace) -> int:
    """Recomputes the test figures of every published model and compares them with run.json."""
    from fmnist import artifacts, evaluation
    from fmnist.data import load_test
    from fmnist.inference import Classifier

    test = load_test()
    print(
        f"{'model':12}{'test accuracy':>14}{'95% interval':>19}{'run.json':>10}{'report':>8}"
        f"{'test loss':>11}{'report':>8}{'calibration error':>19}{'at temperature':>16}"
    )
    failures = 0
    for entry in artifacts.load_models():
        run = artifacts.load_run(entry.name)
        recorded, temperature = run.manifest["test"], run.manifest["temperature"]
        probabilities = Classifier(run.read("model.tflite")).predict_proba(test.images)
        calibrated = evaluation.apply_temperature(probabilities, temperature)
        error = evaluation.expected_calibration_error(test.labels, calibrated)
        found = evaluation.compute_metrics(test.labels, probabilities)
        report = entry.report or {}
        low, high = found["accuracy_interval"]
        print(
            f"{entry.name:12}{found['accuracy']:14.4f}{f'{low:.4f} to {high:.4f}':>19}"
            f"{recorded['accuracy']:10.4f}{report.get('test_accuracy', '-'):>8}"
            f"{found['loss']:11.4f}{report.get('test_loss', '-'):>8}{error:19.4f}{temperature:16.2f}"
        )
        failures += round(found["accuracy"], 4) != round(recorded["accuracy"], 4)
    if failures:
        print(f"{failures} of the models no longer give the recorded accuracy", file=sys.stderr)
    return 1 if failures else 0


def predict(arguments: argparse.Namespace) -> int:
    """Answers pictures with one model or all of them, without TensorFlow."""
    from fmnist import artifacts
    from fmnist.inference import Classifier

    names = [entry.name for entry in artifacts.load_models()]
    if arguments.model != "all":
        names = [arguments.model]
    classifiers, failures = {}, []
    for name in names:
        try:
            classifiers[name] = Classifier.load(name)
        except ArtifactError as error:  # the others still answer
            _complain(error)
            failures.append(name)
    if classifiers:
        write = {"table": _write_table, "csv": _write_csv, "json": _write_json}[arguments.format]
        write(_answers(classifiers, arguments.pictures, failures))
    return 1 if failures else 0


def _complain(sentence):
    """Tells what is wrong; what is quoted in it must not steer the terminal."""
    print(printable(str(sentence)), file=sys.stderr)


def _answers(classifiers, pictures, failures):
    """Yields (file, model, probabilities) for each readable picture; says why of the others."""
    for file in pictures:
        try:
            image = _prepare_file(Path(file))
        except InvalidImageError as error:
            _complain(f"{file}: {error}")
            failures.append(file)
            continue
        for name, classifier in classifiers.items():
            yield file, name, classifier.predict_proba(image[None])[0]


def _prepare_file(path):
    from fmnist.pictures.decoding import MAX_BYTES, decode
    from fmnist.preprocessing import prepare

    try:
        if not stat.S_ISREG(path.stat().st_mode):  # reading a pipe or a device may never end
            raise InvalidImageError("It is a directory, a pipe or a device: give the file of a picture.")
        with open(path, "rb") as stream:
            content = stream.read(MAX_BYTES + 1)  # one too many lets decode say that it is too large
    except OSError as error:
        raise InvalidImageError(f"The file cannot be read: {error.strerror}.") from error
    return prepare(decode(content)).image


def _write_table(answers):
    from fmnist.inference import top_predictions

    for file, name, probabilities in answers:
        ranked = ", ".join(f"{p.class_name} {p.probability:.1%}" for p in top_predictions(probabilities))
        print(printable(f"{file}  {name}: {ranked}"))


def _write_csv(answers):
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["file", "model", "class_index", "class_name", "probability"])
    for file, name, probabilities in answers:
        top = int(probabilities.argmax())
        shown = spreadsheet_text(printable(file))
        writer.writerow([shown, name, top, CLASS_NAMES[top], f"{probabilities[top]:.6f}"])


def _write_json(answers):
    rows = [
        {
            "file": file,
            "model": name,
            "class_index": int(probabilities.argmax()),
            "class_name": CLASS_NAMES[int(probabilities.argmax())],
            "probabilities": dict(zip(CLASS_NAMES, map(float, probabilities), strict=True)),
        }
        for file, name, probabilities in answers
    ]
    json.dump(rows, sys.stdout, indent=1)
    print()


def benchmark_photos(arguments: argparse.Namespace) -> int:
    """Measures every model on labelled photos, prepared in several ways, and draws a contact sheet."""
    from fmnist import artifacts, photos

    def report(done, total):
        if sys.stderr.isatty():
            print(
                f"\rprepared {done} of {total} photos ",
                end="\n" * (done == total),
                file=sys.stderr,
                flush=True,
            )

    photos.check_sheet_path(arguments.sheet)
    runs = [artifacts.load_run(entry.name) for entry in artifacts.load_models()]
    measurement = photos.measure(arguments.folder, runs, _complain, report)
    _print_photo_figures(measurement)
    if arguments.save:
        print(f"the figures are saved in {artifacts.save_photos_report(measurement.report)}")
    last = runs[-1].entry.name
    photos.save_sheet(photos.draw_sheet(measurement, last), arguments.sheet)
    print(f"the contact sheet of {last} is {arguments.sheet.resolve()}")
    return 1 if measurement.report["left_out"] else 0


def _print_photo_figures(measurement):
    """Prints an overview, then for each preparation the figures and the most telling failures."""
    import pandas as pd

    from fmnist.narration import count, describe_alarmed, percent
    from fmnist.photos import list_failures

    report = measurement.report
    tables = {variant: _tabulate_photos(by_model) for variant, by_model in report["variants"].items()}
    macro = {variant: table.loc["macro accuracy"].drop("photos") for variant, table in tables.items()}
    print(
        f"{count(report['photos'], 'photo')}, {report['left_out']} left out. Macro accuracy, the mean over "
        f"the {report['macro_classes']} classes with at least {report['min_class_photos']} photos:\n"
        f"{pd.DataFrame(macro).T.to_string()}\n" + describe_alarmed(report).replace("*", "")
    )
    for variant, table in tables.items():
        print(f"\n== {variant}\n{table.to_string()}\n\nthe surest wrong answers:")
        for name, probabilities in measurement.answers[variant].items():
            for failure in list_failures(measurement.photos, probabilities, count=5):
                photo = failure.photo
                print(
                    f"  {name:12}{printable(photo.path.name):24}{CLASS_NAMES[photo.label]:>12}, "
                    f"taken for {CLASS_NAMES[failure.said]} ({percent(failure.confidence, 0)})"
                )
    print()


def _tabulate_photos(by_model):
    """Lays out the figures of one preparation: a row each, a column for the photos and each model."""
    import pandas as pd

    from fmnist.narration import percent

    def shares(figures, write):
        rows = {name: write(share) for name, share in figures["per_class"].items()}
        return rows | {
            f"{printable(name)} background": write(s) for name, s in figures["per_background"].items()
        }

    first = next(iter(by_model.values()))
    table = {"photos": {"macro accuracy": "", "accuracy": first["size"], "95% interval": ""}}
    table["photos"] |= shares(first, lambda share: share["photos"])
    for model, figures in by_model.items():
        macro, calibration = figures["macro_accuracy"], figures["calibration"]
        table[model] = {
            "macro accuracy": "-" if macro is None else percent(macro),
            "accuracy": percent(figures["accuracy"]),
            "95% interval": " to ".join(percent(bound, 0) for bound in figures["accuracy_interval"]),
            **shares(figures, lambda share: percent(share["accuracy"], 0)),
            "mean confidence": percent(calibration["mean_confidence"]),
            "calibration error": percent(calibration["ece"]),
        }
    return pd.DataFrame(table).reindex(table[model]).fillna("")


class _Parser(argparse.ArgumentParser):
    """Says what is wrong without the control characters of a hostile argument."""

    def error(self, message):
        super().error(printable(message))


def _parse_seed(text):
    with contextlib.suppress(ValueError):
        if (seed := int(text)) in range(2**32):  # what NumPy and Keras take
            return seed
    raise argparse.ArgumentTypeError(f"a seed is a whole number from 0 to {2**32 - 1}. Received: {text[:20]}")


def build_parser() -> argparse.ArgumentParser:
    """Builds the parser of all commands."""
    parser = _Parser(
        prog="python -m fmnist",
        description="Train, check and ask Fashion-MNIST classifiers. The dashboard: README.md.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(function):
        description = function.__doc__.splitlines()[0]
        name = function.__name__.replace("_", "-")
        command = commands.add_parser(name, help=description, description=description)
        command.set_defaults(run=function)
        return command

    add(download)
    command = add(train)
    command.add_argument("model", choices=RECIPES, help="the recipe to train")
    command.add_argument("--seed", type=_parse_seed, help="another seed than the recipe's")
    command.add_argument("--resume", action="store_true", help="go on with an interrupted training")
    add(evaluate)
    command = add(predict)
    command.add_argument("--model", default="all", metavar="NAME|all", help="default: all")
    command.add_argument("--format", choices=("table", "csv", "json"), default="table")
    command.add_argument("pictures", nargs="+", metavar="PICTURE", help="PNG, JPEG, GIF, BMP or WEBP")
    command = add(benchmark_photos)
    command.add_argument(
        "folder", type=Path, metavar="DIR",
        help="holds the photos and labels.tsv: tab-separated, with the columns file, class_index, "
        "class_name and background",
    )  # fmt: skip
    command.add_argument(
        "--sheet", type=Path, default=Path("photos.png"), metavar="FILE",
        help="the new file for the contact sheet of the last model (default: photos.png)",
    )  # fmt: skip
    command.add_argument(
        "--save", action="store_true", help="keep the figures, and no photo, for the dashboard to show"
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; returns the exit status: 1 for an error said in one sentence, 2 misuse.

    It is 130 after Ctrl-C and 141 where the reader of the output has gone, as a shell reports these.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow's own notes are not for users
    if sys.stdout is None:  # closed by whoever started the program
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 (it stays open)
    sys.stdout.reconfigure(errors="backslashreplace")  # for names that the output's encoding lacks
    arguments = build_parser().parse_args(argv)
    try:
        status = arguments.run(arguments)
        sys.stdout.flush()
    except FmnistError as error:
        status = 1
        _complain(error)
    except BrokenPipeError:  # `| head` has seen enough
        status = 141
    except OSError as error:  # a full disk, a folder that may not be written to
        status = 1
        _complain(f"{error.strerror or error}: {error.filename or 'no file is named'}")
    except KeyboardInterrupt:
        status = 130
        _complain("stopped; the published models are unchanged" if arguments.run is train else "stopped")
    _finish_output()
    return status


def _finish_output():
    """Writes out what is left or, where that fails, drops it: Python would complain of it at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
