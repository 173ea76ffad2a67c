"""The networks: functions that build an untrained Keras model from a recipe's values, in ONE table."""

from collections.abc import Callable
from typing import Any

import keras

from fmnist.artifacts import Run
from fmnist.config import IMAGE_SIZE, NUM_CLASSES
from fmnist.errors import TrainingError
from fmnist.recipes import TrainingConfig


def build_network(config: TrainingConfig) -> keras.Sequential:
    """Builds the untrained network that a recipe names.

    Returns:
        A model from uint8 images `(n, 28, 28)`, 0-255, to float32 probabilities `(n, 10)`. Its first layers
        scale to [0, 1] and add the channel, so that training and serving cannot differ.

    Raises:
        TrainingError: If there is no such network.
    """
    if config.network not in NETWORKS:
        raise TrainingError(f"There is no network {config.network!r}. Known: {', '.join(NETWORKS)}.")
    return NETWORKS[config.network](config)


def _build_two_blocks(config: TrainingConfig) -> keras.Sequential:
    """Builds the course report's two-block CNN; a recipe decides only how it is regularised.

    Two blocks of two 3x3 convolutions (32, then 64 filters) and a 2x2 max pooling, then a dense layer with
    128 units and ten class probabilities: 467,818 parameters.

    With `batch_norm`, each block's output and the dense layer are normalised before their last ReLU. ReLU and
    max pooling can be swapped, and after the pooling there is a quarter of the work. `dropout` is the share
    of the dense layer's values that training drops at random; after each block it drops half that share.
    """
    return _assemble(config, _build_blocks(config, (32, 64)))


def _build_three_blocks(config: TrainingConfig) -> keras.Sequential:
    """Builds the report's CNN with a third block of 128 filters: 436,362 parameters with `batch_norm`.

    The third block sees pictures of 7x7 and leaves 3x3, so that the dense layer has a third of the weights.
    """
    return _assemble(config, _build_blocks(config, (32, 64, 128)))


def _build_blocks(config: TrainingConfig, filters: tuple[int, ...]) -> list[keras.Layer]:
    """Builds blocks of two convolutions and a pooling, each block with so many filters."""
    layers, built = keras.layers, []
    for index, count in enumerate(filters, start=1):
        name = f"block{index}"
        built += [
            layers.Conv2D(count, 3, padding="same", activation="relu", name=f"{name}_conv1"),
            layers.Conv2D(count, 3, padding="same", **_before_norm(config), name=f"{name}_conv2"),
            layers.MaxPooling2D(name=f"{name}_pool"),
            *_normalize(config, name),
            *_drop(name, config.dropout / 2),
        ]
    return built


def _build_strided(config: TrainingConfig) -> keras.Sequential:
    """Builds a CNN with a tenth of the report's multiplications: 263,770 parameters with `batch_norm`.

    Three 3x3 convolutions (16, 64 and 96 filters), each of which halves the image: the first by the report's
    pooling, so that no detail is lost to it, the others by looking at every second place only. What follows,
    normalisation and dropout are as in the report's network.
    """
    layers = keras.layers

    def end(name: str) -> list[keras.Layer]:
        return [*_normalize(config, name, _QUICK), *_drop(name, config.dropout / 2)]

    def step(name: str, filters: int) -> list[keras.Layer]:
        convolution = layers.Conv2D(
            filters, 3, strides=2, padding="same", **_before_norm(config), name=f"{name}_conv"
        )
        return [convolution, *end(name)]

    first = layers.Conv2D(16, 3, padding="same", **_before_norm(config), name="step1_conv")
    pool = layers.MaxPooling2D(name="step1_pool")
    return _assemble(config, [first, pool, *end("step1"), *step("step2", 64), *step("step3", 96)], _QUICK)


_SLOW, _QUICK = 0.99, 0.9
"""Momentum of the averages that batch normalisation serves with: Keras's, and one for a few epochs."""


def _assemble(config: TrainingConfig, blocks: list[keras.Layer], momentum: float = _SLOW) -> keras.Sequential:
    """Puts the input layers before the blocks, and the dense layers after them."""
    layers = keras.layers
    return keras.Sequential(
        [
            *list_input_layers(),
            *blocks,
            layers.Flatten(name="flatten"),
            layers.Dense(128, **_before_norm(config), name="hidden"),
            *_normalize(config, "hidden", momentum),
            *_drop("hidden", config.dropout),
            layers.Dense(NUM_CLASSES, activation="softmax", name="probabilities"),
        ],
        name="fashion_cnn",
    )


def _before_norm(config: TrainingConfig) -> dict[str, Any]:
    """The arguments of a layer that may be normalised: then its ReLU follows later, and no bias is needed."""
    return {"activation": None, "use_bias": False} if config.batch_norm else {"activation": "relu"}


def _normalize(config: TrainingConfig, name: str, momentum: float = _SLOW) -> list[keras.Layer]:
    if not config.batch_norm:
        return []
    return [
        keras.layers.BatchNormalization(momentum=momentum, name=f"{name}_norm"),
        keras.layers.ReLU(name=f"{name}_relu"),
    ]


def _drop(name: str, share: float) -> list[keras.Layer]:
    return [keras.layers.Dropout(share, name=f"{name}_dropout")] if share else []


NETWORKS: dict[str, Callable[[TrainingConfig], keras.Sequential]] = {
    "two_blocks": _build_two_blocks,
    "three_blocks": _build_three_blocks,
    "strided": _build_strided,
}
"""The networks by the names that recipes use. Each is a Sequential that begins with `list_input_layers()`."""


def list_input_layers() -> list[keras.Layer]:
    """Builds the first layers of every network: uint8 images in, float32 `(n, 28, 28, 1)` in [0, 1] out."""
    return [
        keras.Input((IMAGE_SIZE, IMAGE_SIZE), dtype="uint8", name="image"),
        keras.layers.Rescaling(1 / 255, name="scale"),
        keras.layers.Reshape((IMAGE_SIZE, IMAGE_SIZE, 1), name=_LAST_INPUT_LAYER),
    ]


_LAST_INPUT_LAYER = "add_channel"


def average_mirrored(network: keras.Model) -> keras.Model:
    """Builds a model that averages a trained network's answers to an image and its mirror image.

    The weights are the network's own; nothing more is trained.
    """
    image = keras.Input((IMAGE_SIZE, IMAGE_SIZE), dtype="uint8", name="image")
    answers = [network(image), network(keras.ops.flip(image, axis=2))]
    return keras.Model(image, keras.layers.Average(name="mean")(answers), name="fashion_cnn_both_ways")


def add_features(served: keras.Model) -> keras.Model:
    """Builds a model with the same answers and, as a second output, what the last layer decides on.

    Args:
        served: A network, or the mean that `average_mirrored` builds of one.

    Returns:
        A model from uint8 images `(n, 28, 28)` to probabilities `(n, 10)` and features `(n, k)`, k being
        128 for the report's network; with a mean, these are averaged too.
    """
    networks = [layer for layer in served.layers if isinstance(layer, keras.Model)]
    network = networks[0] if networks else served
    both = keras.Model(network.inputs[0], [network.outputs[0], network.layers[-1].input])
    if not networks:
        return both
    image = keras.Input((IMAGE_SIZE, IMAGE_SIZE), dtype="uint8", name="image")
    pairs = zip(both(image), both(keras.ops.flip(image, axis=2)), strict=True)
    return keras.Model(image, [keras.layers.Average()(list(pair)) for pair in pairs])


def load_differentiable(run: Run) -> keras.Sequential:
    """Loads a run's network without its input cast, so that gradients reach the image.

    Returns:
        A model from float32 images `(n, 28, 28, 1)` in [0, 1] to probabilities `(n, 10)`: one look only,
        without the mirror mean that some runs serve.

    Raises:
        ArtifactError: If the model file is missing or damaged.
    """
    served = run.load_keras()
    networks = [layer for layer in served.layers if isinstance(layer, keras.Model)]
    layers = (networks[0] if networks else served).layers
    first = [layer.name for layer in layers].index(_LAST_INPUT_LAYER) + 1
    return keras.Sequential([keras.Input((IMAGE_SIZE, IMAGE_SIZE, 1), name="pixels"), *layers[first:]])


def describe_layers(model: keras.Model) -> list[dict]:
    """Lists the layers of `model` as plain data: name, type, output shape, number of parameters."""
    return [
        {
            "name": layer.name,
            "type": type(layer).__name__,
            "output_shape": list(layer.output.shape[1:]),
            "parameters": int(layer.count_params()),
        }
        for layer in model.layers
    ]
