"""The alarm: is an image out-of-distribution, that is, unlike any garment?

Three words: the *strangeness* of an image is a number, its distance from what garments look like; the
*alarm* is raised above a threshold; *strangers* are images of other things, drawn to choose the threshold.
On pages the alarm reads "probably none of the ten".
"""

from dataclasses import dataclass

import numpy as np

from fmnist.artifacts import Run
from fmnist.config import IMAGE_SIZE
from fmnist.data import Split

DIRECTIONS = 20  # in which garments may differ; with more of them letters no longer look strange
MAX_FALSE_ALARMS = 0.05  # share of garments, half of them imitated photos, that may raise the alarm


@dataclass(frozen=True)
class Alarm:
    """Flags images that look like none of the ten garments, with its measured error rates.

    Attributes:
        space: float `(1 + DIRECTIONS, 784)`: the mean image, and the directions in which images of garments
            differ most from it.
        threshold: The lowest strangeness that raises the alarm, in grey levels.
        false_alarms: Share of garments that raise the alarm, 0 to 1.
        caught: Share of strangers that raise the alarm, 0 to 1.
    """

    space: np.ndarray
    threshold: float
    false_alarms: float
    caught: float

    def is_raised(self, images: np.ndarray) -> np.ndarray:
        """Whether each of the uint8 images `(n, 28, 28)` raises the alarm: bool `(n,)`."""
        return compute_strangeness(images, self.space) >= self.threshold


def compute_strangeness(images: np.ndarray, space: np.ndarray) -> np.ndarray:
    """Measures how much of each image cannot be rebuilt as a mixture of garments.

    Args:
        images: uint8 `(n, 28, 28)`, as the models see them.
        space: float `(1 + k, 784)`: the mean image and `k` orthonormal directions.

    Returns:
        float `(n,)`: the root mean square of the remainder over the pixels, in grey levels, 0 to 255.

    Reference: the "distance from face space" of Turk and Pentland 1991, "Eigenfaces for recognition".
    """
    mean, directions = space[0].astype(np.float32), space[1:].astype(np.float32)
    differences = images.reshape(len(images), -1) - mean
    missing = differences - differences @ directions.T @ directions
    return np.sqrt((missing**2).mean(axis=1))


def build_alarm(train: Split, validation: Split, seed: int) -> Alarm:
    """Learns what garments look like, and chooses the threshold above which an image is flagged.

    Args:
        train: The space is learned from one half as it is and from the other as imitated photos.
        validation: The threshold is chosen on these images, as they are and as imitated photos, against the
            strangers from `synthesis.draw_strangers`.
        seed: Decides the imitations.
    """
    from sklearn.decomposition import PCA

    from fmnist import synthesis  # loads numpy.random, for which `predict` should not wait

    random = np.random.default_rng(seed)
    half = len(train.images) // 2
    imitations = synthesis.imitate_photos(train.images[half:], train.labels[half:], random)
    seen = np.concatenate([train.images[:half], imitations]).reshape(-1, IMAGE_SIZE**2).astype(np.float32)
    axes = PCA(DIRECTIONS, svd_solver="covariance_eigh").fit(seen)
    # Half precision is what is stored, so it is what the threshold is chosen for.
    space = np.vstack([axes.mean_, axes.components_]).astype(np.float16)
    imitations = synthesis.imitate_photos(validation.images, validation.labels, random)
    garments = np.concatenate([validation.images, imitations])
    strangers = synthesis.draw_strangers()
    return choose_alarm(space, compute_strangeness(garments, space), compute_strangeness(strangers, space))


def choose_alarm(space: np.ndarray, garments: np.ndarray, strangers: np.ndarray) -> Alarm:
    """Chooses the threshold that best separates garments from strangers.

    Among all thresholds with at most `MAX_FALSE_ALARMS`, it has the largest difference between the shares of
    caught strangers and of false alarms.

    Args:
        space: The space in which the strangeness was measured.
        garments, strangers: float `(n,)`, the strangeness of the images of each kind.
    """
    from sklearn.metrics import roc_curve

    is_stranger = np.repeat([0, 1], [len(garments), len(strangers)])
    false_alarms, caught, thresholds = roc_curve(is_stranger, np.concatenate([garments, strangers]))
    allowed = false_alarms <= MAX_FALSE_ALARMS
    best = int(np.argmax(np.where(allowed, caught - false_alarms, -1)))
    return Alarm(space, float(thresholds[best]), float(false_alarms[best]), float(caught[best]))


def load_alarm(run: Run) -> Alarm | None:
    """Loads the alarm that a run has learned, or returns None if it has none.

    Raises:
        ArtifactError: If its file is missing or damaged.
    """
    figures = run.manifest.alarm
    if figures is None:
        return None
    space = run.load("garment_space")
    return Alarm(space, figures.threshold, figures.false_alarms, figures.caught)
