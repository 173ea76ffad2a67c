"""Fixtures shared by all tests: real data where it is present, tiny real runs everywhere."""

import os
import shutil
from pathlib import Path

import pytest
from filelock import FileLock

from fmnist import artifacts, data
from fmnist.inference import Classifier
from tests.effort import choose_part
from tests.tiny import build_tiny_dataset, train_tiny_models, use_tiny_network

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
# A camera that shows a test picture, and names that lead to this machine as a rebound or a real one would.
FLAGS += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
FLAGS += ["--host-resolver-rules=MAP *.example 127.0.0.1"]
ROOT = Path(__file__).resolve().parents[1]


@pytest.hookimpl(trylast=True)  # after `-m` has chosen
def pytest_collection_modifyitems(config, items):
    """Leaves out the slow tests that are not of the part that is asked for."""
    slow = [item for item in items if item.get_closest_marker("slow")]
    left_out = set(slow) - set(choose_part(slow))
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=list(left_out))


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
    """A folder with a tiny trained model of every recipe, built once for all workers: never write there."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # that of the whole session
    finished, building = folder / "tiny", folder / "tiny.part"
    with FileLock(folder / "tiny.lock"):
        if not finished.exists():
            train_tiny_models(building, tiny_dataset)
            building.rename(finished)
    return finished


@pytest.fixture
def own_artifacts(tmp_path, tiny_artifacts, monkeypatch):
    """A copy of the tiny artifacts that a test may damage; the program looks there."""
    folder = tmp_path / "artifacts"
    shutil.copytree(tiny_artifacts, folder)
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
    return folder


@pytest.fixture
def tiny_network(monkeypatch):
    """Whatever the test trains is the tiny network."""
    use_tiny_network(monkeypatch)


@pytest.fixture
def no_data(tmp_path, monkeypatch):
    """An empty home: no data set anywhere."""
    monkeypatch.delenv("FMNIST_DATA_DIR", raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))


def published_models():
    """The names of the committed models, for parametrised tests."""
    return [entry.name for entry in artifacts.list_models()]


BASELINE, OTHER, *_ = published_models()


def find_model(is_meant):
    """The first published model of whose recipe `is_meant` is true, such as `has_alarm`."""
    return next(model for model in artifacts.load_models() if is_meant(model.manifest.config))


def has_alarm(config):
    return config.learn_alarm


def is_augmented(config):
    return config.augmentation is not None


def predict(model_name, images):
    """What a published model answers: float32 `(n, 10)`."""
    return Classifier.from_run(artifacts.load_model(model_name).run).predict_proba(images)


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=60_000)  # shared machines are slow at times
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()
