"""Training images that look like prepared photos and drawings.

Labelled garments of the data set get what prepared photos have and the data set lacks: other cloth, light
from one side, a mask that bites into the garment or keeps some ground, sleeves spread out, hoods, a
cropped hem, shoes in pairs and from above, plain silhouettes as people draw them. NumPy and OpenCV only;
the random generator decides everything.

Reference: training on what the real pipeline produces, instead of on arbitrary noise, is domain
randomization: Tobin et al. 2017, arXiv 1703.06907.
"""

import cv2
import numpy as np

from fmnist.config import IMAGE_SIZE
from fmnist.preprocessing import place
from fmnist.synthesis.clothing import COAT, PULLOVER, SHIRT, TOPS, show_clothes
from fmnist.synthesis.footwear import SHOES, show_shoes

_CHUNK = 1000  # images per step, to save memory
_GARMENT = 12  # a pixel brighter than this belongs to the garment
# Where to look in the source picture, from -1.6 to 1.6 of its half sides, so that nothing is lost
# when it is turned: float32 (48, 48, 2), x then y.
_GRID = np.stack(np.meshgrid(*2 * [np.linspace(-1.6, 1.6, 48)]), axis=-1).astype(np.float32)


def imitate(images: np.ndarray, labels: np.ndarray, share: float, random: np.random.Generator) -> np.ndarray:
    """Makes a random share of the images look like photos, and changes the others mildly.

    Args:
        images: uint8 `(n, 28, 28)`, garment bright on black; not changed.
        labels: int `(n,)`, class indices.
        share: The share of the images that go through `imitate_photos`, 0 to 1.

    Returns:
        uint8 `(n, 28, 28)`, in the same order.
    """
    result = np.empty_like(images)
    photos = random.random(len(images)) < share
    for start in range(0, len(images), _CHUNK):
        chunk = start + np.flatnonzero(photos[start : start + _CHUNK])
        result[chunk] = imitate_photos(images[chunk], labels[chunk], random)
        chunk = start + np.flatnonzero(~photos[start : start + _CHUNK])
        result[chunk] = shift_and_erase(images[chunk], random)
    return result


def shift_and_erase(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Changes clean images mildly: mirrors, shifts, resamples a third, covers a small rectangle.

    Args:
        images: uint8 `(n, 28, 28)`; not changed.

    Returns:
        uint8 `(n, 28, 28)`.

    Reference: random erasing, Zhong et al. 2017, arXiv 1708.04896.
    """
    count = len(images)
    images = np.where(random.random((count, 1, 1)) < 0.5, images[:, :, ::-1], images)
    padded = np.pad(images, ((0, 0), (2, 2), (2, 2)))
    # Most images are not shifted, because the data set is centred.
    shifts = np.where(random.random((count, 2)) < 0.5, 2, random.integers(0, 5, (count, 2)))
    rows = shifts[:, 0, None] + np.arange(IMAGE_SIZE)
    columns = shifts[:, 1, None] + np.arange(IMAGE_SIZE)
    images = padded[np.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]]
    for index in np.flatnonzero(random.random(count) < 0.35):
        images[index] = _resample(images[index], random)
    erased = _rectangles(count, random, 4, 12) & (random.random((count, 1, 1)) < 0.35)
    filling = random.integers(0, 256, (count, IMAGE_SIZE, IMAGE_SIZE), dtype=np.uint8)
    return np.where(erased, filling, images)


def _resample(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Changes size and place by a few percent, in fractions of a pixel, as fitting a larger picture does."""
    size = np.exp(random.uniform(-0.06, 0.03))
    middle = (IMAGE_SIZE - 1) / 2
    matrix: np.ndarray = cv2.getRotationMatrix2D((middle, middle), 0.0, size)
    matrix[:, 2] += random.uniform(-0.5, 0.5, 2)
    kernel = cv2.INTER_LINEAR if random.random() < 0.5 else cv2.INTER_CUBIC
    return cv2.warpAffine(image, matrix, image.shape, flags=kernel)


def imitate_photos(images: np.ndarray, labels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Makes images of the data set look like prepared photos and drawings of the same garments.

    Args:
        images: uint8 `(n, 28, 28)`, garment bright on black; not changed.
        labels: int `(n,)`, class indices; they decide for example which garments have sleeves to spread.

    Returns:
        uint8 `(n, 28, 28)`.
    """
    count = len(images)
    if not count:
        return images
    cloth = np.zeros((count, IMAGE_SIZE, IMAGE_SIZE), np.float32)
    masks = np.zeros_like(cloth)
    for index, (image, label) in enumerate(zip(images, labels, strict=True)):
        cloth[index], masks[index] = _reshape(image, int(label), random)
    masks = _spoil_masks(masks, random)
    return np.round(255 * _dye(cloth, masks, labels, random) * masks).astype(np.uint8)


def threshold_garment(image: np.ndarray) -> np.ndarray:
    """Finds the garment in a data-set image by its brightness: float32 `(28, 28)`, 1 inside.

    Dark prints are filled; the openings of a sandal and the loop of a handle stay open.
    """
    inside = cv2.morphologyEx((image > _GARMENT).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    return inside.astype(np.float32)


def _reshape(image: np.ndarray, label: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Changes the outline of one garment and fits it into 28x28 again; returns cloth and mask."""
    cloth, mask = image.astype(np.float32) / 255, threshold_garment(image)
    if not mask.any():
        return cloth, mask
    if random.random() < 0.5:
        cloth, mask = cloth[:, ::-1], mask[:, ::-1]
    show = show_shoes if label in SHOES else show_clothes
    cloth, mask = show(cloth, mask, label, random)
    return _warp(cloth, mask, label, random)


def _warp(
    cloth: np.ndarray, mask: np.ndarray, label: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Turns, stretches, shears and bends a garment, crops it as a photo might, and fits it."""
    height, width = cloth.shape
    x, y = _GRID[..., 0] * (width / 2), _GRID[..., 1] * (height / 2)
    turn = np.deg2rad(random.normal(0, 5) if random.random() < 0.85 else random.uniform(-30, 30))
    if label in SHOES and random.random() < 0.25:
        turn = random.uniform(-np.pi, np.pi)  # shoes lie on the floor in any direction
    stretch, shear = np.exp(random.normal(0, 0.13)), random.normal(0, 0.06)
    if label in TOPS and random.random() < 0.5:
        # Sleeves hang down in the data set and are spread out on the floor: wider towards the hem.
        x = x / (1 + random.uniform(0, 0.8) * np.clip(y / height + 0.3, 0, 1))
    turned = np.empty_like(_GRID)
    turned[..., 0] = (np.cos(turn) * x + np.sin(turn) * y) / stretch + shear * y + width / 2
    turned[..., 1] = (np.cos(turn) * y - np.sin(turn) * x) * stretch + height / 2
    bend = random.normal(0, random.uniform(0, 0.9), (4, 4, 2)).astype(np.float32)
    turned += cv2.resize(bend, _GRID.shape[:2], interpolation=cv2.INTER_CUBIC)
    inside = _look_up(mask, turned, cv2.INTER_LINEAR) > 0.5
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return _warp(cloth, mask, label, random)
    box = [rows[0], rows[-1] + 1, columns[0], columns[-1] + 1]
    if random.random() < 0.12:  # the garment goes on outside the photo
        side, part = int(random.integers(4)), random.uniform(0, 0.25)
        extent = box[1] - box[0] if side < 2 else box[3] - box[2]
        box[side] += int((1 - 2 * (side % 2)) * part * extent)
    turned = turned[box[0] : box[1], box[2] : box[3]]
    # If the source is not square, neither are the grid's cells; this undoes it before fitting.
    shape = (turned.shape[0] * height, turned.shape[1] * width)
    tall, wide, top, left = place(shape)
    fitting = cv2.resize(turned, (wide, tall), interpolation=cv2.INTER_LINEAR)
    window = np.s_[top : top + tall, left : left + wide]
    fitted = np.zeros((2, IMAGE_SIZE, IMAGE_SIZE), np.float32)
    fitted[0][window] = _look_up(cloth, fitting, cv2.INTER_CUBIC)
    fitted[1][window] = _look_up(mask, fitting, cv2.INTER_LINEAR)
    return fitted[0], fitted[1]


def _look_up(source: np.ndarray, places: np.ndarray, kernel: int) -> np.ndarray:
    """Samples an image at places between its pixels: float32 `(rows, columns, 2)`, x then y."""
    return cv2.remap(source, places, None, kernel)  # type: ignore[call-overload]  # the stubs want two maps


def _spoil_masks(masks: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Moves outlines in and out as an imperfect mask does, and sometimes covers a piece."""
    count = len(masks)
    # A rough threshold on a blurred outline plus smooth noise gives bites, bumps and lost straps.
    strength = np.where(random.random((count, 1, 1)) < 0.6, 0.0, random.uniform(0.05, 0.35, (count, 1, 1)))
    blurred = np.stack([cv2.GaussianBlur(mask, (5, 5), 1.0) for mask in masks])
    noise = _smooth_noise(count, random, 6)
    spoiled = np.clip((blurred + strength * noise - 0.5) * 3 + 0.5, 0, 1)
    masks = np.where(strength > 0, spoiled, masks)
    erased = _rectangles(count, random, 3, 10) & (random.random((count, 1, 1)) < 0.12)
    return np.where(erased, 0, masks).astype(np.float32)


def _dye(cloth: np.ndarray, masks: np.ndarray, labels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Gives garments a different cloth: brightness, contrast, print and light; values 0.03 to 1."""
    count = len(cloth)

    def draw(low: float, high: float) -> np.ndarray:
        return random.uniform(low, high, (count, 1, 1)).astype(np.float32)

    def chance(share: float | np.ndarray) -> np.ndarray:
        return random.random((count, 1, 1)) < share

    area = masks.sum(axis=(1, 2), keepdims=True) + 1e-6
    mean = (cloth * masks).sum(axis=(1, 2), keepdims=True) / area
    # The real garment's seams and folds, weaker, stronger or negative; a silhouette has none.
    relief = (cloth - mean) * np.where(chance(0.12), 0, np.where(chance(0.3), draw(-1.2, 0), draw(0.3, 1.6)))
    rows, columns = np.mgrid[:IMAGE_SIZE, :IMAGE_SIZE].astype(np.float32)

    def stripes(angle: np.ndarray, frequency: np.ndarray) -> np.ndarray:
        return np.sin(frequency * (np.cos(angle) * rows + np.sin(angle) * columns) + draw(0, 2 * np.pi))

    prints = np.where(chance(0.25), stripes(draw(0, np.pi), draw(0.15, 3.0)), 0)
    prints = prints + np.where(chance(0.15), stripes(draw(0, np.pi), draw(0.15, 3.0)), 0)
    prints = prints + np.where(chance(0.25), _smooth_noise(count, random, 14), 0)
    prints = prints + np.where(chance(0.3), random.normal(0, 0.5, cloth.shape), 0)
    usual = draw(0, 0.22) * prints * chance(0.7)
    # Chequers are typical of shirts, quilting of coats, and rings around the body of pullovers.
    upright, narrow = random.normal(0, 0.12, (count, 1, 1)), draw(0.6, 2.4)
    rings, lines = stripes(upright, narrow), stripes(upright + np.pi / 2, narrow)
    kinds = labels[:, np.newaxis, np.newaxis]
    chequered = chance(np.where(kinds == SHIRT, 0.25, 0.02))
    ringed = chance(np.select([kinds == COAT, kinds == PULLOVER], [0.15, 0.12], 0.03))
    woven = draw(0.05, 0.3) * np.where(chequered, (rings + lines) / 2, np.where(ringed, rings, 0))
    light = draw(0, 0.13) * _smooth_noise(count, random, 3)
    # Preparation sets most photos to one brightness; on white, dark cloth becomes bright and light cloth dim.
    level = random.choice(3, (count, 1, 1), p=[0.4, 0.45, 0.15])
    base = np.choose(level, [draw(0.6, 0.82), draw(0.4, 1.0), draw(0.12, 0.5)])
    dyed = base + relief + usual + woven + light
    dyed = np.where(chance(0.06), 1.0, dyed)  # a drawing
    return np.clip(dyed, 0.03, 1).astype(np.float32)


def _smooth_noise(count: int, random: np.random.Generator, cells: int) -> np.ndarray:
    """Draws smooth noise of about unit spread, float32 `(count, 28, 28)`, with `cells` knots per side."""
    knots = random.normal(0, 1, (count, cells, cells)).astype(np.float32)
    size = (IMAGE_SIZE, IMAGE_SIZE)
    return np.stack([cv2.resize(field, size, interpolation=cv2.INTER_CUBIC) for field in knots])


def _rectangles(count: int, random: np.random.Generator, smallest: int, largest: int) -> np.ndarray:
    """Draws one rectangle per image: bool `(count, 28, 28)`, True inside; sides in pixels."""
    sides = random.integers(smallest, largest, (count, 2))
    starts = random.integers(-smallest, IMAGE_SIZE, (count, 2))
    place_in = np.arange(IMAGE_SIZE)
    rows, columns = (
        (place_in >= starts[:, axis, None]) & (place_in < (starts + sides)[:, axis, None]) for axis in (0, 1)
    )
    return rows[:, :, None] & columns[:, None, :]
