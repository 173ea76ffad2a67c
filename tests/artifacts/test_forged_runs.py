"""run.json and the history of a run: what no training could have written is one sentence."""

import dataclasses
import json
import re

import pytest

from fmnist import artifacts
from fmnist.augmentation import TRANSFORMS, AugmentationPolicy
from fmnist.recipes import TrainingConfig
from tests import forging
from tests.artifacts.conftest import refused, run_json
from tests.conftest import BASELINE, OTHER, find_model, is_augmented

AUGMENTED = find_model(is_augmented).name
POLICY = dataclasses.asdict(artifacts.load_model(AUGMENTED).manifest.config.augmentation)


@pytest.mark.parametrize(
    ("keys", "value", "match"),
    [
        (["test", "accuracy"], 0.1234, "in test the accuracy contradicts the confusion matrix"),
        (["test", "accuracy"], 5, "accuracy of test must be a number of at most 1, received 5"),
        (
            ["validation", "accuracy"],
            -1,
            "must be a number of at least 0, received -1",
        ),
        (["validation", "accuracy"], True, "received True"),
        (["validation", "accuracy_interval"], [0.1, 0.2], "in validation the interval contradicts"),
        (["validation", "accuracy_interval"], [0.9, 0.92, 0.94], "must be a list of length 2"),
        (["validation", "accuracy_interval"], [0.9, "<b>"], "must be a number, received '<b>'"),
        (["test", "loss"], -0.1, "loss of test must be"),
        (["test", "loss"], 10**400, "a number that is too large"),
        (["test", "loss"], float("inf"), "not a finite number"),
        (["test", "wrong", 0], 10_000, "rising positions"),
        (["test", "wrong", -1], 10_000, "rising positions below the size"),
        (["test", "confusion_matrix", 3, 3], 0, "counts of the confusion matrix contradict"),
        (
            ["test", "confusion_matrix", 3],
            [1] * 9,
            "entry 3 of confusion_matrix of test must be .* 10 entries",
        ),
        (["test", "size"], 0, "size of test must be"),
        (["epochs_run"], 10**9, "epochs_run must be .* at most 100000, received 1000000000"),
        (["kept_epoch"], 18, "kept_epoch lies outside the run"),
        (["temperature"], 1e6, "temperature must be"),
        (["seconds"], "long", "seconds must be"),
        (["run"], "other-20261123T030101Z", "belongs to the run other-20261123T030101Z"),
        (["recipe"], "a\nb", r"a text must be a line of at most 200 .*received 'a\\nb'"),
        (["created"], "two\nlines", "a text must be a line"),
        (["versions", "keras"], ["3"], "an entry of versions must be a text"),
        (["split_sizes"], {"train": 1}, "split_sizes lacks validation"),
        (["split_sizes", "train"], -48_000, "train of split_sizes must be"),
        (["split_sizes", "test"], 9_999, "size of test is not the one in split_sizes"),
        (["split_sizes", "more"], 1, "split_sizes has an unknown entry 'more'"),
        (["layers"], {}, "layers must be a list, received"),
        (["layers", 2], None, "entry 2 of layers must be a set of named values, received None"),
        (["layers", 2, "parameters"], 321, "parameters are not those of the layers"),
        (
            ["layers", 2, "output_shape"],
            [28, -28],
            "entry 1 of output_shape of entry 2 of layers must be",
        ),
        (["layers", 2, "<img>" * 99], 1, r"a text must be a line .*'(<img>)+.*\.\.\."),
        (["config", "model_name"], OTHER, "config has an unknown entry 'model_name'"),
        (["config", "augmentation"], "strong", "augmentation of config must be"),
        (["config", "augmentation"], POLICY | {"rotation": 2}, "in augmentation of config rotation must be"),
        (
            ["config", "augmentation"],
            POLICY | {"flip": 1},
            "flip of augmentation .*must be true or false",
        ),
        (["config", "augmentation"], POLICY | {"blur": 0.1}, "unknown entry 'blur'"),
        (["alarm"], {"threshold": 9, "false_alarms": 1.5, "caught": 1}, "false_alarms of alarm must be"),
        (["files", "model.keras"], "0" * 63, "an entry of files must be a SHA-256"),
        (["extra"], json.loads("[" * 30 + "]" * 30), "nested too deeply"),
    ],
)
def test_a_forged_run_is_refused_even_with_the_right_sums(published, keys, value, match):
    manifest = json.loads(run_json().read_text())
    inner = manifest
    for key in keys[:-1]:
        inner = inner[key]
    inner[keys[-1]] = value
    run_json().write_text(json.dumps(manifest))
    forging.reseal()
    with refused(rf"artifacts/runs/[\w-]+/run\.json is damaged: .*{match}"):
        artifacts.load_model(BASELINE)
    assert artifacts.load_model(OTHER), "it costs only its own model"


@pytest.mark.parametrize("kind", [TrainingConfig, AugmentationPolicy])
def test_every_value_of_a_recipe_is_checked(published, kind):
    forging.edit(run_json(AUGMENTED), "config", "augmentation", value=POLICY)
    keys = ["config"] if kind is TrainingConfig else ["config", "augmentation"]
    before = run_json(AUGMENTED).read_bytes()
    path = run_json(AUGMENTED)
    for field in dataclasses.fields(kind):
        forging.edit(path, *keys, field.name, value=["x"])
        with refused(rf"run\.json is damaged: {field.name} of "):
            artifacts.load_model(AUGMENTED)
        path.write_bytes(before)


def test_a_policy_is_one_that_the_sliders_can_show(published):
    path = run_json(AUGMENTED)
    sliders = {name: transform.slider for name, transform in TRANSFORMS.items() if transform.slider}
    largest = {name: slider.unit * slider.largest for name, slider in sliders.items()}
    forging.edit(path, "config", "augmentation", value=POLICY | largest)
    assert artifacts.load_model(AUGMENTED)
    for name, value in largest.items():
        forging.edit(path, "config", "augmentation", value=POLICY | {name: value + 0.01})
        with refused(f"in augmentation of config {name} must be from 0 to"):
            artifacts.load_model(AUGMENTED)


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        (r"^1,", "1.5,", "epochs are not those of the run"),
        (r"^2,.*\n", "", "epochs are not those of the run"),
        (r"^1,", "1,-", "below zero or not numbers"),
        (r"^1,", f"1,{'x' * 1_000_000}", "not a table of numbers"),
        (r"^1,", "1,9,", "not a table of numbers|columns must be|epochs are"),
        (r"^(1,[^,]*),[^,]*", r"\1,1.01", "accuracies must lie"),
        (r"^(1,[^,]*),[^,]*", r"\1,nan", "not numbers"),
        (r"^(1,[^,]*),[^,]*", r"\1,1e999", "not numbers"),
        (r"^epoch", "\0epoch", "columns must be"),
        (r"val_loss", "val_accuracy", "columns must be"),
    ],
)
def test_a_forged_history_is_refused_even_with_the_right_sums(published, old, new, match):
    run = artifacts.load_model(BASELINE).run
    content = re.sub(old, new, run.read("history").decode(), count=1, flags=re.MULTILINE)
    forging.replace_file(run, "history", content.encode())
    with refused(rf"history\.csv is damaged: .*{match}"):
        artifacts.load_model(BASELINE).run.load_history()
