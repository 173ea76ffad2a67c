"""When to believe an answer: what answers this sure were worth, and pictures unlike any garment.

Everything is chosen on the validation pictures. Numbers in, numbers out; the non-garments are drawn
here, from a seed.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from fmnist.config import IMAGE_SIZE, NUM_CLASSES

NEIGHBOURS = 500  # validation answers that a confidence is compared with
MAX_FALSE_ALARMS = 0.01  # share of the data set's garments that may be called strange
STRANGERS = 1000  # non-garments the threshold is chosen against


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


def find_track_record(confidence: float, probabilities: np.ndarray, wrong: list[int]) -> TrackRecord:
    """Looks up how often a model was right when it was about as sure.

    Args:
        confidence: Of the answer in question: its highest probability.
        probabilities: float `(n, 10)`, the model's answers to the validation pictures, calibrated
            like the answer in question.
        wrong: Positions of those that are wrong.
    """
    confidences = probabilities.max(axis=1)
    right = np.ones(len(confidences), bool)
    right[wrong] = False
    nearest = np.argsort(np.abs(confidences - confidence), kind="stable")[:NEIGHBOURS]
    return TrackRecord(
        float(confidences[nearest].min()),
        float(confidences[nearest].max()),
        float(right[nearest].mean()),
        len(nearest),
    )


@dataclass(frozen=True)
class Alarm:
    """From which doubt on a picture is called strange, and what that is worth.

    Attributes:
        threshold: The least doubt (see `compute_doubt`) that raises the alarm.
        false_alarms: Share of the validation pictures, all of garments, that raise it.
        caught: Share of the non-garments that raise it.
    """

    threshold: float
    false_alarms: float
    caught: float


def compute_doubt(answers: list[np.ndarray]) -> np.ndarray:
    """Measures how unsure some models are together, and how far they contradict each other.

    The entropy of their mean answer, plus the part of it that is disagreement: the mutual information,
    which one model alone has not. On non-garments each model may be sure, but of something else.

    Args:
        answers: float `(n, 10)`, calibrated, for each model.

    Returns:
        float `(n,)`, from 0, all sure of the same, to 1, which is twice the entropy of ten equal answers.

    Reference: Lakshminarayanan, Pritzel, Blundell 2017, arXiv 1612.01474, for the ensemble; Houlsby et al.
    2011, arXiv 1112.5745, for the mutual information.
    """
    mean = _entropy(np.mean(answers, axis=0))
    disagreement = mean - np.mean([_entropy(each) for each in answers], axis=0)
    return (mean + disagreement) / (2 * np.log(NUM_CLASSES))


def _entropy(probabilities):
    return -(probabilities * np.log(np.maximum(probabilities, 1e-12))).sum(axis=1)


def choose_alarm(garments: np.ndarray, strangers: np.ndarray) -> Alarm:
    """Chooses the threshold that tells garments from non-garments best.

    Of all thresholds with at most `MAX_FALSE_ALARMS` it is the one with the largest difference of
    caught non-garments and false alarms.

    Args:
        garments, strangers: float `(n,)`, the doubt about pictures of either kind.
    """
    from sklearn.metrics import roc_curve

    is_strange = np.repeat([0, 1], [len(garments), len(strangers)])
    false_alarms, caught, thresholds = roc_curve(is_strange, np.concatenate([garments, strangers]))
    allowed = false_alarms <= MAX_FALSE_ALARMS
    best = int(np.argmax(np.where(allowed, caught - false_alarms, -1)))
    return Alarm(float(thresholds[best]), float(false_alarms[best]), float(caught[best]))


def draw_strangers(count: int = STRANGERS, seed: int = 1) -> np.ndarray:
    """Draws pictures of things that are no garments, as preparation would leave them.

    Letters and digits, rings, stars, scribbles, stripes, chequers, clouds and noise; bright on black
    and as large as a garment would be.

    Returns:
        uint8 `(count, 28, 28)`.
    """
    random = np.random.default_rng(seed)
    return np.stack([_STRANGERS[number % len(_STRANGERS)](random) for number in range(count)])


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
