"""Trains a cheap model on tiny data in a process that may be killed: `python -m tests.slow.train_tiny`.

The network is replaced by a smaller one and the data by drawn samples; everything that survives or
loses a crash is the real code. Goes on where a checkpoint was left.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import pytest

from fmnist import artifacts
from fmnist.recipes import RECIPES
from fmnist.training.loop import train
from tests.tiny import build_tiny_dataset, shorten, use_tiny_network

if __name__ == "__main__":
    use_tiny_network(pytest.MonkeyPatch())
    recipe = shorten(RECIPES["augmented"], max_epochs=12, patience=12)
    checkpoint = artifacts.artifacts_dir() / ".scratch" / recipe.name / "checkpoint.npz"
    print("ready", flush=True)
    train(recipe, build_tiny_dataset(), lambda event: print(event, flush=True), resume=checkpoint.exists())
