"""The worker on tiny real data: what becomes of a job, whatever happens to it; and the measurement."""

import dataclasses
import sys
import time

import msgspec
import numpy as np
import pytest
from keras import Sequential, layers

from fmnist import artifacts, jobs
from fmnist.errors import DataError
from fmnist.events import EpochFinished
from fmnist.recipes import RECIPES
from fmnist.training import measure, worker
from fmnist.training.network import NETWORKS, list_input_layers
from tests.jobs.conftest import ask, own_jobs  # noqa: F401 (a fixture)

TINY = (sys.executable, "-m", "tests.tiny_worker")


@pytest.fixture
def tiny_data(own_jobs, tiny_dataset, tiny_network, monkeypatch):  # noqa: F811
    monkeypatch.setattr(worker, "load_dataset", lambda: tiny_dataset)
    yield
    worker._load_data.cache_clear()


@pytest.fixture
def at_epoch(monkeypatch):
    """Lets something happen in this process as soon as an epoch has ended."""

    def at_epoch(number, happen, patch=monkeypatch):
        report = jobs.Work.report

        def report_and_more(work, event):
            report(work, event)
            if isinstance(event, EpochFinished) and event.row["epoch"] == number:
                happen()

        patch.setattr(jobs.Work, "report", report_and_more)

    return at_epoch


def the_job():
    (job,) = jobs.list_jobs()
    return job


def test_a_finished_job_is_a_run_with_its_values_and_nothing_is_published(tiny_data, own_jobs):  # noqa: F811
    ask()
    assert worker.work_on_next() and not worker.work_on_next()
    job = the_job()
    assert (job.phase, len(job.state.epochs)) == ("finished", 4)
    (name,) = artifacts.list_runs()
    run = artifacts.load_run(name)
    assert job.state.run == name and name.startswith("mine-")
    assert run.manifest.config == job.request.config and run.manifest.recipe == "mine"
    history = run.load_history()
    assert [epoch.val_loss for epoch in job.state.epochs] == pytest.approx([*history["val_loss"]], abs=1e-5)
    assert run.manifest.kept_epoch == job.kept_epoch
    answers = run.load("validation_answers")[-1]
    np.testing.assert_array_equal(job.state.epochs[-1].answers, answers[[*range(20)]])  # labels count up
    assert not (artifacts.artifacts_dir() / "models.json").exists()
    assert not artifacts.job_path(job.name, "training").exists()


@pytest.mark.slow
def test_a_stop_keeps_the_best_so_far(tiny_data, at_epoch):
    ask(max_epochs=50)
    at_epoch(2, lambda: jobs.stop(the_job().name))
    worker.work_on_next()
    job = the_job()
    assert (job.phase, len(job.state.epochs)) == ("stopped", 2)
    assert artifacts.load_run(job.state.run).manifest.epochs_run == 2


def test_a_stop_before_the_first_epoch_keeps_nothing(tiny_data, monkeypatch):
    name = ask()
    begin = jobs.Work.begin
    monkeypatch.setattr(jobs.Work, "begin", lambda *given: (begin(*given), jobs.stop(name)))
    worker.work_on_next()
    assert (the_job().phase, the_job().state.run, artifacts.list_runs()) == ("stopped", None, [])


def test_not_a_number_is_a_failure_with_its_sentence(tiny_data, monkeypatch):
    def build(config):
        last = [layers.Dense(10), layers.Rescaling(np.nan), layers.Softmax()]
        return Sequential([*list_input_layers(), layers.Flatten(), *last])

    monkeypatch.setitem(NETWORKS, "two_blocks", build)
    ask()
    worker.work_on_next()
    assert the_job().phase == "failed" and "NaN in epoch 1: try a smaller" in the_job().state.said


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DataError("The data set is not here."), "The data set is not here."),
        (RuntimeError("secret"), "worker.log in the folder artifacts"),
    ],
)
def test_whatever_goes_wrong_is_one_sentence(tiny_data, monkeypatch, capfd, error, said):
    def fail():
        raise error

    monkeypatch.setattr(worker, "load_dataset", fail)
    ask()
    worker.work_on_next()
    assert the_job().phase == "failed" and said in the_job().state.said
    assert "secret" not in the_job().state.said
    assert ("secret" in capfd.readouterr().err) == isinstance(error, RuntimeError)


def test_no_sentence_says_where_the_folder_is(tiny_data, at_epoch, monkeypatch):
    def fill_the_disk():
        raise OSError(28, "No space left on device")

    ask()
    at_epoch(1, fill_the_disk)
    worker.work_on_next()
    assert "No space left on device" in the_job().state.said
    assert str(artifacts.artifacts_dir()) not in the_job().state.said


@pytest.mark.slow
def test_an_interrupted_job_goes_on_where_it_was(tiny_data, at_epoch):
    class Killed(BaseException):
        """Nothing of ours catches it, as nothing catches a kill."""

    def kill():
        raise Killed

    name = ask()
    with pytest.MonkeyPatch.context() as patch:
        at_epoch(2, kill, patch)
        with pytest.raises(Killed):
            worker.work_on_next()
    assert the_job().phase == "interrupted"
    jobs.resume(name)
    at_epoch(2, lambda: pytest.fail("the second epoch was trained again"))
    worker.work_on_next()
    assert (the_job().phase, [epoch.epoch for epoch in the_job().state.epochs]) == ("finished", [1, 2, 3, 4])


@pytest.mark.slow
def test_a_process_of_its_own_works_off_the_queue_and_ends(own_jobs, monkeypatch):  # noqa: F811
    monkeypatch.setattr("fmnist.jobs.start.WORKER", TINY)
    ask(max_epochs=2)
    assert artifacts.is_held("worker"), "it had not begun when the job was queued"
    wait_until(lambda: not artifacts.is_held("worker"))
    assert the_job().phase == "finished"


@pytest.mark.slow
def test_the_time_is_measured_by_really_training(tiny_dataset, tiny_network):
    config = dataclasses.replace(RECIPES["augmented"].config, train_share=0.5, batch_size=2)
    images, seconds = measure.measure(config, tiny_dataset)
    assert images == 100 + 60 and 0 < seconds < 60
    assert msgspec.json.decode(msgspec.json.encode(config), type=type(config)) == config


def wait_until(is_so, seconds=120):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)  # another process reports through files only
