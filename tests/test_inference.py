"""LiteRT against Keras, chunks against single pictures, threads, and pictures as files."""

import io
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from fmnist import artifacts
from fmnist.errors import ArtifactError
from fmnist.evaluation import apply_temperature
from fmnist.inference import CHUNK_SIZE, Classifier
from fmnist.pictures.decoding import decode
from fmnist.preprocessing import prepare
from tests.conftest import BASELINE, predict, published_models

RANDOM = np.random.default_rng(0).integers(0, 256, (2 * CHUNK_SIZE + 3, 28, 28), dtype=np.uint8)


@pytest.fixture(params=published_models())
def classifier(request):
    return Classifier.from_run(artifacts.load_model(request.param).run)


def test_probabilities_have_the_promised_form(classifier):
    probabilities = classifier.predict_proba(RANDOM)
    assert probabilities.dtype == np.float32 and probabilities.shape == (len(RANDOM), 10)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert classifier.predict_proba(RANDOM[:0]).shape == (0, 10)


def test_chunks_equal_single_pictures(classifier):
    together = classifier.predict_proba(RANDOM)
    for index in (0, CHUNK_SIZE - 1, CHUNK_SIZE, len(RANDOM) - 1):
        single = classifier.predict_proba(RANDOM[index : index + 1])
        np.testing.assert_allclose(together[index], single[0], atol=1e-6)


def test_threads_share_a_classifier():
    classifier = Classifier.from_run(artifacts.load_model(BASELINE).run)
    expected = [classifier.predict_proba(RANDOM[: index + 1]) for index in range(40)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda index: classifier.predict_proba(RANDOM[: index + 1]), range(40)))
    for one, other in zip(expected, found, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("images", [RANDOM.astype(float), RANDOM[0], RANDOM[:, :14]])
def test_other_arrays_are_refused(classifier, images):
    with pytest.raises(ValueError, match="uint8 of shape"):
        classifier.predict_proba(images)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"TFL3" * 100])
def test_a_file_that_is_no_model_is_refused(content):
    with pytest.raises(ArtifactError, match="cannot be used"):
        Classifier(content)


def test_what_litert_says_of_a_damaged_model_is_one_line():
    whole = artifacts.load_model(BASELINE).run.read("litert")
    random = np.random.default_rng(0)
    refused = 0
    for _ in range(200):
        content = bytearray(whole)
        content[-1 - random.integers(20_000)] = random.integers(256)  # the description of the network
        try:
            Classifier(bytes(content))
        except ArtifactError as error:
            refused += 1
            assert "\n" not in str(error) and ".. " not in str(error)
    assert refused


@pytest.mark.parametrize("model_name", published_models())
def test_a_published_model_answers_at_the_temperature_of_its_run(model_name):
    run = artifacts.load_model(model_name).run
    raw = Classifier(run.read("litert")).predict_proba(RANDOM)
    expected = apply_temperature(raw, run.manifest.temperature)
    np.testing.assert_allclose(predict(model_name, RANDOM), expected, atol=1e-6)


@pytest.mark.dataset
@pytest.mark.parametrize("model_name", published_models())
def test_litert_agrees_with_keras(model_name, dataset):
    images = dataset.test.images[:200]  # enough: an export goes wrong everywhere or nowhere
    run = artifacts.load_model(model_name).run
    answers = Classifier(run.read("litert")).predict_proba(images)
    np.testing.assert_allclose(answers, run.load_keras().predict(images, verbose=0), atol=1e-5)


@pytest.mark.parametrize("name", ["simple", "robust"])
def test_features_are_those_of_the_keras_network(tiny_artifacts, monkeypatch, name):
    from fmnist.training.network import add_features

    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tiny_artifacts))
    run = artifacts.load_model(name).run
    features = Classifier.from_run(run).compute_features(RANDOM)  # more than two chunks
    _, expected = add_features(run.load_keras()).predict(RANDOM, verbose=0)
    assert features.dtype == np.float32 and features.shape == (len(RANDOM), 16)
    np.testing.assert_allclose(features, expected, atol=1e-4)


@pytest.mark.dataset
@pytest.mark.parametrize("step", [10, pytest.param(1, marks=pytest.mark.slow)])
def test_every_test_picture_passes_the_door_of_uploads_unchanged(dataset, step):
    for image in dataset.test.images[::step]:
        stream = io.BytesIO()
        Image.fromarray(image).save(stream, "PNG", compress_level=0)
        np.testing.assert_array_equal(prepare(decode(stream.getvalue())).image, image)


@pytest.mark.dataset
@pytest.mark.parametrize("count", [1_000, pytest.param(10_000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("model_name", published_models())
def test_test_pictures_are_answered_as_recorded(model_name, count, dataset):
    run = artifacts.load_model(model_name).run
    answers = Classifier(run.read("litert")).predict_proba(dataset.test.images[:count])
    np.testing.assert_allclose(run.load_probabilities("test")[:count], answers, atol=2e-3)  # half precision
    wrong = np.flatnonzero(answers.argmax(axis=1) != dataset.test.labels[:count])
    assert [index for index in run.manifest.test.wrong if index < count] == wrong.tolist()
