"""predict, as a user runs it: answers, files that cannot be read, names that are hostile."""

import csv
import io
import json
import os
import subprocess
import sys
import unicodedata

import numpy as np
import pytest
from PIL import Image

from fmnist import artifacts
from fmnist.cli import main
from fmnist.config import CLASS_NAMES
from fmnist.pictures.decoding import decode
from fmnist.pictures.samples import draw_samples
from fmnist.preprocessing import prepare
from tests.cli.running import run_alone
from tests.conftest import BASELINE, ROOT, predict
from tests.scenes import TROUSER, photograph


def test_csv_has_the_top_answer_of_every_model(pictures, capsys):
    assert main(["predict", "--format", "csv", str(pictures / "sneaker.png")]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert list(rows[0]) == ["file", "model", "class_index", "class_name", "probability"]
    assert [row["model"] for row in rows] == [entry.name for entry in artifacts.list_models()]
    for row in rows:
        probabilities = predict(row["model"], draw_samples()[7:8])[0]
        assert int(row["class_index"]) == probabilities.argmax()
        assert row["class_name"] == CLASS_NAMES[probabilities.argmax()]
        assert float(row["probability"]) == pytest.approx(probabilities.max(), abs=1e-6)


def test_a_photo_is_shown_to_the_second_opinion_too(tmp_path, capsys):
    file = tmp_path / "trousers.png"
    Image.fromarray(photograph(TROUSER, 60, 205, seed=4)[0]).save(file)
    assert main(["predict", "--format", "json", str(file)]) == 0
    rows = {row["model"]: row for row in json.loads(capsys.readouterr().out)}
    names = [entry.name for entry in artifacts.list_models()]
    assert list(rows) == [*names, "second-opinion", "combined"]
    preparation = prepare(decode(file.read_bytes()))
    for name in names:
        expected = predict(name, preparation.images).mean(axis=0)
        np.testing.assert_allclose(list(rows[name]["probabilities"].values()), expected, atol=1e-6)
    assert main(["predict", "--model", "combined", "--format", "json", str(file)]) == 0
    assert json.loads(capsys.readouterr().out) == [rows["combined"]]
    assert main(["predict", "--model", names[0], "--format", "json", str(file)]) == 0
    assert json.loads(capsys.readouterr().out) == [rows[names[0]]]


def test_what_speaks_against_any_answer_is_said_aside(tmp_path, capsys):
    file = tmp_path / "wall.png"
    noise = np.random.default_rng(0).integers(100, 140, (200, 200, 3), dtype=np.uint8)
    Image.fromarray(noise).save(file)
    assert main(["predict", "--model", "combined", "--format", "json", str(file)]) == 0
    printed = capsys.readouterr()
    assert "wall.png: no garment found" in printed.err
    assert [row["warning"] for row in json.loads(printed.out)] == ["no garment found"]


def test_json_has_all_probabilities(pictures, capsys):
    assert main(["predict", "--model", BASELINE, "--format", "json", str(pictures / "bag.png")]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["model"] == BASELINE and row["class_name"] == "bag"
    assert sum(row["probabilities"].values()) == pytest.approx(1, abs=1e-5)


def test_answers_equal_those_of_the_array(pictures, capsys):
    main(["predict", "--model", BASELINE, "--format", "json", str(pictures / "sneaker.png")])
    (row,) = json.loads(capsys.readouterr().out)
    expected = predict(BASELINE, draw_samples()[7:8])[0]
    np.testing.assert_allclose(list(row["probabilities"].values()), expected, atol=1e-7)


def test_an_unreadable_file_is_reported_and_the_others_are_answered(pictures, capsys):
    files = [str(pictures / name) for name in ("notes.txt", "bag.png", "missing.png", ".")]
    assert main(["predict", "--model", BASELINE, *files]) == 1
    printed = capsys.readouterr()
    assert "bag" in printed.out and len(printed.out.splitlines()) == 1
    refused = [line for line in printed.err.splitlines() if line.startswith(str(pictures))]
    assert len(refused) == 3
    assert "not a picture" in refused[0] and "No such file" in refused[1] and "directory" in refused[2]


def test_a_pipe_or_a_device_is_refused_at_once(pictures):
    os.mkfifo(pictures / "pipe.png")
    done = run_alone("predict", "--model", BASELINE, pictures / "pipe.png", "/dev/zero", pictures / "bag.png")
    assert done.returncode == 1 and len(done.stdout.splitlines()) == 1
    refused = [line for line in done.stderr.decode().splitlines() if "a pipe or a device" in line]
    assert len(refused) == 2


def test_csv_names_start_no_formula(pictures, monkeypatch, capsys):
    monkeypatch.chdir(pictures)
    names = ["+1+cmd|calc.png", "@SUM(A1).png", "=1;=2.png"]
    for name in names:
        (pictures / name).write_bytes((pictures / "bag.png").read_bytes())
    assert main(["predict", "--model", BASELINE, "--format", "csv", "bag.png", *names]) == 0
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert [row["file"] for row in rows] == ["bag.png", "'+1+cmd|calc.png", "'@SUM(A1).png", "'=1;'=2.png"]


@pytest.mark.parametrize("style", ["table", "csv", "json"])
def test_names_reach_a_terminal_without_codes(pictures, capsys, style):
    hostile = str(pictures / "\x1b[31mred\x9b0m\u202egnp.png")
    os.rename(pictures / "bag.png", hostile)
    assert main(["predict", "--model", BASELINE, "--format", style, hostile, f"{hostile}2"]) == 1
    printed = capsys.readouterr()
    assert "red" in printed.out and "red" in printed.err
    shown = (printed.out + printed.err).replace("\n", "")
    assert not [c for c in shown if unicodedata.category(c).startswith("C")]
    if style == "json":
        assert json.loads(printed.out)[0]["file"] == hostile


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
@pytest.mark.parametrize("style", ["table", "csv", "json"])
def test_a_name_that_the_output_cannot_hold_is_written_in_escapes(pictures, encoding, style):
    files = [pictures / "Jäckchen.png", pictures / os.fsdecode(b"coat\xff.png")]
    for file in files:
        file.write_bytes((pictures / "bag.png").read_bytes())
    missing = pictures / os.fsdecode(b"missing\xff.png")
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = run_alone("predict", "--model", BASELINE, "--format", style, *files, missing, env=environment)
    assert done.returncode == 1 and b"Traceback" not in done.stderr
    assert b"ckchen.png" in done.stdout and b"coat" in done.stdout
    assert b"missing" in done.stderr and b"No such file" in done.stderr


def test_predict_imports_nothing_slow_that_it_does_not_need(pictures):
    script = (
        "import sys; from fmnist.cli import main;"
        "status = main(sys.argv[1:]);"
        "slow = {'tensorflow', 'keras', 'streamlit', 'pandas', 'numpy.random'};"
        "print(sorted(slow & set(sys.modules)), file=sys.stderr);"
        "sys.exit(status)"
    )
    command = [sys.executable, "-c", script, "predict", "--model", "all", "--format", "csv"]
    done = subprocess.run(
        [*command, str(pictures / "bag.png")], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert len(done.stdout.splitlines()) == 1 + len(artifacts.list_models())
    assert done.stderr.splitlines()[-1] == "[]"


def test_an_unknown_model_is_one_sentence(pictures, capsys):
    assert main(["predict", "--model", "best", str(pictures / "bag.png")]) == 1
    assert "no model 'best'" in capsys.readouterr().err


def test_damaged_artifacts_are_named(own_artifacts, pictures, capsys):
    (own_artifacts / "models.json").write_text("{")
    assert main(["predict", str(pictures / "bag.png")]) == 1
    assert "models.json is damaged" in capsys.readouterr().err


def damage(model_name):
    file = artifacts.load_model(model_name).run.folder / "model.tflite"
    file.write_bytes(file.read_bytes()[:-1])


def test_a_damaged_model_does_not_keep_the_others_from_answering(own_artifacts, pictures, capsys):
    names = [entry.name for entry in artifacts.list_models()]
    damage(names[1])
    assert main(["predict", "--format", "json", str(pictures / "bag.png")]) == 1
    printed = capsys.readouterr()
    assert [row["model"] for row in json.loads(printed.out)] == [names[0], *names[2:]]
    assert f"{names[1]}-" in printed.err and "is damaged or was changed" in printed.err
    for name in (names[0], *names[2:]):
        damage(name)
    assert main(["predict", str(pictures / "bag.png")]) == 1
    printed = capsys.readouterr()
    assert printed.out == "" and len(printed.err.splitlines()) == len(names)
