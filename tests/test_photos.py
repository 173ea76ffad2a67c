"""Figures on photos: labels.tsv and its faults, figures checked by hand, the sheet, the saved file."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from fmnist import artifacts, photos
from fmnist.cli import main
from fmnist.confidence import Alarm, compute_strangeness
from fmnist.config import CLASS_NAMES
from fmnist.errors import ArtifactError, DataError
from fmnist.photos import LabelledPhoto, compute_figures, compute_report, find_band, list_failures

HEADING = "file\tclass_index\tclass_name\tbackground\tworn\tsource\tlicence"


def draw_trousers(width=60):
    image = Image.new("RGB", (160, 200), "white")
    pen = ImageDraw.Draw(image)
    pen.polygon([(50, 20), (50 + width, 20), (60 + width, 180), (40 + width, 180), (80, 60)], fill="navy")
    pen.polygon([(50, 20), (50 + width, 20), (80, 60), (60, 180), (40, 180)], fill="navy")
    return image


@pytest.fixture
def folder(tmp_path):
    """Two photos of trousers and one that is none, with their labels."""
    folder = tmp_path / "photos"
    folder.mkdir()
    draw_trousers().save(folder / "a.png")
    draw_trousers(50).save(folder / "b.jpg")
    (folder / "c.jpg").write_bytes(b"not a picture")
    write_labels(
        folder,
        "a.png\t1\ttrouser\twhite\tno\tmine\tCC0",
        "b.jpg\t6\tshirt\tplain\tno\tmine\tCC0",
        "c.jpg\t1\ttrouser\twhite\tno\tmine\tCC0",
    )
    return folder


def write_labels(folder, *lines, heading=HEADING):
    (folder / "labels.tsv").write_text("\n".join([heading, *lines]) + "\n", encoding="utf-8")


def benchmark(folder, *options):
    return main(["benchmark-photos", str(folder), "--sheet", str(folder.parent / "sheet.png"), *options])


def test_labels_are_read_in_order(folder):
    first, second, _ = photos.read_labels(folder)
    assert first == LabelledPhoto(folder / "a.png", 1, "white")
    assert (second.path.name, CLASS_NAMES[second.label], second.background) == ("b.jpg", "shirt", "plain")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a.png\t12\ttrouser\twhite", r"line 2, must give a class.*7 and sneaker.*'12' and 'trouser'"),
        ("a.png\t2\ttrouser\twhite", "line 2, must give a class.*'2' and 'trouser'"),
        ("a.png\tone\ttrouser\twhite", "line 2, must give a class.*'one'"),
        ("a.png", "line 2, must give a class.*'' and ''"),
        ("a.png\t1\ttrouser\t", "line 2, must say in a word"),
        ("z.png\t1\ttrouser\twhite", r"line 2, names the photo 'z\.png', which is not in the folder"),
        ("\t1\ttrouser\twhite", "line 2, names the photo ''"),
        ("", "names no photo"),
        ("a.png\t1\ttrouser\twhite\na.png\t1\ttrouser\twhite", "names a photo twice"),
    ],
)
def test_a_wrong_line_is_named(folder, line, message):
    write_labels(folder, line)
    with pytest.raises(DataError, match=message):
        photos.read_labels(folder)


@pytest.mark.parametrize("heading", ["", "file,class_index", HEADING.replace("background", "ground")])
def test_a_missing_column_is_named(folder, heading):
    write_labels(folder, heading=heading)
    with pytest.raises(DataError, match=r"lacks the column (file|background): its first line must name file"):
        photos.read_labels(folder)


def test_a_missing_folder_or_file_and_foreign_bytes_are_named(folder, tmp_path):
    with pytest.raises(DataError, match=r"There is no folder .*nowhere"):
        photos.read_labels(tmp_path / "nowhere")
    (folder / "labels.tsv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataError, match="no UTF-8 text"):
        photos.read_labels(folder)
    (folder / "labels.tsv").unlink()
    with pytest.raises(DataError, match=r"No such file.*tab-separated"):
        photos.read_labels(folder)


def sure(label, confidence=0.82):
    """Ten probabilities of an answer with this confidence, the rest shared evenly."""
    answer = np.full(10, (1 - confidence) / 9)
    answer[label] = confidence
    return answer


def test_figures_by_hand():
    # Ten coats, nine of them right, and two bags, both taken for coats.
    labels = np.array([4] * 10 + [8, 8])
    probabilities = np.array([sure(4)] * 9 + [sure(2, 0.5)] + [sure(4, 0.9)] * 2)
    backgrounds = ["white"] * 9 + ["plain"] * 3
    figures = compute_figures(labels, backgrounds, probabilities)
    assert figures["size"] == 12 and figures["accuracy"] == pytest.approx(9 / 12)
    # Wilson's interval of 9 out of 12.
    assert figures["accuracy_interval"] == pytest.approx([0.4677, 0.9111], abs=1e-4)
    assert figures["macro_accuracy"] == pytest.approx(0.9), "two bags are too few to count"
    assert figures["per_class"] == {
        "coat": {"photos": 10, "accuracy": pytest.approx(0.9)},
        "bag": {"photos": 2, "accuracy": 0},
    }
    assert figures["per_background"] == {
        "plain": {"photos": 3, "accuracy": 0},
        "white": {"photos": 9, "accuracy": 1},
    }
    assert figures["confusion_matrix"][8][4] == 2 and figures["confusion_matrix"][4][2] == 1
    assert figures["calibration"]["mean_confidence"] == pytest.approx((9 * 0.82 + 0.5 + 1.8) / 12)
    # Three bins: nine right at 0.82, one wrong at 0.5, two wrong at 0.9.
    assert figures["calibration"]["ece"] == pytest.approx((9 * 0.18 + 0.5 + 2 * 0.9) / 12)


def test_the_surest_wrong_answers_come_first():
    listed = [LabelledPhoto(Path(f"{index}.png"), 4, "white") for index in range(4)]
    probabilities = np.array([sure(4, 0.99), sure(6, 0.6), sure(2, 0.9), sure(6, 0.7)])
    first, second = list_failures(listed, probabilities, count=2)
    assert (first.photo.path.name, first.said, first.confidence) == ("2.png", 2, 0.9)
    assert second.photo.path.name == "3.png"


def test_the_temperature_of_the_run_is_applied(folder, capsys):
    (run, *_) = [artifacts.load_run(entry.name) for entry in artifacts.load_models()]
    run.manifest["temperature"] = 1e6  # leaves nothing of any confidence
    said = []
    measurement = photos.measure(folder, [run], said.append, lambda done, total: None)
    answers = measurement.answers["automatic"][run.entry.name]
    np.testing.assert_allclose(answers, 0.1, atol=1e-3)
    (sentence,) = said
    assert sentence.startswith(str(folder / "c.jpg")) and "not a picture" in sentence


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
    assert report["runs"] == {entry.name: entry.run for entry in artifacts.load_models()}
    assert (report["photos"], report["left_out"], report["macro_classes"]) == (2, 1, 0)
    assert list(report["variants"]) == list(photos.VARIANTS)
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


def test_wrong_answers_lead_the_sheet(folder):
    listed = [LabelledPhoto(folder / "a.png", 1, "white"), LabelledPhoto(folder / "b.jpg", 1, "white")]
    probabilities = np.array([sure(1, 0.9), sure(3, 0.5)])
    image = np.zeros((2, 28, 28), np.uint8)
    image[1] = 200  # of the wrong one
    measurement = photos.Measurement(
        listed, [draw_trousers()] * 2, {"automatic": image}, {"automatic": {"simple": probabilities}}, {}
    )
    sheet = np.asarray(photos.draw_sheet(measurement, "simple"))
    first, second = (np.argwhere((sheet == value).all(axis=-1)) for value in (200, 0))
    assert np.median(first[:, 1]) < np.median(second[:, 1])  # letters have grey pixels too


@pytest.fixture
def report():
    listed = [LabelledPhoto(Path("x"), 4, "white")] * 10 + [LabelledPhoto(Path("y"), 8, "plain")]
    answers = {"automatic": {"simple": np.array([sure(4)] * 10 + [sure(4)])}}
    return compute_report(listed, answers, {"simple": "simple-1"}, alarmed=0.25)


def test_answers_are_parted_by_how_sure_they_are():
    tops = (0.4, 0.5, 0.6, 0.8, 1.0)
    probabilities = np.array([sure(4, top) for top in tops])
    figures = compute_figures(np.array([4, 4, 1, 4, 4]), ["white"] * 5, probabilities)
    found = [tuple(band.values()) for band in figures["by_confidence"]]
    assert found == [(0.0, 0.5, 1, 1.0), (0.5, 0.8, 2, 0.5), (0.8, 1.0, 2, 1.0)]


def test_an_answer_finds_the_figures_of_its_own_run(report):
    entry = artifacts.ModelEntry("simple", "simple-1", "", "#000000")
    bands = report["variants"]["automatic"]["simple"]["by_confidence"]
    for confidence, expected in ((0.1, 0), (0.5, 1), (0.79, 1), (0.8, 2), (1.0, 2)):
        assert find_band(report, entry, confidence) == bands[expected]
    assert find_band(report, artifacts.ModelEntry("simple", "simple-2", "", "#000000"), 0.9) is None
    assert find_band(report, artifacts.ModelEntry("other", "simple-1", "", "#000000"), 0.9) is None
    assert find_band(None, entry, 0.9) is None


def test_the_share_of_alarms_is_that_of_the_first_preparation(own_artifacts, folder, monkeypatch):
    alarm = Alarm(np.zeros((2, 784)), 0.0, 0.05, 0.5)
    monkeypatch.setattr(artifacts.Run, "load_alarm", lambda run: alarm)
    runs = [artifacts.load_run("simple")]
    silent = photos.measure(folder, runs, lambda line: None, lambda done, of: None)
    assert silent.report["alarmed"] == 1.0
    strangeness = compute_strangeness(silent.images["automatic"], alarm.space)
    alarm = dataclasses.replace(alarm, threshold=float(strangeness.max()))
    assert photos.measure(folder, runs, lambda line: None, lambda done, of: None).report["alarmed"] == 0.5
    alarm = None
    assert photos.measure(folder, runs, lambda line: None, lambda done, of: None).report["alarmed"] is None


def test_a_report_survives_saving(own_artifacts, report):
    assert artifacts.load_photos_report() is None
    artifacts.save_photos_report(report)
    assert artifacts.load_photos_report() == report


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["photos"], 12),
        (["photos"], None),
        (["runs"], {}),
        (["runs"], {"simple": 3}),
        (["variants"], {}),
        (["variants", "automatic"], []),
        (["variants", "automatic"], {}),
        (["variants", "automatic", "simple", "accuracy"], 7),
        (["variants", "automatic", "simple", "accuracy_interval"], [0, "x"]),
        (["variants", "automatic", "simple", "macro_accuracy"], None),
        (["variants", "automatic", "simple", "confusion_matrix", 0, 0], 5),
        (["variants", "automatic", "simple", "per_class", "coat", "accuracy"], "high"),
        (["variants", "automatic", "simple", "per_class", "coat", "photos"], 3),
        (["variants", "automatic", "simple", "per_class", "<script>"], {"photos": 1, "accuracy": 1}),
        (["variants", "automatic", "simple", "per_background", "white"], 1),
        (["variants", "automatic", "simple", "calibration", "ece"], -1),
        (["variants", "automatic", "simple", "calibration"], {}),
        (["macro_classes"], 0),
        (["variants", "automatic", "simple", "by_confidence"], []),
        (["variants", "automatic", "simple", "by_confidence", 0, "accuracy"], 2),
        (["alarmed"], 1.5),
        (["alarmed"], "often"),
    ],
)
def test_a_report_that_no_page_could_show_is_refused_by_name(own_artifacts, report, keys, value):
    inner = report
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    artifacts.save_photos_report(report)
    with pytest.raises(ArtifactError, match=r"photos\.json is damaged: .*benchmark-photos DIR --save"):
        artifacts.load_photos_report()


def test_cut_short_newer_and_linked_reports_are_named(own_artifacts, report, tmp_path):
    path = artifacts.save_photos_report(report)
    path.write_text(path.read_text()[:-9])
    with pytest.raises(ArtifactError, match=r"photos\.json is damaged"):
        artifacts.load_photos_report()
    artifacts.save_photos_report({**report, "format": 3})
    with pytest.raises(ArtifactError, match=r"format 3, this program reads 2.*measure again"):
        artifacts.load_photos_report()
    path.unlink()
    path.symlink_to(tmp_path / "nowhere.json")
    with pytest.raises(ArtifactError, match="link to a place outside"):
        artifacts.load_photos_report()
