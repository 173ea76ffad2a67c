"""Loading, verifying and publishing runs; the committed ones and tiny real ones."""

import io

import numpy as np
import pytest

from fmnist import artifacts
from fmnist.confidence import DIRECTIONS
from fmnist.config import RECIPES
from fmnist.errors import ArtifactError, TrainingError
from fmnist.inference import Classifier
from fmnist.models import build_model
from tests import forging
from tests.conftest import published_models


def run_folder(folder, name="simple"):
    return folder / "runs" / artifacts.load_run(name).entry.run


@pytest.mark.parametrize("model_name", published_models())
def test_published_runs_are_whole(model_name):
    run = artifacts.load_run(model_name)
    manifest = run.manifest
    for name in artifacts.RUN_FILES:
        assert run.read(name)
    history = run.load_history()
    assert tuple(history.columns) == artifacts.HISTORY_COLUMNS
    assert len(history) == manifest["epochs_run"]
    kept = history.iloc[manifest["kept_epoch"] - 1]
    assert kept["val_loss"] == history["val_loss"].min()
    # The curves are of the network; one that saw imitations is served as the mean of both ways to look.
    apart = 5e-3 if manifest["config"].get("photo_share") else 1e-4
    assert kept["val_accuracy"] == pytest.approx(manifest["validation"]["accuracy"], abs=apart)
    confusions = run.load_validation_confusion()
    assert confusions.dtype == np.int32 and confusions.shape == (len(history), 10, 10)
    assert (confusions.sum(axis=2) == 1200).all()
    for part, size in (("validation", 12_000), ("test", 10_000)):
        probabilities = run.load_probabilities(part)
        assert probabilities.shape == (size, 10)
        np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert manifest["parameters"] == sum(layer["parameters"] for layer in manifest["layers"])
    if not manifest["config"].get("batch_norm"):
        assert manifest["parameters"] == 467_818
    assert manifest["split_sizes"] == {"train": 48_000, "validation": 12_000, "test": 10_000}


def test_the_baseline_comes_first_and_colours_differ():
    entries = artifacts.load_models()
    assert entries[0].name == "simple"
    assert len({entry.colour for entry in entries}) == len(entries)


def test_an_unknown_model_lists_the_known_ones(own_artifacts):
    with pytest.raises(ArtifactError, match=r"no model 'other'.*simple, augmented, robust"):
        artifacts.load_run("other")


@pytest.mark.parametrize("name", artifacts.RUN_FILES)
def test_a_changed_byte_is_noticed_and_named(own_artifacts, name):
    path = run_folder(own_artifacts) / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ArtifactError, match=rf"{name} is damaged.*git checkout"):
        artifacts.load_run("simple").read(name)
    assert artifacts.load_run("augmented").read(name)


def test_only_what_learned_from_imitations_has_an_alarm(own_artifacts):
    assert artifacts.load_run("simple").load_alarm() is None
    assert artifacts.load_run("robust").load_alarm().space.shape == (1 + DIRECTIONS, 784)
    path = run_folder(own_artifacts, "robust") / artifacts.GARMENT_SPACE
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ArtifactError, match=r"garment_space\.npy is damaged"):
        artifacts.load_run("robust").load_alarm()


@pytest.mark.parametrize("space", [np.zeros((21, 9)), np.zeros((1, 784)), np.full((3, 784), np.nan)])
def test_an_alarm_that_could_not_measure_is_refused(own_artifacts, space):
    stream = io.BytesIO()
    np.save(stream, space)
    forging.replace_file(artifacts.load_run("robust"), artifacts.GARMENT_SPACE, stream.getvalue())
    with pytest.raises(ArtifactError, match=r"garment_space\.npy is damaged: it "):
        artifacts.load_run("robust").load_alarm()


def test_missing_files_are_named(own_artifacts):
    folder = run_folder(own_artifacts)
    (folder / "model.tflite").unlink()
    with pytest.raises(ArtifactError, match=r"model\.tflite cannot be read \(No such file"):
        artifacts.load_run("simple").read("model.tflite")
    (folder / "run.json").unlink()
    with pytest.raises(ArtifactError, match=r"run\.json cannot be read"):
        artifacts.load_run("simple")
    (own_artifacts / "models.json").unlink()
    with pytest.raises(ArtifactError, match=r"models\.json cannot be read"):
        artifacts.load_models()


ENTRY = '{"name": "%s", "run": "%s", "description": "", "colour": "%s"}'


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        '{"models": 3}',
        '{"models": [3]}',
        '{"models": [{"name": 1}]}',
        "\xff" * 9,
        "9" * 6_000_000,
    ]
    + ['{"models": [%s]}' % (ENTRY % entry) for entry in (("<b>", "r", "#123456"), ("a", "../r", "#123456"))]
    + [
        '{"models": [%s]}' % (ENTRY % ("a", "r", "red")),
        '{"models": [%s, %s]}' % ((ENTRY % ("a", "r", "#123456"),) * 2),
    ],
    ids=range(12),
)
def test_a_damaged_list_of_models_is_named(own_artifacts, content):
    (own_artifacts / "models.json").write_text(content)
    with pytest.raises(ArtifactError, match=r"models\.json is damaged"):
        artifacts.load_models()


def test_a_newer_format_says_so(own_artifacts):
    forging.edit(run_folder(own_artifacts) / "run.json", "format", value=2)
    with pytest.raises(ArtifactError, match="format 2, this program reads 1"):
        artifacts.load_run("simple")
    forging.edit(own_artifacts / "models.json", "format", value=3)
    with pytest.raises(ArtifactError, match="format 3, this program reads 2"):
        artifacts.load_models()


def test_a_file_outside_the_manifest_is_not_read(own_artifacts):
    (run_folder(own_artifacts) / "extra.npy").write_bytes(b"x")
    with pytest.raises(ArtifactError, match=r"does not list a file extra\.npy"):
        artifacts.load_run("simple").read("extra.npy")


def publish_again(folder, name, **changes):
    run = artifacts.load_run(name)
    (folder / "new").mkdir()
    for file in artifacts.RUN_FILES:
        (folder / "new" / file).write_bytes(run.read(file))
    entry = artifacts.ModelEntry(changes.get("as_name", name), "", "new words", "#123456")
    manifest = {key: value for key, value in run.manifest.items() if key not in ("run", "config")}
    return artifacts.publish(folder / "new", manifest | {"model_name": entry.name, "config": {}}, entry)


def test_publishing_moves_the_pointer_and_keeps_the_rest(own_artifacts):
    before = artifacts.load_models()
    run = publish_again(own_artifacts, "simple")
    after = artifacts.load_models()
    assert [entry.name for entry in after] == [entry.name for entry in before]
    assert after[0].description == before[0].description
    assert after[0].run == run.entry.run != before[0].run
    assert (own_artifacts / "runs" / before[0].run).is_dir(), "a published run never goes away"


def test_a_new_name_is_appended(own_artifacts):
    publish_again(own_artifacts, "simple", as_name="third")
    assert [entry.name for entry in artifacts.load_models()] == [*RECIPES, "third"]


def test_an_incomplete_run_is_not_published(own_artifacts):
    before = (own_artifacts / "models.json").read_bytes()
    (own_artifacts / "new").mkdir()
    with pytest.raises(ArtifactError, match=r"model\.keras"):
        artifacts.publish(own_artifacts / "new", {}, artifacts.ModelEntry("simple", "", "", ""))
    assert (own_artifacts / "models.json").read_bytes() == before


def test_a_model_is_trained_by_one_process_at_a_time(own_artifacts):
    with artifacts.workspace("simple"):
        refused = pytest.raises(TrainingError, match="Another process is training simple")
        with refused, artifacts.workspace("simple"):
            pass
        with artifacts.workspace("augmented"):
            pass


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (["test"], None),
        (["test", "accuracy"], "high"),
        (["test", "accuracy"], float("nan")),
        (["test", "confusion_matrix"], [[1]]),
        (["test", "confusion_matrix", 0, 0], 77),
        (["test", "confusion_matrix", 0, 0], 1.5),
        (["validation", "wrong"], ["<script>"]),
        (["validation", "accuracy_interval"], [1]),
        (["kept_epoch"], 99),
        (["temperature"], 0),
        (["layers", 0], "x"),
        (["split_sizes"], {}),
        (["config", "augmentation"], {"flip": 1}),
        (["files", "model.keras"], 5),
        (["parameters"], True),
    ],
)
def test_a_manifest_that_no_page_could_show_is_refused_by_name(own_artifacts, keys, value):
    forging.edit(run_folder(own_artifacts) / "run.json", *keys, value=value)
    with pytest.raises(ArtifactError, match=r"run\.json is damaged: .*git checkout"):
        artifacts.load_run("simple")
    assert artifacts.load_run("augmented")


@pytest.mark.parametrize("content", ["", "epoch,loss\n1,2\n", "\ufeffepoch\n", "\0" * 50])
def test_a_foreign_history_is_refused_even_with_the_right_sum(own_artifacts, content):
    forging.replace_file(artifacts.load_run("simple"), "history.csv", content.encode())
    with pytest.raises(ArtifactError, match=r"history\.csv is damaged"):
        artifacts.load_run("simple").load_history()


def test_a_link_out_of_the_folder_is_not_followed(own_artifacts, tmp_path):
    path = run_folder(own_artifacts) / "model.keras"
    path.rename(tmp_path / "model.keras")
    path.symlink_to(tmp_path / "model.keras")
    with pytest.raises(ArtifactError, match="link to a place outside"):
        artifacts.load_run("simple").load_keras()


def test_weights_that_are_no_numbers_are_refused(tmp_path):
    model = build_model()
    model.set_weights([np.full_like(weight, np.nan) for weight in model.get_weights()])
    model.export(tmp_path / "model.tflite", format="litert", verbose=False)
    with pytest.raises(ArtifactError, match="no probabilities"):
        Classifier((tmp_path / "model.tflite").read_bytes())
