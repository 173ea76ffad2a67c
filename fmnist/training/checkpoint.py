"""What an interrupted training run needs to continue: the state of the epoch loop, in one file.

The file is always either the old or the new one, and contains plain arrays only.
"""

import dataclasses
import io
import json
import os
from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np

from fmnist.artifacts import sync_folder
from fmnist.errors import TrainingError
from fmnist.recipes import TrainingConfig


@dataclasses.dataclass
class TrainingState:
    """Everything the epoch loop knows besides the variables of the model and its optimizer.

    Attributes:
        learning_rate: The step size of the next epoch.
        history: One dict per epoch, keys `artifacts.HISTORY_COLUMNS`.
        confusions: The validation confusion matrix of each epoch, int32 `(10, 10)`.
        truth: Per epoch, the served probability of each validation image's true class, float16 `(n,)`.
        answers: Per epoch, the served answer to each validation image, uint8 `(n,)`.
        best_loss: The lowest validation loss so far.
        kept_epoch: The epoch with that loss, from 1; 0 before the first epoch.
        best_weights: The model's weights after that epoch.
        decayed_after: The epoch after which the step size was last lowered; 0 if it never was.
    """

    learning_rate: float

    history: list[dict] = dataclasses.field(default_factory=list)
    confusions: list[np.ndarray] = dataclasses.field(default_factory=list)
    truth: list[np.ndarray] = dataclasses.field(default_factory=list)
    answers: list[np.ndarray] = dataclasses.field(default_factory=list)
    best_loss: float = float("inf")
    kept_epoch: int = 0
    best_weights: list[np.ndarray] | None = None
    decayed_after: int = 0

    @property
    def epoch(self) -> int:
        """The number of finished epochs."""
        return len(self.history)

    def is_finished(self, config: TrainingConfig) -> bool:
        """Whether the last epoch is reached, or `patience` epochs brought no improvement."""
        waited = self.epoch - self.kept_epoch
        return self.epoch >= config.max_epochs or waited >= config.patience


_PLAIN_FIELDS = ("learning_rate", "history", "best_loss", "kept_epoch", "decayed_after")
_ARRAY_FIELDS = ("confusions", "truth", "answers")


def save_checkpoint(
    path: Path, model: keras.Model, state: TrainingState, config: TrainingConfig, split_sha256: str
) -> None:
    """Writes everything that the next epoch depends on: weights, optimizer and state.

    Args:
        path: The file, which is replaced in one step.
        model: A compiled model whose optimizer is built.
        state: The state after at least one epoch.
        config, split_sha256: Identify the training run.
    """
    # All variables, not only weights: dropout counts its random draws in a variable of its own.
    arrays = {f"model_{i}": variable.numpy() for i, variable in enumerate(model.variables)}
    arrays |= {f"optimizer_{i}": variable.numpy() for i, variable in enumerate(model.optimizer.variables)}
    arrays |= {f"best_{i}": value for i, value in enumerate(state.best_weights or [])}
    arrays |= {name: np.stack(getattr(state, name)) for name in _ARRAY_FIELDS}
    purpose = {"config": dataclasses.asdict(config), "split_sha256": split_sha256}
    values = {"purpose": purpose, **{name: getattr(state, name) for name in _PLAIN_FIELDS}}
    temporary = path.with_suffix(".part")
    with open(temporary, "wb") as stream:
        np.savez(stream, **arrays, state=np.array(json.dumps(values)))
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, path)
    sync_folder(path.parent)


def load_checkpoint(
    path: Path, model: keras.Model, config: TrainingConfig, split_sha256: str
) -> TrainingState:
    """Restores `model` and its optimizer to what `save_checkpoint` wrote, and returns the state.

    Raises:
        TrainingError: If the file is missing or damaged, or the recipe or the data differ.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise TrainingError(
            "There is no interrupted training run to resume: start one without --resume."
        ) from error
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        values = json.loads(str(arrays["state"]))
        purpose = values.pop("purpose")
        # Fields added later get their neutral defaults in older checkpoints.
        known = msgspec.convert(purpose["config"], TrainingConfig)
        if (known, purpose["split_sha256"]) != (config, split_sha256):
            raise TrainingError(
                "The interrupted training run had another recipe or other data: train without --resume."
            )
        for kind, variables in (("model_", model.variables), ("optimizer_", model.optimizer.variables)):
            for variable, value in zip(variables, _numbered(arrays, kind), strict=True):
                variable.assign(value)
        recorded: dict[str, Any] = {name: list(arrays[name]) for name in _ARRAY_FIELDS}
        return TrainingState(**values, **recorded, best_weights=_numbered(arrays, "best_"))
    except TrainingError:
        raise
    except Exception as error:  # NumPy, zipfile and Keras raise nearly anything on foreign files
        raise TrainingError(
            "The checkpoint of the interrupted training run is damaged: train without --resume."
        ) from error


def _numbered(arrays: dict[str, np.ndarray], prefix: str) -> list[np.ndarray]:
    count = sum(name.startswith(prefix) for name in arrays)
    return [arrays[f"{prefix}{index}"] for index in range(count)]
