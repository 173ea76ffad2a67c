"""The images in memory, always split the same way: 48,000 train, 12,000 validation, 10,000 test."""

import hashlib
from dataclasses import dataclass

import numpy as np

from fmnist.config import IMAGE_SIZE, NUM_CLASSES, VALIDATION_SIZE
from fmnist.data.files import FILES, read

SPLIT_SEED = 20170831  # any fixed number would do; this is the date of the data set's last correction


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
    """The whole data set: 48,000 training, 12,000 validation and 10,000 test images."""

    train: Split
    validation: Split
    test: Split
    split_sha256: str


def load_dataset() -> Dataset:
    """Loads and verifies all 70,000 images, split into training, validation and test.

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
    """Loads and verifies the 10,000 test images.

    Raises:
        DataError: If a file is missing, damaged or not the published one.
    """
    return _freeze(*_load_pair("test"))


def split_indices(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, str]:
    """Splits the 60,000 training images into 48,000 for training and 12,000 for validation.

    Every class has the same share, 4,800 and 1,200. Which image goes where never changes.

    Args:
        labels: int `(60000,)`, class indices.

    Returns:
        The two index arrays, int64, ascending, and the SHA-256 of the validation indices.
    """
    # RandomState, because its stream is frozen for ever (NEP 19), while Generator's may change.
    random = np.random.RandomState(SPLIT_SEED)
    per_class = VALIDATION_SIZE // NUM_CLASSES
    validation = np.sort(
        np.concatenate(
            [random.permutation(np.flatnonzero(labels == label))[:per_class] for label in range(NUM_CLASSES)]
        )
    ).astype("<i8")
    train = np.setdiff1d(np.arange(len(labels)), validation)
    return train, validation, hashlib.sha256(validation.tobytes()).hexdigest()


def take_share(split: Split, share: float) -> Split:
    """Takes a fixed share of every class, the same images at every call; a larger share contains a smaller.

    Args:
        split: Any part of the data set; usually the training images.
        share: Above 0, up to 1. At least one image of each class is taken.
    """
    if share >= 1:
        return split
    random = np.random.RandomState(SPLIT_SEED)  # frozen for ever, as for the split itself
    taken = []
    for label in np.unique(split.labels):
        own = random.permutation(np.flatnonzero(split.labels == label))
        taken.append(own[: max(1, round(share * len(own)))])
    chosen = np.sort(np.concatenate(taken))
    return _freeze(split.images[chosen], split.labels[chosen])


def _load_pair(part: str) -> tuple[np.ndarray, np.ndarray]:
    images, labels = (read(FILES[f"{part}_{kind}"]) for kind in ("images", "labels"))
    return (
        np.frombuffer(images, np.uint8, offset=16).reshape(-1, IMAGE_SIZE, IMAGE_SIZE),
        np.frombuffer(labels, np.uint8, offset=8),
    )


def _freeze(images: np.ndarray, labels: np.ndarray) -> Split:
    images.flags.writeable = labels.flags.writeable = False
    return Split(images, labels)
