"""train and evaluate, as a user runs them."""

import json

import numpy as np
import pytest

from fmnist import artifacts
from fmnist.cli import main
from fmnist.inference import Classifier
from tests import forging
from tests.artifacts.conftest import older_export


@pytest.mark.parametrize("seed", ["-1", str(2**32), "1e3", "", "9" * 5_000])
def test_a_seed_that_no_generator_takes_is_misuse(capsys, seed):
    with pytest.raises(SystemExit) as exit_status:
        main(["train", "simple", "--seed", seed])
    assert exit_status.value.code == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert "a seed is a whole number from 0 to 4294967295" in said and len(said) < 200


@pytest.mark.parametrize("command", [["evaluate"], ["train", "simple"]])
def test_without_the_data_set_the_command_to_get_it_is_said(no_data, capsys, command):
    assert main(command) == 1
    assert "python -m fmnist download" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["augmented", pytest.param("robust", marks=pytest.mark.slow)])
def test_an_older_model_is_exported_again_with_the_same_weights(own_artifacts, tiny_dataset, capsys, name):
    older = older_export(own_artifacts, name)
    assert not Classifier(older.read("litert")).has_features
    assert main(["export-again", name]) == 0
    assert "has the weights of" in capsys.readouterr().out
    run = artifacts.load_model(name).run
    assert run.name != older.name and run.read("keras") == older.read("keras")
    classifier, images = Classifier(run.read("litert")), tiny_dataset.test.images
    assert classifier.compute_features(images).shape == (len(images), 16)
    np.testing.assert_allclose(
        classifier.predict_proba(images), Classifier(older.read("litert")).predict_proba(images), atol=1e-6
    )
    assert run.manifest.test == older.manifest.test and run.manifest.created == older.manifest.created
    assert run.has("garment_space") == older.has("garment_space")


@pytest.mark.slow
@pytest.mark.dataset
def test_evaluate_finds_the_recorded_accuracy(dataset, capsys):
    assert main(["evaluate"]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    for line, entry in zip(lines, artifacts.list_models(), strict=True):
        assert line.split()[0] == entry.name
        assert float(line.split()[1]) == round(artifacts.load_model(entry.name).manifest.test.accuracy, 4)


@pytest.mark.dataset
def test_evaluate_fails_where_the_record_differs(own_artifacts, dataset, capsys):
    published = json.loads((own_artifacts / "models.json").read_text())["models"]
    forging.edit(own_artifacts / "models.json", "models", value=published[:1])  # one tells as much as three
    assert main(["evaluate"]) == 1, "a tiny model's record is of another test set"
    assert "no longer give the recorded accuracy" in capsys.readouterr().err
