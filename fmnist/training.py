"""Train a model and publish it: `python -m fmnist train simple|augmented|robust`.

Expected on two shared cores: 25-120 s an epoch; simple stops after about 15 epochs with a test
accuracy near 0.92, augmented after 30-60 with 0.925 or more, robust after its 50 with 0.93 or more.
"""

import dataclasses
import platform
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from fmnist import artifacts, evaluation, synthesis
from fmnist.augmentation import augment
from fmnist.checkpoint import TrainingState, load_checkpoint, save_checkpoint
from fmnist.confidence import build_alarm
from fmnist.config import NUM_CLASSES, TrainingConfig
from fmnist.data import FILES, Dataset, Split
from fmnist.errors import TrainingError
from fmnist.inference import Classifier
from fmnist.models import average_mirrored, build_model, describe_layers


def train(
    config: TrainingConfig,
    dataset: Dataset,
    report: Callable[[str], None] = print,
    resume: bool = False,
) -> artifacts.Run:
    """Trains, evaluates and publishes one model.

    Whatever interrupts it, the published models stay as they were, and `resume` goes on after the
    last finished epoch: on the same kind of processor to the same weights, bit for bit, as a
    training that was never interrupted.

    Args:
        config: The recipe.
        dataset: The split data set.
        report: Called with one line of progress an epoch.
        resume: Whether to go on with an interrupted training of the same recipe and data.

    Raises:
        TrainingError: If another process is training this model, there is nothing to resume or it
            was another recipe, the model's answers stop being numbers, or the disk is full.
    """
    try:
        with artifacts.workspace(config.model_name) as folder:
            model, state = fit(config, dataset, report, folder / "checkpoint.npz", resume)
            model.set_weights(state.best_weights)
            scratch = folder / "run"
            shutil.rmtree(scratch, ignore_errors=True)  # what a crash may have left there
            scratch.mkdir()
            manifest = _write_run(scratch, config, dataset, model, state)
            entry = artifacts.ModelEntry(config.model_name, "", config.description, config.colour)
            run = artifacts.publish(scratch, manifest, entry)
            shutil.rmtree(folder)
    except OSError as error:
        raise TrainingError(
            f"The training cannot be written to {artifacts.artifacts_dir()} ({error.strerror or error}): "
            "free some space, or set FMNIST_ARTIFACTS_DIR to another place; the published models are "
            "unchanged."
        ) from error
    report(summarize(run.manifest))
    return run


def fit(
    config: TrainingConfig,
    dataset: Dataset,
    report: Callable[[str], None] = print,
    checkpoint: Path | None = None,
    resume: bool = False,
) -> tuple[keras.Model, TrainingState]:
    """Runs the epoch loop: trains, judges on validation, keeps the best weights, stops early.

    Args:
        config, dataset, report, resume: As for `train`.
        checkpoint: Where to keep what is needed to go on after each epoch, or None.

    Returns:
        The model after its last epoch, and the state with the best weights.

    Raises:
        TrainingError: As for `train`.
    """
    keras.utils.set_random_seed(config.seed)
    model = build_model(config.batch_norm, config.dropout)
    model.compile(
        keras.optimizers.Adam(config.learning_rate, weight_decay=config.weight_decay or None),
        loss=_smoothed_crossentropy(config.label_smoothing),
        # The recorded loss is the plain one, whatever is optimised.
        metrics=["accuracy", keras.metrics.SparseCategoricalCrossentropy(name="crossentropy")],
    )
    model.optimizer.build(model.trainable_variables)
    state = TrainingState(config.learning_rate)
    purpose = {"config": dataclasses.asdict(config), "split_sha256": dataset.split_sha256}
    if resume:
        state = load_checkpoint(checkpoint, model, purpose)
        report(f"going on after epoch {state.epoch}")
    while not state.is_finished(config):
        run_epoch(config, model, dataset, state)
        if checkpoint:
            save_checkpoint(checkpoint, model, state, purpose)
        report(_progress_line(config, state))
    return model, state


def run_epoch(config: TrainingConfig, model: keras.Model, dataset: Dataset, state: TrainingState) -> None:
    """Trains one epoch and enters its results into `state`.

    Raises:
        TrainingError: If the model's answers stop being numbers.
    """
    started = time.monotonic()
    if config.decay is None:
        state.learning_rate = config.learning_rate * (1 + np.cos(np.pi * state.epoch / config.max_epochs)) / 2
    model.optimizer.learning_rate = state.learning_rate
    batches = build_batches(config, dataset.train, state.epoch + 1)
    logs = model.fit(batches, epochs=1, verbose=0, shuffle=False).history
    # One set of predictions an epoch serves the metrics, the confusion matrix and early stopping.
    probabilities = model.predict(dataset.validation.images, batch_size=500, verbose=0)
    if not np.isfinite(probabilities).all():
        raise TrainingError(
            f"The answers stopped being numbers in epoch {state.epoch + 1}: try a smaller learning rate."
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
    """Builds the training batches of one epoch; the seed and the epoch decide everything.

    Returns:
        A data set of (uint8 images `(batch, 28, 28)`, labels `(batch,)`), in random order and,
        if the recipe says so, randomly transformed.
    """
    random = np.random.default_rng([config.seed, epoch])
    order = random.permutation(len(split.images))
    images, labels = split.images[order], split.labels[order]
    if config.photo_share:
        images = synthesis.imitate(images, labels, config.photo_share, random)
    if config.augmentation:
        images = augment(images, config.augmentation, seed=int(random.integers(2**30)))
    return tf.data.Dataset.from_tensor_slices((images, labels)).batch(config.batch_size).prefetch(2)


def _smoothed_crossentropy(smoothing):
    if not smoothing:
        return "sparse_categorical_crossentropy"

    def loss(labels, probabilities):
        targets = keras.ops.one_hot(keras.ops.cast(keras.ops.reshape(labels, (-1,)), "int32"), NUM_CLASSES)
        return keras.losses.categorical_crossentropy(targets, probabilities, label_smoothing=smoothing)

    return loss


def summarize(manifest: dict) -> str:
    """Says in a few lines how a finished run ended."""
    test, validation = manifest["test"], manifest["validation"]
    low, high = test["accuracy_interval"]
    return (
        f"{manifest['model_name']}: {manifest['epochs_run']} epochs in "
        f"{manifest['seconds'] / 60:.1f} minutes, kept epoch {manifest['kept_epoch']}\n"
        f"  validation accuracy {validation['accuracy']:.4f}, loss {validation['loss']:.4f}, "
        f"calibration error {validation['ece']:.4f}, {validation['ece_calibrated']:.4f} at "
        f"temperature {manifest['temperature']:.2f}\n"
        f"  test accuracy {test['accuracy']:.4f} (95 % interval {low:.4f} to {high:.4f}), "
        f"loss {test['loss']:.4f}\n"
        f"  published as {manifest['run']}"
    )


def _progress_line(config, state):
    last = state.history[-1]
    seconds = np.mean([row["seconds"] for row in state.history[-3:]])
    minutes = seconds * (config.max_epochs - state.epoch) / 60
    early = config.patience - (state.epoch - state.kept_epoch)
    mark = "  best so far" if state.kept_epoch == state.epoch else ""
    return (
        f"epoch {last['epoch']}/{config.max_epochs}"
        f"  loss {last['loss']:.4f}  accuracy {last['accuracy']:.4f}"
        f"  val_loss {last['val_loss']:.4f}  val_accuracy {last['val_accuracy']:.4f}"
        f"  {last['seconds']:.0f} s, at most {minutes:.0f} min left"
        f" ({early} epochs without improvement end it){mark}"
    )


def _write_run(scratch: Path, config, dataset, model, state):
    """Writes the files of a finished run and returns its manifest."""
    # Without the optimizer's state, which nobody needs any more.
    network = build_model(config.batch_norm, config.dropout)
    network.set_weights(model.get_weights())
    # Imitations come mirrored or not, so the network knows both; together they err less on validation.
    published = average_mirrored(network) if config.photo_share else network
    published.save(scratch / "model.keras")
    published.export(scratch / "model.tflite", format="litert", verbose=False)

    # What is reported is what is served: the exported model's answers.
    classifier = Classifier((scratch / "model.tflite").read_bytes())
    validation_probabilities = classifier.predict_proba(dataset.validation.images)
    test_probabilities = classifier.predict_proba(dataset.test.images)
    labels = dataset.validation.labels
    temperature = evaluation.fit_temperature(labels, validation_probabilities)
    calibrated = evaluation.apply_temperature(validation_probabilities, temperature)

    alarm = {}
    if config.photo_share:
        learned = build_alarm(dataset.train, dataset.validation, config.seed)
        artifacts.write_arrays(scratch, garment_space=learned.space)
        alarm["alarm"] = {name: getattr(learned, name) for name in ("threshold", "false_alarms", "caught")}
    artifacts.write_arrays(
        scratch,
        validation_confusion=np.stack(state.confusions),
        validation_probabilities=validation_probabilities.astype(np.float16),
        test_probabilities=test_probabilities.astype(np.float16),
    )
    history = pd.DataFrame(state.history, columns=artifacts.HISTORY_COLUMNS)
    history.to_csv(scratch / "history.csv", index=False, float_format="%.6g")
    return {
        "model_name": config.model_name,
        "created": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "config": dataclasses.asdict(config),
        "seed": config.seed,
        "versions": {
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
        },
        "data_sha256": {name: file.sha256 for name, file in FILES.items()},
        "split_sha256": dataset.split_sha256,
        "split_sizes": {part: len(getattr(dataset, part).images) for part in ("train", "validation", "test")},
        "layers": describe_layers(network),
        "parameters": network.count_params(),
        "epochs_run": state.epoch,
        "kept_epoch": state.kept_epoch,
        "seconds": float(history["seconds"].sum()),
        "temperature": temperature,
        "validation": {
            **evaluation.compute_metrics(labels, validation_probabilities),
            "ece": evaluation.expected_calibration_error(labels, validation_probabilities),
            "ece_calibrated": evaluation.expected_calibration_error(labels, calibrated),
        },
        "test": evaluation.compute_metrics(dataset.test.labels, test_probabilities),
        **alarm,
    }
