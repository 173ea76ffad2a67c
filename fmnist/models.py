"""The network: the report's two-block CNN, the same for every model."""

import keras

from fmnist.config import IMAGE_SIZE, NUM_CLASSES


def build_model() -> keras.Model:
    """Builds the untrained network.

    Two blocks of two 3x3 convolutions (32, then 64 filters) and a 2x2 max pooling, then a dense
    layer of 128 and ten class probabilities: 467,818 parameters. Scaling to [0, 1] and adding the
    channel are its first layers, so that training and serving cannot differ.

    Returns:
        A model from uint8 images `(n, 28, 28)`, 0-255, to float32 probabilities `(n, 10)`.
    """
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((IMAGE_SIZE, IMAGE_SIZE), dtype="uint8", name="image"),
            layers.Rescaling(1 / 255, name="scale"),
            layers.Reshape((IMAGE_SIZE, IMAGE_SIZE, 1), name="add_channel"),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="block1_conv1"),
            layers.Conv2D(32, 3, padding="same", activation="relu", name="block1_conv2"),
            layers.MaxPooling2D(name="block1_pool"),
            layers.Conv2D(64, 3, padding="same", activation="relu", name="block2_conv1"),
            layers.Conv2D(64, 3, padding="same", activation="relu", name="block2_conv2"),
            layers.MaxPooling2D(name="block2_pool"),
            layers.Flatten(name="flatten"),
            layers.Dense(128, activation="relu", name="hidden"),
            layers.Dense(NUM_CLASSES, activation="softmax", name="probabilities"),
        ],
        name="fashion_cnn",
    )


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
