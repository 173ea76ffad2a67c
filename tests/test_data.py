"""Finding, verifying, splitting and downloading the data set; a real local server for the last."""

import gzip
import hashlib
import http.server
import threading

import numpy as np
import pytest

from fmnist import data
from fmnist.errors import DataError

CONTENT = {name: (name * 50).encode() for name in data.FILES}


@pytest.fixture
def tiny_files(monkeypatch):
    """The four files with tiny contents, under their real names."""
    files = {
        name: data._File(file.name, len(CONTENT[name]), hashlib.sha256(CONTENT[name]).hexdigest())
        for name, file in data.FILES.items()
    }
    monkeypatch.setattr(data, "FILES", files)
    return files


@pytest.fixture
def server(monkeypatch, tiny_files, no_data):
    """A server of two mirrors; `answers[mirror]` maps a file name to (status, body, cut)."""
    answers = {
        mirror: {file.name: (200, gzip.compress(CONTENT[name]), 0) for name, file in tiny_files.items()}
        for mirror in ("first", "second")
    }
    requested, stalled = [], threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            requested.append(self.path)
            mirror, name = self.path.strip("/").split("/")
            status, body, cut = answers[mirror][name]
            if status == "stall":
                stalled.wait(10)  # longer than the client's patience
                return
            self.send_response(status)
            if status == 302:
                self.send_header("Location", body.decode())
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) - cut])

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{running.server_address[1]}"
        monkeypatch.setattr(data, "MIRRORS", (f"{address}/first/", f"{address}/second/"))
        monkeypatch.setattr("pooch.core.time.sleep", lambda seconds: None)
        monkeypatch.setattr(data, "TIMEOUT", 1)
        yield answers, requested
        stalled.set()
        running.shutdown()
        thread.join()


IMAGES = "train-images-idx3-ubyte.gz"


def test_download_verifies_and_reports_progress(server):
    seen = {}
    folder = data.download(lambda name, share: seen.update({name: share}))
    assert data.is_present() and folder == data.data_dir()
    assert seen == {file.name: 1.0 for file in data.FILES.values()}
    for name, file in data.FILES.items():
        assert gzip.decompress((folder / file.name).read_bytes()) == CONTENT[name]
    assert sorted(path.name for path in folder.iterdir()) == sorted(f.name for f in data.FILES.values())


def test_a_second_download_asks_for_nothing(server):
    data.download()
    requested = server[1]
    requested.clear()
    data.download()
    assert requested == []


@pytest.mark.parametrize(
    "bad",
    [
        (404, b"gone", 0),
        (200, b"<html>please log in</html>", 0),
        (200, gzip.compress(b"another file"), 0),
        (200, gzip.compress(CONTENT["train_images"]), 10),
        (200, gzip.compress(b"\0" * 5_000_000), 0),
        (302, b"/first/train-images-idx3-ubyte.gz", 0),
        ("stall", b"", 0),
    ],
    ids=["404", "web page", "wrong file", "cut off", "bomb", "endless redirect", "stall"],
)
def test_a_bad_mirror_is_passed_over(server, bad):
    answers, requested = server
    answers["first"][IMAGES] = bad
    folder = data.download()
    assert gzip.decompress((folder / IMAGES).read_bytes()) == CONTENT["train_images"]
    assert f"/second/{IMAGES}" in requested


def test_a_redirect_is_followed(server):
    server[0]["first"][IMAGES] = (302, f"/second/{IMAGES}".encode(), 0)
    assert gzip.decompress((data.download() / IMAGES).read_bytes()) == CONTENT["train_images"]


def test_no_mirror_left_says_what_to_do_and_leaves_nothing(server):
    for mirror in server[0].values():
        mirror[IMAGES] = (404, b"", 0)
    with pytest.raises(DataError, match=r"could not be downloaded .*404.*FMNIST_DATA_DIR"):
        data.download()
    assert list(data.data_dir().iterdir()) == []


def test_an_endless_answer_is_cut(server, monkeypatch):
    monkeypatch.setattr(data, "MAX_DOWNLOAD_BYTES", 100_000)
    for mirror in server[0].values():
        mirror[IMAGES] = (200, b"x" * 300_000, 0)
    with pytest.raises(DataError, match="larger than"):
        data.download()


def test_a_folder_of_the_user_is_never_written_to(server, tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path / "mine"))
    with pytest.raises(DataError, match="never written to"):
        data.download()
    assert not (tmp_path / "mine").exists()


def test_a_missing_file_names_itself_and_the_command(no_data):
    assert not data.is_present()
    with pytest.raises(DataError, match=r"t10k-images.*python -m fmnist download.*FMNIST_DATA_DIR"):
        data.load_test()


@pytest.mark.parametrize(
    "content",
    [b"", b"not gzip", gzip.compress(CONTENT["test_images"])[:-9], gzip.compress(b"other")],
    ids=["empty", "text", "truncated", "other"],
)
def test_a_damaged_file_is_refused_by_name(tiny_files, tmp_path, monkeypatch, content):
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    (tmp_path / "t10k-images-idx3-ubyte.gz").write_bytes(content)
    with pytest.raises(DataError, match=r"t10k-images-idx3-ubyte\.gz.*(damaged|not the published)"):
        data.load_test()


def test_the_split_is_stratified_disjoint_and_fixed():
    labels = np.repeat(np.arange(10), 6_000)
    train, validation, sha256 = data.split_indices(labels)
    assert np.bincount(labels[train]).tolist() == [4_800] * 10
    assert np.bincount(labels[validation]).tolist() == [1_200] * 10
    assert np.array_equal(np.union1d(train, validation), np.arange(60_000))
    assert sha256 == data.split_indices(labels)[2]
    # Written down when the split was made: a library that draws differently must not go unnoticed.
    assert sha256 == "e331de74dbe80694957dd4d8facf00305560b9b0d9970d181bfcf33bbceb8bc7"


@pytest.mark.dataset
def test_the_real_data_set(dataset):
    for split, per_class in ((dataset.train, 4_800), (dataset.validation, 1_200), (dataset.test, 1_000)):
        assert split.images.shape == (10 * per_class, 28, 28) and split.images.dtype == np.uint8
        assert np.bincount(split.labels).tolist() == [per_class] * 10
        assert not split.images.flags.writeable
    assert dataset.split_sha256 == "f4c1c28d5f25d333dc96053141a37aa4f7fe6ef7a268086e399dbcbadfd47d50"
