"""Copies of artifacts to be damaged, and how a refusal must read."""

import contextlib
import io
import shutil

import msgspec
import numpy as np
import pytest

from fmnist import artifacts
from fmnist.errors import ArtifactError
from tests.conftest import BASELINE


@pytest.fixture
def published(tmp_path, monkeypatch):
    """A copy of the committed artifacts without the large files; the program looks there."""
    return copy(artifacts.artifacts_dir(), tmp_path, monkeypatch, "*.keras", "*.tflite", "*.npy")


@pytest.fixture
def tiny(tmp_path, tiny_artifacts, monkeypatch):
    """The same of the tiny artifacts, with their arrays."""
    return copy(tiny_artifacts, tmp_path, monkeypatch, "*.keras", "*.tflite")


def copy(source, tmp_path, monkeypatch, *large):
    folder = tmp_path / "artifacts"
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns(".scratch", "*.lock", *large))
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
    return folder


@contextlib.contextmanager
def refused(match):
    """Expects a short ArtifactError on one line that names no place on the server."""
    with pytest.raises(ArtifactError, match=match) as caught:
        yield
    said = str(caught.value)
    assert "\n" not in said and said.endswith(".") and len(said) < 400
    assert str(artifacts.artifacts_dir()) not in said


def run_json(name=BASELINE):
    return artifacts.load_model(name).run.folder / "run.json"


def load_all():
    return artifacts.load_models(), artifacts.load_photos_report()


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def save_again(folder, name, **changes):
    """Saves the run of `name` again, with changes to its manifest."""
    run = artifacts.load_model(name).run
    scratch = folder / "new"
    shutil.copytree(run.folder, scratch)
    manifest = msgspec.to_builtins(run.manifest) | changes
    del manifest["run"], manifest["files"]
    return artifacts.save_run(scratch, manifest)


def older_export(folder, name):
    """Points a model at a run like its own, whose LiteRT file was exported without features."""
    run = artifacts.load_model(name).run
    scratch = folder / "older"
    shutil.copytree(run.folder, scratch)
    run.load_keras().export(artifacts.file_path(scratch, "litert"), format="litert", verbose=False)
    manifest = msgspec.to_builtins(run.manifest)
    del manifest["run"], manifest["files"]
    return artifacts.point(name, artifacts.save_run(scratch, manifest)).run
