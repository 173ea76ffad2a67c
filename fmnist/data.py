"""Find, download, verify and decode the data set, and split it: always the same way.

The look-up order: the folder in FMNIST_DATA_DIR, else the Keras cache, which is also where a
download goes. A folder named by the user is only ever read.

Reference: Xiao, Rasul, Vollgraf 2017, "Fashion-MNIST", arXiv 1708.07747.
"""

import gzip
import hashlib
import os
import tempfile
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
MAX_DOWNLOAD_BYTES = 40_000_000  # the largest published file has 26 MB


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

    Each file is tried at every mirror, twice; it appears under its name only once it is complete
    and verified.

    Args:
        report: Called with a file name and the share of it that has arrived, 0 to 1.

    Returns:
        The folder that holds the four files.

    Raises:
        DataError: If FMNIST_DATA_DIR is set, or a file cannot be had from any mirror.
    """
    folder = data_dir()
    if os.environ.get("FMNIST_DATA_DIR") and not is_present():
        raise DataError(
            f"FMNIST_DATA_DIR names {folder}, which is never written to: put the four files there, "
            "or unset it to download into the Keras cache."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(
            f"The folder {folder} cannot be created ({error.strerror}): free the place, or set "
            "FMNIST_DATA_DIR to a folder that holds the four files."
        ) from error
    for file in FILES.values():
        if not _is_sound(folder / file.name, file):
            _download_file(file, folder, partial(report, file.name))
        report(file.name, 1.0)
    return folder


class _Progress:
    """Counts the bytes of one download and stops it at the size cap; pooch calls its methods."""

    def __init__(self, report):
        self.report, self.total, self.received = report, 0, 0

    def update(self, count):
        self.received += count
        if self.received > MAX_DOWNLOAD_BYTES:
            raise DataError(f"the answer is larger than {MAX_DOWNLOAD_BYTES // 1_000_000} MB")
        self.report(min(1.0, self.received / self.total) if self.total else 0.0)

    def reset(self):
        """Pooch resets the bar at the end only to fill it; the count must stay."""

    def close(self):
        """Nothing to close."""


def _download_file(file, folder, report):
    import pooch
    import requests

    reasons = []
    for mirror in MIRRORS:
        try:
            # A folder of its own on the same disk: the file is verified in it, then appears whole.
            with tempfile.TemporaryDirectory(prefix=".download-", dir=folder) as scratch:
                arrived = Path(scratch) / file.name
                pooch.core.stream_download(
                    mirror + file.name,
                    arrived,
                    known_hash=None,  # mirrors may compress anew: the decoded bytes are checked
                    downloader=pooch.HTTPDownloader(
                        progressbar=_Progress(report), timeout=TIMEOUT, chunk_size=64 * 1024
                    ),
                    retry_if_failed=1,
                )
                _decode(arrived, file)
                arrived.chmod(0o644)  # temporary files are private to their owner
                os.replace(arrived, folder / file.name)
            return
        except (DataError, requests.exceptions.RequestException, ValueError) as error:
            reasons.append(f"{mirror}: {str(error).splitlines()[0]}")
        except OSError as error:
            raise DataError(f"{file.name} cannot be written to {folder}: {error}.") from error
    raise DataError(
        f"{file.name} could not be downloaded ({'; '.join(reasons)}). Check the connection and try "
        "again, or copy the four files from another machine and set FMNIST_DATA_DIR to their folder."
    )


def _is_sound(path, file):
    try:
        _decode(path, file)
    except DataError:
        return False
    return True


def _load_pair(part):
    folder = data_dir()
    images = _decode(folder / FILES[f"{part}_images"].name, FILES[f"{part}_images"])
    labels = _decode(folder / FILES[f"{part}_labels"].name, FILES[f"{part}_labels"])
    return (
        np.frombuffer(images, np.uint8, offset=16).reshape(-1, IMAGE_SIZE, IMAGE_SIZE),
        np.frombuffer(labels, np.uint8, offset=8),
    )


def _decode(path, file):
    """Unpacks and verifies one .gz file, never holding more than the published size."""
    advice = "Delete it and run `python -m fmnist download`, or copy the published file there."
    try:
        with gzip.open(path) as stream:
            content = stream.read(file.decoded_size + 1)
    except FileNotFoundError as error:
        raise DataError(
            f"The data set file {file.name} is not in {path.parent}. Run `python -m fmnist "
            "download`, or set FMNIST_DATA_DIR to the folder that holds the four files."
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"The data set file {path} is damaged ({error}). {advice}") from error
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise DataError(f"The file {path} is not the published {file.name}. {advice}")
    return content


def _freeze(images, labels):
    images.flags.writeable = labels.flags.writeable = False
    return Split(images, labels)
