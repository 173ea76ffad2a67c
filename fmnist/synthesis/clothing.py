"""Clothes and bags as photos show them: with spread sleeves, hoods, open fronts or straps, folded, or worn.

Cloth and mask are float32 of one shape, values 0 to 1; the random generator decides everything.
"""

import math

import cv2
import numpy as np

from fmnist.config import CLASS_NAMES, IMAGE_SIZE
from fmnist.synthesis.backpack import draw_backpack
from fmnist.synthesis.shapes import draw_oval, enlarge, fill_openings, find_extent, mix
from fmnist.synthesis.wearer import Layers, wear_clothes

T_SHIRT, TROUSER, PULLOVER, DRESS, COAT, SHIRT, BAG = (
    CLASS_NAMES.index(name) for name in ("t-shirt", "trouser", "pullover", "dress", "coat", "shirt", "bag")
)
TOPS = (T_SHIRT, PULLOVER, DRESS, COAT, SHIRT)
_HOODED = {PULLOVER: 0.3, COAT: 0.2}  # shares that get a hood
_OPENING = {COAT: 0.5, SHIRT: 0.5}  # shares that get a line where the front opens
_WORN = {BAG: 0.15}  # shares shown on a person
_USUALLY_WORN = 0.28
_FOLDED = 0.05  # share of the tops whose sleeves or lower part are folded away
_SPREAD = {PULLOVER: 0.5, COAT: 0.35, SHIRT: 0.3}  # shares whose sleeves are spread
_PARTED = 0.5  # share of the trousers whose legs lie apart
_BACKPACKS = 0.3  # share of the bags that are backpacks instead
_STRAPPED = 0.25  # share of the bags that get a shoulder strap
_LOOP_FILLED = 0.5  # share of the bags with something in the loop of their handle


def show_clothes(cloth: np.ndarray, mask: np.ndarray, label: int, random: np.random.Generator) -> Layers:
    """Changes a garment of the data set into one that a photo might show.

    Args:
        cloth, mask: float32 `(28, 28)`.
        label: A class index, but not of shoes.

    Returns:
        Cloth, mask and the garment's share of it, perhaps larger than before.
    """
    if label == BAG and random.random() < _BACKPACKS:
        cloth, mask = draw_backpack(random)
    if random.random() < _OPENING.get(label, 0):
        cloth = _open_front(cloth, mask, random)
    if random.random() < _WORN.get(label, _USUALLY_WORN):
        return wear_clothes(cloth, mask, label, random)
    hooded = random.random() < _HOODED.get(label, 0)
    if hooded and label == PULLOVER:
        cloth = _add_pocket(cloth, mask, random)
    if label in TOPS and random.random() < _FOLDED:
        mask = _fold(mask, random)
    elif label == TROUSER and random.random() < _PARTED:
        cloth, mask = _part_legs(cloth, mask, random)
    elif random.random() < _SPREAD.get(label, 0):
        cloth, mask = _spread_sleeves(cloth, mask, random)
    if hooded:
        cloth, mask = _add_hood(cloth, mask, random)
    elif label == BAG:
        if random.random() < _STRAPPED:
            cloth, mask = _add_strap(cloth, mask, random)
        if random.random() < _LOOP_FILLED:
            cloth, mask = _fill_loop(cloth, mask, random)
    return cloth, mask, np.ones_like(mask)


def _fold(mask: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Hides both sleeves and perhaps the lower part, as if they were folded behind the garment."""
    top, bottom, left, right = find_extent(mask)
    folded, sleeve = np.zeros_like(mask), round(random.uniform(0.12, 0.24) * (right - left))
    hem = bottom if random.random() < 0.5 else top + round(random.uniform(0.5, 0.8) * (bottom - top))
    window = np.s_[top : hem + 1, left + sleeve : right + 1 - sleeve]
    folded[window] = mask[window]
    return folded


def _open_front(cloth: np.ndarray, mask: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Draws the line of a zip or buttons down the middle, which no pullover has."""
    top, bottom, left, right = find_extent(mask)
    rows, columns = np.mgrid[: cloth.shape[0], : cloth.shape[1]].astype(np.float32)
    middle = (left + right) / 2 + random.normal(0, 0.8) + random.normal(0, 0.03) * (rows - top)
    line = np.exp(-(((columns - middle) / random.uniform(0.4, 1.0)) ** 2))
    if random.random() < 0.35:  # buttons
        line = line * (0.4 + 0.6 * (np.sin(rows * random.uniform(1.0, 2.2)) > 0))
    line = line * (rows >= top + random.uniform(0, 0.15) * (bottom - top))
    strength = random.uniform(0.15, 0.6) * random.choice([-1, 1])
    return np.clip(cloth + strength * line, 0, 1).astype(np.float32)


def _add_pocket(cloth: np.ndarray, mask: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Draws the outline of the wide pocket that many hooded pullovers have."""
    if random.random() < 0.4:
        return cloth
    top, bottom, left, right = find_extent(mask)
    height, middle = bottom - top, (left + right) / 2
    upper, lower = top + random.uniform(0.55, 0.65) * height, top + random.uniform(0.82, 0.92) * height
    half = random.uniform(0.14, 0.22) * min(right - left, IMAGE_SIZE)
    slant = half * random.uniform(1.1, 1.5)
    corners = np.array([(-half, upper), (half, upper), (slant, lower), (-slant, lower)])
    corners[:, 0] += middle
    drawn = np.zeros(np.multiply(cloth.shape, 4), np.uint8)
    cv2.polylines(drawn, [np.round(4 * corners).astype(np.int32)], True, 255, 3)
    line = cv2.resize(drawn, cloth.shape[::-1], interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return np.clip(cloth + random.uniform(0.2, 0.6) * random.choice([-1, 1]) * line, 0, 1).astype(np.float32)


def _add_hood(
    cloth: np.ndarray, mask: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Puts a hood above the neck, with or without an opening that shows its inside."""
    top, bottom, left, right = find_extent(mask)
    shoulders = np.flatnonzero(mask[min(top + 2, bottom)] > 0.5)
    if not len(shoulders):
        return cloth, mask
    half = random.uniform(0.16, 0.26) * min(right - left, IMAGE_SIZE)
    height = half * random.uniform(0.8, 1.7)
    room = int(np.ceil(2 * height))
    cloth, mask = (enlarge(part, above=room) for part in (cloth, mask))
    x, y = shoulders.mean(), top + room + 1 - height * random.uniform(0.2, 0.7)
    hood = draw_oval(mask.shape, x, y, half, height)
    value = float(np.median(cloth[mask > 0.5])) if (mask > 0.5).any() else 0.5
    # Below the hood, only a shadow changes the garment.
    cloth = mix(cloth, hood, np.clip(value * random.uniform(0.75, 1.2), 0, 1))
    if random.random() < 0.7:
        inside = draw_oval(mask.shape, x, y + height * random.uniform(0, 0.4), half * 0.6, height * 0.65)
        cloth = mix(cloth, inside, random.uniform(0, 1))
    return cloth, np.maximum(mask, hood)


def _add_strap(
    cloth: np.ndarray, mask: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Adds a shoulder strap to a bag, as a high loop above it."""
    top, _, left, right = find_extent(mask)
    half, height = (right - left) * random.uniform(0.2, 0.5), random.uniform(3, 24)
    room = int(np.ceil(height)) + 1
    cloth, mask = (enlarge(part, above=room) for part in (cloth, mask))
    width = random.uniform(0.8, 2.0)
    x, y = (left + right) / 2 + random.normal(0, 1), top + room + 2
    loop = draw_oval(mask.shape, x, y, half, height) - draw_oval(
        mask.shape, x, y, half - width, height - width
    )
    loop[y:] = 0
    painted = mix(cloth, loop, random.uniform(0, 1))
    return np.where(mask > 0.5, cloth, painted).astype(np.float32), np.maximum(mask, loop)


def _part_legs(
    cloth: np.ndarray, mask: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Moves the legs of trousers apart from the crotch down, as they lie on the floor."""
    room = IMAGE_SIZE // 4
    cloth, mask = (enlarge(part, left=room, right=room) for part in (cloth, mask))
    top, bottom, left, right = find_extent(mask)
    rows, columns = (part.astype(np.float32) for part in np.mgrid[: mask.shape[0], : mask.shape[1]])
    crotch, middle = top + random.uniform(0.3, 0.42) * (bottom - top), (left + right) / 2
    apart = math.tan(math.radians(random.uniform(3, 12))) * np.clip(rows - crotch, 0, None)
    beside = columns - middle
    source = columns - np.sign(beside) * apart
    legs = cv2.remap(mask, source, rows, cv2.INTER_LINEAR) * np.clip(np.abs(beside) - apart + 0.5, 0, 1)
    return cv2.remap(cloth, source, rows, cv2.INTER_LINEAR), np.where(rows < crotch, mask, legs)


def _fill_loop(
    cloth: np.ndarray, mask: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Shows the ground, or the bag's back, in the loop of a handle, as a mask that keeps it does."""
    painted = np.where(mask > 0.5, cloth, random.uniform(0.1, 0.9)).astype(np.float32)
    return painted, fill_openings(mask)


def _spread_sleeves(
    cloth: np.ndarray, mask: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Lifts both sleeves, which hang down in the data set, as if they were spread on the floor."""
    top, bottom, left, right = find_extent(mask)
    if bottom == top or right - left < 0.6 * (bottom - top):
        return cloth, mask  # without sleeves
    lift = random.uniform(5, 42) if random.random() < 0.88 else random.uniform(42, 85)
    length = random.uniform(0.7, 1.0)
    for _ in range(2):
        cloth, mask = _lift_left_sleeve(cloth, mask, lift + random.normal(0, 4), length, random)
        cloth, mask = cloth[:, ::-1], mask[:, ::-1]
    return cloth, mask


def _lift_left_sleeve(
    cloth: np.ndarray, mask: np.ndarray, lift: float, length: float, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    top, bottom, left, right = find_extent(mask)
    # Once one sleeve is lifted, the garment is wider than the image was.
    inner = left + random.uniform(0.15, 0.22) * min(right - left + 1, IMAGE_SIZE)
    shoulder = top + random.uniform(0.08, 0.2) * (bottom - top + 1)
    y, x = np.ogrid[: cloth.shape[0], : cloth.shape[1]]
    sleeve = (x < inner) & (y > shoulder)
    pad = IMAGE_SIZE // 2
    turn = cv2.getRotationMatrix2D((inner + pad, shoulder), -lift, length)
    parts = []
    for part in (cloth, mask):
        body, arm = (enlarge(np.where(where, part, 0), left=pad) for where in (~sleeve, sleeve))
        parts.append(np.maximum(body, cv2.warpAffine(arm, turn, arm.shape[::-1])))
    return parts[0], parts[1]
