"""The network of the second opinion: it takes the weights it knows, in the order of axes that PyTorch has."""

import keras
import numpy as np
import pytest

from fmnist.errors import TrainingError
from fmnist.training.efficientnet import build_efficientnet, load_weights


@pytest.fixture(scope="module")
def network():
    return build_efficientnet()


def make_weights(network):
    """Random weights as PyTorch would name and order them."""
    random, weights = np.random.default_rng(0), {}
    for layer in network.layers:
        name = layer.name.removeprefix("net").replace("-", ".")
        if isinstance(layer, keras.layers.BatchNormalization):
            channels = layer.gamma.shape
            for part in ("weight", "bias", "running_mean"):
                weights[f"{name}.{part}"] = random.normal(size=channels).astype(np.float32)
            weights[f"{name}.running_var"] = random.uniform(0.5, 2, channels).astype(np.float32)
            weights[f"{name}.num_batches_tracked"] = np.array(3)
        elif isinstance(layer, keras.layers.DepthwiseConv2D):
            height, width, channels, _ = layer.kernel.shape
            weights[f"{name}.weight"] = random.normal(size=(channels, 1, height, width))
        elif isinstance(layer, keras.layers.Conv2D):
            height, width, inner, outer = layer.kernel.shape
            weights[f"{name}.weight"] = random.normal(size=(outer, inner, height, width))
        elif isinstance(layer, keras.layers.Dense):
            weights[f"{name}.weight"] = random.normal(size=layer.kernel.shape[::-1])
            weights[f"{name}.bias"] = random.normal(size=layer.bias.shape)
    return weights


def test_it_is_the_network_of_the_paper(network):
    assert network.count_params() == 4_694_024, "4.65 million, and the running figures of the normalisation"
    assert network.output_shape == (None, 1000)


def test_kernels_stand_as_keras_wants_them(network):
    weights = make_weights(network)
    load_weights(network, weights)
    stem = keras.Model(network.input, network.get_layer("net_conv_stem").output)
    view = np.random.default_rng(1).integers(0, 256, (1, 224, 224, 3), dtype=np.uint8)
    found = stem(view).numpy()[0, 5, 7]
    patch = (view[0, 10:13, 14:17] - 127.0) / 128  # stride 2, and one row of padding at the end only
    expected = np.einsum("ochw,hwc->o", weights["_conv_stem.weight"], patch)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
    depthwise = network.get_layer("net_blocks-0-_depthwise_conv").kernel.numpy()
    np.testing.assert_allclose(
        depthwise[2, 1, 5, 0], weights["_blocks.0._depthwise_conv.weight"][5, 0, 2, 1], rtol=1e-6
    )


def test_weights_of_another_network_are_refused(network):
    weights = make_weights(network)
    with pytest.raises(TrainingError, match="left over"):
        load_weights(network, weights | {"_more.weight": np.zeros(1)})
    with pytest.raises(TrainingError, match="not those of this network"):
        load_weights(network, {name: values for name, values in weights.items() if name != "_fc.bias"})
    with pytest.raises(TrainingError, match="not those of this network"):
        load_weights(network, weights | {"_fc.bias": np.zeros(10)})
