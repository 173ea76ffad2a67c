"""The README's figures are those of the artifacts."""

import re

from fmnist import artifacts, evaluation
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXT = " ".join(README.split())
PREPARATIONS = {  # as the README describes them, and what the report on photos calls them
    "automatic: garment found, background removed, cropped, brightness set": "automatic",
    "background kept": "background kept",
    "grey and resize, what most demonstrations do": "grey and resize",
}


def read_table(first_column):
    """The cells of the table whose first column is called so: its heading, then its rows."""
    (table,) = re.findall(rf"^\| {first_column} \|.*\n(?:\|.*\n)+", README, re.MULTILINE)
    heading, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return heading, *rows


def test_the_table_of_results_is_the_recorded_one():
    _, *rows = read_table("model")
    expected = []
    for model in artifacts.load_models():
        test, report = model.manifest.test, model.entry.report
        low, high = test.accuracy_interval
        interval = f"{low:.4f} to {high:.4f}"
        reported = [f"{report.test_accuracy:.4f}", f"{report.test_loss:.4f}"] if report else ["-", "-"]
        expected.append(
            [model.name, f"{test.accuracy:.4f}", interval, reported[0], f"{test.loss:.4f}", reported[1]]
        )
    assert rows == expected


def test_the_table_on_photos_is_the_recorded_one():
    (_, *names), *rows = read_table("preparation")
    report = artifacts.load_photos_report()
    assert names == [*report.runs]
    assert [row[0] for row in rows] == [*PREPARATIONS]
    for described, *shares in rows:
        figures = report.variants[PREPARATIONS[described]]
        assert shares == [f"{100 * figures[name].macro_accuracy:.1f}%" for name in names]
    nine = "nine" if report.macro_classes == 9 else report.macro_classes
    assert f"Macro accuracy on {report.photos} photos" in TEXT
    assert f"the {nine} classes with at least ten photos" in TEXT and report.min_class_photos == 10


def test_what_augmentation_did_is_the_paired_comparison():
    plain, augmented, *_ = artifacts.load_models()
    assert augmented.manifest.config.augmentation
    paired = evaluation.compare_paired(
        plain.manifest.test.wrong, augmented.manifest.test.wrong, plain.manifest.test.size
    )
    low, high = (100 * limit for limit in paired["interval"])
    said = re.search(r"by (\S+) points \(95% interval (\S+) to (\S+) on the same (?:pictures|images)\)", TEXT)
    assert said.groups() == (f"{100 * paired['difference']:.2f}", f"{low:.2f}", f"{high:.2f}")
