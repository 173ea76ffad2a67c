"""export-tensorboard, as a user runs it."""

from fmnist import artifacts
from fmnist.cli import main

EVENTS = "events.out.tfevents"


def test_the_curves_of_older_runs_are_written_beside_them(own_artifacts, capsys):
    runs, _ = artifacts.load_runs()
    for run in runs:
        (run.folder / EVENTS).unlink()  # as in a run from before there were any
    assert main(["export-tensorboard"]) == 0
    assert all((run.folder / EVENTS).stat().st_size > 300 for run in runs)
    said = capsys.readouterr().out
    assert said == f"{len(runs)} runs; now run: tensorboard --logdir {own_artifacts / 'runs'}\n"


def test_a_damaged_run_is_named_and_keeps_no_other_from_being_written(own_artifacts, capsys):
    (first, *others), _ = artifacts.load_runs()
    (first.folder / "history.csv").write_text("epoch\n")
    (others[0].folder / "run.json").write_text("{")
    (others[1].folder / EVENTS).unlink()
    assert main(["export-tensorboard"]) == 1
    assert (others[1].folder / EVENTS).exists()
    said = capsys.readouterr().err
    assert f"{first.name}/history.csv is damaged" in said and f"{others[0].name}/run.json is damaged" in said


def test_without_runs_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path))
    assert main(["export-tensorboard"]) == 1
    assert capsys.readouterr().err == "There are no runs: train a model first.\n"
