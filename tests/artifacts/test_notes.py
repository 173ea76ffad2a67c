"""notes.json: titles, tags and notes are kept in one step, and a damaged file is never replaced."""

import json
import threading

import pytest

from fmnist import artifacts
from tests.artifacts.conftest import refused


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path))
    return tmp_path


def test_what_is_written_about_a_run_comes_back_and_the_rest_stays(folder):
    assert artifacts.load_notes() == {}
    artifacts.save_note("simple-1", "The first", ["seed", "old", "seed"], "It\u00a0was\tslow.\n\nMore.")
    artifacts.save_note("simple-2", "Another")
    artifacts.save_note("simple-1", title="Renamed")
    note = artifacts.load_notes()["simple-1"]
    assert (note.title, note.tags, note.text) == ("Renamed", ("seed", "old"), "It was slow.\n\nMore.")
    assert artifacts.load_notes()["simple-2"] == artifacts.Note(title="Another")
    artifacts.save_note("simple-2", "")
    assert list(artifacts.load_notes()) == ["simple-1"], "what says nothing is not kept"


def test_foreign_signs_and_long_lines_are_kept_so_that_they_can_be_read_again(folder):
    artifacts.save_note("simple-1", "right\u202eleft \x1b[31m", text="word " * 120 + "\n" + "x" * 450)
    note = artifacts.load_notes()["simple-1"]
    assert note.title.isprintable() and "\u202e" not in note.title
    assert max(map(len, note.lines)) <= 200 and note.text.replace("\n", "").count("x") == 450


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"title": "x" * 81}, "title must be a line of at most 80 letters"),
        ({"tags": ["a,b"]}, ".*must be a tag of at most 30 letters, without a comma"),
        ({"tags": [""]}, ".*must be a tag"),
        ({"tags": ["x" * 31]}, ".*must be a tag"),
        ({"tags": list("abcdefghijk")}, ".*must be a list of at most 10 entries"),
        ({"text": "line\n" * 30}, ".*must be a list of at most 20 entries"),
    ],
)
def test_what_could_not_be_read_again_is_refused_and_nothing_changes(folder, changes, match):
    artifacts.save_note("simple-1", "before")
    before = (folder / "notes.json").read_bytes()
    with refused(f"This cannot be kept about a run: {match}"):
        artifacts.save_note("simple-1", **changes)
    assert (folder / "notes.json").read_bytes() == before


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"{", r"notes\.json is damaged: it is not JSON"),
        (b'{"runs": {"a": {"title": 1}}}', "title of .*must be"),
        (b'{"runs": {"../a": {}}}', "damaged"),
        (b'{"runs": {}, "other": 1}', "unknown entry 'other'"),
        (b'{"runs": {"a": {"title": "two\\nlines"}}}', "a text must be a line"),
        (b'{"format": 2, "runs": {}}', "format 2, but this program reads formats up to 1"),
    ],
)
def test_a_damaged_file_is_named_and_never_replaced(folder, content, match):
    (folder / "notes.json").write_bytes(content)
    with refused(match):
        artifacts.load_notes()
    with refused(match):
        artifacts.save_note("simple-1", "a title")
    assert (folder / "notes.json").read_bytes() == content


def test_many_at_a_time_lose_nothing(folder):
    def write(number):
        artifacts.save_note(f"run-{number}", f"title {number}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    titles = {run: note.title for run, note in artifacts.load_notes().items()}
    assert titles == {f"run-{number}": f"title {number}" for number in range(12)}
    assert json.loads((folder / "notes.json").read_text())["format"] == 1
    assert {path.name for path in folder.iterdir()} == {"notes.json", "notes.lock"}
