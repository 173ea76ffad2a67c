"""Tiny data and a tiny network for tests that really train."""

import dataclasses

import numpy as np
import pytest

from fmnist import artifacts, data
from fmnist.config import NUM_CLASSES
from fmnist.pictures.samples import draw_samples
from fmnist.recipes import RECIPES, Recipe, TrainingConfig


def build_tiny_dataset() -> data.Dataset:
    """Builds a few hundred shifted and dimmed copies of the drawn samples, shaped like the data set."""

    def split(copies, seed):
        random = np.random.default_rng(seed)
        labels = np.tile(np.arange(10, dtype=np.uint8), copies)
        images = [
            np.roll(image, random.integers(-2, 3, 2), (0, 1)) * random.uniform(0.5, 1.0)
            for image in draw_samples()[labels]
        ]
        return data.Split(np.stack(images).astype(np.uint8), labels)

    return data.Dataset(split(20, 1), split(6, 2), split(5, 3), split_sha256="tiny")


def build_tiny_network(config: TrainingConfig):
    """Builds a network of 12,730 parameters that keeps and draws what the real one does."""
    from keras import Sequential, layers

    from fmnist.training.network import list_input_layers

    return Sequential(
        [
            *list_input_layers(),
            layers.Flatten(),
            layers.Dense(16, activation="relu"),
            *([layers.BatchNormalization()] if config.batch_norm else []),
            *([layers.Dropout(config.dropout)] if config.dropout else []),
            layers.Dense(NUM_CLASSES, activation="softmax"),
        ]
    )


def use_tiny_network(patch: pytest.MonkeyPatch) -> None:
    """Lets every training of this process train the tiny network."""
    from fmnist.training.network import NETWORKS

    for name in NETWORKS:
        patch.setitem(NETWORKS, name, build_tiny_network)


def shorten(recipe: Recipe, **changes) -> Recipe:
    """Returns a recipe with other values, two epochs unless said otherwise."""
    return dataclasses.replace(
        recipe, config=dataclasses.replace(recipe.config, **{"max_epochs": 2, **changes})
    )


def train_tiny_models(folder, dataset: data.Dataset) -> None:
    """Publishes a tiny model of every published recipe in `folder`, each really trained for two epochs."""
    from fmnist.training.loop import train

    names = [entry.name for entry in artifacts.list_models()]
    with pytest.MonkeyPatch.context() as patch:
        use_tiny_network(patch)
        patch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
        for name in names:
            train(shorten(RECIPES[name]), dataset)
