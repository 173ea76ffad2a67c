"""The command `sweep`: its exit status and its sentences; the trials only pretend to train."""

import functools
import sys

import pytest

from fmnist import artifacts, data
from fmnist.cli import main
from fmnist.training import sweep

FILE = "name = 'ours'\n[[grid]]\nrecipe = 'simple'\nseeds = "


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch, tiny_dataset):
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path / "artifacts"))
    monkeypatch.setattr(data, "load_dataset", lambda: tiny_dataset)
    monkeypatch.setattr(sweep, "run_here", functools.partial(sweep.run_here, program="tests.sweeping"))
    return tmp_path


def run(folder, seeds, *options):
    path = folder / "any.toml"
    path.write_text(FILE + seeds)
    return main(["sweep", str(path), *options])


def test_a_sweep_is_run_and_told_line_by_line(folder, capsys):
    assert run(folder, "[7, 8]", "--jobs", "2", "--no-runs") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "sweep ours: 0 of 2 trials finished"
    assert sum(line.startswith("finished simple-seed") for line in said) == 2 and "(2 of 2)" in said[-1]
    assert [trial.trial for trial in artifacts.load_sweep("ours").trials] == ["simple-seed7", "simple-seed8"]
    assert artifacts.load_plan("ours") == FILE + "[7, 8]"


def test_a_failed_trial_gives_status_one(folder, capsys):
    assert run(folder, "[2, 7]") == 1
    said = capsys.readouterr().out
    assert "failed simple-seed2: The model's answers became NaN.\n" in said
    assert "finished simple-seed7" in said


def test_a_wrong_file_is_one_sentence(folder, capsys):
    assert run(folder, "[]") == 1
    assert capsys.readouterr().err.endswith("any.toml is wrong: seeds of grid 1 is an empty list.\n")


@pytest.mark.parametrize("jobs", ["0", "-1", "two", "1001"])
def test_a_wrong_number_of_jobs_is_misuse(folder, capsys, jobs):
    with pytest.raises(SystemExit) as status:
        run(folder, "[7]", f"--jobs={jobs}")
    assert status.value.code == 2 and "1 to 1000" in capsys.readouterr().err


def test_without_ray_the_way_to_it_is_told(folder, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    assert run(folder, "[7]", "--address", "local") == 1
    assert capsys.readouterr().err == (
        "--address needs Ray: install it with `pip install -r requirements-cluster.txt`.\n"
    )


def test_without_the_data_set_nothing_begins(folder, capsys, monkeypatch, no_data):
    monkeypatch.undo()
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(folder / "artifacts"))
    monkeypatch.setenv("FMNIST_DATA_DIR", str(folder))
    assert run(folder, "[7]") == 1
    assert not (folder / "artifacts").exists() and capsys.readouterr().err.count("\n") == 1
