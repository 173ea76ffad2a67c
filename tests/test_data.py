"""Finding, verifying, splitting and downloading the data set; a real local server for the last."""

import gzip
import hashlib
import itertools
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from fmnist import data
from fmnist.data import mirrors
from fmnist.data.files import PublishedFile
from fmnist.errors import DataError
from tests.mirror import CHUNK, WAYS, Answer, serve

CONTENT = {name: (name * 50).encode() for name in data.FILES}
CONTENT["train_images"] = np.random.default_rng(0).bytes(300_000)  # arrives in several pieces
PACKED = {name: gzip.compress(content) for name, content in CONTENT.items()}
IMAGES = "train-images-idx3-ubyte.gz"


@pytest.fixture
def tiny_files(monkeypatch):
    """The four files with tiny contents, under their real names."""
    files = {
        name: PublishedFile(file.name, len(CONTENT[name]), hashlib.sha256(CONTENT[name]).hexdigest())
        for name, file in data.FILES.items()
    }
    for name, file in files.items():
        monkeypatch.setitem(data.FILES, name, file)
    return files


@pytest.fixture
def server(monkeypatch, tiny_files, no_data):
    """A server of two mirrors of the tiny files."""
    with serve() as running:
        for mirror in ("first", "second"):
            for name, file in tiny_files.items():
                running.answers[f"/{mirror}/{file.name}"] = [Answer(PACKED[name])]
        monkeypatch.setattr(mirrors, "MIRRORS", (f"{running.address}first/", f"{running.address}second/"))
        monkeypatch.setattr(mirrors, "TIMEOUT", 1)
        yield running


def assert_complete():
    """The Keras cache holds the four files, verified, and nothing else."""
    found = {path.name: gzip.decompress(path.read_bytes()) for path in data.data_dir().iterdir()}
    assert found == {file.name: CONTENT[name] for name, file in data.FILES.items()}


@pytest.mark.parametrize("way", WAYS)
def test_download_verifies_and_reports_progress(server, monkeypatch, way):
    monkeypatch.setattr(mirrors, "MIRRORS", mirrors.MIRRORS[:1])
    server.answers = {f"/first/{file.name}": WAYS[way](PACKED[name]) for name, file in data.FILES.items()}
    reports = []
    assert data.download(lambda *report: reports.append(report)) == data.data_dir()
    assert data.is_present()
    assert_complete()
    assert [name for name, share in reports if share == 1] == [file.name for file in data.FILES.values()]
    shares = [share for name, share in reports if name == IMAGES]
    assert min(shares) == 0 and max(shares) == 1 and any(0.2 < share < 0.8 for share in shares)
    assert len(server.requested) == (8 if way.startswith("cut off") else 4)
    assert set(server.encodings) == {"identity"}


def test_a_second_download_asks_for_nothing_and_needs_no_lock(server):
    lock = data.download().with_suffix(".lock")
    lock.unlink()
    server.requested.clear()
    data.download()
    assert server.requested == []
    assert not lock.exists()


@pytest.mark.parametrize(
    "bad",
    [
        Answer(b"gone", status=404),
        Answer(b"<html>please log in</html>"),
        Answer(gzip.compress(b"another file")),
        Answer(PACKED["train_images"], cut=10),
        Answer(gzip.compress(b"\0" * 5_000_000)),
        Answer(b"no gzip", headers={"Content-Encoding": "gzip"}),
        Answer(status=302, headers={"Location": f"/first/{IMAGES}"}),
        Answer(status=0),
    ],
    ids=["404", "web page", "wrong file", "cut off", "bomb", "no encoding", "endless redirect", "stall"],
)
def test_a_bad_mirror_is_passed_over(server, bad):
    server.answers[f"/first/{IMAGES}"] = [bad]
    data.download()
    assert_complete()
    assert f"/second/{IMAGES}" in server.requested


def test_a_redirect_is_followed(server):
    server.answers[f"/first/{IMAGES}"] = [Answer(status=302, headers={"Location": f"/second/{IMAGES}"})]
    data.download()
    assert_complete()


def test_each_mirror_is_tried_twice(server):
    for mirror in ("first", "second"):
        server.answers[f"/{mirror}/{IMAGES}"] = [Answer(status=503)]
    server.answers[f"/second/{IMAGES}"].append(Answer(PACKED["train_images"]))
    data.download()
    assert server.requested[:4] == [f"/first/{IMAGES}", f"/second/{IMAGES}"] * 2
    assert_complete()


def test_no_mirror_left_says_what_to_do_and_leaves_nothing(server):
    for mirror in ("first", "second"):
        server.answers[f"/{mirror}/{IMAGES}"] = [Answer(status=404)]
    with pytest.raises(DataError, match=r"could not be downloaded .*404.*FMNIST_DATA_DIR"):
        data.download()
    assert list(data.data_dir().iterdir()) == []


def test_the_cap_counts_what_arrives_once(server, monkeypatch):
    size = len(PACKED["train_images"])
    monkeypatch.setattr(mirrors, "MAX_DOWNLOAD_BYTES", size - 1)
    with pytest.raises(DataError, match="larger than"):
        data.download()
    monkeypatch.setattr(mirrors, "MAX_DOWNLOAD_BYTES", size)
    data.download()
    assert_complete()


@pytest.mark.parametrize(
    "endless",
    [
        Answer(itertools.repeat(b"x" * CHUNK), framing="chunked"),
        Answer(gzip.compress(b"\0" * 60_000_000, 1), headers={"Content-Encoding": "gzip"}),
    ],
    ids=["chunks", "bomb"],
)
def test_an_endless_answer_is_cut(server, endless):
    for mirror in ("first", "second"):
        server.answers[f"/{mirror}/{IMAGES}"] = [endless]
    with pytest.raises(DataError, match="larger than 50 MB"):
        data.download()
    assert list(data.data_dir().iterdir()) == []


def test_of_two_downloads_at_once_one_waits_and_asks_for_nothing(server):
    started, waiting = threading.Event(), threading.Event()

    def hold_until_the_other_waits(name, share):
        started.set()
        assert waiting.wait(30), "the second download did not wait"

    def note(name, share):
        if name == "waiting for a download":
            waiting.set()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(data.download, hold_until_the_other_waits)
        assert started.wait(30)
        second = pool.submit(data.download, note)
        assert first.result(60) == second.result(60)
    assert_complete()
    assert len(server.requested) == 4


class Stopped(BaseException):
    """What a page raises in `report` to stop; like Streamlit's, it is no Exception."""


def stop(name, share):
    if share > 0 or name == "waiting for a download":
        raise Stopped


def test_a_download_can_be_stopped_and_leaves_nothing(server):
    with pytest.raises(Stopped):
        data.download(stop)
    assert list(data.data_dir().iterdir()) == []
    data.download()
    assert_complete()


def test_waiting_for_another_download_can_be_stopped(server):
    data.data_dir().mkdir(parents=True)
    with mirrors._lock(data.data_dir(), stop), ThreadPoolExecutor(1) as pool:
        with pytest.raises(Stopped):
            pool.submit(data.download, stop).result(60)
        assert server.requested == []
    data.download()
    assert_complete()


def test_what_killed_downloads_left_is_cleared(server):
    folder = data.download()
    (folder / ".download-7f3k").mkdir()  # as earlier versions did
    (folder / ".download-7f3k" / IMAGES).write_bytes(b"half")
    (folder / f".download-{IMAGES}").write_bytes(b"half")
    server.requested.clear()
    data.download()
    assert_complete()
    assert server.requested == []


def test_a_damaged_file_in_the_cache_is_replaced_but_not_what_it_links_to(server, tmp_path):
    folder = data.download()
    (tmp_path / "precious").write_bytes(b"mine")
    (folder / IMAGES).unlink()
    (folder / IMAGES).symlink_to(tmp_path / "precious")
    data.download()
    assert_complete()
    assert (tmp_path / "precious").read_bytes() == b"mine"


def test_a_full_disk_is_one_sentence_and_leaves_nothing(server):
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))  # no file may be larger
    try:
        with pytest.raises(DataError, match=r"cannot be written to the Keras cache \(File too large\)"):
            data.download()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list(data.data_dir().iterdir()) == []


def test_a_place_that_is_no_folder_is_one_sentence(server):
    data.data_dir().parents[1].write_text("a file")
    with pytest.raises(DataError, match="cannot be written to the Keras cache"):
        data.download()


@pytest.fixture
def own_folder(server, tmp_path, monkeypatch):
    """A complete folder of the user, named by FMNIST_DATA_DIR, and a file of theirs elsewhere."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, file in data.FILES.items():
        (folder / file.name).write_bytes(PACKED[name])
    (tmp_path / "precious").write_bytes(b"damaged, but theirs")
    monkeypatch.setenv("FMNIST_DATA_DIR", str(folder))
    return folder


def test_a_complete_folder_of_the_user_needs_no_download(server, own_folder):
    assert data.download() == own_folder
    assert server.requested == []


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda path: path.unlink(), "is not in"),
        (lambda path: path.write_bytes(PACKED["train_images"][:-9]), "cannot be used"),
        (lambda path: (path.unlink(), path.symlink_to(path.parents[1] / "precious")), "cannot be used"),
        (lambda path: path.parent.rename(path.parents[1] / "renamed"), "is not in"),
    ],
    ids=["missing", "damaged", "linked", "no folder"],
)
def test_a_folder_of_the_user_is_never_written_to(server, own_folder, tmp_path, break_it, said):
    break_it(own_folder / IMAGES)

    def list_all():
        return {
            path: (path.lstat().st_mtime_ns, path.is_file() and path.read_bytes())
            for path in tmp_path.rglob("*")
        }

    before = list_all()
    with pytest.raises(DataError, match=rf"{IMAGES}.*{said}.*never written to: put") as error:
        data.download()
    assert list_all() == before
    assert server.requested == []
    assert str(tmp_path) not in str(error.value), "pages show it to every visitor"


def test_a_missing_file_names_itself_and_the_command(no_data):
    assert not data.is_present()
    with pytest.raises(DataError, match=r"t10k-images.*python -m fmnist download.*FMNIST_DATA_DIR"):
        data.load_test()


@pytest.mark.parametrize(
    "content",
    [b"", b"not gzip", PACKED["test_images"][:-9], gzip.compress(b"other")],
    ids=["empty", "text", "truncated", "other"],
)
def test_a_damaged_file_is_refused_by_name(tiny_files, no_data, content):
    data.data_dir().mkdir(parents=True)
    (data.data_dir() / "t10k-images-idx3-ubyte.gz").write_bytes(content)
    with pytest.raises(
        DataError, match=r"t10k-images-idx3-ubyte\.gz.*cannot be used.*python -m fmnist download"
    ):
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
