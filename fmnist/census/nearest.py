"""The nearest training image of an image, by its pixels."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

_CHUNK = 1000  # images at a time; with 48,000 others a table of 200 MB


class Nearest(NamedTuple):
    """The nearest others of images, the nearest first.

    Attributes:
        positions: int32 `(n, k)`, indices into the others.
        distances: float32 `(n, k)`, root mean square over the pixels, in grey levels, 0 to 255.
    """

    positions: np.ndarray
    distances: np.ndarray


def find_nearest(
    images: np.ndarray,
    others: np.ndarray,
    count: int = 1,
    on_chunk: Callable[[float], None] = lambda share: None,
) -> Nearest:
    """Finds the nearest others of each image, whether as they are or mirrored, by brute force.

    Args:
        images: uint8 `(n, 28, 28)`.
        others: uint8 `(m, 28, 28)`.
        count: How many of each, at most m.
        on_chunk: Is told which share is done, up to 1.
    """
    pool = others.reshape(len(others), -1).astype(np.float32)
    squares = np.einsum("ij,ij->i", pool, pool)
    positions = np.empty((len(images), count), np.int32)
    distances = np.empty((len(images), count), np.float32)
    for start in range(0, len(images), _CHUNK):
        chunk = images[start : start + _CHUNK]
        table = _compare(chunk, pool, squares)
        np.minimum(table, _compare(chunk[:, :, ::-1], pool, squares), out=table)
        found = np.argpartition(table, count - 1, axis=1)[:, :count]
        near = np.take_along_axis(table, found, axis=1)
        order = np.argsort(near, axis=1, kind="stable")
        rows = slice(start, start + len(chunk))
        positions[rows] = np.take_along_axis(found, order, axis=1)
        # The sum of large squares may fall a little below zero.
        distances[rows] = np.sqrt(np.maximum(np.take_along_axis(near, order, axis=1), 0) / pool.shape[1])
        on_chunk(min(1.0, (start + len(chunk)) / len(images)))
    return Nearest(positions, distances)


def _compare(images: np.ndarray, pool: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """Computes squared distances, float32 `(n, m)`."""
    flat = images.reshape(len(images), -1).astype(np.float32)
    table = flat @ pool.T
    table *= -2
    table += squares
    table += np.einsum("ij,ij->i", flat, flat)[:, None]
    return table
