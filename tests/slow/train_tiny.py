"""Trains a cheap model on tiny data in a process that may be killed: `python -m tests.slow.train_tiny`.

The network is replaced by a smaller one and the data by drawn samples; everything that survives or
loses a crash is the real code. Goes on where a checkpoint was left.
"""

import dataclasses
import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import keras

from fmnist import artifacts, training
from fmnist.config import NUM_CLASSES, RECIPES
from tests.tiny import build_tiny_dataset


def build_cheap_model(batch_norm, dropout):
    """A network of 7,850 parameters with the inputs and outputs of the real one."""
    return keras.Sequential(
        [
            keras.Input((28, 28), dtype="uint8"),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Flatten(),
            keras.layers.Dense(NUM_CLASSES, activation="softmax"),
        ]
    )


if __name__ == "__main__":
    training.build_model = build_cheap_model
    config = dataclasses.replace(RECIPES["augmented"], max_epochs=12, patience=12)
    checkpoint = artifacts.artifacts_dir() / ".scratch" / config.model_name / "checkpoint.npz"
    print("ready", flush=True)
    training.train(
        config, build_tiny_dataset(), lambda line: print(line, flush=True), resume=checkpoint.exists()
    )
