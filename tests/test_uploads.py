"""The limit of uploads: what is stored and not answered yet counts once, and so does what is kept."""

from types import SimpleNamespace

import pytest
from streamlit.runtime.uploaded_file_manager import UploadedFile, UploadedFileRec

from fmnist.ui import server

MB = 1_000_000


def limit(monkeypatch, stored, arriving):
    """The limit with files stored, `{session: {file: MB}}`, and others unfinished, `(session, file, MB)`."""
    files = {
        name: {file: SimpleNamespace(data=range(size * MB)) for file, size in own.items()}
        for name, own in stored.items()
    }
    monkeypatch.setattr(server, "_stored_uploads", lambda: files)
    found = server.LimitUploads(None)
    found._arriving = {number: (name, file, size * MB) for number, (name, file, size) in enumerate(arriving)}
    return found


@pytest.mark.parametrize(
    ("stored", "arriving", "told"),
    [
        ({"a": {"1": 100}}, [("a", "2", 50)], ""),
        ({"a": {"1": 100}}, [("a", "2", 51)], "150 MB"),
        ({"a": {"1": 100}}, [("a", "1", 100)], ""),  # stored, and answered a moment later
        ({"a": {"1": 40}}, [("a", "1", 40)] * 4, "150 MB"),  # the same file again and again is sent each time
        ({"b": {"1": 150}, "c": {"1": 100}}, [("a", "1", 50)], ""),
        ({"b": {"1": 150}, "c": {"1": 100}}, [("a", "1", 51)], "fill the server"),
        ({"b": {"1": 150}, "c": {"1": 100}}, [("c", "1", 100), ("a", "1", 50)], ""),
    ],
)
def test_each_file_counts_once(monkeypatch, stored, arriving, told):
    refusal = limit(monkeypatch, stored, arriving)._refusal("a")
    assert told in refusal and bool(refusal) == bool(told)


def test_a_picture_that_is_kept_for_later_counts_once(monkeypatch):
    content = bytes(MB)
    stored = UploadedFileRec("1", "coat.png", "", content)
    kept = UploadedFileRec("kept-Upload", "coat.png", "", UploadedFile(stored, None).getvalue())
    found = limit(monkeypatch, {}, [("a", "2", 149)])
    monkeypatch.setattr(server, "_stored_uploads", lambda: {"a": {"1": stored, "kept-Upload": kept}})
    assert not found._refusal("a")
