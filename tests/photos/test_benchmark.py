"""The benchmark on a folder of photos, as a function and as a command."""

import dataclasses
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image

from fmnist import artifacts, photos
from fmnist.cli import main
from fmnist.confidence import Alarm, compute_strangeness
from tests.conftest import BASELINE
from tests.photos.scenes import write_labels


def benchmark(folder, *options):
    return main(["benchmark-photos", str(folder), "--sheet", str(folder.parent / "sheet.png"), *options])


def test_the_temperature_of_the_run_is_applied(folder):
    model = artifacts.load_model(BASELINE)
    hot = msgspec.structs.replace(model.manifest, temperature=1e6)  # leaves no confidence
    model = dataclasses.replace(model, run=dataclasses.replace(model.run, manifest=hot))
    said = []
    measurement = photos.measure(folder, [model], None, said.append, lambda done, total: None)
    answers = measurement.answers["automatic"][BASELINE]
    np.testing.assert_allclose(answers, 0.1, atol=1e-3)
    (sentence,) = said
    assert sentence.startswith(str(folder / "c.jpg")) and "not a picture" in sentence


def test_the_share_of_alarms_is_that_of_the_first_preparation(own_artifacts, folder, monkeypatch):
    alarm = Alarm(np.zeros((2, 784)), 0.0, 0.05, 0.5)
    monkeypatch.setattr("fmnist.photos.benchmark.load_alarm", lambda run: alarm)
    models = [artifacts.load_model(BASELINE)]
    silent = photos.measure(folder, models, None, lambda line: None, lambda done, of: None)
    assert photos.report(silent, models, None).alarmed == 1.0
    strangeness = compute_strangeness(silent.images["automatic"], alarm.space)
    alarm = dataclasses.replace(alarm, threshold=float(strangeness.max()))
    assert photos.report(silent, models, None).alarmed == 0.5
    alarm = None
    assert photos.report(silent, models, None).alarmed is None


def test_the_command_prints_saves_and_draws(own_artifacts, folder, capsys):
    assert benchmark(folder, "--save") == 1, "as with predict, a photo that cannot be used is a failure"
    printed = capsys.readouterr()
    assert "c.jpg: This file is not a picture" in printed.err
    assert "2 photos, 1 left out" in printed.out
    for words in (*photos.VARIANTS, "trouser ", "white background", "calibration error", "95% interval"):
        assert words in printed.out
    with Image.open(folder.parent / "sheet.png") as sheet:
        assert sheet.format == "PNG" and sheet.width > 1000
    content = (own_artifacts / "photos.json").read_text()
    assert not any(name in content for name in ("a.png", "b.jpg", str(folder))), "figures only"
    report = artifacts.load_photos_report()
    assert report.runs == {entry.name: entry.run for entry in artifacts.list_models()}
    assert (report.photos, report.left_out, report.macro_classes) == (2, 1, 0)
    assert list(report.variants) == list(photos.VARIANTS)
    assert not list(own_artifacts.glob(".photos*")), "no temporary file stays"


def test_without_save_only_the_sheet_is_written(own_artifacts, folder, capsys, monkeypatch):
    monkeypatch.chdir(folder.parent)
    before = {path for path in own_artifacts.rglob("*")}
    main(["benchmark-photos", str(folder)])
    assert str(folder.parent / "photos.png") in capsys.readouterr().out
    assert Path("photos.png").is_file()
    assert {path for path in own_artifacts.rglob("*")} == before
    assert artifacts.load_photos_report() is None


def test_bad_folders_and_photos_end_in_one_sentence(folder, capsys):
    assert benchmark(folder / "nowhere") == 1
    assert "There is no folder" in capsys.readouterr().err
    write_labels(folder, "c.jpg\t1\ttrouser\twhite")
    assert benchmark(folder) == 1
    assert capsys.readouterr().err.splitlines()[-1].startswith("None of the photos in ")
    write_labels(folder, "a.png\t1\ttrouser\twhite")
    assert main(["benchmark-photos", str(folder), "--sheet", str(folder / "no" / "sheet.png")]) == 1
    assert "No such file" in capsys.readouterr().err
