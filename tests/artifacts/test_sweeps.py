"""The tables of sweeps: what is saved is loaded, and whatever else lies there is refused in one sentence."""

import io
import json
import subprocess
import sys
from pathlib import Path

import msgspec
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fmnist import artifacts
from fmnist.artifacts.trials import encode_sweep
from fmnist.errors import ArtifactError, TrainingError
from tests.artifacts.conftest import refused
from tests.conftest import ROOT
from tests.sweeping import build_trial

ONE = build_trial("simple-seed1")
OTHER = build_trial(
    "augmented-strength0.5-seed2",
    key="b" * 64,
    epochs=2,
    recipe="augmented",
    strength=0.5,
    seed=2**32 - 1,
    train_share=1 / 3,
    overrides='{"decay": null}',
    test_accuracy=0.25,
    test_loss=1.125,
    run="sweep-ours-b",
)
SWEEP = artifacts.Sweep("ours", ("simple-seed1", "simple-seed2", "augmented-strength0.5-seed2"), (ONE, OTHER))


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def table(folder):
    artifacts.save_sweep(SWEEP)
    return folder / "sweeps" / "ours" / "trials.parquet"


def test_what_is_saved_is_loaded(table):
    assert artifacts.list_sweeps() == ["ours"]
    assert artifacts.load_sweep("ours") == SWEEP
    loaded = artifacts.load_sweep("ours").trials[1]
    assert loaded.train_share == 1 / 3, "to the last bit"
    np.testing.assert_array_equal(loaded.answers, np.array([0, 9, 3], np.uint8))
    history = loaded.load_history()
    assert tuple(history.columns) == artifacts.HISTORY_COLUMNS
    assert history["epoch"].tolist() == [1, 2] and history["val_loss"].tolist() == [1.0, 0.5]


def test_the_table_can_be_read_by_anybody(table):
    """By pandas as it is, and as the frame that the loader gives."""
    foreign = pd.read_parquet(table)
    assert foreign["trial"].tolist() == ["simple-seed1", "augmented-strength0.5-seed2"]
    assert foreign["val_accuracy"].tolist() == [ONE.val_accuracy, OTHER.val_accuracy]
    assert [row["val_loss"] for row in foreign["history"][1]] == [1.0, 0.5]
    frame = artifacts.load_sweep("ours").to_frame()
    assert frame.columns.tolist() == foreign.columns.tolist()
    assert frame.groupby("recipe")["val_accuracy"].mean().to_dict() == {
        "simple": ONE.val_accuracy,
        "augmented": OTHER.val_accuracy,
    }


def test_a_sweep_without_finished_trials():
    empty = artifacts.Sweep("ours", ("simple-seed1",), ())
    artifacts.save_sweep(empty)
    assert artifacts.load_sweep("ours") == empty and len(empty.to_frame()) == 0


def test_saving_replaces_in_one_step(table):
    before = table.stat().st_ino
    artifacts.save_sweep(artifacts.Sweep("ours", SWEEP.planned, (ONE,)))
    assert table.stat().st_ino != before, "a new file was renamed over the old one"
    assert [path.name for path in table.parent.iterdir()] == ["trials.parquet"], "and nothing is left over"


def run_alone(script):
    """Runs Python code in a process of its own and returns what it printed."""
    return subprocess.run(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT, check=True
    ).stdout


def test_loading_needs_no_tensorflow(table):
    script = (
        "import sys; from fmnist import artifacts; artifacts.load_sweep('ours');"
        "print(*{'tensorflow', 'keras', 'streamlit', 'sklearn'} & set(sys.modules))"
    )
    assert run_alone(script) == "\n"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="only Linux lists a process's threads")
def test_loading_leaves_no_thread_behind(table):
    """One that still ran when Python ended would abort it, once in some thousand times."""
    script = (
        "import os, pyarrow.parquet; from fmnist import artifacts; before = os.listdir('/proc/self/task');"
        "artifacts.load_sweep('ours'); print(len(os.listdir('/proc/self/task')) - len(before))"
    )
    assert run_alone(script) == "0\n"


def test_a_missing_sweep_is_one_sentence(folder):
    assert artifacts.list_sweeps() == []
    with refused(r"artifacts/sweeps/none/trials\.parquet cannot be read \(No such file"):
        artifacts.load_sweep("none")
    with refused(r"artifacts/sweeps/none/sweep\.toml cannot be read"):
        artifacts.load_plan("none")


def test_the_table_of_another_sweep_is_refused(table):
    table.parent.rename(table.parent.with_name("theirs"))
    with refused("theirs/trials.parquet is damaged: it belongs to the sweep ours"):
        artifacts.load_sweep("theirs")


def test_a_newer_format_is_not_called_damaged(table):
    rewrite(table, lambda header: header | {"format": 9, "more": 1})
    with refused("has format 9, but this program reads formats up to 1: update the program"):
        artifacts.load_sweep("ours")


def rewrite(table, change_header=lambda header: header, change_rows=lambda rows: rows):
    """Writes a table again, as another program would that keeps its header."""
    stored = pq.read_table(table)
    header = change_header(json.loads(stored.schema.metadata[b"fmnist"]))
    schema = stored.schema.with_metadata({b"fmnist": json.dumps(header).encode()})
    pq.write_table(pa.Table.from_pylist(change_rows(stored.to_pylist()), schema), table)


def test_a_changed_figure_is_noticed(table):
    def better(rows):
        rows[0]["val_accuracy"] = 0.99
        return rows

    rewrite(table)
    assert artifacts.load_sweep("ours") == SWEEP, "how Parquet stores it does not matter"
    rewrite(table, change_rows=better)
    with refused("no longer matches its own SHA-256"):
        artifacts.load_sweep("ours")


@pytest.mark.parametrize(
    "change",
    [lambda rows: rows[:1], lambda rows: rows[::-1]],
    ids=["a trial is gone", "the order"],
)
def test_a_changed_list_of_trials_is_noticed(table, change):
    rewrite(table, change_rows=change)
    with refused("no longer matches its own SHA-256"):
        artifacts.load_sweep("ours")


def forge(**changes):
    """A trial that its own type would refuse, as a forger would write it, under a sum that fits."""
    trial = msgspec.structs.replace(ONE)
    for name, value in changes.items():
        msgspec.structs.force_setattr(trial, name, value)
    return trial


ROWS = ONE.history


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"trial": "../../etc"}, "trial of row 1 must be"),
        ({"trial": "<b>"}, "trial of row 1 must be the name of a trial, received '<b>'"),
        ({"key": "a"}, "key of row 1 must be a SHA-256"),
        ({"recipe": "A b"}, "recipe of row 1 must be a name"),
        ({"run": "../../elsewhere"}, "run of row 1 must be the name of a folder"),
        ({"strength": -1.0}, "strength of row 1 must be a number of at least 0, received -1"),
        ({"strength": float("nan")}, "strength of row 1 must be"),
        ({"train_share": 1.5}, "train_share of row 1 must be"),
        ({"seed": -1}, "seed of row 1 must be a whole number"),
        ({"val_accuracy": 1.01}, "val_accuracy of row 1 must be"),
        ({"val_loss": float("nan")}, "val_loss of row 1 must be"),
        ({"val_loss": None}, "val_loss of row 1 must be a number, received None"),
        ({"history": ()}, "history of row 1 must be"),
        ({"history": ROWS[1:], "epochs_run": 2}, "the epochs of the history are not those of the trial"),
        ({"epochs_run": 4}, "the epochs of the history are not those of the trial"),
        ({"kept_epoch": 2}, "the kept epoch is not the one with the lowest validation loss"),
        ({"best_val_accuracy": 0.8}, "the best accuracy contradicts the history"),
        ({"best_accuracy_epoch": 1}, "the best accuracy contradicts the history"),
        ({"validation_answers": b""}, "the answers are not classes"),
        ({"validation_answers": b"\x00\x0a"}, "the answers are not classes"),
        ({"backend": "two\nlines"}, "backend of row 1 must be a line of at most 2,000 printable"),
        ({"overrides": "x" * 2001}, "overrides of row 1 must be"),
    ],
)
def test_forged_values_are_refused_even_with_the_right_sum(table, changes, match):
    table.write_bytes(encode_sweep(artifacts.Sweep("ours", ("simple-seed1",), (forge(**changes),))))
    with refused(match):
        artifacts.load_sweep("ours")


def test_trials_that_do_not_go_together_are_refused(table):
    table.write_bytes(encode_sweep(artifacts.Sweep("ours", (), (ONE, ONE))))
    with refused("a trial occurs twice"):
        artifacts.load_sweep("ours")
    shorter = msgspec.structs.replace(OTHER, validation_answers=b"\x01")
    table.write_bytes(encode_sweep(artifacts.Sweep("ours", (), (ONE, shorter))))
    with refused("answered different numbers of images"):
        artifacts.load_sweep("ours")


def write_foreign(**columns):
    stream = io.BytesIO()
    pd.DataFrame(columns).to_parquet(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "it is not a Parquet table"),
        (b"PAR1PAR1", "it is not a Parquet table"),
        (b"trial,recipe\n1,simple\n", "it is not a Parquet table"),
        (write_foreign(a=[1]), "it is not the table of a sweep"),
        (write_foreign(trial=["a"], key=["b"]), "it is not the table of a sweep"),
    ],
)
def test_a_foreign_file_is_one_sentence(table, content, match):
    table.write_bytes(content)
    with refused(rf"sweeps/ours/trials\.parquet is damaged: {match}.*git checkout"):
        artifacts.load_sweep("ours")


def test_600_damaged_tables_are_one_sentence_each_or_harmless(table):
    whole, random, refusals = table.read_bytes(), np.random.default_rng(2), 0
    for number in range(600):
        content = bytearray(whole)
        place = random.integers(len(content) - 8)
        if number % 3 == 0:
            content[place] ^= 1 << random.integers(8)
        elif number % 3 == 1:
            del content[place : place + random.integers(1, 200)]
        else:
            content[place : place + 8] = random.bytes(8)
        table.write_bytes(content)
        try:
            assert artifacts.load_sweep("ours") == SWEEP
        except ArtifactError as error:
            assert str(error).startswith("The file artifacts/sweeps/ours/trials.parquet is damaged: ")
            refusals += 1
    assert refusals > 400


def test_a_trial_leaves_its_run_once_under_a_name_of_its_own(own_artifacts):
    """Its run is made of the files in its workspace; a crash after that makes no second one."""
    (model, *_) = artifacts.load_models()
    values = msgspec.to_builtins(model.manifest)
    manifest = {name: value for name, value in values.items() if name not in ("run", "files")}
    found = []
    for _ in range(2):
        with artifacts.trial_workspace("ours", ONE.trial) as workspace:
            contents = {kind: model.run.read(kind) for kind in artifacts.RUN_FILES if model.run.has(kind)}
            artifacts.write_trial_run(workspace, contents)
            assert artifacts.read_trial_run(workspace) == contents
            found.append(artifacts.keep_trial(workspace, "ours", ONE, manifest))
    assert found[0] == found[1] == artifacts.load_trial("ours", ONE.trial)
    assert found[0].run == "sweep-ours-simple-seed1-aaaaaaaa"
    assert artifacts.load_run(found[0].run).read("litert") == contents["litert"]
    assert sum(name.startswith("sweep-") for name in artifacts.list_runs()) == 1


def test_a_workspace_and_a_sweep_are_for_one_process_at_a_time():
    with (
        artifacts.trial_workspace("ours", "simple-strength0.5"),
        artifacts.trial_workspace("ours", "simple-strength0.25"),
        pytest.raises(TrainingError, match=r"Another process is training the trial simple-strength0\.5"),
        artifacts.trial_workspace("ours", "simple-strength0.5"),
    ):
        pass
