"""The four published files: where they are looked for, and how one is read and verified.

Reference: Xiao, Rasul, Vollgraf 2017, "Fashion-MNIST", arXiv 1708.07747.
"""

import gzip
import hashlib
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from fmnist.config import IMAGE_SIZE, TEST_SIZE, TRAIN_SIZE, VALIDATION_SIZE
from fmnist.errors import DataError


@dataclass(frozen=True)
class PublishedFile:
    """One published file: its name, its size once decoded, and the SHA-256 of the decoded bytes."""

    name: str
    decoded_size: int
    sha256: str


_NUM_TRAIN = TRAIN_SIZE + VALIDATION_SIZE
_PIXELS = IMAGE_SIZE * IMAGE_SIZE
FILES = {
    "train_images": PublishedFile(
        "train-images-idx3-ubyte.gz",
        16 + _NUM_TRAIN * _PIXELS,
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    ),
    "train_labels": PublishedFile(
        "train-labels-idx1-ubyte.gz",
        8 + _NUM_TRAIN,
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    ),
    "test_images": PublishedFile(
        "t10k-images-idx3-ubyte.gz",
        16 + TEST_SIZE * _PIXELS,
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    ),
    "test_labels": PublishedFile(
        "t10k-labels-idx1-ubyte.gz",
        8 + TEST_SIZE,
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
}
FAULTS = (OSError, EOFError, zlib.error, ValueError)  # from a disk, a connection, a .gz file, its content


def data_dir() -> Path:
    """Returns the folder in which the data set is looked for; it need not exist."""
    own = os.environ.get("FMNIST_DATA_DIR")
    if own:
        return Path(own).expanduser()
    return _keras_home() / "datasets" / "fashion-mnist"


def cache_dir() -> Path:
    """Returns the user's folder for what is computed from the data set; it need not exist."""
    return _keras_home() / "fmnist-dashboard"


def _keras_home() -> Path:
    return Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras")


def is_present() -> bool:
    """Tells whether all four files lie in `data_dir()`, without reading them."""
    return all((data_dir() / file.name).is_file() for file in FILES.values())


def read(file: PublishedFile) -> bytes:
    """Reads, unpacks and verifies one file of `data_dir()`.

    Raises:
        DataError: If it is missing, damaged or not the published one.
    """
    # Errors never name the folder's path, because pages show them to every visitor.
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
            return unpack(stream, file)
    except FileNotFoundError as error:
        raise DataError(f"The data set file {file.name} is not in {place}. {advice}") from error
    except FAULTS as error:
        reason = getattr(error, "strerror", None) or error
        raise DataError(
            f"The data set file {file.name} in {place} cannot be used ({reason}). {advice}"
        ) from error


def unpack(stream: BinaryIO, file: PublishedFile) -> bytes:
    """Unpacks and verifies one .gz file, without ever unpacking more than the published size.

    Raises:
        ValueError, OSError, EOFError, zlib.error: If it is damaged or not the published one; see FAULTS.
    """
    with gzip.open(stream) as unpacked:
        content = unpacked.read(file.decoded_size + 1)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise ValueError("its content is not the published one")
    return content
