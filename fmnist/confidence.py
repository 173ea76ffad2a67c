"""When to believe an answer: what answers this sure were worth, and pictures unlike any garment.

Everything is chosen on the validation pictures. Numbers in, numbers out; the non-garments are drawn
here, from a seed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from fmnist.config import IMAGE_SIZE

if TYPE_CHECKING:
    from fmnist.data import Split

NEIGHBOURS = 500  # validation answers that a confidence is compared with
DIRECTIONS = 20  # in which garments may differ; with more of them letters are no longer strange
MAX_FALSE_ALARMS = 0.05  # share of garments, half of them imitated photos, that may be called strange
STRANGERS = 1200  # non-garments the threshold is chosen against


@dataclass(frozen=True)
class TrackRecord:
    """How often answers about as sure as this one were right.

    Attributes:
        low, high: The confidences they had, 0 to 1.
        right: Share of them that were right, 0 to 1.
        count: How many there were.
    """

    low: float
    high: float
    right: float
    count: int


def find_track_record(confidence: float, confidences: np.ndarray, wrong: list[int]) -> TrackRecord:
    """Looks up how often a model was right when it was about as sure.

    Args:
        confidence: Of the answer in question: its highest probability.
        confidences: float `(n,)`, those of the model's answers to the validation pictures, calibrated
            like the answer in question.
        wrong: Positions of those that are wrong.
    """
    right = np.ones(len(confidences), bool)
    right[wrong] = False
    distances = np.abs(confidences - confidence)
    count = min(NEIGHBOURS, len(distances))
    # To sort them all would take longer than the rest of the page.
    near = np.flatnonzero(distances <= np.partition(distances, count - 1)[count - 1])
    nearest = near[np.argsort(distances[near], kind="stable")][:count]
    return TrackRecord(
        float(confidences[nearest].min()),
        float(confidences[nearest].max()),
        float(right[nearest].mean()),
        count,
    )


@dataclass(frozen=True)
class Alarm:
    """Tells pictures that are unlike any garment, and what its word is worth.

    Attributes:
        space: float `(1 + DIRECTIONS, 784)`: the mean picture, and the directions in which pictures of
            garments differ most from it and from each other.
        threshold: The least strangeness that raises the alarm, in grey levels.
        false_alarms: Share of pictures of garments that raise it.
        caught: Share of the non-garments that raise it.
    """

    space: np.ndarray
    threshold: float
    false_alarms: float
    caught: float

    def is_raised(self, images: np.ndarray) -> np.ndarray:
        """Tells for each of the uint8 images `(n, 28, 28)` whether it is strange: bool `(n,)`."""
        return compute_strangeness(images, self.space) >= self.threshold


def compute_strangeness(images: np.ndarray, space: np.ndarray) -> np.ndarray:
    """Measures how much of a picture no mixture of garments can show.

    Args:
        images: uint8 `(n, 28, 28)`, as the models see them.
        space: float `(1 + k, 784)`: the mean picture and `k` directions at right angles, of length 1.

    Returns:
        float `(n,)`: the root mean square over the pixels of what is missing, in grey levels, 0 to 255.

    Reference: the "distance from face space" of Turk and Pentland 1991, "Eigenfaces for recognition".
    """
    mean, directions = space[0].astype(np.float32), space[1:].astype(np.float32)
    differences = images.reshape(len(images), -1) - mean
    missing = differences - differences @ directions.T @ directions
    return np.sqrt((missing**2).mean(axis=1))


def build_alarm(train: "Split", validation: "Split", seed: int) -> Alarm:
    """Learns what garments look like, as they are and on photos, and from where on a picture is strange.

    Args:
        train: What the space is learned from: one half as it is, the other as imitated photos.
        validation: What the threshold is chosen on: as it is and as imitated photos, against as
            many kinds of non-garments as `draw_strangers` knows.
        seed: Decides the imitations.
    """
    from sklearn.decomposition import PCA

    from fmnist import synthesis

    random = np.random.default_rng(seed)
    half = len(train.images) // 2
    imitations = synthesis.imitate_photos(train.images[half:], train.labels[half:], random)
    seen = np.concatenate([train.images[:half], imitations]).reshape(-1, IMAGE_SIZE**2).astype(np.float32)
    axes = PCA(DIRECTIONS, svd_solver="covariance_eigh").fit(seen)
    # Half precision is what is stored, so it is what the threshold is chosen for.
    space = np.vstack([axes.mean_, axes.components_]).astype(np.float16)
    imitations = synthesis.imitate_photos(validation.images, validation.labels, random)
    garments = np.concatenate([validation.images, imitations])
    return choose_alarm(
        space, compute_strangeness(garments, space), compute_strangeness(draw_strangers(), space)
    )


def choose_alarm(space: np.ndarray, garments: np.ndarray, strangers: np.ndarray) -> Alarm:
    """Chooses the threshold that tells garments from non-garments best.

    Of all thresholds with at most `MAX_FALSE_ALARMS` it is the one with the largest difference of
    caught non-garments and false alarms.

    Args:
        space: What the strangeness was measured with.
        garments, strangers: float `(n,)`, the strangeness of pictures of either kind.
    """
    from sklearn.metrics import roc_curve

    is_strange = np.repeat([0, 1], [len(garments), len(strangers)])
    false_alarms, caught, thresholds = roc_curve(is_strange, np.concatenate([garments, strangers]))
    allowed = false_alarms <= MAX_FALSE_ALARMS
    best = int(np.argmax(np.where(allowed, caught - false_alarms, -1)))
    return Alarm(space, float(thresholds[best]), float(false_alarms[best]), float(caught[best]))


def draw_strangers(count: int = STRANGERS, seed: int = 1) -> np.ndarray:
    """Draws pictures of things that are no garments, as preparation would leave them.

    Letters and digits, rings, stars, scribbles, stripes, chequers, clouds and noise; on black and as
    large as a garment would be, one half as bright as drawings, the other as photos.

    Returns:
        uint8 `(count, 28, 28)`.
    """
    random = np.random.default_rng(seed)
    drawn = np.stack([_STRANGERS[number % len(_STRANGERS)](random) for number in range(count)])
    brightness = np.where(random.random(count) < 0.5, 1, random.uniform(0.4, 0.9, count))
    return np.round(drawn * brightness[:, np.newaxis, np.newaxis]).astype(np.uint8)


def _letter(random):
    image = np.zeros((4 * IMAGE_SIZE, 4 * IMAGE_SIZE), np.uint8)
    character = "ABCDEFGHJKLMNPQRSTUVWXYZ023456789&?#@"[int(random.integers(37))]
    thickness = int(random.integers(8, 20))
    cv2.putText(image, character, (20, 92), cv2.FONT_HERSHEY_SIMPLEX, 3.4, 255, thickness)
    return cv2.resize(image, (IMAGE_SIZE, IMAGE_SIZE), interpolation=cv2.INTER_AREA)


def _shape(random):
    """A ring, a cross or a star, of any thickness."""
    image = np.zeros((4 * IMAGE_SIZE, 4 * IMAGE_SIZE), np.uint8)
    corners = int(random.integers(3, 9))
    radii = np.where(np.arange(2 * corners) % 2, 54, random.uniform(8, 50))
    angles = np.pi * np.arange(2 * corners) / corners + random.uniform(0, np.pi)
    points = 56 + radii[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    if random.random() < 0.3:
        cv2.circle(image, (56, 56), 48, 255, int(random.integers(4, 24)))
    else:
        cv2.fillPoly(image, [points.astype(np.int32)], 255)
    return cv2.resize(image, (IMAGE_SIZE, IMAGE_SIZE), interpolation=cv2.INTER_AREA)


def _scribble(random):
    image = np.zeros((4 * IMAGE_SIZE, 4 * IMAGE_SIZE), np.uint8)
    points = random.integers(4, 108, (int(random.integers(4, 12)), 2)).astype(np.int32)
    cv2.polylines(image, [points], False, 255, int(random.integers(4, 14)))
    return cv2.resize(image, (IMAGE_SIZE, IMAGE_SIZE), interpolation=cv2.INTER_AREA)


def _pattern(random):
    """Stripes or, two of them, chequers over the whole picture."""
    rows, columns = np.mgrid[:IMAGE_SIZE, :IMAGE_SIZE]
    angle, frequency = random.uniform(0, np.pi), random.uniform(0.3, 2.5)
    wave = np.sin(frequency * (np.cos(angle) * rows + np.sin(angle) * columns))
    if random.random() < 0.5:
        wave = wave * np.sin(frequency * (np.cos(angle) * columns - np.sin(angle) * rows))
    return (127.5 + 127.5 * np.clip(3 * wave, -1, 1)).astype(np.uint8)


def _clouds(random):
    cells = int(random.integers(3, 15))
    field = cv2.resize(random.normal(0, 1, (cells, cells)), (IMAGE_SIZE,) * 2, interpolation=cv2.INTER_CUBIC)
    return np.clip(128 + 90 * field, 0, 255).astype(np.uint8)


def _noise(random):
    return random.integers(0, 256, (IMAGE_SIZE, IMAGE_SIZE), dtype=np.uint8)


_STRANGERS = (_letter, _shape, _scribble, _pattern, _clouds, _noise)
