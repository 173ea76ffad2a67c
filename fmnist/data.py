"""Find, download, verify and decode the data set, and split it: always the same way.

The look-up order: the folder in FMNIST_DATA_DIR, else the Keras cache, which is also where a
download goes. A folder named by the user is only ever read.

Reference: Xiao, Rasul, Vollgraf 2017, "Fashion-MNIST", arXiv 1708.07747.
"""

import gzip
import hashlib
import io
import os
import shutil
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from fmnist.config import IMAGE_SIZE, NUM_CLASSES, TEST_SIZE, TRAIN_SIZE, VALIDATION_SIZE
from fmnist.errors import DataError

MIRRORS = (
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
)
"""Where the four files can be downloaded: Keras's copy, then the authors' bucket."""

SPLIT_SEED = 20170831  # any fixed number would do; this is the day of the data set's last correction


@dataclass(frozen=True)
class _File:
    """One published file: its name, its size once decoded, and the SHA-256 of the decoded bytes."""

    name: str
    decoded_size: int
    sha256: str


_NUM_TRAIN = TRAIN_SIZE + VALIDATION_SIZE
_PIXELS = IMAGE_SIZE * IMAGE_SIZE
FILES = {
    "train_images": _File(
        "train-images-idx3-ubyte.gz",
        16 + _NUM_TRAIN * _PIXELS,
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    ),
    "train_labels": _File(
        "train-labels-idx1-ubyte.gz",
        8 + _NUM_TRAIN,
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    ),
    "test_images": _File(
        "t10k-images-idx3-ubyte.gz",
        16 + TEST_SIZE * _PIXELS,
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    ),
    "test_labels": _File(
        "t10k-labels-idx1-ubyte.gz",
        8 + TEST_SIZE,
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
}
TIMEOUT = 20  # seconds without a byte before a mirror is given up
MAX_DOWNLOAD_BYTES = 50_000_000  # the largest file has 26 MB; 47 MB where it was unpacked on its way
_UNFINISHED = ".download-"  # how the name of a file begins until all of it is on the disk
_FAULTS = (OSError, EOFError, zlib.error, ValueError)  # of a disk, a connection, a .gz file, its content


@dataclass(frozen=True)
class Split:
    """A part of the data set.

    Attributes:
        images: uint8 `(n, 28, 28)`, 0-255, garment bright on black; read-only.
        labels: uint8 `(n,)`, indices into CLASS_NAMES; read-only.
    """

    images: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class Dataset:
    """The whole data set: 48,000 training, 12,000 validation and 10,000 test pictures."""

    train: Split
    validation: Split
    test: Split
    split_sha256: str


def data_dir() -> Path:
    """Returns the folder in which the data set is looked for; it need not exist."""
    own = os.environ.get("FMNIST_DATA_DIR")
    if own:
        return Path(own).expanduser()
    keras_home = os.environ.get("KERAS_HOME") or Path.home() / ".keras"
    return Path(keras_home) / "datasets" / "fashion-mnist"


def is_present() -> bool:
    """Tells whether all four files lie in `data_dir()`, without reading them."""
    return all((data_dir() / file.name).is_file() for file in FILES.values())


def load_dataset() -> Dataset:
    """Loads and verifies all 70,000 pictures, split into training, validation and test.

    Raises:
        DataError: If a file is missing, damaged or not the published one.
    """
    images, labels = _load_pair("train")
    train, validation, split_sha256 = split_indices(labels)
    return Dataset(
        _freeze(images[train], labels[train]),
        _freeze(images[validation], labels[validation]),
        load_test(),
        split_sha256,
    )


def load_test() -> Split:
    """Loads and verifies the 10,000 test pictures.

    Raises:
        DataError: If a file is missing, damaged or not the published one.
    """
    return _freeze(*_load_pair("test"))


def split_indices(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, str]:
    """Splits the 60,000 training pictures into 48,000 for training and 12,000 for validation.

    Every class keeps its share: 4,800 and 1,200. Which pictures go where never changes.

    Args:
        labels: int `(60000,)`, class indices.

    Returns:
        The two index arrays, int64, ascending, and the SHA-256 of the validation indices.
    """
    # RandomState, because its stream is frozen for ever (NEP 19); Generator's may change.
    random = np.random.RandomState(SPLIT_SEED)
    per_class = VALIDATION_SIZE // NUM_CLASSES
    validation = np.sort(
        np.concatenate(
            [random.permutation(np.flatnonzero(labels == label))[:per_class] for label in range(NUM_CLASSES)]
        )
    ).astype("<i8")
    train = np.setdiff1d(np.arange(len(labels)), validation)
    return train, validation, hashlib.sha256(validation.tobytes()).hexdigest()


def download(report: Callable[[str, float], None] = lambda name, share: None) -> Path:
    """Downloads and verifies whatever is missing from the Keras cache.

    Each file is asked for twice at every mirror; it appears under its name only once it is complete
    and verified. Of several downloads at once one works, and the others wait and use what it fetched.

    Args:
        report: Called with a file name and the share of it that has arrived, 0 to 1; 1 once it is
            stored. Also called while waiting for another download; it may raise to stop this one.

    Returns:
        The folder that holds the four files.

    Raises:
        DataError: If a file cannot be had from any mirror or cannot be written, or if
            FMNIST_DATA_DIR is set and a file there is missing or damaged.
    """
    folder = data_dir()
    if os.environ.get("FMNIST_DATA_DIR"):
        for file in FILES.values():
            _read(file)
        return folder
    if all(map(_is_sound, FILES.values())) and not _find_leftovers(folder):
        return folder  # without a lock, which a read-only place could not hold
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _lock(folder, report):
            for leftover in _find_leftovers(folder):
                if leftover.is_dir():
                    shutil.rmtree(leftover)
                else:
                    leftover.unlink()
            for file in FILES.values():
                if not _is_sound(file):
                    _write(folder / file.name, _fetch(file, partial(report, file.name)))
                report(file.name, 1.0)
    except OSError as error:
        raise DataError(
            f"The data set cannot be written to the Keras cache ({error.strerror or error}): free the "
            "place, or set FMNIST_DATA_DIR to a folder that holds the four files."
        ) from error
    return folder


def _find_leftovers(folder):
    """Finds what killed downloads have left: a file each, once a folder each."""
    return list(folder.glob(f"{_UNFINISHED}*"))


def _lock(folder, report):
    """Waits until no other download goes into `folder`; the result is to be used in a `with`."""
    from filelock import FileLock, Timeout

    # A lock of the system on a file of its own: it ends with the process, however that ends.
    lock = FileLock(folder.with_suffix(".lock"))
    while True:
        try:
            return lock.acquire(timeout=0.5)
        except Timeout:
            report("waiting for a download", 0.0)


def _fetch(file, report):
    """Downloads one file from the first mirror that has it: its verified bytes, gzipped."""
    reasons = {}
    for mirror in MIRRORS * 2:
        try:
            return _pack(_request(mirror + file.name, file, report), file)
        except _FAULTS as error:
            reasons[mirror] = str(error).partition("\n")[0]
    raise DataError(
        f"{file.name} could not be downloaded ({'; '.join(map(': '.join, reasons.items()))}). Check the "
        "connection and try again, or copy the four files from another machine and set FMNIST_DATA_DIR "
        "to their folder."
    )


def _request(url, file, report):
    """Downloads an answer into memory, without the encoding that its Content-Encoding names."""
    import requests

    report(0.0)
    arrived = bytearray()
    # The file is packed already. Some servers pack it again nevertheless, or call the packing an encoding.
    with requests.get(url, headers={"Accept-Encoding": "identity"}, stream=True, timeout=TIMEOUT) as answer:
        answer.raise_for_status()
        expected = answer.raw.length_remaining or file.decoded_size
        for chunk in answer.iter_content(16 * 1024):
            arrived += chunk
            if len(arrived) > MAX_DOWNLOAD_BYTES:
                raise ValueError(f"the answer is larger than {MAX_DOWNLOAD_BYTES // 1_000_000} MB")
            received = answer.raw.tell() or len(arrived)  # `tell` leaves out chunked answers
            report(min(0.99, received / expected))
    return arrived


def _pack(content, file):
    """Verifies an answer, which may have been unpacked on its way, and returns it gzipped."""
    if hashlib.sha256(content).hexdigest() == file.sha256:
        return gzip.compress(content, compresslevel=6, mtime=0)  # level 9 takes ten times as long
    _unpack(io.BytesIO(content), file)
    return content


def _write(path, content):
    """Writes a file in one step: under its name is all of it, or what was there before."""
    unfinished = path.with_name(_UNFINISHED + path.name)
    try:
        with open(unfinished, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def _is_sound(file):
    try:
        _read(file)
    except DataError:
        return False
    return True


def _load_pair(part):
    images, labels = _read(FILES[f"{part}_images"]), _read(FILES[f"{part}_labels"])
    return (
        np.frombuffer(images, np.uint8, offset=16).reshape(-1, IMAGE_SIZE, IMAGE_SIZE),
        np.frombuffer(labels, np.uint8, offset=8),
    )


def _read(file):
    """Reads, unpacks and verifies one file of `data_dir()`."""
    # No error names the folder's path, since pages show them to every visitor.
    if os.environ.get("FMNIST_DATA_DIR"):
        place = "the folder that FMNIST_DATA_DIR names"
        advice = (
            "That folder is never written to: put the published file there, or unset FMNIST_DATA_DIR and "
            "run `python -m fmnist download`."
        )
    else:
        place = "the Keras cache"
        advice = (
            "Run `python -m fmnist download`, or set FMNIST_DATA_DIR to the folder that holds the four files."
        )
    try:
        with open(data_dir() / file.name, "rb") as stream:
            return _unpack(stream, file)
    except FileNotFoundError as error:
        raise DataError(f"The data set file {file.name} is not in {place}. {advice}") from error
    except _FAULTS as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(
            f"The data set file {file.name} in {place} cannot be used ({reason}). {advice}"
        ) from error


def _unpack(stream, file):
    """Unpacks and verifies one .gz file, never holding more than the published size."""
    with gzip.open(stream) as unpacked:
        content = unpacked.read(file.decoded_size + 1)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise ValueError("its content is not the published one")
    return content


def _freeze(images, labels):
    images.flags.writeable = labels.flags.writeable = False
    return Split(images, labels)
