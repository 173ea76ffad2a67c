"""photos.json: forged figures are refused, and a report is replaced in one step."""

import json
import os

import msgspec
import pytest

from fmnist import artifacts
from fmnist.artifacts import photos
from tests import forging
from tests.artifacts.conftest import load_all, refused
from tests.conftest import OTHER, published_models


@pytest.mark.parametrize(
    ("keys", "value", "match"),
    [
        (["photos"], 0, "photos must be"),
        (["left_out"], -1, "left_out must be"),
        (["runs", "<b>"], "x", "runs must be a name"),
        (["runs"], {}, "runs must be .* at least 1 entries"),
        (["alarmed"], 2, "alarmed must be"),
        (["macro_classes"], 8, "different number of classes"),
        (["min_class_photos"], 0, "min_class_photos must be"),
        (["variants", "two\nlines"], {}, "a text must be a line"),
        (
            ["variants", "automatic", OTHER, "accuracy"],
            0.7,
            f"in automatic, {OTHER} the accuracy",
        ),
        (["variants", "automatic", OTHER, "macro_accuracy"], 0.7, f"macro accuracy of automatic, {OTHER}"),
        (
            ["variants", "automatic", OTHER, "per_class", "coat", "accuracy"],
            1,
            f"classes of automatic, {OTHER}",
        ),
        (["variants", "automatic", OTHER, "per_background", "white", "photos"], 17, "do not add up"),
        (["variants", "automatic", OTHER, "per_background", "white", "accuracy"], 0.5, "do not add up"),
        (["variants", "automatic", OTHER, "by_confidence", 1, "accuracy"], 0.5, "do not add up"),
        (["variants", "automatic", OTHER, "by_confidence", 1, "low"], 0.4, "must divide the range"),
        (
            ["variants", "automatic", OTHER, "by_coverage", 1, "photos"],
            1,
            f"surest photos of automatic, {OTHER} contradict",
        ),
        (["variants", "automatic", OTHER, "by_coverage", 1, "accuracy"], 0, "contradict each other"),
        (["variants", "automatic", OTHER, "by_coverage", -1, "accuracy"], 0.9, "surest photos of automatic"),
        (
            ["variants", "automatic", OTHER, "calibration", "ece"],
            -0.1,
            "ece of calibration of automatic",
        ),
    ],
)
def test_forged_figures_on_photos_are_refused_even_with_the_right_sum(published, keys, value, match):
    forging.edit(published / "photos.json", *keys, value=value)
    with refused(rf"artifacts/photos\.json is damaged: .*{match}.*benchmark-photos DIR --save"):
        artifacts.load_photos_report()


def test_figures_on_other_photos_do_not_mix(published):
    report = json.loads((published / "photos.json").read_text())
    figures = report["variants"]["automatic"][OTHER]
    rows = figures["confusion_matrix"]
    # One coat less and one shirt more among the right answers, and everything that follows from it.
    rows[4][4], rows[6][6] = rows[4][4] - 1, rows[6][6] + 1
    for label, name in ((4, "coat"), (6, "shirt")):
        photos = sum(rows[label])
        figures["per_class"][name] = {"photos": photos, "accuracy": rows[label][label] / photos}
    enough = [share["accuracy"] for share in figures["per_class"].values() if share["photos"] >= 10]
    figures["macro_accuracy"] = sum(enough) / len(enough)
    (published / "photos.json").write_text(json.dumps(report))
    forging.reseal()
    with refused("not all for the same photos"):
        artifacts.load_photos_report()


def test_a_report_without_a_sum_and_a_sum_without_a_report_are_found(published):
    content = (published / "photos.json").read_bytes()
    (published / "photos.json").unlink()
    with refused(r"photos\.json cannot be read"):
        artifacts.load_photos_report()
    forging.reseal()
    assert artifacts.load_photos_report() is None
    (published / "photos.json").write_bytes(content)
    with refused(r"photos\.json is damaged or was changed"):
        artifacts.load_photos_report()


def at_each_step(patch, act):
    """Hands each call to the disk over to `act`."""
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        patch.setattr(os, name, lambda *where, real=real: act(lambda: real(*where)))


def crash_after(steps, call):
    if next(steps, None) is None:
        raise KeyboardInterrupt
    call()


def test_readers_find_the_old_report_or_the_new_one_at_every_step_of_saving(published, monkeypatch):
    old = artifacts.load_photos_report()
    new = msgspec.structs.replace(old, left_out=7)
    seen = []

    def look(call):
        seen.append(artifacts.load_photos_report())
        call()
        seen.append(artifacts.load_photos_report())

    at_each_step(monkeypatch, look)
    artifacts.save_photos_report(new)
    changed = seen.index(new)
    assert seen == [old] * changed + [new] * (len(seen) - changed) and changed > 0
    assert len(seen) >= 12 and not list(published.glob("photos.next.json"))


def test_a_crash_at_any_step_of_saving_leaves_a_report_and_the_next_one_is_saved(published, monkeypatch):
    old = artifacts.load_photos_report()
    for crash in range(20):
        steps = iter(range(crash))
        with monkeypatch.context() as patch:
            at_each_step(patch, lambda call, steps=steps: crash_after(steps, call))
            try:
                artifacts.save_photos_report(msgspec.structs.replace(old, left_out=100 + crash))
            except KeyboardInterrupt:
                finished = False
            else:
                finished = True
        found = artifacts.load_photos_report().left_out
        assert found in (100 + crash, 100 + crash - 1, 0)
        assert len(load_all()[0]) == len(published_models())
        if finished:
            break
        artifacts.save_photos_report(msgspec.structs.replace(old, left_out=100 + crash))
        assert artifacts.load_photos_report().left_out == 100 + crash
    assert finished and crash >= 6


def test_a_reader_whose_sum_is_overtaken_by_a_new_report_reads_again(published, monkeypatch):
    new = msgspec.structs.replace(artifacts.load_photos_report(), left_out=7)
    load_root = photos.load_root

    def load_and_be_overtaken():
        root = load_root()
        monkeypatch.setattr(photos, "load_root", load_root)
        artifacts.save_photos_report(new)
        return root

    monkeypatch.setattr(photos, "load_root", load_and_be_overtaken)
    assert artifacts.load_photos_report() == new
