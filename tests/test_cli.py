"""The command line as a user runs it: exit status, output and errors."""

import csv
import io
import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from fmnist import artifacts
from fmnist.cli import main
from fmnist.config import CLASS_NAMES
from fmnist.inference import Classifier
from fmnist.samples import draw_samples
from tests import forging
from tests.conftest import ROOT


@pytest.fixture
def pictures(tmp_path):
    """A sneaker, a bag and a file that is no picture."""
    for index, name in ((7, "sneaker.png"), (8, "bag.png")):
        Image.fromarray(draw_samples()[index]).save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("not a picture")
    return tmp_path


def test_csv_has_the_top_answer_of_every_model(pictures, capsys):
    assert main(["predict", "--format", "csv", str(pictures / "sneaker.png")]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert list(rows[0]) == ["file", "model", "class_index", "class_name", "probability"]
    assert [row["model"] for row in rows] == [entry.name for entry in artifacts.load_models()]
    for row in rows:
        probabilities = Classifier.load(row["model"]).predict_proba(draw_samples()[7:8])[0]
        assert int(row["class_index"]) == probabilities.argmax()
        assert row["class_name"] == CLASS_NAMES[probabilities.argmax()]
        assert float(row["probability"]) == pytest.approx(probabilities.max(), abs=1e-6)


def test_json_has_all_probabilities(pictures, capsys):
    assert main(["predict", "--model", "simple", "--format", "json", str(pictures / "bag.png")]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["model"] == "simple" and row["class_name"] == "bag"
    assert sum(row["probabilities"].values()) == pytest.approx(1, abs=1e-5)


def test_an_unreadable_file_is_reported_and_the_others_are_answered(pictures, capsys):
    files = [str(pictures / name) for name in ("notes.txt", "bag.png", "missing.png", ".")]
    assert main(["predict", "--model", "simple", *files]) == 1
    printed = capsys.readouterr()
    assert "bag" in printed.out and len(printed.out.splitlines()) == 1
    refused = [line for line in printed.err.splitlines() if line.startswith(str(pictures))]
    assert len(refused) == 3
    assert "not a picture" in refused[0] and "No such file" in refused[1] and "directory" in refused[2]


def test_predict_never_imports_tensorflow_or_keras(pictures):
    script = (
        "import sys; from fmnist.cli import main;"
        "status = main(sys.argv[1:]);"
        "print(sorted({'tensorflow', 'keras', 'streamlit', 'pandas'} & set(sys.modules)), file=sys.stderr);"
        "sys.exit(status)"
    )
    command = [sys.executable, "-c", script, "predict", "--model", "all", "--format", "csv"]
    done = subprocess.run(
        [*command, str(pictures / "bag.png")], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert len(done.stdout.splitlines()) == 1 + len(artifacts.load_models())
    assert done.stderr.splitlines()[-1] == "[]"


def test_an_unknown_model_is_one_sentence(pictures, capsys):
    assert main(["predict", "--model", "best", str(pictures / "bag.png")]) == 1
    assert "no model 'best'" in capsys.readouterr().err


def test_misuse_exits_with_two(capsys):
    misuses = (["train", "other"], ["predict", "--format", "xml", "x"], ["benchmark_photos", "x"])
    for arguments in ([], ["predict"], ["benchmark-photos"], *misuses):
        with pytest.raises(SystemExit) as exit_status:
            main(arguments)
        assert exit_status.value.code == 2


def test_help_has_examples(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    printed = capsys.readouterr().out
    assert "python -m fmnist predict shoe.jpg" in printed
    assert "python -m fmnist benchmark-photos photos" in printed


@pytest.mark.parametrize("command", [["evaluate"], ["train", "simple"]])
def test_without_the_data_set_the_command_to_get_it_is_said(no_data, capsys, command):
    assert main(command) == 1
    assert "python -m fmnist download" in capsys.readouterr().err


def test_damaged_artifacts_are_named(own_artifacts, pictures, capsys):
    (own_artifacts / "models.json").write_text("{")
    assert main(["predict", str(pictures / "bag.png")]) == 1
    assert "models.json is damaged" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.dataset
def test_evaluate_finds_the_recorded_accuracy(dataset, capsys):
    assert main(["evaluate"]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    for line, entry in zip(lines, artifacts.load_models(), strict=True):
        assert line.split()[0] == entry.name
        assert float(line.split()[1]) == round(artifacts.load_run(entry.name).manifest["test"]["accuracy"], 4)


@pytest.mark.dataset
def test_evaluate_fails_where_the_record_differs(own_artifacts, dataset, capsys):
    published = json.loads((own_artifacts / "models.json").read_text())["models"]
    forging.edit(own_artifacts / "models.json", "models", value=published[:1])  # one tells as much as three
    assert main(["evaluate"]) == 1, "a tiny model's record is of another test set"
    assert "no longer give the recorded accuracy" in capsys.readouterr().err


def test_answers_equal_those_of_the_array(pictures, capsys):
    main(["predict", "--model", "simple", "--format", "json", str(pictures / "sneaker.png")])
    (row,) = json.loads(capsys.readouterr().out)
    expected = Classifier.load("simple").predict_proba(draw_samples()[7:8])[0]
    np.testing.assert_allclose(list(row["probabilities"].values()), expected, atol=1e-7)
