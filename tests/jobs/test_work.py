"""A job in the hands of a worker: each event is recorded, and so is the end."""

import numpy as np
import pytest

from fmnist import jobs
from fmnist.errors import ArtifactError
from fmnist.events import Progress, Resumed
from tests.jobs.conftest import ask, finish_epoch


@pytest.fixture
def work(own_jobs):
    ask()
    with jobs.take_next() as work:
        yield work


def now():
    (job,) = jobs.list_jobs()
    return job


def test_the_pictures_are_the_first_two_of_each_class_and_never_others():
    labels = np.array([*range(9, -1, -1), 3, *range(10), *range(10)])
    chosen = jobs.choose_pictures(labels)
    assert labels[chosen].tolist() == [*range(10), *range(10)]
    assert chosen.tolist()[:10] == [*range(9, -1, -1)]
    assert chosen.tolist()[10:] == [11, 12, 13, 10, 15, 16, 17, 18, 19, 20]


def test_events_become_what_the_page_shows(work, tiny_dataset):
    assert (now().phase, now().state.stage) == ("running", "starting")
    assert len(jobs.load_pictures(now().name)) == 0
    images, labels = tiny_dataset.validation.images, tiny_dataset.validation.labels
    work.begin(images, labels)
    np.testing.assert_array_equal(jobs.load_pictures(now().name), images[jobs.choose_pictures(labels)])
    work.report(Progress(1, 3, 12))
    assert now().share_done == 0.25 and now().state.stage == "training"
    answers = np.zeros(60, np.uint8)
    answers[jobs.choose_pictures(labels)[13]] = 3  # the second dress
    work.report(finish_epoch(1, loss=0.9, answers=answers))
    (epoch,) = now().state.epochs
    assert epoch.answers == (*[0] * 13, 3, *[0] * 6) and epoch.val_loss == 0.9 and now().share_done == 0
    work.report(finish_epoch(2, loss=1.2))
    work.report(Progress(3, 6, 12))
    assert now().kept_epoch == 1
    assert now().seconds_left == pytest.approx(2.0 * 1.5)
    work.report(finish_epoch(3, loss=1.3, patience_left=0))
    assert now().state.stage == "saving"


def test_training_far_above_validation_is_memorising_as_long_as_it_lasts(work):
    for epoch, accuracy in enumerate((0.5, 0.7, 0.5, 0.56, 0.6), 1):
        work.report(finish_epoch(epoch, accuracy=accuracy))
    assert now().memorises_from == 4
    work.report(finish_epoch(6, accuracy=0.54))
    assert now().memorises_from == 0


def test_going_on_forgets_what_the_checkpoint_does_not_know(work):
    for epoch in (1, 2, 3):
        work.report(finish_epoch(epoch))
    work.report(Resumed(2))
    assert [epoch.epoch for epoch in now().state.epochs] == [1, 2]


def test_without_a_checkpoint_it_begins_anew(work, tiny_dataset):
    work.report(finish_epoch(1))
    work.begin(tiny_dataset.validation.images, tiny_dataset.validation.labels)
    assert now().state.epochs == ()


def test_a_stop_is_heard_and_decides_what_the_end_is_called(work):
    assert not work.should_stop()
    jobs.stop(now().name)
    assert work.should_stop() and now().is_stopping and now().phase == "running"
    work.finish("mine-20261126")
    assert (now().phase, now().state.run, now().is_stopping) == ("stopped", "mine-20261126", False)


def test_a_stop_before_anything_was_learned_leaves_nothing(work):
    jobs.stop(now().name)
    work.fail("Training was stopped before its first epoch ended.")
    assert (now().phase, now().state.run) == ("stopped", None)


def test_a_failure_while_it_is_being_stopped_keeps_what_was_learned(work):
    work.report(finish_epoch(1))
    jobs.stop(now().name)
    work.fail("The disk is full.")
    assert (now().phase, now().state.said, now().can_go_on) == ("failed", "The disk is full.", True)


def test_a_failure_has_its_sentence_and_can_be_tried_again(work):
    work.fail("The disk is full.")
    assert (now().phase, now().state.said, now().can_go_on) == ("failed", "The disk is full.", True)


def test_damaged_pictures_are_one_sentence(work, own_jobs):
    (own_jobs / now().name / "pictures.npy").write_bytes(b"not an array")
    with pytest.raises(ArtifactError, match="pictures of this training are damaged"):
        jobs.load_pictures(now().name)
