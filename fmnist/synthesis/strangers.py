"""Strangers: images of things other than garments, with which the alarm's threshold is chosen.

The random generator decides everything, and the published alarms depend on the order of its calls.
"""

import cv2
import numpy as np

from fmnist.config import IMAGE_SIZE


def draw_strangers(count: int = 1200, seed: int = 1) -> np.ndarray:
    """Draws strangers, images of things other than garments, as preparation would leave them.

    Letters and digits, rings, stars, scribbles, stripes, chequers, clouds and noise; on black and as large
    as a garment, one half as bright as drawings, the other half as bright as photos.

    Args:
        count: The number of images; the kinds take turns.
        seed: Decides everything; the published alarms were chosen with the default.

    Returns:
        uint8 `(count, 28, 28)`.
    """
    random = np.random.default_rng(seed)
    drawn = np.stack([_STRANGERS[number % len(_STRANGERS)](random) for number in range(count)])
    brightness = np.where(random.random(count) < 0.5, 1, random.uniform(0.4, 0.9, count))
    return np.round(drawn * brightness[:, np.newaxis, np.newaxis]).astype(np.uint8)


def _letter(random: np.random.Generator) -> np.ndarray:
    image = np.zeros((4 * IMAGE_SIZE, 4 * IMAGE_SIZE), np.uint8)
    character = "ABCDEFGHJKLMNPQRSTUVWXYZ023456789&?#@"[int(random.integers(37))]
    thickness = int(random.integers(8, 20))
    cv2.putText(image, character, (20, 92), cv2.FONT_HERSHEY_SIMPLEX, 3.4, 255, thickness)
    return cv2.resize(image, (IMAGE_SIZE, IMAGE_SIZE), interpolation=cv2.INTER_AREA)


def _shape(random: np.random.Generator) -> np.ndarray:
    """Draws a ring, a cross or a star, of any thickness."""
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


def _scribble(random: np.random.Generator) -> np.ndarray:
    image = np.zeros((4 * IMAGE_SIZE, 4 * IMAGE_SIZE), np.uint8)
    points = random.integers(4, 108, (int(random.integers(4, 12)), 2)).astype(np.int32)
    cv2.polylines(image, [points], False, 255, int(random.integers(4, 14)))
    return cv2.resize(image, (IMAGE_SIZE, IMAGE_SIZE), interpolation=cv2.INTER_AREA)


def _pattern(random: np.random.Generator) -> np.ndarray:
    """Draws stripes over the whole image, or chequers from two sets of stripes."""
    rows, columns = np.mgrid[:IMAGE_SIZE, :IMAGE_SIZE]
    angle, frequency = random.uniform(0, np.pi), random.uniform(0.3, 2.5)
    wave = np.sin(frequency * (np.cos(angle) * rows + np.sin(angle) * columns))
    if random.random() < 0.5:
        wave = wave * np.sin(frequency * (np.cos(angle) * columns - np.sin(angle) * rows))
    return (127.5 + 127.5 * np.clip(3 * wave, -1, 1)).astype(np.uint8)


def _clouds(random: np.random.Generator) -> np.ndarray:
    cells = int(random.integers(3, 15))
    field = cv2.resize(random.normal(0, 1, (cells, cells)), (IMAGE_SIZE,) * 2, interpolation=cv2.INTER_CUBIC)
    return np.clip(128 + 90 * field, 0, 255).astype(np.uint8)


def _noise(random: np.random.Generator) -> np.ndarray:
    return random.integers(0, 256, (IMAGE_SIZE, IMAGE_SIZE), dtype=np.uint8)


_STRANGERS = (_letter, _shape, _scribble, _pattern, _clouds, _noise)
