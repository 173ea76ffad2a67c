"""The published second opinion: its table, its answers, and what a damaged one says."""

import json

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter

from fmnist import artifacts
from fmnist.artifacts import ImageNetClass
from fmnist.config import CLASS_NAMES
from fmnist.errors import ArtifactError
from fmnist.second_opinion import SIDE, count_shares, load_second_opinion
from fmnist.second_opinion.garments import sum_garments
from fmnist.second_opinion.imagenet import CLASSES


def test_the_probability_of_a_class_goes_to_its_garments():
    jean = ImageNetClass(index=1, name="jean", garments={"trouser": 1})
    kimono = ImageNetClass(index=2, name="kimono", garments={"dress": 0.5, "coat": 0.25})
    shares = count_shares((jean, kimono), 4)
    assert shares.shape == (4, 10) and shares.sum() == 1.75
    (found,) = sum_garments(1.4 * np.log([[0.2, 0.2, 0.4, 0.2]]), shares)
    unnamed = 3e-3
    total = 0.2 + 0.2 + 0.1 + 10 * unnamed
    expected = {"trouser": 0.2, "dress": 0.2, "coat": 0.1}
    np.testing.assert_allclose(found, [(expected.get(name, 0) + unnamed) / total for name in CLASS_NAMES])


def test_each_garment_has_a_class_and_no_class_gives_more_than_it_has():
    shares = count_shares(CLASSES, 1000)
    assert (shares.sum(axis=0) > 0).all() and shares.sum(axis=1).max() <= 1 + 1e-9
    assert len({known.index for known in CLASSES}) == len(CLASSES)


def test_the_published_one_calculates_in_whole_numbers():
    """With activations in floating point it takes nearly twice as long."""
    interpreter = Interpreter(model_content=artifacts.load_second_opinion().model)
    large = [each for each in interpreter.get_tensor_details() if each["shape"].prod() > SIDE * SIDE * 3]
    assert len(large) > 20 and {each["dtype"] for each in large} == {np.int8}


def test_the_published_one_answers_and_knows_its_source():
    opinion = load_second_opinion()
    found = opinion.ask_views(np.full((2, SIDE, SIDE, 3), 127, np.uint8))
    assert found.shape == (2, 10)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    np.testing.assert_array_equal(found[0], found[1])
    assert opinion.manifest.classes == CLASSES and opinion.manifest.licence == "Apache-2.0"
    models = artifacts.load_models()
    assert opinion.find_partner(models).name == models[-1].name
    assert opinion.find_partner(models[:1]) is None


def test_none_is_no_fault(own_artifacts):
    assert load_second_opinion() is None


@pytest.fixture
def small_one(own_artifacts):
    """A folder of artifacts with a second opinion whose network is none."""
    values = {
        "name": "a network", "learned_from": "photos", "licence": "mine", "package": "p", "version": "1",
        "package_sha256": "0" * 64, "outputs": 4,
        "classes": [{"index": 3, "name": "jean", "garments": {"trouser": 1.0}}],
    }  # fmt: skip
    artifacts.save_second_opinion(b"no network", "the licence", values)
    return own_artifacts / "second_opinion"


def test_what_is_no_network_is_refused_in_a_sentence(small_one):
    assert (small_one / "LICENSE.txt").read_text() == "the licence"
    with pytest.raises(ArtifactError, match=r"second opinion cannot be used.*Import it again"):
        load_second_opinion()


@pytest.mark.parametrize("name", ["model.tflite", "second_opinion.json"])
def test_damage_is_said(small_one, name):
    path = small_one / name
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(ArtifactError, match=f"{name} is damaged or was changed"):
        artifacts.load_second_opinion()
    path.unlink()
    with pytest.raises(ArtifactError, match=f"{name} cannot be read"):
        artifacts.load_second_opinion()


def test_shares_that_are_none_are_not_saved(small_one):
    content = json.loads((small_one / "second_opinion.json").read_text())
    del content["format"], content["files"]
    for garments, told in (({"hat": 1.0}, "none of the ten"), ({"bag": 0.6, "coat": 0.6}, "more than 1")):
        content["classes"] = [{"index": 3, "name": "x", "garments": garments}]
        with pytest.raises(ArtifactError, match=told):
            artifacts.save_second_opinion(b"", "", content)
    content["classes"] = [{"index": 4, "name": "x", "garments": {"bag": 1.0}}]
    with pytest.raises(ArtifactError, match="none of the outputs"):
        artifacts.save_second_opinion(b"", "", content)


def test_a_new_one_forgets_how_the_old_one_was_combined(small_one):
    model = artifacts.list_models()[0]
    chosen = artifacts.Combination(model=model.name, run=model.run, weights=(1.0, 0.5, 0.5), photos=3)
    artifacts.save_combination(chosen)
    assert artifacts.load_second_opinion().combination == chosen
    content = json.loads((small_one / "second_opinion.json").read_text())
    del content["format"], content["files"]
    artifacts.save_second_opinion(b"another", "", content)
    assert artifacts.load_second_opinion().combination is None
