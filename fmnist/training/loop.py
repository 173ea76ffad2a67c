"""Trains a model: the epoch loop, and the run that results. Events out, never text.

The loop runs on any Keras backend; only writing a run needs TensorFlow.
"""

import importlib.util
import math
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np

from fmnist import artifacts, evaluation
from fmnist.config import NUM_CLASSES
from fmnist.data import Dataset, Split, take_share
from fmnist.errors import TrainingError
from fmnist.events import EpochFinished, Event, Progress, Resumed, RunSaved
from fmnist.recipes import Recipe, TrainingConfig
from fmnist.training.checkpoint import TrainingState, load_checkpoint, save_checkpoint
from fmnist.training.epochs import Build, build_ahead
from fmnist.training.network import build_network
from fmnist.training.schedule import build_rate, compute_rate

OnEvent = Callable[[Event], None]
_PROGRESS = 0.4  # seconds between two reports within an epoch


def train(
    recipe: Recipe,
    dataset: Dataset,
    on_event: OnEvent = lambda event: None,
    resume: bool = False,
    publish: bool = True,
    should_stop: Callable[[], bool] = lambda: False,
    place: str | None = None,
) -> artifacts.Run:
    """Trains and evaluates a model, saves its run, and points the model at it.

    Whatever interrupts it, the published models stay unchanged, and `resume` continues after the last
    finished epoch. On the same kind of processor it reaches the same weights, bit for bit, as without the
    interruption.

    Args:
        recipe: What to train; the model is published under the recipe's name.
        dataset: The split data set.
        on_event: Called several times per second, after each epoch and at the end.
        resume: Whether to continue an interrupted training run with the same values and data.
        publish: Whether to point the model at the new run.
        should_stop: Asked after each step whether to end now; the epoch it interrupts does not count.
        place: The name of the `artifacts.workspace`; by default the recipe's name.

    Raises:
        TrainingError: If another process is training in this place, there is nothing to resume or the
            interrupted run had other values, the model's answers become NaN, the disk is full, or the
            training was stopped before its first epoch ended, or there is no TensorFlow to write a run.
    """
    try:
        with artifacts.workspace(place or recipe.name) as folder:
            checkpoint = artifacts.checkpoint_path(folder)
            model, state = fit(
                recipe.config, dataset, on_event, checkpoint, resume, should_stop, processes=None
            )
            if not state.best_weights:
                raise TrainingError("Training was stopped before its first epoch ended: nothing was kept.")
            if not can_write_runs():
                raise TrainingError(
                    "The training is complete, but only TensorFlow can write its run: where TensorFlow is in "
                    "use, the same command with --resume does so at once."
                )
            from fmnist.training.result import write_run

            model.set_weights(state.best_weights)
            scratch = folder / "run"
            shutil.rmtree(scratch, ignore_errors=True)  # a crash may have left something there
            scratch.mkdir()
            run = artifacts.save_run(scratch, write_run(scratch, recipe, dataset, model, state))
            if publish:
                artifacts.point(recipe.name, run, recipe.summary)
            shutil.rmtree(folder)
    except OSError as error:
        raise TrainingError(
            f"The training run cannot be saved in {artifacts.artifacts_dir()} ({error.strerror or error}): "
            "free some space, or set FMNIST_ARTIFACTS_DIR to another folder; the published models are "
            "unchanged."
        ) from error
    on_event(RunSaved(run))
    return run


def can_write_runs() -> bool:
    """Whether TensorFlow is in use: it exports the network; training goes on any backend of Keras."""
    return keras.backend.backend() == "tensorflow" and importlib.util.find_spec("tensorflow") is not None


def fit(
    config: TrainingConfig,
    dataset: Dataset,
    on_event: OnEvent = lambda event: None,
    checkpoint: Path | None = None,
    resume: bool = False,
    should_stop: Callable[[], bool] = lambda: False,
    processes: int | None = 0,
) -> tuple[keras.Model, TrainingState]:
    """Runs the epoch loop: trains, evaluates on validation, keeps the best weights, stops early.

    Args:
        config: The recipe's values.
        dataset, on_event, resume, should_stop: As for `train`.
        checkpoint: The file that is written after each epoch for resuming, or None.
        processes: How many build the images of coming epochs; see `build_ahead`.

    Returns:
        The model after its last step, and the state with the best weights; None instead of them if it was
        stopped before its first epoch ended.

    Raises:
        TrainingError: As for `train`.
    """
    train = take_share(dataset.train, config.train_share)
    model, state = begin(config, len(train.images))
    if resume and checkpoint:
        state = load_checkpoint(checkpoint, model, config, dataset.split_sha256)
        on_event(Resumed(state.epoch))
    watch = Watch(on_event, should_stop)
    with build_ahead(config, train, processes) as build:
        while not state.is_finished(config) and not should_stop():
            watch.epoch = state.epoch + 1
            run_epoch(config, model, build, dataset.validation, state, watch)
            if watch.has_stopped:
                break
            if checkpoint:
                save_checkpoint(checkpoint, model, state, config, dataset.split_sha256)
            on_event(_describe_epoch(config, state))
    return model, state


def begin(config: TrainingConfig, num_images: int) -> tuple[keras.Model, TrainingState]:
    """Builds the untrained model, compiled for `num_images` training images, and the state before epoch 1.

    Raises:
        TrainingError: If there is no such network, or its learning rate cannot be planned.
    """
    keras.utils.set_random_seed(config.seed)
    model = build_network(config)
    rate = build_rate(config, math.ceil(num_images / config.batch_size))
    model.compile(
        keras.optimizers.Adam(rate, weight_decay=config.weight_decay or None),
        loss=_smoothed_crossentropy(config.label_smoothing),
        # The recorded loss is plain cross-entropy, whatever is optimised.
        metrics=["accuracy", keras.metrics.SparseCategoricalCrossentropy(name="crossentropy")],
    )
    model.optimizer.build(model.trainable_variables)
    return model, TrainingState(config.learning_rate)


def _describe_epoch(config: TrainingConfig, state: TrainingState) -> EpochFinished:
    seconds = float(np.mean([row["seconds"] for row in state.history[-3:]]))
    return EpochFinished(
        row=state.history[-1],
        max_epochs=config.max_epochs,
        is_best=state.kept_epoch == state.epoch,
        patience_left=config.patience - (state.epoch - state.kept_epoch),
        seconds_left=seconds * (config.max_epochs - state.epoch),
        answers=state.answers[-1],
        truth=state.truth[-1],
    )


class Watch(keras.callbacks.Callback):
    """Reports progress within an epoch, and ends it when asked to."""

    def __init__(self, on_event: OnEvent, should_stop: Callable[[], bool]) -> None:
        super().__init__()
        self.epoch = 1
        self.has_stopped = False
        self._on_event, self._should_stop = on_event, should_stop
        self._reported = 0.0

    def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
        """Called by Keras after each step."""
        now, step, steps = time.monotonic(), batch + 1, self.params["steps"]
        if now - self._reported > _PROGRESS or step == steps:
            self._reported = now
            self._on_event(Progress(self.epoch, step, steps))
        if self._should_stop():
            self.has_stopped = self.model.stop_training = True


def run_epoch(
    config: TrainingConfig,
    model: keras.Model,
    build: Build,
    validation: Split,
    state: TrainingState,
    watch: Watch | None = None,
) -> None:
    """Trains one epoch and records its results in `state`, or nothing if `watch` stops it.

    Raises:
        TrainingError: If the model's answers become NaN.
    """
    started = time.monotonic()
    logs = train_epoch(config, model, build, state, watch)
    if not (watch and watch.has_stopped):
        validate_epoch(config, model, validation, state, logs, started)


def train_epoch(
    config: TrainingConfig,
    model: keras.Model,
    build: Build,
    state: TrainingState,
    watch: keras.callbacks.Callback | None = None,
) -> dict[str, float]:
    """Trains one epoch at the learning rate that is its turn; returns its loss and accuracy as Keras does."""
    if config.decay is None:
        state.learning_rate = compute_rate(config, state.epoch)
    if not config.warmup_epochs:  # otherwise the optimizer knows the rate of each step
        model.optimizer.learning_rate = state.learning_rate
    images, labels = build(state.epoch + 1)
    history = model.fit(
        images, labels, config.batch_size, verbose=0, shuffle=False, callbacks=[watch] if watch else None
    ).history
    return {name: values[0] for name, values in history.items()}


def validate_epoch(
    config: TrainingConfig,
    model: keras.Model,
    validation: Split,
    state: TrainingState,
    logs: dict[str, float],
    started: float,
) -> None:
    """Evaluates the epoch that was trained last, and records it in `state`.

    Args:
        config, model, validation, state: As for `run_epoch`.
        logs: What `train_epoch` returned.
        started: When the epoch began, by `time.monotonic`.

    Raises:
        TrainingError: If the model's answers became NaN.
    """
    # One set of predictions per epoch serves the metrics, the confusion matrix and early stopping.
    probabilities = model.predict(validation.images, batch_size=500, verbose=0)
    if not np.isfinite(probabilities).all():
        raise TrainingError(
            f"The model's answers became NaN in epoch {state.epoch + 1}: try a smaller learning rate."
        )
    metrics = evaluation.compute_metrics(validation.labels, probabilities)
    served = probabilities
    if config.serving == "mirror_mean":
        mirrored = model.predict(validation.images[:, :, ::-1], batch_size=500, verbose=0)
        served = (probabilities + mirrored) / 2
    state.answers.append(served.argmax(axis=1).astype(np.uint8))
    state.truth.append(served[np.arange(len(served)), validation.labels].astype(np.float16))
    state.history.append(
        {
            "epoch": state.epoch + 1,
            "loss": logs["crossentropy"],
            "accuracy": logs["accuracy"],
            "val_loss": metrics["loss"],
            "val_accuracy": metrics["accuracy"],
            "learning_rate": state.learning_rate,
            "seconds": time.monotonic() - started,
        }
    )
    state.confusions.append(np.array(metrics["confusion_matrix"], np.int32))
    if metrics["loss"] < state.best_loss:
        state.best_loss = metrics["loss"]
        state.kept_epoch = state.epoch
        state.best_weights = model.get_weights()
    waited = state.epoch - max(state.kept_epoch, state.decayed_after)
    if config.decay is not None and waited >= config.decay_patience:
        state.learning_rate *= config.decay
        state.decayed_after = state.epoch


def _smoothed_crossentropy(smoothing: float) -> str | Callable[..., Any]:
    if not smoothing:
        return "sparse_categorical_crossentropy"

    def loss(labels: Any, probabilities: Any) -> Any:
        targets = keras.ops.one_hot(keras.ops.cast(keras.ops.reshape(labels, (-1,)), "int32"), NUM_CLASSES)
        return keras.losses.categorical_crossentropy(targets, probabilities, label_smoothing=smoothing)

    return loss
