"""The engine on this machine, with processes that pretend to train."""

import os

import pytest

from fmnist import artifacts
from fmnist.training.sweep import run_here
from fmnist.training.sweep.task import EpochDone, Failed, Finished, build_task
from tests.sweeping import build_plan


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path))


def build_tasks(*seeds):
    plan = build_plan(f"recipe = 'simple'\nseeds = {[*seeds]}")
    return [build_task(plan, trial, "split") for trial in plan.trials]


def run(*seeds, jobs=1):
    return list(run_here(jobs, "tests.sweeping")(build_tasks(*seeds)))


def test_a_trial_reports_its_epochs_and_its_end():
    *epochs, finished = run(1)
    assert [report.row["epoch"] for report in epochs] == [1, 2, 3]
    assert {report.trial for report in epochs} == {"simple-seed1"}
    assert finished == Finished(artifacts.load_trial("ours", "simple-seed1"))
    assert finished.trial.backend == "threads none"


@pytest.mark.slow
def test_whatever_ends_a_trial_is_one_sentence_and_the_others_go_on():
    reports = [report for report in run(2, 3, 4, 5, 7, jobs=2) if not isinstance(report, EpochDone)]
    reasons = {report.trial: report.reason for report in reports if isinstance(report, Failed)}
    assert reasons == {
        "simple-seed2": "The model's answers became NaN.",
        "simple-seed3": "Its process ended with status 1, and wrote last: ValueError: too bad",
        "simple-seed4": "Its process was killed by signal 9; signal 9 often means that memory ran out.",
        "simple-seed5": "Its process ended with status 0, and wrote last: nothing",
    }
    (finished,) = (report for report in reports if isinstance(report, Finished))
    assert finished.trial.backend == f"threads {max(1, (os.cpu_count() or 1) // 2)}", "two share the cores"


def test_closing_it_ends_what_still_runs():
    reports = run_here(2, "tests.sweeping")(build_tasks(6, 7))
    for report in reports:
        if isinstance(report, Finished):
            break
    reports.close()  # would wait for ten minutes
    with artifacts.trial_workspace("ours", "simple-seed6"):
        assert artifacts.load_trial("ours", "simple-seed6") is None
