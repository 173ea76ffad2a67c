"""The networks: functions that build an untrained Keras model from a recipe's values, in ONE table."""

from collections.abc import Callable

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
    layers = keras.layers
    last = {"activation": None, "use_bias": False} if config.batch_norm else {"activation": "relu"}

    def normalize(name: str) -> list[keras.Layer]:
        if not config.batch_norm:
            return []
        return [layers.BatchNormalization(name=f"{name}_norm"), layers.ReLU(name=f"{name}_relu")]

    def drop(name: str, share: float) -> list[keras.Layer]:
        return [layers.Dropout(share, name=f"{name}_dropout")] if share else []

    def block(name: str, filters: int) -> list[keras.Layer]:
        return [
            layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"{name}_conv1"),
            layers.Conv2D(filters, 3, padding="same", **last, name=f"{name}_conv2"),
            layers.MaxPooling2D(name=f"{name}_pool"),
            *normalize(name),
            *drop(name, config.dropout / 2),
        ]

    return keras.Sequential(
        [
            *list_input_layers(),
            *block("block1", 32),
            *block("block2", 64),
            layers.Flatten(name="flatten"),
            layers.Dense(128, **last, name="hidden"),
            *normalize("hidden"),
            *drop("hidden", config.dropout),
            layers.Dense(NUM_CLASSES, activation="softmax", name="probabilities"),
        ],
        name="fashion_cnn",
    )


NETWORKS: dict[str, Callable[[TrainingConfig], keras.Sequential]] = {"two_blocks": _build_two_blocks}
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
