"""One trial of a sweep, really trained: the figures it reports, its run, and how it goes on."""

import dataclasses

import numpy as np
import pytest

from fmnist import artifacts
from fmnist.errors import TrainingError
from fmnist.events import EpochFinished
from fmnist.training import trial as module
from fmnist.training.sweep.task import build_task
from fmnist.training.trial import run_trial
from tests.sweeping import build_plan

pytestmark = pytest.mark.usefixtures("tiny_network")


def build(recipe="augmented", more="", seed=1, test=False, runs=False):
    grid = f"recipe = '{recipe}'\nseeds = {seed}\nmax_epochs = 3\n{more}"
    plan = build_plan(grid, test=test, runs=runs)
    return build_task(plan, plan.trials[0], "tiny")


def figures(trial):
    """All that must repeat: everything but durations and names."""
    history = trial.load_history().drop(columns="seconds").to_numpy().tolist()
    return history, trial.val_loss, trial.val_accuracy, trial.kept_epoch, trial.validation_answers


def test_it_reports_the_kept_epoch(tmp_path, tiny_dataset):
    """Training that worsens: the first epochs are better than the last."""
    events = []
    task = build(more="learning_rate = 0.05\nbatch_size = 20\ntrain_share = 0.5", test=True)
    outcome = run_trial(task, tiny_dataset, tmp_path, events.append)
    found = outcome.trial
    epochs = [event for event in events if isinstance(event, EpochFinished)]
    losses = [event.row["val_loss"] for event in epochs]
    assert outcome.manifest is None and found.run is None
    assert (found.epochs_run, found.kept_epoch) == (3, int(np.argmin(losses)) + 1)
    kept = epochs[found.kept_epoch - 1]
    np.testing.assert_array_equal(found.answers, kept.answers)
    assert found.val_accuracy == kept.row["val_accuracy"]
    assert found.val_accuracy == np.mean(found.answers == tiny_dataset.validation.labels)
    assert found.val_loss == pytest.approx(min(losses), abs=1e-6)
    assert found.best_val_accuracy == max(event.row["val_accuracy"] for event in epochs)
    assert found.seconds == pytest.approx(sum(event.row["seconds"] for event in epochs))
    assert found.images_per_second == pytest.approx(3 * 100 / found.seconds)
    assert 0 < found.test_accuracy < 1 and found.test_loss > 0
    assert found.backend.startswith("tensorflow 2.") and found.backend.endswith(", CPU")


@pytest.mark.slow
def test_the_answers_are_those_that_the_recipe_serves(tmp_path, tiny_dataset):
    """The run is written from the same weights, and its LiteRT file answers the same."""
    outcome = run_trial(build("robust", runs=True), tiny_dataset, tmp_path)
    manifest = outcome.manifest
    assert manifest["config"]["serving"] == "mirror_mean"
    assert outcome.trial.val_accuracy == manifest["validation"]["accuracy"]
    assert outcome.trial.val_loss == pytest.approx(manifest["validation"]["loss"], abs=1e-5)
    assert outcome.trial.test_accuracy is None, "nobody asked for it"


@pytest.mark.slow
def test_its_run_can_be_loaded(tmp_path, monkeypatch, tiny_dataset):
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path))
    task = build(more="strength = 0.5", runs=True)
    with artifacts.trial_workspace(task.sweep, task.trial) as folder:
        outcome = run_trial(task, tiny_dataset, folder)
        kept = artifacts.keep_trial(folder, task.sweep, outcome.trial, outcome.manifest)
    run = artifacts.load_run(kept.run)
    assert run.manifest.config == task.config and run.manifest.recipe == "augmented"
    assert artifacts.list_runs() == [run.name] and not (tmp_path / "models.json").exists(), "not published"
    history = run.load_history()["val_accuracy"].tolist()
    assert history == pytest.approx(kept.load_history()["val_accuracy"].tolist(), abs=1e-5)


@pytest.mark.slow
def test_strength_zero_trains_as_the_recipe_without_augmentation(tmp_path, tiny_dataset):
    found = []
    for task in (build(more="strength = 0"), build("simple")):
        (tmp_path / task.trial).mkdir()
        found.append(figures(run_trial(task, tiny_dataset, tmp_path / task.trial).trial))
    assert found[0] == found[1]


def interrupt_after(epoch):
    def follow(event):
        if isinstance(event, EpochFinished) and event.row["epoch"] == epoch:
            raise KeyboardInterrupt

    return follow


@pytest.fixture
def interrupted(tmp_path, tiny_dataset):
    """The workspace of a trial that ended after its second epoch."""
    with pytest.raises(KeyboardInterrupt):
        run_trial(build(), tiny_dataset, tmp_path, interrupt_after(2))
    return tmp_path


def list_epochs(task, dataset, folder):
    events = []
    outcome = run_trial(task, dataset, folder, events.append)
    return [event.row["epoch"] for event in events if isinstance(event, EpochFinished)], outcome.trial


@pytest.mark.slow
def test_an_interrupted_trial_goes_on_to_the_same_figures(interrupted, tmp_path_factory, tiny_dataset):
    epochs, resumed = list_epochs(build(), tiny_dataset, interrupted)
    assert epochs == [3]
    whole = run_trial(build(), tiny_dataset, tmp_path_factory.mktemp("whole")).trial
    assert figures(resumed) == figures(whole)
    assert list_epochs(build(test=True), tiny_dataset, interrupted)[0] == [], "it only asks the test set"


@pytest.mark.slow
def test_what_it_cannot_go_on_with_is_begun_anew(interrupted, tiny_dataset):
    assert list_epochs(build(seed=2), tiny_dataset, interrupted)[0] == [1, 2, 3]
    artifacts.checkpoint_path(interrupted).write_bytes(b"damaged")
    assert list_epochs(build(), tiny_dataset, interrupted)[0] == [1, 2, 3]


def test_a_failure_is_no_reason_to_throw_the_checkpoint_away(interrupted, tiny_dataset, monkeypatch):
    def fail(*arguments):
        raise TrainingError("The model's answers became NaN.")

    monkeypatch.setattr("fmnist.training.loop.run_epoch", fail)
    with pytest.raises(TrainingError, match="NaN"):
        run_trial(build(), tiny_dataset, interrupted)
    assert artifacts.checkpoint_path(interrupted).exists()


def test_other_data_are_refused(tmp_path, tiny_dataset):
    with pytest.raises(TrainingError, match="split in another way"):
        run_trial(build(), dataclasses.replace(tiny_dataset, split_sha256="other"), tmp_path)


def test_a_run_is_refused_before_training_where_nothing_can_write_it(tmp_path, tiny_dataset, monkeypatch):
    monkeypatch.setattr(module.keras.backend, "backend", lambda: "jax")
    with pytest.raises(TrainingError, match="add --no-runs"):
        run_trial(build(runs=True), tiny_dataset, tmp_path)
    assert not list(tmp_path.iterdir())
