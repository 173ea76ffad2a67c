"""Loading, verifying and publishing runs; the committed ones and tiny real ones."""

import io

import numpy as np
import pytest

from fmnist import artifacts
from fmnist.errors import ArtifactError, TrainingError
from tests import forging
from tests.artifacts.conftest import save_again
from tests.conftest import BASELINE, OTHER, find_model, has_alarm, published_models

NAMES = published_models()


def run_folder(folder, name=BASELINE):
    return folder / "runs" / artifacts.load_model(name).run.name


@pytest.mark.parametrize("model_name", published_models())
def test_published_runs_are_whole(model_name):
    run = artifacts.load_model(model_name).run
    manifest = run.manifest
    for kind, file in artifacts.RUN_FILES.items():
        assert run.has(kind) or file.is_optional
        assert not run.has(kind) or run.read(kind)
    history = run.load_history()
    assert tuple(history.columns) == artifacts.HISTORY_COLUMNS
    assert len(history) == manifest.epochs_run
    kept = history.iloc[manifest.kept_epoch - 1]
    assert kept["val_loss"] == history["val_loss"].min()
    # The curves are of one look; some runs serve the mean of two.
    apart = 5e-3 if manifest.config.serving == "mirror_mean" else 1e-4
    assert kept["val_accuracy"] == pytest.approx(manifest.validation.accuracy, abs=apart)
    confusions = run.load("validation_confusion")
    assert confusions.dtype == np.int32 and confusions.shape == (len(history), 10, 10)
    assert (confusions.sum(axis=2) == 1200).all()
    for part, size in (("validation", 12_000), ("test", 10_000)):
        probabilities = run.load_probabilities(part)
        assert probabilities.shape == (size, 10)
        np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert manifest.parameters == sum(layer.parameters for layer in manifest.layers)
    if manifest.config.network == "two_blocks" and not manifest.config.batch_norm:
        assert manifest.parameters == 467_818
    sizes = manifest.split_sizes
    assert (sizes.train, sizes.validation, sizes.test) == (48_000, 12_000, 10_000)


def test_the_baseline_comes_first_and_colours_differ():
    entries = artifacts.list_models()
    assert entries[0].name == "simple"
    assert len({entry.colour for entry in entries}) == len(entries)


def test_an_unknown_model_lists_the_known_ones(own_artifacts):
    with pytest.raises(ArtifactError, match=f"no model 'other'.*{', '.join(published_models())}"):
        artifacts.load_model("other")


@pytest.mark.parametrize("kind", artifacts.RUN_FILES)
def test_a_changed_byte_is_noticed_and_named(own_artifacts, kind):
    name = artifacts.RUN_FILES[kind].name
    path = find_model(has_alarm).run.folder / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ArtifactError, match=rf"{name} is damaged.*git checkout"):
        find_model(has_alarm).run.read(kind)
    assert artifacts.load_model(BASELINE).run.read("litert")


@pytest.mark.parametrize("space", [np.zeros((21, 9)), np.zeros((1, 784)), np.full((3, 784), np.nan)])
def test_an_alarm_that_could_not_measure_is_refused(own_artifacts, space):
    stream = io.BytesIO()
    np.save(stream, space)
    forging.replace_file(find_model(has_alarm).run, "garment_space", stream.getvalue())
    with pytest.raises(ArtifactError, match=r"garment_space\.npy is damaged: it "):
        find_model(has_alarm).run.load("garment_space")


def test_a_kind_of_file_that_an_older_run_lacks_says_so(own_artifacts):
    run = artifacts.load_model(BASELINE).run
    assert not run.has("garment_space")
    with pytest.raises(ArtifactError, match=r"has no file garment_space\.npy: train the model again"):
        run.load("garment_space")


def test_missing_files_are_named(own_artifacts):
    folder = run_folder(own_artifacts)
    (folder / "model.tflite").unlink()
    with pytest.raises(ArtifactError, match=r"model\.tflite cannot be read \(No such file"):
        artifacts.load_model(BASELINE).run.read("litert")
    (folder / "run.json").unlink()
    with pytest.raises(ArtifactError, match=r"run\.json cannot be read"):
        artifacts.load_model(BASELINE)
    (own_artifacts / "models.json").unlink()
    with pytest.raises(ArtifactError, match=r"models\.json cannot be read"):
        artifacts.list_models()


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
        artifacts.list_models()


def test_a_newer_format_says_so(own_artifacts):
    forging.edit(run_folder(own_artifacts) / "run.json", "format", value=3)
    with pytest.raises(ArtifactError, match="format 3, but this program reads formats up to 2"):
        artifacts.load_model(BASELINE)
    forging.edit(own_artifacts / "models.json", "format", value=3)
    with pytest.raises(ArtifactError, match="format 3, but this program reads formats up to 2"):
        artifacts.list_models()


def test_a_saved_run_is_listed_and_no_model_points_at_it_yet(own_artifacts):
    before = artifacts.list_models(), artifacts.list_runs()
    run = save_again(own_artifacts, BASELINE)
    assert artifacts.load_run(run.name) == run
    assert artifacts.list_models() == before[0]
    assert artifacts.list_runs() == sorted([*before[1], run.name])


def test_pointing_moves_the_pointer_and_keeps_the_rest(own_artifacts):
    before = artifacts.list_models()
    model = artifacts.point(BASELINE, save_again(own_artifacts, BASELINE), "other words")
    after = artifacts.list_models()
    assert model == artifacts.load_model(BASELINE)
    assert [entry.name for entry in after] == [entry.name for entry in before]
    assert after[0].description == before[0].description
    assert after[0].run == model.run.name != before[0].run
    assert after[1:] == before[1:]
    assert (own_artifacts / "runs" / before[0].run).is_dir(), "a published run never goes away"


def test_any_run_can_be_published_under_a_new_name_with_a_colour_of_its_own(own_artifacts):
    before = artifacts.list_models()
    artifacts.point("third", artifacts.load_model(BASELINE).run, "what is new about it")
    *others, third = artifacts.list_models()
    assert others == before and [entry.name for entry in others] == NAMES
    assert third.description == "what is new about it"
    assert third.colour not in {entry.colour for entry in before}
    assert artifacts.load_model("third").manifest == artifacts.load_model(BASELINE).manifest


def test_every_model_has_a_colour_when_all_of_the_palette_are_taken(own_artifacts):
    run = artifacts.load_model(BASELINE).run
    for number in range(8):
        artifacts.point(f"model-{number}", run)
    assert len(artifacts.list_models()) == len(NAMES) + 8


@pytest.mark.parametrize(("name", "match"), [("all", "may not be called 'all'"), ("A", "a name of at most")])
def test_a_name_that_means_something_else_is_refused(own_artifacts, name, match):
    before = (own_artifacts / "models.json").read_bytes()
    with pytest.raises(ArtifactError, match=match):
        artifacts.point(name, artifacts.load_model(BASELINE).run)
    assert (own_artifacts / "models.json").read_bytes() == before


def test_what_a_model_is_called_and_coloured_has_one_home(own_artifacts):
    changed = artifacts.describe(OTHER, "better words", "#123456")
    assert changed == artifacts.list_models()[1]
    assert (changed.description, changed.colour) == ("better words", "#123456")
    assert artifacts.describe(OTHER, colour="#654321").description == "better words"
    artifacts.point(OTHER, save_again(own_artifacts, OTHER), "the recipe's words")
    assert artifacts.list_models()[1].description == "better words"


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"name": "other"}, "no model 'other'"),
        ({"name": BASELINE, "colour": "red"}, "must be a colour written as #rrggbb, received 'red'"),
        ({"name": BASELINE, "description": "two\nlines"}, "a line of at most 200 printable"),
    ],
)
def test_a_description_that_cannot_be_shown_is_refused(own_artifacts, changes, match):
    before = (own_artifacts / "models.json").read_bytes()
    with pytest.raises(ArtifactError, match=match):
        artifacts.describe(**changes)
    assert (own_artifacts / "models.json").read_bytes() == before


def test_an_incomplete_run_is_not_saved(own_artifacts):
    (own_artifacts / "new").mkdir()
    with pytest.raises(ArtifactError, match=r"model\.keras"):
        artifacts.save_run(own_artifacts / "new", {"recipe": BASELINE})


def test_a_model_is_trained_by_one_process_at_a_time(own_artifacts):
    with artifacts.workspace(BASELINE):
        refused = pytest.raises(TrainingError, match=f"Another process is training {BASELINE}")
        with refused, artifacts.workspace(BASELINE):
            pass
        with artifacts.workspace(OTHER):
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
        artifacts.load_model(BASELINE)
    assert artifacts.load_model(OTHER)


@pytest.mark.parametrize("content", ["", "epoch,loss\n1,2\n", "\ufeffepoch\n", "\0" * 50])
def test_a_foreign_history_is_refused_even_with_the_right_sum(own_artifacts, content):
    forging.replace_file(artifacts.load_model(BASELINE).run, "history", content.encode())
    with pytest.raises(ArtifactError, match=r"history\.csv is damaged"):
        artifacts.load_model(BASELINE).run.load_history()


def test_a_link_out_of_the_folder_is_not_followed(own_artifacts, tmp_path):
    path = run_folder(own_artifacts) / "model.keras"
    path.rename(tmp_path / "model.keras")
    path.symlink_to(tmp_path / "model.keras")
    with pytest.raises(ArtifactError, match="link to a place outside"):
        artifacts.load_model(BASELINE).run.load_keras()


def test_runs_have_short_names_that_differ():
    runs = [
        "simple-20261123T030100Z",
        "simple-20261124T101500000001Z",
        "simple-20261124T113007000000Z",
        "simple-20261124T113009000000Z",
        "augmented-strong-20261123T040504769604Z",
        "sweep-strength-augmented-x0_5-s1-0a1b2c3d",
        "sweep-strength-simple-0a1b2c3d",
        "sweep-strength-simple-0a1b2c3e",
        "mine",
        "simple-20269999T999999Z",
    ]
    assert list(artifacts.name_runs(runs).values()) == [
        "simple 23 Nov",
        "simple 24 Nov 10:15",
        "simple 24 Nov 11:30:07",
        "simple 24 Nov 11:30:09",
        "augmented-strong 23 Nov",
        "sweep strength-augmented-x0_5-s1",
        "run sweep-strength-simple-0a1b2c3d",
        "run sweep-strength-simple-0a1b2c3e",
        "run mine",
        "run simple-20269999T999999Z",
    ]
