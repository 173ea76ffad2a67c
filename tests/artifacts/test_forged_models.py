"""models.json and the sums that lead on from it: damage, forgeries and mix-ups, each one sentence."""

import hashlib
import json
import os
import shutil
import tracemalloc

import msgspec
import pytest

from fmnist import artifacts
from tests import forging
from tests.artifacts.conftest import load_all, refused, run_json
from tests.conftest import BASELINE, OTHER, published_models


def test_the_committed_files_vouch_for_one_another():
    folder = artifacts.artifacts_dir()
    root = json.loads((folder / "models.json").read_text())
    assert (
        set(root) == {"format", "models", "photos_sha256", "second_opinion", "sha256"} and root["format"] == 2
    )
    opinion = (folder / "second_opinion" / "second_opinion.json").read_bytes()
    assert root["second_opinion"]["sha256"] == hashlib.sha256(opinion).hexdigest()
    for name, expected in json.loads(opinion)["files"].items():
        assert hashlib.sha256((folder / "second_opinion" / name).read_bytes()).hexdigest() == expected
    for entry in root["models"]:
        content = (folder / "runs" / entry["run"] / "run.json").read_bytes()
        assert entry["run_sha256"] == hashlib.sha256(content).hexdigest()
    assert root["photos_sha256"] == hashlib.sha256((folder / "photos.json").read_bytes()).hexdigest()
    found = root.pop("sha256")
    canonical = json.dumps(root, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    assert found == hashlib.sha256(canonical.encode()).hexdigest()
    for name in published_models():
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
        ("models.json", b"images as they are", b"images as they ar!", "no longer matches its own SHA-256"),
        ("models.json", b"0.9226", b"0.9227", "no longer matches its own SHA-256"),
        ("models.json", b'"#0072B2"', b'"#0072B3"', "no longer matches its own SHA-256"),
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


@pytest.mark.parametrize("sums", ["kept", "none"])
def test_two_runs_that_changed_places_are_found(published, sums):
    path = published / "models.json"
    root = json.loads(path.read_text())
    first, second, *_ = root["models"]
    first["run"], second["run"] = second["run"], first["run"]
    if sums == "none":
        for entry in root["models"]:
            del entry["run_sha256"]
        root = {"models": root["models"]}
    path.write_text(json.dumps(root))
    match = "no longer matches" if sums == "kept" else rf"at [\w-]+, a run of {OTHER}, and nothing"
    with refused(match):
        artifacts.load_model(BASELINE)
    if sums != "kept":
        assert artifacts.load_model(published_models()[2])


@pytest.mark.parametrize(
    ("key", "value", "match"),
    [
        ("name", "<b>", "name of entry 0 of models must be"),
        ("name", "all", "a model may not be called 'all'"),
        ("name", OTHER, "a model occurs twice"),
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
        artifacts.load_model(BASELINE)


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
    with refused(rf"{file} is damaged: it is larger than 5 MB"):
        load_all()
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


@pytest.mark.skipif(os.name != "posix", reason="pipes and links of POSIX")
def test_what_is_no_file_is_one_sentence(published):
    path = run_json()
    path.unlink()
    os.mkfifo(path)  # opened, it would wait for somebody who writes
    with refused(r"run\.json is a pipe"):
        artifacts.load_model(BASELINE)
    path.unlink()
    path.symlink_to(path)
    with refused(r"run\.json cannot be read"):
        artifacts.load_model(BASELINE)
    path.unlink()
    path.mkdir()
    with refused(r"run\.json cannot be read \(Is a directory\)"):
        artifacts.load_model(BASELINE)


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
    assert artifacts.load_model(BASELINE), "nothing vouches for it"
    path.write_text(before.replace('"accuracy": 0.9', '"accuracy": 0.8'))
    with refused("in validation the accuracy contradicts"):
        artifacts.load_model(BASELINE)


def test_an_older_folder_gets_its_sums_when_something_is_saved(published):
    before, report = (published / "models.json").read_bytes(), artifacts.load_photos_report()
    downgrade(published)
    artifacts.save_photos_report(report)
    assert len(load_all()[0]) == len(published_models()) and load_all()[1] == report
    shutil.copy(artifacts.artifacts_dir() / "photos.json", published / "again")
    downgrade(published)
    artifacts.describe(BASELINE)  # nothing is changed, and everything is written
    assert json.loads((published / "models.json").read_text())["models"] == json.loads(before)["models"]
    assert load_all()[1] == report
