"""Train a model in words: each phase, each kind of change in the pictures, each warning."""

import dataclasses

import pytest

from fmnist import narration
from fmnist.jobs import Epoch, Job, Request, Speed
from fmnist.jobs.types import State
from fmnist.recipes import RECIPES

TRUTH = tuple(place % 10 for place in range(20))


def wrong(**answers):
    """The answers when some are wrong: p3=0 is the picture at place 3 that is called a t-shirt."""
    return tuple(answers.get(f"p{place}", label) for place, label in enumerate(TRUTH))


def epoch(number, answers=TRUTH, val_loss=1.0, accuracy=0.8, val_accuracy=0.8):
    return Epoch(
        epoch=number,
        loss=1.0,
        accuracy=accuracy,
        val_loss=val_loss,
        val_accuracy=val_accuracy,
        learning_rate=0.0005,
        seconds=30.0,
        answers=answers,
    )


def job(*epochs, phase="running", stage="training", recipe="simple", is_stopping=False, **values):
    state = {key: values.pop(key) for key in ("said", "run", "step", "steps") if key in values}
    config = dataclasses.replace(RECIPES[recipe].config, **{"max_epochs": 10, **values})
    return Job(
        "20261126T000000000000Z",
        Request(name="mine", recipe=recipe, config=config),
        State(phase=phase, since=0.0, stage=stage, epochs=epochs, **state),
        is_stopping=is_stopping,
    )


def test_a_request_says_what_differs_from_the_recipe():
    said = narration.describe_request(job(train_share=0.02, seed=3).request)
    assert said == "simple on 2% of the images, up to 10 epochs, seed 3"
    said = narration.describe_request(job(recipe="augmented", max_epochs=1).request)
    assert said == "augmented on all of the images, up to 1 epoch, seed 1"
    policy = dataclasses.replace(RECIPES["augmented"].config.augmentation, rotation=0.1, contrast=0.0)
    said = narration.describe_request(job(recipe="augmented", augmentation=policy).request)
    assert "flip + translation 7% + rotation 36 degrees + zoom 7%," in said
    said = narration.describe_request(job(recipe="augmented", augmentation=None).request)
    assert "images, no random changes, up to" in said


@pytest.mark.parametrize(
    ("speed", "epochs", "now", "expected"),
    [
        (
            (24.2, 1421.0),
            10,
            60,
            "About **4 minutes** for 10 epochs (measured just now: 1,400 images a second)",
        ),
        ((2.0, 97.0), 1, 9_000, "About **2 seconds** for 1 epoch (measured some time ago: 97 images"),
        ((200.0, 0.4), 60, 60, "About **3 h 20 min** for 60 epochs (measured just now: 1 images a second)"),
    ],
)
def test_an_estimate_is_round(speed, epochs, now, expected):
    measured = Speed(seconds_per_epoch=speed[0], images_per_second=speed[1], measured=0.0)
    assert narration.describe_estimate(measured, job(max_epochs=epochs).request.config, now).startswith(
        expected
    )


def test_progress_says_where_it_is():
    assert narration.describe_progress(job(stage="starting")).startswith("**Starting**")
    assert narration.describe_progress(job(step=1, steps=8)) == "**Epoch 1 of 10**"
    said = narration.describe_progress(job(epoch(1), epoch(2), step=4, steps=8))
    assert said == "**Epoch 3 of 10** · at most 4 minutes left · learning rate 0.0005"
    said = narration.describe_progress(job(epoch(1), step=8, steps=8))
    assert said.endswith("now answering the validation images")
    assert narration.describe_progress(job(epoch(1), stage="saving")).startswith("**Saving**")
    assert narration.describe_progress(job(epoch(1), is_stopping=True)).startswith("**Stopping**")


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (wrong(p14=6), TRUTH, "**20 of 20** are right after epoch 2. Look: the second coat was a shirt"),
        (wrong(p2=9, p3=0, p4=6), wrong(p4=6, p5=7),
         "Look: the first pullover was an ankle boot before (1 more turned right, 1 turned wrong)."),
        (TRUTH, wrong(p0=6, p1=3, p2=4), "Look: the first t-shirt became a shirt, and 2 more turned wrong."),
        (TRUTH, wrong(p19=5), "Look: the second ankle boot became a sandal."),
        (wrong(p0=6), wrong(p0=3), "epoch 2. The first t-shirt became a dress, which is wrong too."),
        (wrong(p0=6), wrong(p0=6), "19 of 20** are right after epoch 2. No answer has changed."),
    ],
)  # fmt: skip
def test_one_sentence_points_at_a_picture_that_changed(before, now, expected):
    assert expected in narration.describe_pictures(job(epoch(1, before), epoch(2, now)))


def test_pictures_before_and_after_training():
    assert "after the first epoch" in narration.describe_pictures(job())
    assert narration.describe_pictures(job(epoch(1, wrong(p0=1)))) == "**19 of 20** are right after epoch 1."
    ended = job(epoch(1, wrong(p0=1), val_loss=0.5), epoch(2, wrong(p0=1, p1=2)), phase="finished")
    assert narration.describe_pictures(ended) == "**19 of 20** are right after epoch 1."


def test_warnings_are_in_plain_words_and_come_when_they_are_due():
    fine = [epoch(1, val_loss=0.5), *(epoch(number) for number in range(2, 6))]
    assert narration.list_warnings(job(*fine)) == []
    (said,) = narration.list_warnings(job(*fine, epoch(6), patience=7))
    assert said == (
        "No better for 5 epochs: validation loss was lowest in epoch 1; training ends by itself after 7."
    )
    (said,) = narration.list_warnings(job(*fine, epoch(6), patience=5))
    assert said == "No better for 5 epochs: validation loss was lowest in epoch 1."
    assert narration.list_warnings(job(*fine, epoch(6), phase="finished")) == []
    (said,) = narration.list_warnings(job(epoch(1), epoch(2, accuracy=0.97, val_accuracy=0.91)))
    assert said == (
        "It starts to memorise here, in epoch 2: 97% of its training images are right, but only 91% of new "
        "ones."
    )


@pytest.mark.parametrize(
    ("ended", "expected"),
    [
        (job(epoch(1), phase="interrupted"), "Interrupted after 1 whole epoch, because the program"),
        (job(phase="interrupted"), "Interrupted after 0 whole epochs"),
        (job(phase="stopped"), "Stopped before its first epoch ended, so nothing was kept."),
        (job(epoch(1, val_accuracy=0.853), epoch(2, val_loss=2.0), phase="stopped", run="r"),
         "Stopped, and the best so far was kept. Its best epoch was 1 of 2: then 85.3% of the validation"),
        (job(epoch(1), phase="finished", run="r"), "Finished. Its best epoch was 1 of 1: then 80.0%"),
    ],
)  # fmt: skip
def test_each_end_has_its_words(ended, expected):
    assert narration.describe_end(ended).startswith(expected)


def test_a_model_from_the_page_is_described_in_one_line():
    said = narration.describe_model(job(train_share=0.1).request)
    assert said == "trained on this page: simple on 10% of the images, up to 10 epochs, seed 1"
