"""Training images that look like prepared photos and drawings.

Labelled garments of the data set get what prepared photos have and the data set lacks: other cloth, light
from one side, somebody who wears them, a mask that bites into the garment or keeps some ground, sleeves
spread out, hoods, a cropped hem, shoes in pairs and from above, plain silhouettes as people draw them. How
much of each follows from statistics of prepared photos (`tests/benchmarks/imitations.py`). NumPy and OpenCV
only; the random generator decides everything.

Reference: training on what the real pipeline produces, instead of on arbitrary noise, is domain
randomization: Tobin et al. 2017, arXiv 1703.06907.
"""

import math

import cv2
import numpy as np

from fmnist.config import IMAGE_SIZE
from fmnist.preprocessing import place
from fmnist.synthesis.cloth import draw_smooth_noise, dye
from fmnist.synthesis.clothing import (
    BAG,
    COAT,
    DRESS,
    PULLOVER,
    SHIRT,
    T_SHIRT,
    TOPS,
    TROUSER,
    show_clothes,
)
from fmnist.synthesis.footwear import BOOT, SHOES, show_shoes
from fmnist.synthesis.shapes import draw_oval, enlarge
from fmnist.synthesis.wearer import Layers

_CHUNK = 1000  # images per step, to save memory
_GROUND_KEPT = 0.06  # share of the masks that keep a piece of the ground
_PARTS_LOST = 0.25  # share of the masks that lose whole parts of the garment
_LEAST_LEFT = 13  # pixels of a garment that has lost parts
# What lies flat is broader than in the data set: half the logarithm of how much.
_BROADER = {
    T_SHIRT: 0.1,
    TROUSER: 0.08,
    PULLOVER: 0.1,
    DRESS: 0.08,
    COAT: 0.07,
    SHIRT: 0.04,
    BAG: 0.04,
    BOOT: -0.08,
}
_NEIGHBOURS = np.ones((3, 3), np.uint8)
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
    masks, own = np.zeros_like(cloth), np.zeros_like(cloth)
    for index, (image, label) in enumerate(zip(images, labels, strict=True)):
        cloth[index], masks[index], own[index] = _reshape(image, int(label), random)
    masks = _spoil_masks(masks, random)
    return np.round(255 * dye(cloth, masks, own, labels, random) * masks).astype(np.uint8)


def threshold_garment(image: np.ndarray) -> np.ndarray:
    """Finds the garment in a data-set image by its brightness: float32 `(28, 28)`, 1 inside.

    Dark prints are filled; the openings of a sandal and the loop of a handle stay open.
    """
    inside = cv2.morphologyEx((image > _GARMENT).astype(np.uint8), cv2.MORPH_CLOSE, _NEIGHBOURS)
    return inside.astype(np.float32)


def _reshape(image: np.ndarray, label: int, random: np.random.Generator) -> Layers:
    """Changes the outline of one garment and fits it into 28x28 again."""
    cloth, mask = image.astype(np.float32) / 255, threshold_garment(image)
    if not mask.any():
        return cloth, mask, np.ones_like(mask)
    if random.random() < 0.5:
        cloth, mask = cloth[:, ::-1], mask[:, ::-1]
    show = show_shoes if label in SHOES else show_clothes
    layers = show(cloth, mask, label, random)
    if random.random() < _PARTS_LOST:
        layers = _lose_parts(layers, random)
    if random.random() < _GROUND_KEPT:
        layers = _keep_ground(layers, random)
    return _warp(layers, label, random)


def _lose_parts(layers: Layers, random: np.random.Generator) -> Layers:
    """Takes parts of the garment away, as a mask does where the garment has the ground's colour."""
    cloth, mask, own = layers
    inside = mask > 0.5
    if not inside.any():
        return layers
    cells = int(random.integers(3, 7))
    noise = random.normal(0, 1, (cells, cells)).astype(np.float32)
    places = cv2.resize(noise, mask.shape[::-1], interpolation=cv2.INTER_CUBIC)
    # What is as bright or as dark as the ground is lost everywhere.
    value = places + random.uniform(-4, 4) * cv2.GaussianBlur(cloth, (0, 0), 1)
    kept = mask * (value > np.quantile(value[inside], random.uniform(0.15, 0.75)))
    return (cloth, kept.astype(np.float32), own) if (kept > 0.5).sum() >= _LEAST_LEFT else layers


def _keep_ground(layers: Layers, random: np.random.Generator) -> Layers:
    """Adds a piece of the ground, or of something that lies there, which a mask takes for the garment."""
    room = random.integers(0, 6, 4)
    cloth, mask, own = (enlarge(layer, *room) for layer in layers)
    height, width = mask.shape
    ground = np.zeros_like(mask)
    if random.random() < 0.5:  # below
        ground[height - 1 - int(random.uniform(0.1, 0.45) * height) :] = 1
    else:
        x, y = random.uniform(0, width), random.uniform(0.2, 1) * height
        ground = draw_oval(mask.shape, x, y, *random.uniform(0.1, 0.35, 2) * max(height, width))
    behind = mask < 0.5
    cloth = np.where(behind, random.uniform(0, 1), cloth).astype(np.float32)
    return cloth, np.maximum(mask, ground), np.where(behind, 0, own).astype(np.float32)


def _warp(layers: Layers, label: int, random: np.random.Generator) -> Layers:
    """Turns, stretches, shears and bends a garment, crops it as a photo might, and fits it."""
    cloth, mask, own = layers
    height, width = cloth.shape
    x, y = _GRID[..., 0] * (width / 2), _GRID[..., 1] * (height / 2)
    turn = math.radians(random.normal(0, 3) if random.random() < 0.94 else random.uniform(-30, 30))
    if label in SHOES and random.random() < 0.2:
        turn = random.uniform(-math.pi, math.pi)  # shoes lie on the floor in any direction
    stretch, shear = math.exp(random.normal(_BROADER.get(label, 0), 0.1)), random.normal(0, 0.03)
    if label in TOPS and random.random() < 0.5:
        # Sleeves hang down in the data set and are spread out on the floor: wider towards the hem.
        x = x / (1 + random.uniform(0, 0.5) * np.clip(y / height + 0.3, 0, 1))
    turned = np.empty_like(_GRID)
    turned[..., 0] = (math.cos(turn) * x + math.sin(turn) * y) / stretch + shear * y + width / 2
    turned[..., 1] = (math.cos(turn) * y - math.sin(turn) * x) * stretch + height / 2
    bend = random.normal(0, random.uniform(0, 0.4), (4, 4, 2)).astype(np.float32)
    turned += cv2.resize(bend, _GRID.shape[:2], interpolation=cv2.INTER_CUBIC)
    inside = _look_up(mask, turned, cv2.INTER_LINEAR) > 0.5
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return _warp(layers, label, random)
    box = [rows[0], rows[-1] + 1, columns[0], columns[-1] + 1]
    if random.random() < 0.08:  # the garment goes on outside the photo
        side, part = int(random.integers(4)), random.uniform(0, 0.25)
        extent = box[1] - box[0] if side < 2 else box[3] - box[2]
        box[side] += int((1 - 2 * (side % 2)) * part * extent)
    turned = turned[box[0] : box[1], box[2] : box[3]]
    # If the source is not square, neither are the grid's cells; this undoes it before fitting.
    shape = (turned.shape[0] * height, turned.shape[1] * width)
    tall, wide, top, left = place(shape)
    fitting = cv2.resize(turned, (wide, tall), interpolation=cv2.INTER_LINEAR)
    window = np.s_[top : top + tall, left : left + wide]
    fitted = np.zeros((3, IMAGE_SIZE, IMAGE_SIZE), np.float32)
    fitted[0][window] = _look_up(cloth, fitting, cv2.INTER_CUBIC)
    # A thresholded image has stairs for an outline, and cloth has none.
    smooth = cv2.GaussianBlur(mask, (3, 3), 0.7) if label != TROUSER and random.random() < 0.7 else mask
    fitted[1][window] = np.clip(1.6 * _look_up(smooth, fitting, cv2.INTER_LINEAR) - 0.3, 0, 1)
    fitted[2][window] = 1 if own.all() else _look_up(own, fitting, cv2.INTER_LINEAR)
    return fitted[0], fitted[1], fitted[2]


def _look_up(source: np.ndarray, places: np.ndarray, kernel: int) -> np.ndarray:
    """Samples an image at places between its pixels: float32 `(rows, columns, 2)`, x then y."""
    return cv2.remap(source, places, None, kernel)  # type: ignore[call-overload]  # the stubs want two maps


def _spoil_masks(masks: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Moves some outlines in and out as an imperfect mask does, and sometimes covers a piece."""
    count = len(masks)
    # A rough threshold on a blurred outline plus smooth noise gives bites, bumps and lost straps.
    strength = np.where(random.random((count, 1, 1)) < 0.75, 0.0, random.uniform(0.03, 0.25, (count, 1, 1)))
    noise = strength * draw_smooth_noise(count, random, 6)
    masks = masks.copy()
    for index in np.flatnonzero(strength):
        blurred = cv2.GaussianBlur(masks[index], (5, 5), 1.0)
        masks[index] = np.clip((blurred + noise[index] - 0.45) * 3 + 0.5, 0, 1)
    erased = _rectangles(count, random, 3, 10) & (random.random((count, 1, 1)) < 0.03)
    return np.where(erased, 0, masks).astype(np.float32)


def _rectangles(count: int, random: np.random.Generator, smallest: int, largest: int) -> np.ndarray:
    """Draws one rectangle per image: bool `(count, 28, 28)`, True inside; sides in pixels."""
    sides = random.integers(smallest, largest, (count, 2))
    starts = random.integers(-smallest, IMAGE_SIZE, (count, 2))
    place_in = np.arange(IMAGE_SIZE)
    rows, columns = (
        (place_in >= starts[:, axis, None]) & (place_in < (starts + sides)[:, axis, None]) for axis in (0, 1)
    )
    return rows[:, :, None] & columns[:, None, :]
