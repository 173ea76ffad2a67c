"""What is believed of the files under artifacts/: damage, forgeries and mix-ups, each one sentence."""

import contextlib
import dataclasses
import hashlib
import io
import json
import os
import re
import shutil
import tracemalloc
from pathlib import Path

import msgspec
import numpy as np
import pytest

from fmnist import artifacts
from fmnist.artifacts import photos
from fmnist.augmentation import TRANSFORMS, AugmentationPolicy
from fmnist.errors import ArtifactError
from fmnist.recipes import RECIPES, TrainingConfig
from tests import forging
from tests.conftest import published_models
from tests.tiny import shorten

NAMES = published_models()
POLICY = dataclasses.asdict(RECIPES["augmented"].config.augmentation)


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


def run_json(name="simple"):
    return artifacts.load_model(name).run.folder / "run.json"


def load_all():
    return artifacts.load_models(), artifacts.load_photos_report()


def test_the_committed_files_vouch_for_one_another():
    folder = artifacts.artifacts_dir()
    root = json.loads((folder / "models.json").read_text())
    assert set(root) == {"format", "models", "photos_sha256", "sha256"} and root["format"] == 2
    for entry in root["models"]:
        content = (folder / "runs" / entry["run"] / "run.json").read_bytes()
        assert entry["run_sha256"] == hashlib.sha256(content).hexdigest()
    assert root["photos_sha256"] == hashlib.sha256((folder / "photos.json").read_bytes()).hexdigest()
    found = root.pop("sha256")
    canonical = json.dumps(root, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    assert found == hashlib.sha256(canonical.encode()).hexdigest()
    for name in NAMES:
        run = artifacts.load_model(name).run
        for part in ("validation", "test"):
            assert len(run.load_probabilities(part)) == run.manifest.metrics(part).size
        assert len(run.load("validation_confusion")) == run.manifest.epochs_run


@pytest.mark.parametrize(
    ("file", "old", "new", "match"),
    [
        ("run.json", b'"seconds": 1', b'"seconds": 2', r"run\.json is damaged or was changed"),
        ("run.json", b"Z", b"z", r"run\.json is damaged or was changed"),
        ("run.json", b"\n", b"", r"run\.json is damaged or was changed"),
        ("models.json", b"pictures as they are", b"pictures as they ar!", "no longer fits its own SHA-256"),
        ("models.json", b"0.9226", b"0.9227", "no longer fits its own SHA-256"),
        ("models.json", b'"#0072B2"', b'"#0072B3"', "no longer fits its own SHA-256"),
        ("photos.json", b'"left_out": 0', b'"left_out": 1', r"photos\.json is damaged or was changed"),
    ],
)
def test_a_change_that_makes_sense_is_found_all_the_same(published, file, old, new, match):
    path = run_json() if file == "run.json" else published / file
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))
    with refused(match):
        load_all()


@pytest.mark.parametrize("change", ["deleted", "renamed"])
@pytest.mark.parametrize("key", ["format", "models", "photos_sha256", "sha256", "run_sha256"])
def test_a_sum_that_was_taken_away_is_missed(published, key, change):
    path = published / "models.json"
    root = json.loads(path.read_text())
    table = root["models"][1] if key == "run_sha256" else root
    value = table.pop(key)
    if change == "renamed":
        table[f"{key}_"] = value
    path.write_text(json.dumps(root))
    with refused(rf"models\.json is damaged: .*(lacks {key}|unknown entry '{key}_')"):
        artifacts.list_models()


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
        (["run"], "simple-20261123T030101Z", "belongs to the run simple-20261123T030101Z"),
        (["model_name"], "robust", "config is of another recipe"),
        (["model_name"], "a\nb", r"a text must be a line of at most 200 .*received 'a\\nb'"),
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
        (["config", "model_name"], "robust", "config is of another recipe"),
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
    with refused(rf"artifacts/runs/simple-\w+/run\.json is damaged: .*{match}"):
        artifacts.load_model("simple")
    assert artifacts.load_model("robust"), "it costs only its own model"


@pytest.mark.parametrize("kind", [TrainingConfig, AugmentationPolicy])
def test_every_value_of_a_recipe_is_checked(published, kind):
    forging.edit(run_json("augmented"), "config", "augmentation", value=POLICY)
    keys = ["config"] if kind is TrainingConfig else ["config", "augmentation"]
    before = run_json("augmented").read_bytes()
    path = run_json("augmented")
    for field in dataclasses.fields(kind):
        forging.edit(path, *keys, field.name, value=["x"])
        with refused(rf"run\.json is damaged: {field.name} of "):
            artifacts.load_model("augmented")
        path.write_bytes(before)


def test_a_policy_is_one_that_the_sliders_can_show(published):
    path = run_json("augmented")
    sliders = {name: transform.slider for name, transform in TRANSFORMS.items() if transform.slider}
    largest = {name: slider.unit * slider.largest for name, slider in sliders.items()}
    forging.edit(path, "config", "augmentation", value=POLICY | largest)
    assert artifacts.load_model("augmented")
    for name, value in largest.items():
        forging.edit(path, "config", "augmentation", value=POLICY | {name: value + 0.01})
        with refused(f"in augmentation of config {name} must be from 0 to"):
            artifacts.load_model("augmented")


@pytest.mark.parametrize("sums", ["kept", "none"])
def test_two_runs_that_changed_places_are_found(published, sums):
    path = published / "models.json"
    root = json.loads(path.read_text())
    first, second, _ = root["models"]
    first["run"], second["run"] = second["run"], first["run"]
    if sums == "none":
        for entry in root["models"]:
            del entry["run_sha256"]
        root = {"models": root["models"]}
    path.write_text(json.dumps(root))
    match = (
        "no longer fits" if sums == "kept" else r"at a run of augmented, augmented-\w+, and nothing vouches"
    )
    with refused(match):
        artifacts.load_model("simple")
    if sums != "kept":
        assert artifacts.load_model("robust")


@pytest.mark.parametrize(
    ("key", "value", "match"),
    [
        ("name", "<b>", "name of entry 0 of models must be"),
        ("name", "robust", "a model occurs twice"),
        ("run", "../simple", "run of entry 0 of models must be the name of a folder"),
        ("description", "two\nlines", "a text must be a line of at most 200"),
        ("description", "\x1b[31mred", "a text must be a line"),
        ("description", "\u202egnp.exe", "a text must be a line"),
        ("description", "x" * 201, "a text must be a line"),
        ("colour", "#12345", "colour of entry 0 of models must be"),
        (
            "report",
            {"test_accuracy": 92, "test_loss": 1},
            "test_accuracy of report of entry 0 of models must be",
        ),
        ("report", [], "report of entry 0 of models must be"),
        ("[link](http://example.org)\n" * 9, 1, r"a text must be a line .*'\[link\].*\.\.\."),
    ],
)
def test_a_forged_list_of_models_is_refused_even_with_the_right_sum(published, key, value, match):
    forging.edit(published / "models.json", "models", 0, key, value=value)
    with refused(match):
        artifacts.load_model("simple")


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"[" * 100_000, "nested too deeply"),
        (b'{"models": ' * 30 + b"1" + b"}" * 30, "nested too deeply"),
        (b'{"models": [], "models": []}', "a name occurs twice"),
        (b'{"models": 1e999}', "'1e999', which is not a finite number"),
        (b'{"models": NaN}', "'NaN', which is not a finite number"),
        (b'{"models": %s}' % (b"1" * 5000), r"a number that is too large, '1+\.\.\."),
        (b"\xff\xff\xff", "it is not text"),
        (b'{\n"models": [}', "it is not JSON from line 2 on"),
        (b"\0" * 99, "it is not "),
        (b'{"format": %s}' % (b"1" * 400), "too large"),
        (b'{"format": [[2]], "models": []}', "lacks photos_sha256|format of the file"),
        (b"null", "must be a set of named values, received None"),
    ],
)
@pytest.mark.parametrize("file", ["models.json", "run.json", "photos.json"])
def test_content_that_is_hard_on_a_parser_is_one_sentence(published, file, content, match):
    path = run_json() if file == "run.json" else published / file
    path.write_bytes(content)
    if file != "models.json":
        forging.reseal()
        match = rf"{file} is damaged"
    with refused(match):
        load_all()


@pytest.mark.parametrize("file", ["models.json", "run.json", "photos.json"])
def test_a_huge_file_is_refused_without_reading_it(published, file):
    path = run_json() if file == "run.json" else published / file
    os.truncate(path, 300_000_000)
    tracemalloc.start()
    with refused(rf"{file} is damaged: it has more than 5 MB"):
        load_all()
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


@pytest.mark.skipif(os.name != "posix", reason="pipes and links of POSIX")
def test_what_is_no_file_is_one_sentence(published):
    path = run_json()
    path.unlink()
    os.mkfifo(path)  # opened, it would wait for somebody who writes
    with refused(r"run\.json is a pipe"):
        artifacts.load_model("simple")
    path.unlink()
    path.symlink_to(path)
    with refused(r"run\.json cannot be read"):
        artifacts.load_model("simple")
    path.unlink()
    path.mkdir()
    with refused(r"run\.json cannot be read \(Is a directory\)"):
        artifacts.load_model("simple")


def downgrade(folder):
    """Makes models.json what it was before it held sums."""
    root = json.loads((folder / "models.json").read_text())
    for entry in root["models"]:
        del entry["run_sha256"]
    (folder / "models.json").write_text(json.dumps({"models": root["models"]}))


def test_an_older_folder_is_read_as_before_but_for_contradictions(published):
    entries, (runs, report) = artifacts.list_models(), load_all()
    downgrade(published)
    assert artifacts.list_models() == [msgspec.structs.replace(entry, run_sha256=None) for entry in entries]
    assert [run.manifest for run in load_all()[0]] == [run.manifest for run in runs]
    assert load_all()[1] == report
    path, before = run_json(), run_json().read_text()
    path.write_text(before.replace('"seconds": 1', '"seconds": 2'))
    assert artifacts.load_model("simple"), "nothing vouches for it"
    path.write_text(before.replace('"accuracy": 0.9', '"accuracy": 0.8'))
    with refused("in validation the accuracy contradicts"):
        artifacts.load_model("simple")


def test_an_older_folder_gets_its_sums_when_something_is_saved(published):
    before, report = (published / "models.json").read_bytes(), artifacts.load_photos_report()
    downgrade(published)
    artifacts.save_photos_report(report)
    assert len(load_all()[0]) == 3 and load_all()[1] == report
    shutil.copy(artifacts.artifacts_dir() / "photos.json", published / "again")
    downgrade(published)
    artifacts.describe("simple")  # nothing is changed, and everything is written
    assert json.loads((published / "models.json").read_text())["models"] == json.loads(before)["models"]
    assert load_all()[1] == report


@pytest.mark.parametrize(
    ("keys", "value", "match"),
    [
        (["photos"], 0, "photos must be"),
        (["left_out"], -1, "left_out must be"),
        (["runs", "<b>"], "x", "runs must be a name"),
        (["runs"], {}, "runs must be .* at least 1 entries"),
        (["alarmed"], 2, "alarmed must be"),
        (["macro_classes"], 8, "another number of classes"),
        (["min_class_photos"], 0, "min_class_photos must be"),
        (["variants", "two\nlines"], {}, "a text must be a line"),
        (
            ["variants", "automatic", "robust", "accuracy"],
            0.7,
            "in automatic, robust the accuracy",
        ),
        (["variants", "automatic", "robust", "macro_accuracy"], 0.7, "macro accuracy of automatic, robust"),
        (
            ["variants", "automatic", "robust", "per_class", "coat", "accuracy"],
            1,
            "classes of automatic, robust",
        ),
        (["variants", "automatic", "robust", "per_background", "white", "photos"], 17, "do not add up"),
        (["variants", "automatic", "robust", "per_background", "white", "accuracy"], 0.5, "do not add up"),
        (["variants", "automatic", "robust", "by_confidence", 1, "accuracy"], 0.5, "do not add up"),
        (["variants", "automatic", "robust", "by_confidence", 1, "low"], 0.4, "must part 0 to 1"),
        (
            ["variants", "automatic", "robust", "calibration", "ece"],
            -0.1,
            "ece of calibration of automatic",
        ),
    ],
)
def test_forged_figures_on_photos_are_refused_even_with_the_right_sum(published, keys, value, match):
    forging.edit(published / "photos.json", *keys, value=value)
    with refused(rf"artifacts/photos\.json is damaged: .*{match}.*benchmark-photos DIR --save"):
        artifacts.load_photos_report()


def test_figures_on_other_photos_do_not_mix(published):
    report = json.loads((published / "photos.json").read_text())
    figures = report["variants"]["automatic"]["robust"]
    rows = figures["confusion_matrix"]
    # One coat less and one shirt more among the right answers, and everything that follows from it.
    rows[4][4], rows[6][6] = rows[4][4] - 1, rows[6][6] + 1
    for label, name in ((4, "coat"), (6, "shirt")):
        photos = sum(rows[label])
        figures["per_class"][name] = {"photos": photos, "accuracy": rows[label][label] / photos}
    enough = [share["accuracy"] for share in figures["per_class"].values() if share["photos"] >= 10]
    figures["macro_accuracy"] = sum(enough) / len(enough)
    (published / "photos.json").write_text(json.dumps(report))
    forging.reseal()
    with refused("not all of the same photos"):
        artifacts.load_photos_report()


def test_a_report_without_a_sum_and_a_sum_without_a_report_are_found(published):
    content = (published / "photos.json").read_bytes()
    (published / "photos.json").unlink()
    with refused(r"photos\.json cannot be read"):
        artifacts.load_photos_report()
    forging.reseal()
    assert artifacts.load_photos_report() is None
    (published / "photos.json").write_bytes(content)
    with refused(r"photos\.json is damaged or was changed"):
        artifacts.load_photos_report()


def at_each_step(patch, act):
    """Hands each call to the disk over to `act`."""
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        patch.setattr(os, name, lambda *where, real=real: act(lambda: real(*where)))


def crash_after(steps, call):
    if next(steps, None) is None:
        raise KeyboardInterrupt
    call()


def test_readers_find_the_old_report_or_the_new_one_at_every_step_of_saving(published, monkeypatch):
    old = artifacts.load_photos_report()
    new = msgspec.structs.replace(old, left_out=7)
    seen = []

    def look(call):
        seen.append(artifacts.load_photos_report())
        call()
        seen.append(artifacts.load_photos_report())

    at_each_step(monkeypatch, look)
    artifacts.save_photos_report(new)
    changed = seen.index(new)
    assert seen == [old] * changed + [new] * (len(seen) - changed) and changed > 0
    assert len(seen) >= 12 and not list(published.glob("photos.next.json"))


def test_a_crash_at_any_step_of_saving_leaves_a_report_and_the_next_one_is_saved(published, monkeypatch):
    old = artifacts.load_photos_report()
    for crash in range(20):
        steps = iter(range(crash))
        with monkeypatch.context() as patch:
            at_each_step(patch, lambda call, steps=steps: crash_after(steps, call))
            try:
                artifacts.save_photos_report(msgspec.structs.replace(old, left_out=100 + crash))
            except KeyboardInterrupt:
                finished = False
            else:
                finished = True
        found = artifacts.load_photos_report().left_out
        assert found in (100 + crash, 100 + crash - 1, 0)
        assert len(load_all()[0]) == 3
        if finished:
            break
        artifacts.save_photos_report(msgspec.structs.replace(old, left_out=100 + crash))
        assert artifacts.load_photos_report().left_out == 100 + crash
    assert finished and crash >= 6


def test_a_reader_whose_sum_is_overtaken_by_a_new_report_reads_again(published, monkeypatch):
    new = msgspec.structs.replace(artifacts.load_photos_report(), left_out=7)
    load_root = photos.load_root

    def load_and_be_overtaken():
        root = load_root()
        monkeypatch.setattr(photos, "load_root", load_root)
        artifacts.save_photos_report(new)
        return root

    monkeypatch.setattr(photos, "load_root", load_and_be_overtaken)
    assert artifacts.load_photos_report() == new


def header(shape, kind="<f2"):
    stream = io.BytesIO()
    description = {"descr": kind, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, description)
    return stream.getvalue()


def npy(array):
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def npz(array):
    stream = io.BytesIO()
    np.savez(stream, array)
    return stream.getvalue()


ARRAYS = ("validation_confusion", "test_probabilities", "validation_probabilities", "garment_space")


FORGERIES = {
    "promises 20 TB": lambda array: header((10**12, 10)) + b"x" * 100,
    "promises rows of nothing": lambda array: header((0, 10**30)),
    "negative shape": lambda array: header((-7, -10)) + b"x" * 140,
    "objects": lambda array: header((3, 10), "|O") + b"x" * 240,
    "texts of no length": lambda array: header((3, 10), "|S0"),
    "one byte less": lambda array: npy(array)[:-1],
    "one byte more": lambda array: npy(array) + b"x",
    "half a header": lambda array: npy(array)[:20],
    "misspelt header": lambda array: npy(array).replace(b"descr", b"des(r"),
    "unbalanced header": lambda array: npy(array).replace(b"{", b"("),
    "another version": lambda array: npy(array).replace(b"\x01\x00", b"\x09\x00", 1),
    "a zip": lambda array: npz(array),
    "fewer rows": lambda array: npy(array[:1]),
    "fewer columns": lambda array: npy(array[..., :-1]),
    "complex numbers": lambda array: npy(array.astype(np.complex64)),
    "texts": lambda array: npy(array.astype("U9")),
    "no numbers": lambda array: npy(np.full(array.shape, np.nan)),
    "empty": lambda array: b"",
    "magic only": lambda array: b"\x93NUMPY",
    "no array": lambda array: b"text" * 99,
}


@pytest.mark.parametrize("forgery", FORGERIES)
@pytest.mark.parametrize("kind", ARRAYS)
def test_a_forged_array_is_refused_and_nothing_is_allocated(tiny, kind, forgery):
    run = artifacts.load_model("robust").run
    forging.replace_file(run, kind, FORGERIES[forgery](np.load(run.folder / f"{kind}.npy")))
    run = artifacts.load_model("robust").run
    tracemalloc.start()
    with refused(rf"artifacts/runs/robust-\w+/{kind}\.npy is damaged: it"):
        run.load(kind)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def move_a_count(confusions):
    confusions[0, 3, 4], confusions[0, 4, 4] = confusions[0, 3, 4] + 1, confusions[0, 4, 4] - 1
    return confusions


def always_sandal(probabilities):
    return np.eye(10, dtype=np.float16)[[5] * len(probabilities)]


@pytest.mark.parametrize(
    ("kind", "forge", "match"),
    [
        ("validation_confusion", np.negative, "not of the validation pictures"),
        ("validation_confusion", move_a_count, "not of the validation pictures"),
        ("test_probabilities", np.negative, "rows are not probabilities"),
        ("test_probabilities", lambda array: array / 2, "rows are not probabilities"),
        ("test_probabilities", always_sandal, "contradict the confusion matrix"),
        ("validation_probabilities", always_sandal, "contradict the confusion matrix"),
    ],
)
def test_arrays_that_contradict_their_run_are_refused(tiny, kind, forge, match):
    run = artifacts.load_model("robust").run
    forging.replace_file(run, kind, npy(forge(np.load(run.folder / f"{kind}.npy"))))
    with refused(match):
        artifacts.load_model("robust").run.load(kind)


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
    run = artifacts.load_model("simple").run
    content = re.sub(old, new, run.read("history").decode(), count=1, flags=re.MULTILINE)
    forging.replace_file(run, "history", content.encode())
    with refused(rf"history\.csv is damaged: .*{match}"):
        artifacts.load_model("simple").run.load_history()


def save_again(folder, name, **changes):
    """Saves the run of `name` again, with changes to its manifest."""
    run = artifacts.load_model(name).run
    scratch = folder / "new"
    shutil.copytree(run.folder, scratch, dirs_exist_ok=True)
    manifest = msgspec.to_builtins(run.manifest) | changes
    del manifest["run"], manifest["files"]
    return artifacts.save_run(scratch, manifest)


def test_pointing_vouches_for_its_own_run_and_for_no_other(own_artifacts):
    path = run_json("robust")
    path.write_text(path.read_text().replace('"seconds": ', '"seconds": 1'))
    model = artifacts.point("simple", save_again(own_artifacts, "simple"))
    assert model == artifacts.load_model("simple")
    assert model.entry.run_sha256 == forging.compute_sum(model.run.folder / "run.json")
    with refused(r"run\.json is damaged or was changed"):
        artifacts.load_model("robust")


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"temperature": 0}, "run of simple cannot be published: temperature must be a number of at least"),
        ({"recipe": "Other"}, "The run of Other cannot be published: recipe must be a name"),
        ({"created": "two\nlines"}, "cannot be published: a text must be a line"),
    ],
)
def test_what_readers_would_refuse_is_not_saved(own_artifacts, changes, match):
    before = {path: path.read_bytes() for path in own_artifacts.rglob("*.json")}
    with refused(match):
        save_again(own_artifacts, "simple", **changes)
    assert (own_artifacts / "new" / "model.keras").exists(), "nothing was moved"
    shutil.rmtree(own_artifacts / "new")
    assert {path: path.read_bytes() for path in own_artifacts.rglob("*.json")} == before


def content_of(path):
    """What there is to lose of a path: the bytes of a file, the names in a folder."""
    return sorted(entry.name for entry in path.iterdir()) if path.is_dir() else path.read_bytes()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks up which file is synced in /proc")
def test_a_loss_of_power_never_leaves_a_name_without_its_files(
    own_artifacts, tiny_network, tiny_dataset, monkeypatch
):
    """Whatever models.json leads to was synced as it is before it is named; the checkpoint goes last."""
    from fmnist.training.loop import train

    fsync, replace = os.fsync, os.replace
    synced, named = {}, []  # by inode: what a loss of power would leave
    checkpoint = own_artifacts / ".scratch" / "augmented" / "checkpoint.npz"

    def sync(descriptor):
        fsync(descriptor)
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        synced[path.stat().st_ino] = content_of(path)
        if named and path == own_artifacts:
            assert checkpoint.exists()
            named.append("synced")

    def move(source, target):
        if Path(target).name == "models.json":
            entry = json.loads(Path(source).read_text())["models"][1]
            folder = own_artifacts / "runs" / entry["run"]
            manifest = json.loads((folder / "run.json").read_text())
            files = [folder / name for name in (*manifest["files"], "run.json")]
            for path in (*files, folder, folder.parent, own_artifacts, Path(source)):
                assert synced.get(path.stat().st_ino) == content_of(path), path
            named.append(entry["run"])
        replace(source, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "replace", move)
    run = train(shorten(RECIPES["augmented"], max_epochs=1), tiny_dataset)
    assert named == [run.name, "synced"]
    assert not checkpoint.exists()
