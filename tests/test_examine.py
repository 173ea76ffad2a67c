"""A run from a stranger, opened where it can do no harm: what Keras or LiteRT would not accept is refused."""

import json
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from fmnist import artifacts
from fmnist.errors import ArtifactError
from fmnist.room import examine, examine_run, examiner
from tests import zips
from tests.artifacts.conftest import refused
from tests.conftest import BASELINE, OTHER, ROOT, find_model, has_alarm

KERAS, LITERT = (artifacts.RUN_FILES[kind].name for kind in ("keras", "litert"))


@pytest.fixture
def quarantine(own_artifacts, tmp_path, monkeypatch):
    """An empty artifacts folder where the program looks from now on."""

    def enter():
        folder = tmp_path / "quarantine"
        folder.mkdir()
        monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
        return folder

    return enter


def save(model, tmp_path):
    model.save(tmp_path / "other.keras")
    return (tmp_path / "other.keras").read_bytes()


@pytest.mark.parametrize("has", [has_alarm, lambda config: not config.learn_alarm], ids=["mean", "network"])
def test_a_run_that_was_trained_here_is_accepted(quarantine, has):
    """Its two models give the same answers, whether one network answers or the mean of two looks."""
    zipped = artifacts.export_run(find_model(has).run)
    examiner.examine(zipped, quarantine())


def code(run, tmp_path):
    return save(keras.Sequential([keras.Input((28, 28)), keras.layers.Lambda(lambda x: x)]), tmp_path)


def other_weights(run, tmp_path):
    model = run.load_keras()
    model.set_weights([np.zeros_like(weights) for weights in model.get_weights()])
    return save(model, tmp_path)


def larger(run, tmp_path):
    return save(keras.Sequential([run.load_keras(), keras.layers.Dense(10, activation="softmax")]), tmp_path)


@pytest.mark.parametrize(
    ("name", "forge", "match"),
    [
        (LITERT, lambda run, tmp_path: b"TFL3" * 9, "LiteRT cannot use its model"),
        (LITERT, lambda run, tmp_path: run.read("litert")[:5_000], "LiteRT cannot use its model"),
        (KERAS, lambda run, tmp_path: b"PK", "Keras refuses to load its model"),
        (KERAS, code, "Keras refuses to load its model, which is damaged or contains code"),
        (KERAS, larger, "its Keras model has another number of parameters"),
        (KERAS, other_weights, "its two models give different answers"),
    ],
    ids=[
        "no model",
        "half a model",
        "no Keras model",
        "a model with code",
        "a larger model",
        "other weights",
    ],
)
def test_a_model_that_does_not_fit_is_refused_with_the_right_sums_too(
    quarantine, tmp_path, name, forge, match
):
    run = artifacts.load_model(BASELINE).run
    forged = zips.replace_member(artifacts.export_run(run), name, forge(run, tmp_path))
    with refused(f"^The zip was not imported, because {match}"):
        examiner.examine(forged, quarantine())


def test_a_model_for_other_images_is_refused(quarantine, tmp_path):
    model = keras.Sequential([keras.Input((5, 5)), keras.layers.Flatten(), keras.layers.Dense(10)])
    zipped = zips.replace_member(
        artifacts.export_run(artifacts.load_model(BASELINE).run), KERAS, save(model, tmp_path)
    )
    layers = [{"name": "a", "type": "Dense", "output_shape": [10], "parameters": model.count_params()}]
    forged = zips.edit_manifest(zipped, "layers", value=layers)
    forged = zips.edit_manifest(forged, "parameters", value=model.count_params())
    with refused("its Keras model is no classifier of 28x28 images"):
        examiner.examine(forged, quarantine())


def test_the_models_of_two_runs_are_told_apart(quarantine):
    run = artifacts.load_model(BASELINE).run
    other = artifacts.load_model(OTHER).run.read("litert")
    with refused("its two models give different answers to the same images"):
        examiner.examine(zips.replace_member(artifacts.export_run(run), LITERT, other), quarantine())


def test_the_process_answers_a_refusal_and_sees_no_secrets(own_artifacts, monkeypatch):
    """The real process; what it refuses needs no Keras, so this is fast."""
    run = artifacts.load_model(BASELINE).run
    forged = zips.replace_member(artifacts.export_run(run), LITERT, b"TFL3" * 9)
    seen = []

    def watch(command, **options):
        seen.append((options["env"], Path(options["cwd"])))
        return start(command, **options)

    start = subprocess.run
    monkeypatch.setattr(subprocess, "run", watch)
    monkeypatch.setenv("SOME_TOKEN", "secret")
    with refused("LiteRT cannot use its model"):
        examine_run(forged)
    ((environment, folder),) = seen
    assert "secret" not in environment.values() and environment["HOME"] == str(folder)
    assert not folder.exists(), "nothing is left of the quarantine"


def test_a_process_that_takes_too_long_or_dies_is_one_sentence(own_artifacts, monkeypatch):
    zipped = artifacts.export_run(artifacts.load_model(BASELINE).run)
    with monkeypatch.context() as patch:
        patch.setattr(examine, "MAX_SECONDS", 0.2)
        with refused("opening its models crashes or takes longer than is safe"):
            examine_run(zipped)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with refused("opening its models crashes"):
        examine_run(zipped)


def test_the_limits_hold_in_the_process():
    script = (
        "from fmnist.room import examiner; examiner._limit()\n"
        "import json, resource\n"
        "limits = (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)\n"
        "print(json.dumps([resource.getrlimit(limit)[0] for limit in limits]))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True)
    limits = json.loads(done.stdout)
    assert limits == [examiner.MAX_MEMORY, examiner.MAX_CPU_SECONDS, examiner.MAX_FILE_BYTES, 0]


def test_one_examination_at_a_time(monkeypatch):
    monkeypatch.setattr(examine, "PATIENCE", 0)
    with examine._turn, pytest.raises(ArtifactError, match="Another run is being examined"):
        examine_run(b"")
