"""The driver of a sweep: it repeats nothing, whatever stopped it, and a failed trial stops no other."""

import shutil

import pytest

from fmnist import artifacts
from fmnist.errors import ArtifactError, TrainingError
from fmnist.events import SweepStarted, TrialFailed, TrialFinished, TrialProgressed
from fmnist.training.sweep import run_sweep
from fmnist.training.sweep.task import EpochDone, Failed, Finished
from tests.sweeping import build_plan, fill_trial

THREE = "recipe = 'simple'\nseeds = [1, 2, 3]\nmax_epochs = 4"
FIRST, SECOND, THIRD = (f"simple-max_epochs4-seed{seed}" for seed in (1, 2, 3))


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


class Scripted:
    """An engine that finishes each trial at once, but for those that fail or interrupt, and counts them."""

    def __init__(self, fail=(), interrupt=()):
        self.fail, self.interrupt, self.trained, self.closed = fail, interrupt, [], False

    def __call__(self, tasks):
        try:
            for task in tasks:
                if task.trial in self.interrupt:
                    raise KeyboardInterrupt
                self.trained.append(task.trial)
                if task.trial in self.fail:
                    yield Failed(task.trial, "The model's answers became NaN.")
                    continue
                with artifacts.trial_workspace(task.sweep, task.trial) as folder:
                    trial = artifacts.keep_trial(folder, task.sweep, fill_trial(task), None)
                yield Finished(trial)
        finally:
            self.closed = True


def run(grid=THREE, engine=None, split="split", events=None, **options):
    """Runs a sweep; returns the trials that were trained and those that failed."""
    engine = engine or Scripted()
    listener = print if events is None else events.append
    failed = run_sweep(build_plan(grid, **options), split, engine, listener)
    return getattr(engine, "trained", None), failed


def names():
    return [trial.trial for trial in artifacts.load_sweep("ours").trials]


def test_all_trials_are_trained_and_in_the_table_in_the_order_of_the_file():
    events = []
    assert run(events=events) == ([FIRST, SECOND, THIRD], [])
    sweep = artifacts.load_sweep("ours")
    assert names() == [FIRST, SECOND, THIRD] == list(sweep.planned)
    assert artifacts.load_plan("ours") == build_plan(THREE).text
    assert events[0] == SweepStarted("ours", 3, 0, 0)
    assert [event.finished for event in events[1:]] == [1, 2, 3]
    assert events[-1] == TrialFinished(sweep.trials[-1], 3, 3, 0.0)


def test_the_same_command_repeats_nothing():
    run()
    events = []
    assert run(events=events) == ([], [])
    assert events == [SweepStarted("ours", 3, 3, 0)]


def test_an_interrupted_sweep_goes_on():
    engine = Scripted(interrupt=[SECOND])
    with pytest.raises(KeyboardInterrupt):
        run(engine=engine)
    assert engine.closed and names() == [FIRST]
    assert run()[0] == [SECOND, THIRD]
    assert names() == [FIRST, SECOND, THIRD]


def test_a_failed_trial_stops_no_other_and_is_tried_again():
    events = []
    trained, failed = run(engine=Scripted(fail=[SECOND]), events=events)
    assert (trained, failed) == ([FIRST, SECOND, THIRD], [SECOND])
    assert TrialFailed(SECOND, "The model's answers became NaN.") in events
    assert names() == [FIRST, THIRD] and artifacts.load_sweep("ours").planned == (FIRST, SECOND, THIRD)
    assert run() == ([SECOND], [])
    assert names() == [FIRST, SECOND, THIRD]


def test_without_the_workspaces_the_table_is_enough_and_the_other_way_round(folder):
    run()
    for place in (folder / ".scratch" / "sweeps" / "ours", folder / "sweeps" / "ours"):
        shutil.copytree(place, folder / "kept")
        shutil.rmtree(place)
        assert run()[0] == [] and names() == [FIRST, SECOND, THIRD]
        shutil.rmtree(place)
        (folder / "kept").rename(place)


def test_a_finished_trial_is_kept_when_the_file_changes():
    run()
    events = []
    # The first two are asked for under another name, the third no longer, and two are new.
    grid = "recipe = 'simple'\nseeds = [5, 1, 2, 4]\nmax_epochs = 4\nbatch_size = 128"
    added = [f"simple-batch_size128-max_epochs4-seed{seed}" for seed in (5, 4)]
    assert run(grid, events=events)[0] == added
    assert events[0] == SweepStarted("ours", 4, 2, dropped=1)
    assert [trial.seed for trial in artifacts.load_sweep("ours").trials] == [5, 1, 2, 4]
    assert run()[0] == [], "the third is still in its workspace"


@pytest.mark.parametrize(
    ("grid", "split"),
    [(THREE + "\nlearning_rate = 0.1", "split"), (THREE, "another split")],
    ids=["other values", "other data"],
)
def test_other_values_or_other_data_are_trained_anew(grid, split):
    run()
    assert len(run(grid, split=split)[0]) == 3


def test_test_figures_are_there_only_where_they_are_asked_for():
    run()
    assert artifacts.load_sweep("ours").trials[0].test_accuracy is None
    assert run(test=True)[0] == [FIRST, SECOND, THIRD], "the finished ones lack them"
    assert artifacts.load_sweep("ours").trials[0].test_accuracy == 0.5
    assert run()[0] == []
    assert artifacts.load_sweep("ours").trials[0].test_loss is None


def test_two_drivers_of_one_sweep_refuse():
    with (
        artifacts.sweep_workspace("ours"),
        pytest.raises(TrainingError, match="Another process is running the sweep ours: wait"),
    ):
        run()


def test_a_damaged_table_is_not_overwritten(folder):
    run()
    path = folder / "sweeps" / "ours" / "trials.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    engine = Scripted()
    with pytest.raises(ArtifactError, match=r"damaged: it is not a Parquet table.*\.scratch"):
        run(engine=engine)
    assert not engine.trained
    path.unlink()
    assert run()[0] == [], "as the advice says, all are still in their workspaces"


def test_a_damaged_result_is_trained_again(folder):
    run()
    (folder / "sweeps" / "ours" / "trials.parquet").unlink()
    (folder / ".scratch" / "sweeps" / "ours" / SECOND / "trial.parquet").write_bytes(b"PAR1")
    assert run()[0] == [SECOND]


def test_the_time_left_counts_epochs_by_their_share_of_the_data(monkeypatch):
    """Of 4 whole and 4 half epochs, 1 whole took 5 seconds: 5 are left. Then 2 took 10, and 2.5 took 15."""
    monkeypatch.setattr("fmnist.training.sweep.driver.time.monotonic", iter([0, 5, 10, 15]).__next__)
    whole, half = (f"simple-max_epochs4-train_share{share}-seed1" for share in ("1", "0.5"))

    def engine(tasks):
        for trial, epoch in ((whole, 1), (whole, 2), (half, 1)):
            yield EpochDone(trial, {"epoch": epoch})

    events = []
    run("recipe = 'simple'\nseeds = 1\nmax_epochs = 4\ntrain_share = [1.0, 0.5]", engine, events=events)
    left = [event.seconds_left for event in events if isinstance(event, TrialProgressed)]
    assert left == pytest.approx([5 * 5 / 1, 10 * 4 / 2, 15 * 3.5 / 2.5])
