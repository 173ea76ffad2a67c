"""Runs that an earlier version published: they load as they were meant, and nothing is written into them."""

import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from fmnist import artifacts
from fmnist.augmentation import AugmentationPolicy, list_done
from fmnist.inference import Classifier
from fmnist.pictures.samples import draw_samples
from fmnist.recipes import RECIPES, TrainingConfig
from tests import forging
from tests.artifacts.conftest import refused, run_json, save_again
from tests.conftest import published_models
from tests.tiny import shorten


def read_json(path):
    return json.loads(path.read_text())


OLDER = sorted(Path(__file__).with_name("older").glob("*.json"))
"""The run.json of the first runs, in format 1, whose recipes were exported or trained again since."""


@pytest.fixture(params=OLDER, ids=lambda path: path.stem.partition("-")[0])
def older(request, published):
    """The name of an older run, which lies in the folder without its other files."""
    folder = published / "runs" / request.param.stem
    folder.mkdir()
    shutil.copyfile(request.param, folder / "run.json")
    return folder.name


def test_an_older_run_means_what_it_meant(older, published):
    """One share of imitated photos decided three things, which are told apart since."""
    run, content = artifacts.load_run(older), read_json(published / "runs" / older / "run.json")
    assert content["format"] == 1
    recorded, config = content["config"], run.manifest.config
    assert run.manifest.recipe == content["model_name"]
    share = recorded.get("photo_share", 0)
    assert (config.imitated_share, config.learn_alarm) == (share, bool(share))
    assert config.serving == ("mirror_mean" if share else "network")
    assert (run.manifest.alarm is not None) == run.has("garment_space") == config.learn_alarm
    for field in dataclasses.fields(TrainingConfig):
        if field.name in recorded and field.name != "augmentation":
            assert getattr(config, field.name) == recorded[field.name]
        elif field.name not in ("imitated_share", "learn_alarm", "serving", "augmentation"):
            assert getattr(config, field.name) == field.default, "what it lacks is off"
    today = artifacts.load_model(run.manifest.recipe).manifest.config
    changed = ("network", "max_epochs", "patience") if share else ()  # robust has a third block since
    same = {name: getattr(today, name) for name in changed}
    assert dataclasses.replace(config, **same) == today


@pytest.mark.parametrize("model_name", published_models())
def test_a_network_is_served_as_its_values_say(model_name):
    images, run = draw_samples(), artifacts.load_model(model_name).run
    served = Classifier(run.read("litert"))
    apart = np.abs(served.predict_proba(images) - served.predict_proba(images[:, :, ::-1])).max()
    assert (apart < 1e-5) == (run.manifest.config.serving == "mirror_mean")


@pytest.mark.parametrize(("share", "serving"), [(0, "network"), (0.3, "mirror_mean")])
def test_no_share_of_imitated_photos_means_that_nothing_follows_from_it(older, published, share, serving):
    forging.edit(published / "runs" / older / "run.json", "config", "photo_share", value=share)
    config = artifacts.load_run(older).manifest.config
    assert (config.imitated_share, config.learn_alarm, config.serving) == (share, share > 0, serving)


@pytest.mark.parametrize("keys", [["model_name"], ["config", "model_name"]])
def test_an_older_run_with_the_values_of_another_recipe_is_refused(older, published, keys):
    forging.edit(published / "runs" / older / "run.json", *keys, value="other")
    with refused("config belongs to another recipe"):
        artifacts.load_run(older)


def test_publishing_writes_nothing_into_runs_that_are_there(published):
    def snapshot():
        paths = sorted((published / "runs").rglob("*"))
        return {path: (path.stat().st_mtime_ns, path.is_file() and path.read_bytes()) for path in paths}

    before = snapshot()
    models, report = artifacts.load_models(), artifacts.load_photos_report()
    for model, other in zip(models, models[1:] + models[:1], strict=True):
        artifacts.point(model.name, other.run)
        artifacts.describe(model.name, "in other words", "#123456")
    artifacts.point("another", models[0].run, "a new name")
    artifacts.save_photos_report(report)
    assert [model.run.name for model in artifacts.load_models()][-1] == models[0].run.name
    assert snapshot() == before


def test_a_run_saved_beside_older_ones_changes_none_of_them(own_artifacts):
    older = {path: path.read_bytes() for path in (own_artifacts / "runs").rglob("*") if path.is_file()}
    name = artifacts.list_models()[0].name
    run = save_again(own_artifacts, name)
    artifacts.point(name, run)
    assert {path: path.read_bytes() for path in older} == older
    assert {path.parent for path in (own_artifacts / "runs").rglob("run.json")} - {
        path.parent for path in older
    } == {run.folder}


def forget(manifest, *keys):
    """The content of a run.json from before a value was known."""
    inner = manifest
    for key in keys[:-1]:
        inner = inner[key]
    del inner[keys[-1]]
    return manifest


@pytest.mark.parametrize("field", dataclasses.fields(TrainingConfig), ids=lambda field: field.name)
def test_a_value_that_was_not_known_yet_is_the_default_and_no_damage(tiny, field):
    """Whatever comes next in a recipe, the runs of before it lack it."""
    (name,) = [model.name for model in artifacts.load_models() if model.manifest.config.learn_alarm]
    forging.edit(run_json(name), "config", value=forget(read_json(run_json(name))["config"], field.name))
    assert getattr(artifacts.load_model(name).manifest.config, field.name) == field.default


@pytest.mark.parametrize("field", dataclasses.fields(AugmentationPolicy), ids=lambda field: field.name)
def test_a_transformation_that_was_not_known_yet_is_off_and_no_damage(published, field):
    (name,) = [model.name for model in artifacts.load_models() if model.manifest.config.augmentation]
    done = list_done(artifacts.load_model(name).manifest.config.augmentation)
    manifest = forget(read_json(run_json(name)), "config", "augmentation", field.name)
    forging.edit(run_json(name), "config", value=manifest["config"])
    policy = artifacts.load_model(name).manifest.config.augmentation
    assert not getattr(policy, field.name) and len(list_done(policy)) == len(done) - 1


def test_without_any_strength_nothing_is_done_to_a_picture():
    assert list_done(AugmentationPolicy()) == []


def test_every_recipe_of_now_is_read_back_as_it_was_written(tiny_artifacts, monkeypatch):
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tiny_artifacts))
    for model in artifacts.load_models():
        assert model.manifest.config == shorten(RECIPES[model.name]).config
        content = read_json(model.run.folder / "run.json")
        assert content["config"]["serving"] == model.manifest.config.serving
        assert "photo_share" not in content["config"]
