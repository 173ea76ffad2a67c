"""The learning rates that a recipe plans ahead, by values worked out by hand."""

import dataclasses
from functools import partial

import keras
import pytest

from fmnist.errors import TrainingError
from fmnist.recipes import TrainingConfig
from fmnist.training.epochs import build_epoch
from fmnist.training.loop import begin, fit, train_epoch
from fmnist.training.schedule import build_rate, compute_rate

PLANNED = TrainingConfig(learning_rate=1.0, decay=None, warmup_epochs=1.0, max_epochs=3, batch_size=50)
EIGHTH = 0.5 + 0.5**1.5  # of a turn: half of 1 + cos 45°


@pytest.mark.parametrize(
    ("step", "rate"), [(0, 0), (1, 0.25), (2, 0.5), (4, 1), (6, EIGHTH), (8, 0.5), (10, 1 - EIGHTH), (12, 0)]
)
def test_the_rate_rises_along_a_line_and_falls_along_half_a_cosine(step, rate):
    assert float(build_rate(PLANNED, steps_per_epoch=4)(step)) == pytest.approx(rate, abs=1e-6)


def test_without_a_warm_up_the_loop_decides():
    for decay in (None, 0.5):
        assert build_rate(dataclasses.replace(PLANNED, decay=decay, warmup_epochs=0), 4) == 1.0


@pytest.mark.parametrize(
    ("warmup", "rates"),
    [(1.0, [0.5, EIGHTH, 1 - EIGHTH]), (0.0, [1.0, 0.75, 0.25]), (9.0, [1 / 18, 1 / 6, 5 / 18])],
)
def test_an_epochs_recorded_rate_is_its_only_one_or_that_in_its_middle(warmup, rates):
    config = dataclasses.replace(PLANNED, warmup_epochs=warmup)
    assert [compute_rate(config, epoch) for epoch in range(3)] == pytest.approx(rates)


def test_training_follows_the_plan(tiny_network, tiny_dataset):
    """200 images in batches of 50 are the four steps of the values above."""
    config, rates = dataclasses.replace(PLANNED, learning_rate=0.01), []
    listen = keras.callbacks.LambdaCallback(
        on_train_batch_begin=lambda batch, logs: rates.append(float(model.optimizer.learning_rate))
    )
    model, state = begin(config, 200)
    train_epoch(config, model, partial(build_epoch, config, tiny_dataset.train), state, listen)
    assert rates == pytest.approx([0, 0.0025, 0.005, 0.0075])
    recorded = [row["learning_rate"] for row in fit(config, tiny_dataset)[1].history]
    assert recorded == pytest.approx([0.005, 0.01 * EIGHTH, 0.01 * (1 - EIGHTH)])


def test_a_warm_up_and_a_rate_that_follows_the_loss_exclude_each_other(tiny_network, tiny_dataset):
    with pytest.raises(TrainingError, match=r"decay must be off\. Received: 0\.5\."):
        fit(dataclasses.replace(PLANNED, decay=0.5), tiny_dataset)
