"""The result of training: the files of a run and its manifest."""

import dataclasses
import platform
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np
import pandas as pd
import tensorflow as tf

from fmnist import artifacts, evaluation
from fmnist.confidence import build_alarm
from fmnist.config import IMAGE_SIZE
from fmnist.data import FILES, Dataset, take_share
from fmnist.errors import TrainingError
from fmnist.inference import Classifier
from fmnist.recipes import Recipe, TrainingConfig
from fmnist.synthesis import IMITATIONS
from fmnist.training.checkpoint import TrainingState
from fmnist.training.network import add_features, average_mirrored, build_network, describe_layers


def write_run(
    scratch: Path, recipe: Recipe, dataset: Dataset, model: keras.Model, state: TrainingState
) -> dict[str, Any]:
    """Writes the files of a finished training run.

    Args:
        scratch: The folder to write to.
        recipe, dataset: What was trained, and on which data.
        model: The trained network, with the weights to keep.
        state: What the epoch loop has recorded.

    Returns:
        The values of `artifacts.Manifest`, for `artifacts.save_run`.
    """
    config = recipe.config
    # Without the optimizer's state, which is no longer needed.
    network = build_network(config)
    network.set_weights(model.get_weights())
    classifier = _export(scratch, config, network)
    history = pd.DataFrame(state.history, columns=artifacts.HISTORY_COLUMNS)
    history.to_csv(artifacts.file_path(scratch, "history"), index=False, float_format="%.6g")
    artifacts.write_arrays(
        scratch,
        validation_confusion=np.stack(state.confusions),
        validation_truth=np.stack(state.truth),
        validation_answers=np.stack(state.answers),
    )
    learned = dataclasses.replace(dataset, train=take_share(dataset.train, config.train_share))
    return {
        "recipe": recipe.name,
        "created": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "config": dataclasses.asdict(config),
        "versions": {
            "python": platform.python_version(),
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
            **({"imitations": IMITATIONS} if config.imitated_share or config.learn_alarm else {}),
        },
        "data_sha256": {name: file.sha256 for name, file in FILES.items()},
        "split_sha256": dataset.split_sha256,
        "split_sizes": {part: len(getattr(learned, part).images) for part in ("train", "validation", "test")},
        "layers": describe_layers(network),
        "parameters": network.count_params(),
        "epochs_run": state.epoch,
        "kept_epoch": state.kept_epoch,
        "seconds": float(history["seconds"].sum()),
        **_evaluate(scratch, dataset, classifier),
        **(_learn_alarm(scratch, config, learned) if config.learn_alarm else {}),
    }


def export_again(run: artifacts.Run) -> artifacts.Run:
    """Exports the network of a run to LiteRT again; the new run has all else from the old one.

    For a run from before the LiteRT file gave features. The answers stay the same, so its figures do too.

    Raises:
        ArtifactError: If a file of the run is missing or damaged.
        TrainingError: If the new file answers otherwise than the old one.
    """
    images = np.random.default_rng(0).integers(0, 256, (256, IMAGE_SIZE, IMAGE_SIZE), dtype=np.uint8)
    with artifacts.workspace(run.manifest.recipe) as folder:
        scratch = folder / "export"
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir()
        for kind in artifacts.RUN_FILES:
            if run.has(kind) and kind != "litert":
                artifacts.file_path(scratch, kind).write_bytes(run.read(kind))
        found = _export_litert(scratch, run.load_keras()).predict_proba(images)
        if not np.allclose(found, Classifier(run.read("litert")).predict_proba(images), atol=1e-5):
            raise TrainingError(f"The new file answers otherwise than that of {run.name}: nothing was saved.")
        values = msgspec.to_builtins(run.manifest)
        del values["run"], values["files"]
        return artifacts.save_run(scratch, values)


def _export(scratch: Path, config: TrainingConfig, network: keras.Model) -> Classifier:
    """Saves the served model for Keras and for LiteRT; returns a classifier from the latter."""
    # Imitations are mirrored at random, so the network knows both; their mean errs less on validation.
    served = average_mirrored(network) if config.serving == "mirror_mean" else network
    served.save(artifacts.file_path(scratch, "keras"))
    return _export_litert(scratch, served)


def _export_litert(scratch: Path, served: keras.Model) -> Classifier:
    path = artifacts.file_path(scratch, "litert")
    add_features(served).export(path, format="litert", verbose=False)
    return Classifier(path.read_bytes())


def _evaluate(scratch: Path, dataset: Dataset, classifier: Classifier) -> dict[str, Any]:
    """Saves and evaluates the served model's answers; the temperature is chosen on validation."""
    validation = classifier.predict_proba(dataset.validation.images)
    test = classifier.predict_proba(dataset.test.images)
    artifacts.write_arrays(
        scratch,
        validation_probabilities=validation.astype(np.float16),
        test_probabilities=test.astype(np.float16),
    )
    labels = dataset.validation.labels
    temperature = evaluation.fit_temperature(labels, validation)
    calibrated = evaluation.apply_temperature(validation, temperature)
    return {
        "temperature": temperature,
        "validation": {
            **evaluation.compute_metrics(labels, validation),
            "ece": evaluation.expected_calibration_error(labels, validation),
            "ece_calibrated": evaluation.expected_calibration_error(labels, calibrated),
        },
        "test": evaluation.compute_metrics(dataset.test.labels, test),
    }


def _learn_alarm(scratch: Path, config: TrainingConfig, dataset: Dataset) -> dict[str, Any]:
    """Learns the alarm from the training images, and chooses its threshold on validation."""
    learned = build_alarm(dataset.train, dataset.validation, config.seed)
    artifacts.write_arrays(scratch, garment_space=learned.space)
    return {"alarm": {name: getattr(learned, name) for name in ("threshold", "false_alarms", "caught")}}
