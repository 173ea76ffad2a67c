"""Each value of a recipe reaches the training, and the test pictures reach nothing but their own figures."""

import dataclasses

import keras
import msgspec
import numpy as np
import pytest

from fmnist import artifacts, confidence, data, evaluation
from fmnist.augmentation import AugmentationPolicy
from fmnist.inference import Classifier
from fmnist.recipes import RECIPES, TrainingConfig
from fmnist.training.epochs import build_epoch
from fmnist.training.loop import fit, train
from fmnist.training.network import build_network, describe_layers
from tests.conftest import published_models
from tests.tiny import shorten

ONE_STEP = TrainingConfig(max_epochs=1, batch_size=1_000)


def first_epoch(tiny_dataset, **values):
    return build_epoch(TrainingConfig(**values), tiny_dataset.train, 1)[0]


@pytest.mark.parametrize(("size", "steps"), [(60, 4), (500, 1)])
def test_batches_have_the_size_of_the_recipe(tiny_network, tiny_dataset, size, steps):
    model, _ = fit(TrainingConfig(max_epochs=1, batch_size=size), tiny_dataset)
    assert int(model.optimizer.iterations.numpy()) == steps


@pytest.mark.parametrize(
    "values",
    [
        {"augmentation": AugmentationPolicy(flip=True)},
        {"imitated_share": 0.01},
        {"imitated_share": 0.9},
    ],
    ids=str,
)
def test_pictures_are_changed_if_the_recipe_says_so_and_not_otherwise(tiny_dataset, values):
    plain, changed = first_epoch(tiny_dataset), first_epoch(tiny_dataset, **values)
    assert {image.tobytes() for image in plain} == {image.tobytes() for image in tiny_dataset.train.images}
    differ = (plain != changed).any(axis=(1, 2)).mean()
    assert differ > 0.3


def test_a_larger_share_of_imitations_changes_more_of_the_pictures(tiny_dataset):
    plain = first_epoch(tiny_dataset)
    few, many = (first_epoch(tiny_dataset, imitated_share=share) for share in (0.01, 0.9))
    assert 1.2 * (plain != few).mean() < (plain != many).mean()


@pytest.mark.slow
def test_weights_decay_by_the_share_that_the_recipe_says(tiny_network, tiny_dataset):
    """Adam takes its step from where the weights have decayed to, so one step with and without it tells."""
    config = dataclasses.replace(ONE_STEP, learning_rate=0.1)
    keras.utils.set_random_seed(config.seed)
    before = build_network(config).get_weights()
    plain, decayed = (
        fit(dataclasses.replace(config, weight_decay=decay), tiny_dataset)[1].best_weights
        for decay in (0.0, 0.5)
    )
    for start, without, found in zip(before, plain, decayed, strict=True):
        np.testing.assert_allclose(found, without - 0.1 * 0.5 * start, atol=1e-6)
        assert (without != start).any()


@pytest.mark.parametrize("smoothing", [0.0, 0.5])
def test_the_loss_that_is_optimised_is_smoothed(tiny_network, tiny_dataset, smoothing):
    model, _ = fit(dataclasses.replace(ONE_STEP, label_smoothing=smoothing), tiny_dataset)
    answer = np.full((1, 10), 0.03, np.float32)
    answer[0, 3] = 0.73
    target = np.full(10, smoothing / 10)
    target[3] += 1 - smoothing
    loss = model.compute_loss(y=np.array([3]), y_pred=keras.ops.convert_to_tensor(answer))
    assert float(loss) == pytest.approx(-np.sum(target * np.log(answer[0])), rel=1e-5)


def test_dropout_and_normalisation_are_those_of_the_recipe():
    network = build_network(TrainingConfig(dropout=0.4, batch_norm=True))
    rates = {layer.name: layer.rate for layer in network.layers if isinstance(layer, keras.layers.Dropout)}
    assert rates == {"block1_dropout": 0.2, "block2_dropout": 0.2, "hidden_dropout": 0.4}
    norms = [layer.name for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert norms == ["block1_norm", "block2_norm", "hidden_norm"]
    plain = {type(layer).__name__ for layer in build_network(TrainingConfig()).layers}
    assert plain.isdisjoint({"Dropout", "BatchNormalization"})


@pytest.mark.parametrize("model_name", published_models())
def test_a_published_run_has_the_values_of_its_recipe_and_the_network_they_build(model_name):
    """Whoever changes a recipe trains it again: what the code would train is what the pages show."""
    manifest = artifacts.load_model(model_name).manifest
    assert manifest.config == RECIPES[manifest.recipe].config
    layers = describe_layers(build_network(manifest.config))
    assert manifest.layers == tuple(msgspec.convert(layers, list[artifacts.Layer]))


def test_what_the_first_runs_did_not_know_is_off_by_default():
    """They lack the value, and mean that nothing of the kind was done."""
    known = ("network", "seed", "batch_size", "max_epochs", "patience")
    known += ("learning_rate", "decay", "decay_patience")
    defaults = {field.name: field.default for field in dataclasses.fields(TrainingConfig)}
    later = {name: value for name, value in defaults.items() if name not in known}
    assert later.pop("serving") == "network" and later.pop("train_share") == 1
    assert {name: value for name, value in later.items() if value} == {}


@pytest.fixture
def models(tiny_artifacts, monkeypatch):
    """The tiny models, to be read only."""
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tiny_artifacts))
    return artifacts.load_models()


def answer(run, images):
    """What a run serves, before its temperature."""
    return Classifier(run.read("litert")).predict_proba(images)


def test_the_mean_over_the_mirror_image_is_served_if_the_recipe_says_so(models, tiny_dataset):
    images = tiny_dataset.test.images
    for model in models:
        apart = np.abs(answer(model.run, images) - answer(model.run, images[:, :, ::-1])).max()
        assert (apart < 1e-5) == (model.manifest.config.serving == "mirror_mean"), model.name


def test_the_temperature_is_the_one_of_the_validation_pictures(models, tiny_dataset):
    for model in models:
        fitted = {
            part: evaluation.fit_temperature(split.labels, answer(model.run, split.images))
            for part, split in (("validation", tiny_dataset.validation), ("test", tiny_dataset.test))
        }
        assert model.manifest.temperature == pytest.approx(fitted["validation"])
        assert model.manifest.temperature != pytest.approx(fitted["test"], rel=1e-3)


def test_the_alarm_is_chosen_on_the_validation_pictures(models, tiny_dataset):
    train_split, validation, test = tiny_dataset.train, tiny_dataset.validation, tiny_dataset.test
    for model in models:
        assert (model.manifest.alarm is not None) == model.manifest.config.learn_alarm
    (alarmed,) = [model for model in models if model.manifest.alarm]
    seed = alarmed.manifest.config.seed
    expected, other = (confidence.build_alarm(train_split, split, seed) for split in (validation, test))
    np.testing.assert_array_equal(alarmed.run.load("garment_space"), expected.space)
    assert alarmed.manifest.alarm.threshold == expected.threshold != other.threshold


@pytest.mark.slow
def test_the_test_pictures_decide_nothing(own_artifacts, tiny_network, tiny_dataset):
    """With other test pictures a training is the same: curves, kept epoch, temperature, alarm, weights."""
    noise = np.random.default_rng(0).integers(0, 256, tiny_dataset.test.images.shape, dtype=np.uint8)
    other = dataclasses.replace(tiny_dataset, test=data.Split(noise, tiny_dataset.test.labels))
    (before,) = [model.run for model in artifacts.load_models() if model.manifest.alarm]
    after = train(shorten(RECIPES[before.manifest.recipe]), other, publish=False)
    for name in ("config", "epochs_run", "kept_epoch", "temperature", "validation", "alarm"):
        assert getattr(after.manifest, name) == getattr(before.manifest, name), name
    assert after.manifest.test.accuracy < before.manifest.test.accuracy
    curves = [name for name in artifacts.HISTORY_COLUMNS if name != "seconds"]
    assert after.load_history()[curves].equals(before.load_history()[curves])
    for weights, expected in zip(
        after.load_keras().get_weights(), before.load_keras().get_weights(), strict=True
    ):
        np.testing.assert_array_equal(weights, expected)
