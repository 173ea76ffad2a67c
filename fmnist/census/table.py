"""The table, shipped beside this module: computed from the data set once, read by what counts pictures."""

import functools
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fmnist.census.measures import MEASURES, measure_images
from fmnist.census.nearest import find_nearest
from fmnist.config import NUM_CLASSES, TEST_SIZE, VALIDATION_SIZE

PARTS = {"validation": VALIDATION_SIZE, "test": TEST_SIZE}
"""The parts of the data set in the table, with their sizes."""

_FILE = Path(__file__).parent / "census.npz"


@dataclass(frozen=True, eq=False)
class Census:
    """What is known of each image of a part, in split order; read-only.

    Attributes:
        part: 'validation' or 'test'.
        labels: uint8 `(n,)`, classes.
        measures: float32 `(n,)` for each name in MEASURES.
        nearest: int32 `(n,)`, position of the nearest training image by pixels, as it is or mirrored.
        nearest_label: uint8 `(n,)`, its class.
        distance: float32 `(n,)`, the distance to it: root mean square over the pixels, in grey levels.
    """

    part: str
    labels: np.ndarray
    measures: Mapping[str, np.ndarray]
    nearest: np.ndarray
    nearest_label: np.ndarray
    distance: np.ndarray


@functools.cache
def load_census(part: str) -> Census:
    """Loads the table of a part, 'validation' or 'test'."""
    with np.load(_FILE, allow_pickle=False) as table:
        columns = {name: _freeze(table[f"{part}_{name}"]) for name in _columns()}
    measures = {name: _freeze(columns[name].astype(np.float32)) for name in MEASURES}
    distance = _freeze(columns["distance"].astype(np.float32))
    return Census(part, columns["labels"], measures, columns["nearest"], columns["nearest_label"], distance)


def take_census(
    part: str,
    images: np.ndarray,
    labels: np.ndarray,
    train_images: np.ndarray,
    train_labels: np.ndarray,
    on_share: Callable[[float], None] = lambda share: None,
) -> Census:
    """Computes the table of a part.

    Args:
        part: 'validation' or 'test'.
        images, labels: uint8 `(n, 28, 28)` and `(n,)`, in split order.
        train_images, train_labels: The training images and their labels.
        on_share: Is told which share is done, up to 1.
    """
    found = find_nearest(images, train_images, on_chunk=on_share)
    nearest = found.positions[:, 0]
    return Census(part, labels, measure_images(images), nearest, train_labels[nearest], found.distances[:, 0])


def save_census(parts: Mapping[str, Census]) -> Path:
    """Writes the shipped table of all PARTS; returns its path."""
    columns: dict[str, np.ndarray] = {}
    for part, census in parts.items():
        if len(census.labels) != PARTS[part] or census.labels.max() >= NUM_CLASSES:
            raise ValueError(f"the {part} images are not those of the data set")
        narrow = {name: values.astype(np.float16) for name, values in census.measures.items()}
        narrow |= {
            "labels": census.labels.astype(np.uint8),
            "nearest": census.nearest.astype(np.int32),
            "nearest_label": census.nearest_label.astype(np.uint8),
            "distance": census.distance.astype(np.float16),
        }
        columns |= {f"{part}_{name}": values for name, values in narrow.items()}
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **columns)
    _FILE.write_bytes(stream.getvalue())
    load_census.cache_clear()
    return _FILE


def _columns() -> tuple[str, ...]:
    return (*MEASURES, "labels", "nearest", "nearest_label", "distance")


def _freeze(values: np.ndarray) -> np.ndarray:
    values.flags.writeable = False
    return values
