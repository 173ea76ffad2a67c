"""The training images nearest to an image: in a model's own features, and by pixels.

Neighbours help people more than maps of important pixels do. Reference: Nguyen, Kim and Nguyen 2021, "The
effectiveness of feature attribution methods and its correlation with automatic evaluation scores",
arXiv 2105.14944.
"""

from dataclasses import dataclass

import numpy as np

from fmnist import census

COUNT = 8
"""How many neighbours are shown."""
_CHUNK = 500  # rows at a time; 1,000 are faster alone, but beside a browser on two cores far slower


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The nearest of many images, the nearest first.

    Attributes:
        positions: int `(k,)`, their positions among those searched.
        distances: float `(k,)`, ascending; 1 minus the cosine (0 to 2), or the root mean square in grey
            levels (0 to 255).
    """

    positions: np.ndarray
    distances: np.ndarray


def scale_rows(features: np.ndarray) -> np.ndarray:
    """Scales each row to length 1, since only its direction counts.

    Args:
        features: float `(n, k)`; a row of zeros stays as it is.

    Returns:
        float32 `(n, k)`; in float16 it would need half the memory and three times the time to search.
    """
    exact = features.astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", exact, exact))
    return exact / np.where(lengths > 0, lengths, 1)[:, np.newaxis]


def find_nearest(
    rows: np.ndarray, feature: np.ndarray, count: int = COUNT, among: np.ndarray | None = None
) -> Neighbours:
    """Finds the images whose features point in the most similar direction.

    Args:
        rows: float32 `(n, k)` from `scale_rows`: those searched.
        feature: float `(k,)`, of any length: that of the image in question.
        count: How many to find; fewer if there are fewer.
        among: bool `(n,)`, which of them count; by default all.
    """
    chosen = np.arange(len(rows)) if among is None else np.flatnonzero(among)
    searched = rows if among is None else rows[chosen]
    (wanted,) = scale_rows(feature[np.newaxis])
    best = _take(1 - searched @ wanted, count)
    return Neighbours(chosen[best.positions], best.distances)


def find_distances(rows: np.ndarray, features: np.ndarray) -> np.ndarray:
    """Computes how far each image is from its nearest neighbour, as `find_nearest` does for one.

    Args:
        rows: float32 `(n, k)` from `scale_rows`: those searched.
        features: float `(m, k)`.

    Returns:
        float32 `(m,)`, 1 minus the cosine, ascending: what `rank_distance` compares with.
    """
    wanted = scale_rows(features).T
    nearest = np.full(len(features), np.inf, np.float32)
    for chunk in _cut(rows):
        np.minimum(nearest, 1 - (chunk @ wanted).max(axis=0), out=nearest)
    return np.sort(nearest)


def rank_distance(distance: float, reference: np.ndarray) -> float:
    """Tells what share of other images is nearer to its own nearest neighbour, 0 to 1.

    Args:
        distance: Of the image in question to its nearest neighbour.
        reference: float `(m,)` from `find_distances` of images like those it should resemble.
    """
    return float(np.searchsorted(reference, distance) / len(reference))


def find_alike(images: np.ndarray, image: np.ndarray, count: int = COUNT) -> Neighbours:
    """Finds the images that look most alike pixel by pixel, as they are or mirrored.

    Args:
        images: uint8 `(n, 28, 28)`: those searched.
        image: uint8 `(28, 28)`: the one in question.
        count: How many to find; fewer if there are fewer.
    """
    found = [census.find_nearest(image[np.newaxis], chunk, min(count, len(chunk))) for chunk in _cut(images)]
    starts = range(0, len(images), _CHUNK)
    positions = np.concatenate([near.positions[0] + start for near, start in zip(found, starts, strict=True)])
    best = _take(np.concatenate([near.distances[0] for near in found]), count)
    return Neighbours(positions[best.positions], best.distances)


def _cut(rows: np.ndarray) -> list[np.ndarray]:
    return [rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK)]


def _take(distances: np.ndarray, count: int) -> Neighbours:
    if count < len(distances):  # to sort all would take most of a search
        near = np.flatnonzero(distances <= np.partition(distances, count - 1)[count - 1])
    else:
        near = np.arange(len(distances))
    positions = near[np.argsort(distances[near], kind="stable")][:count]
    return Neighbours(positions, distances[positions])
