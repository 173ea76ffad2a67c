"""The command line as a user runs it: exit status, output and errors."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import unicodedata

import numpy as np
import pytest
from PIL import Image

from fmnist import artifacts
from fmnist.cli import main
from fmnist.config import CLASS_NAMES
from fmnist.inference import Classifier
from fmnist.pictures.samples import draw_samples
from tests import forging
from tests.conftest import ROOT


@pytest.fixture
def pictures(tmp_path):
    """A sneaker, a bag and a file that is no picture."""
    for index, name in ((7, "sneaker.png"), (8, "bag.png")):
        Image.fromarray(draw_samples()[index]).save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("not a picture")
    return tmp_path


def command_line(*arguments):
    """What starts the command line in a process of its own."""
    return [sys.executable, "-m", "fmnist", *map(str, arguments)]


def run_alone(*arguments, **options):
    """Runs the command line in a process of its own, which must end within a minute."""
    return subprocess.run(
        command_line(*arguments), cwd=ROOT, capture_output=True, timeout=60, check=False, **options
    )


def start_alone(*arguments):
    """Starts the command line in a process of its own, which writes each line at once."""
    return subprocess.Popen(
        command_line(*arguments),
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # As at a terminal: what a shell starts in the background is deaf to Ctrl-C, and so are its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


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


def test_a_pipe_or_a_device_is_refused_at_once(pictures):
    os.mkfifo(pictures / "pipe.png")
    done = run_alone("predict", "--model", "simple", pictures / "pipe.png", "/dev/zero", pictures / "bag.png")
    assert done.returncode == 1 and len(done.stdout.splitlines()) == 1
    refused = [line for line in done.stderr.decode().splitlines() if "a pipe or a device" in line]
    assert len(refused) == 2


def test_csv_names_start_no_formula(pictures, monkeypatch, capsys):
    monkeypatch.chdir(pictures)
    names = ["+1+cmd|calc.png", "@SUM(A1).png", "=1;=2.png"]
    for name in names:
        (pictures / name).write_bytes((pictures / "bag.png").read_bytes())
    assert main(["predict", "--model", "simple", "--format", "csv", "bag.png", *names]) == 0
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert [row["file"] for row in rows] == ["bag.png", "'+1+cmd|calc.png", "'@SUM(A1).png", "'=1;'=2.png"]


@pytest.mark.parametrize("style", ["table", "csv", "json"])
def test_names_reach_a_terminal_without_codes(pictures, capsys, style):
    hostile = str(pictures / "\x1b[31mred\x9b0m\u202egnp.png")
    os.rename(pictures / "bag.png", hostile)
    assert main(["predict", "--model", "simple", "--format", style, hostile, f"{hostile}2"]) == 1
    printed = capsys.readouterr()
    assert "red" in printed.out and "red" in printed.err
    shown = (printed.out + printed.err).replace("\n", "")
    assert not [c for c in shown if unicodedata.category(c).startswith("C")]
    if style == "json":
        assert json.loads(printed.out)[0]["file"] == hostile


def test_a_hostile_option_reaches_no_terminal(capsys):
    with pytest.raises(SystemExit):
        main(["predict", "bag.png", "--\x1b[31mred.png"])
    printed = capsys.readouterr().err
    assert "red.png" in printed and "\x1b" not in printed


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
@pytest.mark.parametrize("style", ["table", "csv", "json"])
def test_a_name_that_the_output_cannot_hold_is_written_in_escapes(pictures, encoding, style):
    files = [pictures / "Jäckchen.png", pictures / os.fsdecode(b"coat\xff.png")]
    for file in files:
        file.write_bytes((pictures / "bag.png").read_bytes())
    missing = pictures / os.fsdecode(b"missing\xff.png")
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = run_alone("predict", "--model", "simple", "--format", style, *files, missing, env=environment)
    assert done.returncode == 1 and b"Traceback" not in done.stderr
    assert b"ckchen.png" in done.stdout and b"coat" in done.stdout
    assert b"missing" in done.stderr and b"No such file" in done.stderr


def read_first_line_of_many(pictures):
    """Starts a predict that would take minutes, and waits for its first answer."""
    started = start_alone("predict", "--model", "simple", *[pictures / "bag.png"] * 2_000)
    assert b"bag" in started.stdout.readline()
    return started


def test_a_reader_that_leaves_ends_it_quietly(pictures):
    with read_first_line_of_many(pictures) as started:
        started.stdout.close()
        said = started.stderr.read()
    assert started.returncode == 141
    assert b"Broken" not in said and b"Traceback" not in said


def test_what_is_written_last_may_find_no_reader_or_no_room(pictures):
    arguments = ("predict", "--model", "simple", pictures / "bag.png")
    reading, writing = os.pipe()
    os.close(reading)
    for target, status, expected in (
        (writing, 141, b""),
        (os.open("/dev/full", os.O_WRONLY), 1, b"No space"),
    ):
        done = subprocess.run(
            command_line(*arguments), cwd=ROOT, stdout=target, stderr=subprocess.PIPE, timeout=60, check=False
        )
        os.close(target)
        assert done.returncode == status
        assert expected in done.stderr and b"Exception" not in done.stderr and b"Traceback" not in done.stderr


def test_a_closed_output_is_no_reason_to_fail(pictures):
    arguments = command_line("predict", "--model", "simple", "--format", "csv", pictures / "bag.png")
    closed = ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *arguments]
    done = subprocess.run(closed, cwd=ROOT, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 0 and b"Traceback" not in done.stderr


def test_ctrl_c_says_nothing_of_models_where_none_is_trained(pictures):
    with read_first_line_of_many(pictures) as started:
        started.send_signal(signal.SIGINT)
        _, said = started.communicate(timeout=60)
    assert started.returncode == 130
    assert said.decode().splitlines()[-1] == "stopped"


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


@pytest.mark.parametrize("seed", ["-1", str(2**32), "1e3", "", "9" * 5_000])
def test_a_seed_that_no_generator_takes_is_misuse(capsys, seed):
    with pytest.raises(SystemExit) as exit_status:
        main(["train", "simple", "--seed", seed])
    assert exit_status.value.code == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert "a seed is a whole number from 0 to 4294967295" in said and len(said) < 200


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


def damage(model_name):
    file = artifacts.load_run(model_name).folder / "model.tflite"
    file.write_bytes(file.read_bytes()[:-1])


def test_a_damaged_model_does_not_keep_the_others_from_answering(own_artifacts, pictures, capsys):
    names = [entry.name for entry in artifacts.load_models()]
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


@pytest.fixture
def labelled(pictures):
    """The arguments that measure one labelled photo and draw the sheet beside it."""
    (pictures / "labels.tsv").write_text(
        "file\tclass_index\tclass_name\tbackground\nbag.png\t8\tbag\tblack\n", encoding="utf-8"
    )
    return ["benchmark-photos", str(pictures), "--sheet", str(pictures / "sheet.png")]


def test_what_labels_say_reaches_a_terminal_without_codes(own_artifacts, pictures, labelled, capsys):
    hostile = "\x1b[31mred.png"
    os.rename(pictures / "sneaker.png", pictures / hostile)
    with open(pictures / "labels.tsv", "a", encoding="utf-8") as labels:
        labels.write(f"{hostile}\t1\ttrouser\tbl\x1bue\nnotes.txt\t1\ttrouser\tw\x1bhite\n")
    assert main(labelled) == 1, "notes.txt is no picture"
    printed = capsys.readouterr()
    assert "red.png" in printed.out and "bl\ufffdue background" in printed.out
    assert "\x1b" not in printed.out + printed.err


def test_an_existing_sheet_is_kept_and_said_before_the_measuring(own_artifacts, pictures, labelled, capsys):
    (pictures / "sheet.png").write_bytes(b"mine")
    (pictures / "labels.tsv").unlink()  # the measuring would miss it
    assert main(labelled) == 1
    assert "name a new one with --sheet" in capsys.readouterr().err
    assert (pictures / "sheet.png").read_bytes() == b"mine"


def test_the_sheet_is_there_in_full_or_not_at_all(own_artifacts, pictures, labelled, capsys):
    """A limit on the size of a file stands in for the disk: the system refuses the same write."""
    resource = pytest.importorskip("resource")
    before = set(pictures.rglob("*"))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        assert main(labelled) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    said = capsys.readouterr().err
    assert "sheet.png cannot be written (File too large): name another with --sheet" in said
    assert set(pictures.rglob("*")) == before
    assert main(labelled) == 0
    assert set(pictures.rglob("*")) - before == {pictures / "sheet.png"}


def test_a_place_for_the_sheet_that_takes_none_is_said_before_the_measuring(
    own_artifacts, pictures, labelled, capsys
):
    (pictures / "labels.tsv").unlink()
    assert main([*labelled[:-1], str(pictures / "bag.png" / "sheet.png")]) == 1
    assert "cannot be written (Not a directory): name another with --sheet" in capsys.readouterr().err


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
