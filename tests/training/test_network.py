"""The networks: the report's, its regularised kin, and the ways to reach into them."""

import numpy as np
import pytest

from fmnist import artifacts
from fmnist.errors import ArtifactError, TrainingError
from fmnist.inference import Classifier
from fmnist.recipes import RECIPES, TrainingConfig
from fmnist.training.network import average_mirrored, build_network, load_differentiable


def test_the_network_is_the_reports():
    model = build_network(TrainingConfig())
    assert model.count_params() == 467_818
    assert model.input_shape == (None, 28, 28) and model.input_dtype == "uint8"
    zeros, full = (np.full((1, 28, 28), value, np.uint8) for value in (0, 255))
    scaled = model.get_layer("scale")
    assert float(np.max(scaled(full))) == 1.0 and float(np.max(scaled(zeros))) == 0.0


def test_the_robust_network_is_the_same_two_blocks_normalised():
    plain, robust = build_network(TrainingConfig()), build_network(RECIPES["robust"].config)
    kept = [layer.name for layer in robust.layers if not layer.name.endswith(("_norm", "_relu", "_dropout"))]
    assert kept == [layer.name for layer in plain.layers]
    for name in kept:
        assert robust.get_layer(name).output.shape == plain.get_layer(name).output.shape


def test_both_ways_of_looking_are_averaged(tiny_dataset):
    network = build_network(TrainingConfig(batch_norm=True))
    both, images = average_mirrored(network), tiny_dataset.test.images[:5]
    expected = np.mean([network(images), network(images[:, :, ::-1])], axis=0)
    np.testing.assert_allclose(both(images), expected, atol=1e-6)
    np.testing.assert_allclose(both(images), both(images[:, :, ::-1]), atol=1e-6)
    assert both.count_params() == network.count_params()


@pytest.mark.parametrize("model_name", RECIPES)
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
