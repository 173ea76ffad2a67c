"""The images of each epoch, built now or ahead."""

import dataclasses

import numpy as np
import pytest

from fmnist.recipes import RECIPES
from fmnist.training import epochs
from fmnist.training.epochs import build_ahead, build_epoch

CONFIG = dataclasses.replace(RECIPES["robust"].config, max_epochs=3)


def is_same(built, expected):
    return all(np.array_equal(one, other) for one, other in zip(built, expected, strict=True))


def test_built_ahead_they_are_the_same_and_no_process_is_left(tiny_dataset):
    split = tiny_dataset.train
    with build_ahead(CONFIG, split, processes=2) as build:
        assert is_same(build(2), build_epoch(CONFIG, split, 2)), "a resumed training begins in the middle"
        running = build.__self__._running
        (coming,) = running.values()
        coming.kill()  # as a system does that lacks memory
        assert is_same(build(3), build_epoch(CONFIG, split, 3))
        build(1)
        (coming,) = running.values()
        assert coming.poll() is None
    assert not running and coming.poll() is not None


@pytest.mark.parametrize(("recipe", "processors", "is_ahead"), [
    ("robust", 16, True), ("robust", 2, False), ("robust", None, False), ("augmented", 16, False),
])  # fmt: skip
def test_processes_are_for_machines_that_have_processors_to_spare(
    recipe, processors, is_ahead, tiny_dataset, monkeypatch
):
    monkeypatch.setattr(epochs.os, "cpu_count", lambda: processors)
    with build_ahead(RECIPES[recipe].config, tiny_dataset.train) as build:
        assert hasattr(build, "__self__") == is_ahead  # a method of what holds the processes
