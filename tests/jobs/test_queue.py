"""The queue: what waits, what runs, what was interrupted; nothing is believed that is not so."""

import shutil
import threading
from collections import namedtuple

import msgspec
import pytest

from fmnist import artifacts, jobs
from fmnist.errors import ArtifactError, TrainingError
from tests.jobs.conftest import CONFIG, ask, finish_epoch


def phases():
    return [(job.request.name, job.phase, job.position) for job in jobs.list_jobs()]


def test_what_was_asked_for_waits_in_order(own_jobs):
    first, second = ask("first"), ask("second", augmentation=None)
    assert phases() == [("first", "queued", 1), ("second", "queued", 2)]
    assert jobs.find_job(first).request == jobs.Request(name="first", recipe="augmented", config=CONFIG)
    assert jobs.find_job(second).request.config.augmentation is None
    jobs.stop(first)
    assert phases() == [("second", "queued", 1)]


def test_a_job_runs_as_long_as_somebody_holds_it_and_is_interrupted_otherwise(own_jobs):
    name = ask()
    with jobs.take_next() as work:
        assert phases() == [("mine", "running", 0)]
        work.report(finish_epoch(1))
        with pytest.raises(TrainingError, match="just being started or ended"):
            jobs.forget(name)
        jobs.resume(name)  # as if somebody had an old page open: it does run
        assert phases() == [("mine", "running", 0)]
    assert phases() == [("mine", "interrupted", 0)]
    jobs.stop(name)  # as if somebody had an old page open: nothing runs that could stop
    jobs.resume(name)
    assert phases() == [("mine", "queued", 1)]
    assert len(jobs.find_job(name).state.epochs) == 1
    jobs.forget(name)
    jobs.forget(name)
    assert phases() == [] and [path.name for path in own_jobs.iterdir() if path.is_dir()] == []
    with pytest.raises(TrainingError, match="no longer in the list"):
        jobs.resume(name)


def test_whoever_resumes_goes_to_the_end_of_the_queue(own_jobs):
    name = ask("first")
    with jobs.take_next():
        pass
    ask("second")
    jobs.resume(name)
    assert phases() == [("second", "queued", 1), ("first", "queued", 2)]
    with jobs.take_next() as work:
        assert work.request.name == "second"
        with jobs.take_next() as other:
            assert other.request.name == "first"
            with jobs.take_next() as none:
                assert none is None


def test_looking_at_a_lock_never_makes_it_look_held(own_jobs):
    ask()
    seen = []

    def look():
        seen.extend(artifacts.is_held("queue") for _ in range(2_000))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8_000 and not any(seen)
    with artifacts.hold("queue") as is_ours:
        assert is_ours and artifacts.is_held("queue")
        with artifacts.hold("queue", 0.05) as is_ours_too:
            assert not is_ours_too


def test_waiting_without_a_worker_is_called_standing_still(own_jobs, monkeypatch):
    assert not jobs.is_standing_still()
    ask()
    assert not jobs.is_standing_still(), "a worker may be about to begin"
    monkeypatch.setattr("fmnist.jobs.queue._STARTING", 0)
    assert jobs.is_standing_still()
    with artifacts.hold("worker"):
        assert not jobs.is_standing_still()


@pytest.mark.parametrize("name", ["", "Mine", "9lives", "a/b", "../up", "x" * 41, "ä", "all", "mine\n"])
def test_a_name_that_no_model_may_have_is_refused(own_jobs, name):
    with pytest.raises(ArtifactError, match=r"^A (name has at most 40 letters|model may not be called)"):
        ask(name)
    assert not phases()


def test_the_name_of_a_recipe_is_not_ones_own(own_jobs):
    with pytest.raises(TrainingError, match="robust is the name of a recipe"):
        ask("robust")


def test_the_queue_is_bounded_and_old_ends_make_room(own_jobs, monkeypatch):
    monkeypatch.setattr("fmnist.jobs.queue._KEPT", 2)
    for number in range(4):
        ask(f"ended-{number}")
        with jobs.take_next() as work:
            work.finish("some-run")
    assert phases() == [("ended-3", "finished", 0), ("ended-2", "finished", 0)]
    for _ in range(jobs.MAX_UNFINISHED):
        ask()
    with pytest.raises(TrainingError, match="10 trainings wait or were interrupted: remove one"):
        ask()
    jobs.stop(jobs.list_jobs()[0].name)
    ask()


def test_a_full_disk_is_said_before_anything_is_queued(own_jobs, monkeypatch):
    usage = namedtuple("usage", "free")(100_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage)
    with pytest.raises(TrainingError, match="disk of this server is nearly full: free 300 MB"):
        ask()
    assert not phases()


def test_a_folder_that_cannot_be_written_is_one_sentence_without_its_path(tmp_path, monkeypatch):
    blocked = tmp_path / "artifacts"
    blocked.write_text("a file")
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(blocked))
    with pytest.raises(TrainingError) as raised:
        ask()
    assert "cannot be queued" in str(raised.value) and str(tmp_path) not in str(raised.value)


@pytest.mark.parametrize("content", ["", "{", '{"phase": "dancing", "since": 1}', "[]", "\0" * 99])
def test_a_damaged_record_of_progress_counts_as_interrupted(own_jobs, content):
    name = ask()
    (own_jobs / name / "state.json").write_text(content)
    assert phases() == [("mine", "interrupted", 0)]
    jobs.resume(name)
    assert phases() == [("mine", "queued", 1)]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{}",
        '{"name": "x", "recipe": "y", "config": {"augmentation": {"zoom": 9}}}',
        '{"name": "![x](https://evil.example)", "recipe": "simple", "config": {}}',
    ],
)
def test_a_job_that_nobody_can_read_fails_and_can_only_be_removed(own_jobs, content):
    name = ask()
    (own_jobs / name / "request.json").write_text(content)
    (job,) = jobs.list_jobs()
    assert job.phase == "failed" and "damaged" in job.state.said and not job.can_go_on
    jobs.resume(name)
    with jobs.take_next() as work:
        assert work is None
    jobs.forget(name)
    assert not phases()


def test_what_a_crash_left_half_made_is_no_job_and_goes_with_the_next(own_jobs):
    ask()
    for left in (".new-20261126T000000000000Z", ".gone-20261126T000000000000Z", "20261126T000000000001Z"):
        (own_jobs / left).mkdir()
    (own_jobs / ".new-20261126T000000000000Z" / "request.json").write_text("{")
    assert len(phases()) == 1
    ask()
    assert len(phases()) == 2 and not list(own_jobs.glob(".*-*"))


def test_the_speed_is_known_for_whatever_takes_as_long(own_jobs):
    assert jobs.find_speed(CONFIG) is None
    own_jobs.mkdir(parents=True)
    jobs.record_speed(CONFIG, 3_000, 2.0)
    speed = jobs.find_speed(CONFIG)
    assert (speed.seconds_per_epoch, speed.images_per_second) == (2.0, 1500.0)
    policy = CONFIG.augmentation

    def known(**changes):
        return jobs.find_speed(msgspec.convert({**msgspec.to_builtins(CONFIG), **changes}, type(CONFIG)))

    assert known(seed=3, max_epochs=100) == speed
    assert known(augmentation=msgspec.to_builtins(policy.scaled(2))) == speed
    assert known(augmentation=msgspec.to_builtins(policy.only("flip"))) is None
    assert known(train_share=1.0) is None and known(augmentation=None) is None
    (own_jobs / "speeds.json").write_text("{")
    assert jobs.find_speed(CONFIG) is None
