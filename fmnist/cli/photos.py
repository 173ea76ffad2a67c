"""The command that measures the models on labelled photos."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fmnist.cli.command import argument, command
from fmnist.cli.output import complain, show_progress
from fmnist.config import CLASS_NAMES
from fmnist.words import count, percent, printable

if TYPE_CHECKING:
    import pandas as pd

    from fmnist.artifacts import Group, PhotoFigures, PhotosReport, SetFigures
    from fmnist.photos import Measurement


@command(
    argument(
        "folder",
        type=Path,
        metavar="DIR",
        help="the folder with the photos and labels.tsv: tab-separated, with the columns file, class_index, "
        "class_name and background",
    ),
    argument(
        "--sheet",
        type=Path,
        default=Path("photos.png"),
        metavar="FILE",
        help="a new file for the contact sheet of the last model (default: photos.png)",
    ),
    argument("--save", action="store_true", help="save the figures, but no photos, for the dashboard"),
)
def benchmark_photos(arguments: argparse.Namespace) -> int:
    """Measures every model on labelled photos, prepared in several ways, and draws a contact sheet."""
    from fmnist import artifacts, photos
    from fmnist.second_opinion import load_second_opinion

    def report(done: int, total: int) -> None:
        show_progress(f"prepared {done} of {total} photos", complete=done == total)

    photos.check_sheet_path(arguments.sheet)
    models, opinion = artifacts.load_models(), load_second_opinion()
    measurement = photos.measure(arguments.folder, models, opinion, complain, report)
    figures = photos.report(measurement, models, opinion)
    _print_figures(measurement, figures)
    if arguments.save:
        print(f"the figures are saved in {artifacts.save_photos_report(figures)}")
    last = models[-1].name
    photos.save_sheet(photos.draw_sheet(measurement, last), arguments.sheet)
    print(f"the contact sheet for {last} is saved as {arguments.sheet.resolve()}")
    return 1 if measurement.left_out else 0


def _print_figures(measurement: "Measurement", report: "PhotosReport") -> None:
    """Prints an overview, then the figures and the most confident mistakes for each preparation."""
    import pandas as pd

    from fmnist.narration import describe_alarmed
    from fmnist.photos import list_failures

    tables = {variant: _tabulate(by_model) for variant, by_model in report.variants.items()}
    macro = {variant: table.loc["macro accuracy"].drop("photos") for variant, table in tables.items()}
    print(
        f"{count(report.photos, 'photo')}, {report.left_out} left out. Macro accuracy, the mean over "
        f"the {report.macro_classes} classes with at least {report.min_class_photos} photos:\n"
        f"{pd.DataFrame(macro).T.to_string()}\n" + describe_alarmed(report).replace("*", "")
    )
    for variant, table in tables.items():
        print(f"\n== {variant}\n{table.to_string()}\n\nthe most confident wrong answers:")
        for name, probabilities in measurement.answers[variant].items():
            for failure in list_failures(measurement.photos, probabilities, count=5):
                photo = failure.photo
                print(
                    f"  {name:12}{printable(photo.path.name):24}{CLASS_NAMES[photo.label]:>12}, "
                    f"taken for {CLASS_NAMES[failure.said]} ({percent(failure.confidence, 0)})"
                )
    if report.opinions:
        print(f"\n== with a look at the photo itself\n{_tabulate(report.opinions).to_string()}")
    print()


def _tabulate(by_model: "dict[str, PhotoFigures]") -> "pd.DataFrame":
    """Lays out the figures for one preparation: a row per figure, a column for the photos and each model."""
    import pandas as pd

    counted = next(iter(by_model.values()))  # all models' figures are for the same photos
    photos = {"accuracy": str(counted.size)} | {
        name: str(share.photos) for name, share in _shares(counted).items()
    }
    columns = {model: _list_figures(figures) for model, figures in by_model.items()}
    return pd.DataFrame({**columns, "photos": photos})[["photos", *columns]].fillna("")


def _list_figures(figures: "PhotoFigures") -> dict[str, str]:
    """Writes out the figures of one model, by row of the table."""
    macro, calibration = figures.macro_accuracy, figures.calibration
    return {
        "macro accuracy": "-" if macro is None else percent(macro),
        "accuracy": percent(figures.accuracy),
        "95% interval": " to ".join(percent(bound, 0) for bound in figures.accuracy_interval),
        **{name: percent(share.accuracy, 0) for name, share in _shares(figures).items()},
        "mean confidence": percent(calibration.mean_confidence),
        "calibration error": percent(calibration.ece),
        **_list_sets(figures.sets),
    }


def _list_sets(sets: "SetFigures | None") -> dict[str, str]:
    if sets is None:
        return {}
    promised = percent(sets.level, 0)
    return {f"in the {promised} set": percent(sets.coverage), "classes in it": f"{sets.size:.2f}"}


def _shares(figures: "PhotoFigures") -> "dict[str, Group]":
    """Returns the photos and the accuracy for each class, each background, and worn or not, by name."""
    backgrounds = {f"{printable(name)} background": share for name, share in figures.per_background.items()}
    worn = {f"worn: {printable(name)}": share for name, share in figures.per_worn.items()}
    return figures.per_class | backgrounds | worn
