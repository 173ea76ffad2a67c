"""The network: the report's two-block CNN; a recipe decides only how it is regularised."""

import keras

from fmnist.config import IMAGE_SIZE, NUM_CLASSES


def build_model(batch_norm: bool = False, dropout: float = 0.0) -> keras.Model:
    """Builds the untrained network.

    Two blocks of two 3x3 convolutions (32, then 64 filters) and a 2x2 max pooling, then a dense
    layer of 128 and ten class probabilities: 467,818 parameters. Scaling to [0, 1] and adding the
    channel are its first layers, so that training and serving cannot differ.

    Args:
        batch_norm: Whether to normalise each block's output and the dense layer before their last
            ReLU. A ReLU and a max pooling may change places; after the pooling there is a
            quarter of the work.
        dropout: Share of the dense layer's values that training drops at random, 0 to 1; half as
            many after each block.

    Returns:
        A model from uint8 images `(n, 28, 28)`, 0-255, to float32 probabilities `(n, 10)`.
    """
    layers = keras.layers
    last = {"activation": None, "use_bias": False} if batch_norm else {"activation": "relu"}

    def normalize(name):
        if not batch_norm:
            return []
        return [layers.BatchNormalization(name=f"{name}_norm"), layers.ReLU(name=f"{name}_relu")]

    def drop(name, share):
        return [layers.Dropout(share, name=f"{name}_dropout")] if share else []

    def block(name, filters):
        return [
            layers.Conv2D(filters, 3, padding="same", activation="relu", name=f"{name}_conv1"),
            layers.Conv2D(filters, 3, padding="same", **last, name=f"{name}_conv2"),
            layers.MaxPooling2D(name=f"{name}_pool"),
            *normalize(name),
            *drop(name, dropout / 2),
        ]

    return keras.Sequential(
        [
            keras.Input((IMAGE_SIZE, IMAGE_SIZE), dtype="uint8", name="image"),
            layers.Rescaling(1 / 255, name="scale"),
            layers.Reshape((IMAGE_SIZE, IMAGE_SIZE, 1), name="add_channel"),
            *block("block1", 32),
            *block("block2", 64),
            layers.Flatten(name="flatten"),
            layers.Dense(128, **last, name="hidden"),
            *normalize("hidden"),
            *drop("hidden", dropout),
            layers.Dense(NUM_CLASSES, activation="softmax", name="probabilities"),
        ],
        name="fashion_cnn",
    )


def average_mirrored(network: keras.Model) -> keras.Model:
    """Builds a model that asks a trained network about a picture and its mirror image.

    It answers with the mean of both. The weights are the network's own, so it learns nothing more.
    """
    image = keras.Input((IMAGE_SIZE, IMAGE_SIZE), dtype="uint8", name="image")
    answers = [network(image), network(keras.ops.flip(image, axis=2))]
    return keras.Model(image, keras.layers.Average(name="mean")(answers), name="fashion_cnn_both_ways")


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
