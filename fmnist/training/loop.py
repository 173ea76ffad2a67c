"""Trains a model: the epoch loop, and the run that results. Events out, never text."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from fmnist import artifacts, evaluation, synthesis
from fmnist.augmentation import augment
from fmnist.config import NUM_CLASSES
from fmnist.data import Dataset, Split
from fmnist.errors import TrainingError
from fmnist.events import EpochFinished, Event, Resumed, RunSaved
from fmnist.recipes import Recipe, TrainingConfig
from fmnist.training.checkpoint import TrainingState, load_checkpoint, save_checkpoint
from fmnist.training.network import build_network
from fmnist.training.result import write_run

OnEvent = Callable[[Event], None]


def train(
    recipe: Recipe,
    dataset: Dataset,
    on_event: OnEvent = lambda event: None,
    resume: bool = False,
    publish: bool = True,
) -> artifacts.Run:
    """Trains and evaluates a model, saves its run, and points the model at it.

    Whatever interrupts it, the published models stay unchanged, and `resume` continues after the last
    finished epoch. On the same kind of processor it reaches the same weights, bit for bit, as without the
    interruption.

    Args:
        recipe: What to train; the model is published under the recipe's name.
        dataset: The split data set.
        on_event: Called after each epoch and at the end.
        resume: Whether to continue an interrupted training run with the same values and data.
        publish: Whether to point the model at the new run.

    Raises:
        TrainingError: If another process is training this model, there is nothing to resume or the
            interrupted run had other values, the model's answers become NaN, or the disk is full.
    """
    try:
        with artifacts.workspace(recipe.name) as folder:
            model, state = fit(recipe.config, dataset, on_event, artifacts.checkpoint_path(folder), resume)
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


def fit(
    config: TrainingConfig,
    dataset: Dataset,
    on_event: OnEvent = lambda event: None,
    checkpoint: Path | None = None,
    resume: bool = False,
) -> tuple[keras.Model, TrainingState]:
    """Runs the epoch loop: trains, evaluates on validation, keeps the best weights, stops early.

    Args:
        config: The recipe's values.
        dataset, on_event, resume: As for `train`.
        checkpoint: The file that is written after each epoch for resuming, or None.

    Returns:
        The model after its last epoch, and the state with the best weights.

    Raises:
        TrainingError: As for `train`.
    """
    keras.utils.set_random_seed(config.seed)
    model = build_network(config)
    model.compile(
        keras.optimizers.Adam(config.learning_rate, weight_decay=config.weight_decay or None),
        loss=_smoothed_crossentropy(config.label_smoothing),
        # The recorded loss is plain cross-entropy, whatever is optimised.
        metrics=["accuracy", keras.metrics.SparseCategoricalCrossentropy(name="crossentropy")],
    )
    model.optimizer.build(model.trainable_variables)
    state = TrainingState(config.learning_rate)
    if resume and checkpoint:
        state = load_checkpoint(checkpoint, model, config, dataset.split_sha256)
        on_event(Resumed(state.epoch))
    while not state.is_finished(config):
        run_epoch(config, model, dataset, state)
        if checkpoint:
            save_checkpoint(checkpoint, model, state, config, dataset.split_sha256)
        on_event(_describe_epoch(config, state))
    return model, state


def _describe_epoch(config: TrainingConfig, state: TrainingState) -> EpochFinished:
    seconds = float(np.mean([row["seconds"] for row in state.history[-3:]]))
    return EpochFinished(
        row=state.history[-1],
        max_epochs=config.max_epochs,
        is_best=state.kept_epoch == state.epoch,
        patience_left=config.patience - (state.epoch - state.kept_epoch),
        seconds_left=seconds * (config.max_epochs - state.epoch),
    )


def run_epoch(config: TrainingConfig, model: keras.Model, dataset: Dataset, state: TrainingState) -> None:
    """Trains one epoch and records its results in `state`.

    Raises:
        TrainingError: If the model's answers become NaN.
    """
    started = time.monotonic()
    if config.decay is None:
        cosine = 1 + np.cos(np.pi * state.epoch / config.max_epochs)
        state.learning_rate = float(config.learning_rate * cosine / 2)
    model.optimizer.learning_rate = state.learning_rate
    batches = build_batches(config, dataset.train, state.epoch + 1)
    logs = model.fit(batches, epochs=1, verbose=0, shuffle=False).history
    # One set of predictions per epoch serves the metrics, the confusion matrix and early stopping.
    probabilities = model.predict(dataset.validation.images, batch_size=500, verbose=0)
    if not np.isfinite(probabilities).all():
        raise TrainingError(
            f"The model's answers became NaN in epoch {state.epoch + 1}: try a smaller learning rate."
        )
    validation = evaluation.compute_metrics(dataset.validation.labels, probabilities)
    state.history.append(
        {
            "epoch": state.epoch + 1,
            "loss": logs["crossentropy"][0],
            "accuracy": logs["accuracy"][0],
            "val_loss": validation["loss"],
            "val_accuracy": validation["accuracy"],
            "learning_rate": state.learning_rate,
            "seconds": time.monotonic() - started,
        }
    )
    state.confusions.append(np.array(validation["confusion_matrix"], np.int32))
    if validation["loss"] < state.best_loss:
        state.best_loss = validation["loss"]
        state.kept_epoch = state.epoch
        state.best_weights = model.get_weights()
    waited = state.epoch - max(state.kept_epoch, state.decayed_after)
    if config.decay is not None and waited >= config.decay_patience:
        state.learning_rate *= config.decay
        state.decayed_after = state.epoch


def build_batches(config: TrainingConfig, split: Split, epoch: int) -> tf.data.Dataset:
    """Builds the training batches of one epoch; they depend on the seed and the epoch only.

    Returns:
        A data set of (uint8 images `(batch, 28, 28)`, labels `(batch,)`), in random order and, if the
        recipe says so, randomly transformed.
    """
    random = np.random.default_rng([config.seed, epoch])
    order = random.permutation(len(split.images))
    images, labels = split.images[order], split.labels[order]
    if config.imitated_share:
        images = synthesis.imitate(images, labels, config.imitated_share, random)
    if config.augmentation:
        images = augment(images, config.augmentation, seed=int(random.integers(2**30)))
    return tf.data.Dataset.from_tensor_slices((images, labels)).batch(config.batch_size).prefetch(2)


def _smoothed_crossentropy(smoothing: float) -> str | Callable[..., tf.Tensor]:
    if not smoothing:
        return "sparse_categorical_crossentropy"

    def loss(labels: tf.Tensor, probabilities: tf.Tensor) -> tf.Tensor:
        targets = keras.ops.one_hot(keras.ops.cast(keras.ops.reshape(labels, (-1,)), "int32"), NUM_CLASSES)
        return keras.losses.categorical_crossentropy(targets, probabilities, label_smoothing=smoothing)

    return loss
