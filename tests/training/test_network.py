"""The networks: the report's, its regularised kin, and the ways to reach into them."""

import keras
import numpy as np
import pytest

from fmnist import artifacts
from fmnist.errors import ArtifactError, TrainingError
from fmnist.inference import Classifier
from fmnist.recipes import RECIPES, TrainingConfig
from fmnist.training.network import (
    NETWORKS,
    add_features,
    average_mirrored,
    build_network,
    load_differentiable,
)
from tests.conftest import published_models


def test_the_network_is_the_reports():
    model = build_network(TrainingConfig())
    assert model.count_params() == 467_818
    assert model.input_shape == (None, 28, 28) and model.input_dtype == "uint8"
    zeros, full = (np.full((1, 28, 28), value, np.uint8) for value in (0, 255))
    scaled = model.get_layer("scale")
    assert float(np.max(scaled(full))) == 1.0 and float(np.max(scaled(zeros))) == 0.0


def test_the_robust_network_is_the_reports_with_a_third_block_and_normalised():
    plain, robust = build_network(TrainingConfig()), build_network(RECIPES["robust"].config)
    kept = [layer.name for layer in robust.layers if not layer.name.endswith(("_norm", "_relu", "_dropout"))]
    third = [name for name in kept if name.startswith("block3")]
    assert [name for name in kept if name not in third] == [layer.name for layer in plain.layers]
    for name in set(kept) - {*third, "flatten"}:
        assert robust.get_layer(name).output.shape == plain.get_layer(name).output.shape
    assert robust.get_layer("block3_pool").output.shape == (None, 3, 3, 128)
    assert robust.count_params() == 436_362


def test_the_fast_network_has_three_steps_and_a_tenth_of_the_work():
    reports, network = build_network(TrainingConfig()), build_network(RECIPES["fast"].config)
    assert network.count_params() == 263_770
    steps = [layer for layer in network.layers if layer.name.endswith(("_pool", "_norm"))]
    assert [layer.output.shape[1:] for layer in steps] == [
        (14, 14, 16),
        (14, 14, 16),
        (7, 7, 64),
        (4, 4, 96),
        (128,),
    ]
    assert network.layers[-1].input.shape == (None, 128), "as many features as the report's"
    assert count_products(reports) == 18_691_840 and count_products(network) == 1_647_104


def count_products(network):
    """The multiplications for one image: each weight of a kernel, at each place where it is used."""
    layers = [layer for layer in network.layers if hasattr(layer, "kernel")]
    return sum(np.prod(layer.kernel.shape) * np.prod(layer.output.shape[1:-1]) for layer in layers)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_recipe_decides_how_a_network_is_regularised(name):
    plain = build_network(TrainingConfig(network=name))
    assert {type(layer).__name__ for layer in plain.layers}.isdisjoint({"Dropout", "BatchNormalization"})
    network = build_network(TrainingConfig(network=name, dropout=0.4, batch_norm=True))
    rates = [layer.rate for layer in network.layers if isinstance(layer, keras.layers.Dropout)]
    assert rates == [0.2] * (len(rates) - 1) + [0.4]
    norms = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert len(norms) == len(rates)


def test_both_ways_of_looking_are_averaged(tiny_dataset):
    network = build_network(TrainingConfig(batch_norm=True))
    both, images = average_mirrored(network), tiny_dataset.test.images[:5]
    expected = np.mean([network(images), network(images[:, :, ::-1])], axis=0)
    np.testing.assert_allclose(both(images), expected, atol=1e-6)
    np.testing.assert_allclose(both(images), both(images[:, :, ::-1]), atol=1e-6)
    assert both.count_params() == network.count_params()


def test_features_come_as_a_second_output(tiny_dataset):
    images = tiny_dataset.test.images[:5]
    network = build_network(RECIPES["robust"].config)
    probabilities, features = add_features(network)(images)
    np.testing.assert_allclose(probabilities, network(images), atol=1e-6)
    assert features.shape == (5, 128)
    kernel, bias = network.layers[-1].get_weights()
    scores = np.exp(features @ kernel + bias)
    np.testing.assert_allclose(probabilities, scores / scores.sum(axis=1, keepdims=True), atol=1e-5)
    averaged, mean = add_features(average_mirrored(network))(images)
    np.testing.assert_allclose(averaged, average_mirrored(network)(images), atol=1e-6)
    _, mirrored = add_features(network)(images[:, :, ::-1])
    np.testing.assert_allclose(mean, (features + mirrored) / 2, atol=1e-5)


@pytest.mark.parametrize("model_name", published_models())
def test_gradients_reach_the_image_through_the_network_without_its_cast(
    own_artifacts, tiny_dataset, model_name
):
    import tensorflow as tf

    run, images = artifacts.load_model(model_name).run, tiny_dataset.test.images[:4]
    network = load_differentiable(run)
    values = tf.constant(images[..., np.newaxis] / np.float32(255))
    with tf.GradientTape() as tape:
        tape.watch(values)
        answers = network(values)
        winner = tf.reduce_sum(tf.reduce_max(answers, axis=1))
    gradient = tape.gradient(winner, values).numpy()
    assert gradient.shape == (4, 28, 28, 1) and np.isfinite(gradient).all() and (gradient != 0).any()
    if run.manifest.config.serving == "mirror_mean":
        mirrored = network(values[:, :, ::-1])
        answers = (answers + mirrored) / 2
    np.testing.assert_allclose(answers, run.load_keras()(images), atol=1e-6)


def test_an_unknown_network_is_one_sentence():
    with pytest.raises(TrainingError, match=r"no network 'transformer'\. Known: two_blocks"):
        build_network(TrainingConfig(network="transformer"))


def test_weights_that_are_not_numbers_are_refused(tiny_network, tmp_path):
    model = build_network(TrainingConfig())
    model.set_weights([np.full_like(weight, np.nan) for weight in model.get_weights()])
    model.export(tmp_path / "model.tflite", format="litert", verbose=False)
    with pytest.raises(ArtifactError, match="not probabilities"):
        Classifier((tmp_path / "model.tflite").read_bytes())
