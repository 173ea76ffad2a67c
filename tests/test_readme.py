"""The README's figures are those of the artifacts."""

import re

from fmnist import analysis, artifacts, evaluation, photos
from fmnist.words import join
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
TEXT = " ".join(README.split())
PREPARATIONS = {  # as the README describes them, and what the report on photos calls them
    "automatic: garment found, background removed, cropped, brightness set": "automatic",
    "the same, with one mask instead of the mean over up to three": "one mask",
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
    classes = {9: "nine", 10: "ten"}.get(report.macro_classes, report.macro_classes)
    assert f"Macro accuracy on {report.photos} photos" in TEXT
    assert f"the {classes} classes with at least ten photos" in TEXT and report.min_class_photos == 10


def test_what_a_look_at_the_whole_photo_adds_is_the_recorded_one():
    alone, combined = (
        artifacts.load_photos_report().opinions[name] for name in (photos.SECOND_OPINION, photos.COMBINED)
    )
    worn, other = (combined.per_worn[name].accuracy for name in ("yes", "no"))
    assert (
        f"Alone it reaches {100 * alone.macro_accuracy:.1f}%, and its combination with robust "
        f"{100 * combined.macro_accuracy:.1f}%; with worn garments {100 * worn:.0f}%, otherwise "
        f"{100 * other:.0f}%."
    ) in TEXT
    source = artifacts.load_second_opinion().manifest
    assert f"`{source.package}` {source.version}, {source.licence}" in TEXT


def test_what_augmentation_did_is_the_paired_comparison():
    plain, augmented, *_ = artifacts.load_models()
    assert augmented.manifest.config.augmentation
    paired = evaluation.compare_paired(
        plain.manifest.test.wrong, augmented.manifest.test.wrong, plain.manifest.test.size
    )
    low, high = (100 * limit for limit in paired["interval"])
    said = re.search(r"by (\S+) points \(95% interval (\S+) to (\S+) on the same (?:pictures|images)\)", TEXT)
    assert said.groups() == (f"{100 * paired['difference']:.2f}", f"{low:.2f}", f"{high:.2f}")


def test_what_many_seeds_say_is_what_the_sweeps_say():
    plain, augmented, *_ = artifacts.load_models()
    trials = [trial for name in artifacts.list_sweeps() for trial in artifacts.load_sweep(name).trials]
    reported = analysis.Reported(plain.entry.report.test_accuracy, augmented.entry.report.test_accuracy)
    found = analysis.find_out(analysis.group_trials(trials), plain.name, augmented.name, reported)
    gain, effects = found.verdict, found.curve.effects
    assert found.measure == "test_accuracy" and gain.seeds == (10, 10)
    low, high = (f"{100 * limit:.2f}" for limit in (gain.low, gain.high))
    assert (
        f"with 10 seeds each: augmentation gains {100 * gain.difference:.2f} points on the test images "
        f"(95% interval {low} to {high})"
    ) in TEXT
    helps, hurts = (join([f"{s:g}" for s, e in effects.items() if e.sign == sign]) for sign in (1, -1))
    assert f"{helps} times that strength help, and {hurts} times hurt (3 to 10 seeds each)" in TEXT
    assert (
        f"lost {-100 * reported.difference:.2f} points; so does a policy about {found.strength_of_loss:.1f} "
        f"times as strong, or stopping both after {found.epoch_of_loss} epochs: with fewer than "
        f"{found.stopping.first_phase + 1} epochs, augmentation still hurts."
    ) in TEXT
