"""Trains one trial of a sweep: `python -m fmnist.training.trial`, a process of its own.

The first line on stdin is its `Task` as JSON. It ends when stdin does, so that it never outlives its driver.
Each line on stdout is JSON: the figures of an epoch, or at the end nothing or {"failed": a sentence}.
"""

import dataclasses
import importlib.metadata
import json
import os
import shutil
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np

from fmnist import artifacts, evaluation
from fmnist.data import Dataset, Split, load_dataset, take_share
from fmnist.errors import FmnistError, TrainingError
from fmnist.events import EpochFinished, Event
from fmnist.recipes import RECIPES
from fmnist.training.checkpoint import TrainingState
from fmnist.training.loop import can_write_runs, fit
from fmnist.training.network import average_mirrored
from fmnist.training.sweep.task import Task

_PATIENCE = 60.0  # seconds for the process of a killed driver to end


@dataclass(frozen=True)
class Outcome:
    """What a trial found, and the values of its run's manifest if it leaves a run."""

    trial: artifacts.Trial
    manifest: dict[str, Any] | None


def run_trial(
    task: Task, dataset: Dataset, folder: Path, on_event: Callable[[Event], None] = lambda event: None
) -> Outcome:
    """Trains a trial, or goes on with it, and evaluates the epoch with the lowest validation loss.

    Args:
        task: What to train.
        dataset: The split data set.
        folder: Its workspace, for its checkpoint and the files of its run.
        on_event: Called after each epoch.

    Raises:
        TrainingError: If the data are others, training fails, or a run is asked for without TensorFlow.
    """
    if dataset.split_sha256 != task.split_sha256:
        raise TrainingError("The data set is split in another way than the driver's: use the same version.")
    if task.run and not can_write_runs():
        raise TrainingError("Runs are written by TensorFlow, which is not in use: add --no-runs.")
    model, state = _fit(task, dataset, artifacts.checkpoint_path(folder), on_event)
    model.set_weights(state.best_weights)
    trial = _evaluate(task, dataset, model, state)
    return Outcome(trial, _write_run(task, dataset, model, state, folder) if task.run else None)


def _fit(
    task: Task, dataset: Dataset, checkpoint: Path, on_event: Callable[[Event], None]
) -> tuple[keras.Model, TrainingState]:
    """Trains from the checkpoint if it is one of this task, or else from the beginning."""
    if checkpoint.exists():
        begun: list[Event] = []

        def follow(event: Event) -> None:
            begun.append(event)
            on_event(event)

        try:
            return fit(task.config, dataset, follow, checkpoint, resume=True)
        except TrainingError:
            if begun:  # the checkpoint was good, and what failed came later
                raise
            checkpoint.unlink()
    return fit(task.config, dataset, on_event, checkpoint)


def _evaluate(task: Task, dataset: Dataset, model: keras.Model, state: TrainingState) -> artifacts.Trial:
    served = average_mirrored(model) if task.config.serving == "mirror_mean" else model
    answers, validation = _measure(served, dataset.validation)
    test = _measure(served, dataset.test)[1] if task.test else None
    history = tuple(msgspec.convert(row, artifacts.EpochRow) for row in state.history)
    accuracies = [row.val_accuracy for row in history]
    seconds = sum(row.seconds for row in history)
    images = len(take_share(dataset.train, task.config.train_share).images)
    share = task.config.train_share
    return artifacts.Trial(
        trial=task.trial,
        key=task.key,
        recipe=task.recipe,
        strength=task.strength,
        train_share=share,
        seed=task.config.seed,
        overrides=task.overrides,
        history=history,
        kept_epoch=state.kept_epoch,
        epochs_run=state.epoch,
        val_loss=validation["loss"],
        val_accuracy=validation["accuracy"],
        best_val_accuracy=max(accuracies),
        best_accuracy_epoch=int(np.argmax(accuracies)) + 1,
        test_accuracy=test["accuracy"] if test else None,
        test_loss=test["loss"] if test else None,
        validation_answers=answers.tobytes(),
        seconds=seconds,
        images_per_second=images * state.epoch / seconds,
        backend=describe_backend(),
    )


def _measure(model: keras.Model, split: Split) -> tuple[np.ndarray, dict[str, Any]]:
    """Returns a model's answers to a part of the data set, uint8 `(n,)`, and its figures."""
    probabilities = model.predict(split.images, batch_size=500, verbose=0)
    return probabilities.argmax(axis=1).astype(np.uint8), evaluation.compute_metrics(
        split.labels, probabilities
    )


def _write_run(
    task: Task, dataset: Dataset, model: keras.Model, state: TrainingState, folder: Path
) -> dict[str, Any]:
    from fmnist.training.result import write_run  # needs TensorFlow

    scratch = artifacts.trial_run_folder(folder)
    shutil.rmtree(scratch, ignore_errors=True)  # a crash may have left something there
    scratch.mkdir(parents=True)
    recipe = dataclasses.replace(RECIPES[task.recipe], config=task.config)
    return write_run(scratch, recipe, dataset, model, state)


def describe_backend() -> str:
    """Names what computes: the backend of Keras, its version, and the kind of device."""
    name = keras.backend.backend()
    device = keras.distribution.list_devices()[0].partition(":")[0].upper()
    return f"{name} {importlib.metadata.version(name)}, {device}"


def _report(event: Event) -> None:
    if isinstance(event, EpochFinished):
        print(json.dumps(event.row), flush=True)


def _end_with_the_driver() -> None:
    while os.read(0, 1):  # not sys.stdin, whose lock Python would wait for at its end
        pass
    os._exit(1)


def main() -> int:
    """Trains the trial that stdin names; returns the exit status."""
    task = msgspec.json.decode(sys.stdin.buffer.readline(), type=Task)
    threading.Thread(target=_end_with_the_driver, daemon=True).start()
    try:
        with artifacts.trial_workspace(task.sweep, task.trial, _PATIENCE) as folder:
            outcome = run_trial(task, load_dataset(), folder, _report)
            artifacts.keep_trial(folder, task.sweep, outcome.trial, outcome.manifest)
    except FmnistError as error:
        print(json.dumps({"failed": str(error)}), flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
