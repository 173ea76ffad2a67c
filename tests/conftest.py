"""Fixtures shared by all tests: real data where it is present, tiny real runs everywhere."""

import dataclasses
from pathlib import Path

import pytest

from fmnist import artifacts, data
from fmnist.config import RECIPES
from tests.tiny import build_tiny_dataset

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def dataset():
    """The real data set; tests that need it skip, with the reason, where it is absent."""
    if not data.is_present():
        pytest.skip("the data set is not here: set FMNIST_DATA_DIR or run `python -m fmnist download`")
    return data.load_dataset()


@pytest.fixture(scope="session")
def tiny_dataset():
    return build_tiny_dataset()


@pytest.fixture(scope="session")
def tiny_artifacts(tmp_path_factory, tiny_dataset):
    """A folder with a model of every recipe, really trained for two epochs on the tiny data set."""
    from fmnist.training import train

    folder = tmp_path_factory.mktemp("artifacts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
        for recipe in RECIPES.values():
            train(dataclasses.replace(recipe, max_epochs=2), tiny_dataset, lambda line: None)
    return folder


@pytest.fixture
def own_artifacts(tmp_path, tiny_artifacts, monkeypatch):
    """A copy of the tiny artifacts that a test may damage; the program looks there."""
    import shutil

    folder = tmp_path / "artifacts"
    shutil.copytree(tiny_artifacts, folder)
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
    return folder


@pytest.fixture
def no_data(tmp_path, monkeypatch):
    """An empty home: no data set anywhere."""
    monkeypatch.delenv("FMNIST_DATA_DIR", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))


def published_models():
    """The names of the committed models, for parametrised tests."""
    return [entry.name for entry in artifacts.load_models()]
