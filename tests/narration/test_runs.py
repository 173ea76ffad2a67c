"""Runs in words: a line of the table, and settings side by side."""

import dataclasses

import msgspec
import pytest

from fmnist import artifacts
from fmnist.augmentation import AugmentationPolicy
from fmnist.narration import Setting, compare_settings, describe_share, summarise_run
from fmnist.narration.runs import describe_changes
from fmnist.recipes import TrainingConfig
from tests.conftest import BASELINE, OTHER


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (TrainingConfig(), "none"),
        (TrainingConfig(augmentation=AugmentationPolicy()), "none"),
        (TrainingConfig(augmentation=AugmentationPolicy(flip=True, translation=0.07)), "flip, shift 7%"),
        (
            TrainingConfig(augmentation=AugmentationPolicy(rotation=0.02, zoom=0.0175, contrast=0.4)),
            "rotation 7.2°, zoom 1.75%, contrast 40%",
        ),
        (TrainingConfig(imitated_share=0.45), "45% simulated photos"),
    ],
)
def test_what_was_done_to_the_training_images_in_short(config, said):
    assert describe_changes(config) == said


@pytest.mark.parametrize(("share", "said"), [(1, "100%"), (1 / 3, "33%"), (0.02, "2%"), (0.025, "2.5%")])
def test_a_share_of_the_data(share, said):
    assert describe_share(share) == said


def test_a_line_of_the_table_is_what_the_manifest_says():
    manifest = artifacts.load_model(BASELINE).manifest
    summary = summarise_run(manifest)
    assert (summary.name, summary.recipe, summary.seed) == (manifest.run, "simple", manifest.config.seed)
    assert (summary.epochs_run, summary.kept_epoch) == (manifest.epochs_run, manifest.kept_epoch)
    assert summary.validation_accuracy == manifest.validation.accuracy
    assert (summary.validation_loss, summary.test_accuracy) == (
        manifest.validation.loss,
        manifest.test.accuracy,
    )
    assert summary.created == manifest.created[:10] + " " + manifest.created[11:16]


def change(manifest, **values):
    return msgspec.structs.replace(manifest, config=dataclasses.replace(manifest.config, **values))


def test_settings_that_differ_are_found_and_all_of_them_are_there():
    manifest = artifacts.load_model(BASELINE).manifest
    other = change(
        manifest, seed=7, train_share=0.5, augmentation=AugmentationPolicy(rotation=0.02), decay=None
    )
    settings = compare_settings({"a": manifest, "b": other})
    assert [setting for setting in settings if setting.differs] == [
        Setting("seed", ("1", "7")),
        Setting("train share", ("1", "0.5")),
        Setting("decay", ("0.5", "none")),
        Setting("random rotation", ("0", "0.02")),
    ]
    names = {setting.name for setting in settings}
    for field in dataclasses.fields(TrainingConfig):
        assert field.name == "augmentation" or field.name.replace("_", " ") in names
    for field in dataclasses.fields(AugmentationPolicy):
        assert f"random {field.name}" in names
    assert {"recipe", "training images", "data split", "version of keras"} <= names


def test_no_policy_is_a_policy_with_everything_switched_off():
    manifest = artifacts.load_model(BASELINE).manifest
    settings = compare_settings({"a": manifest, "b": change(manifest, augmentation=AugmentationPolicy())})
    assert not [setting for setting in settings if setting.differs]


def test_a_run_that_does_not_state_a_version_has_a_dash_in_its_place():
    manifest = artifacts.load_model(OTHER).manifest
    without = msgspec.structs.replace(manifest, versions={})
    newer = msgspec.structs.replace(manifest, versions={"jax": "9"})
    by_name = {s.name: s.values for s in compare_settings({"a": without, "b": newer, "c": without})}
    assert by_name["version of jax"] == ("-", "9", "-")
    assert all(len(values) == 3 for values in by_name.values())
