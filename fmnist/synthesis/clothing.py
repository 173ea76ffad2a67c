"""Clothes and bags as people photograph them: with spread sleeves, hoods, open fronts or straps, or worn.

Cloth and mask are float32 of one shape, values 0 to 1; the random generator decides everything.
"""

import cv2
import numpy as np

from fmnist.config import CLASS_NAMES, IMAGE_SIZE

T_SHIRT, TROUSER, PULLOVER, DRESS, COAT, SHIRT, BAG = (
    CLASS_NAMES.index(name) for name in ("t-shirt", "trouser", "pullover", "dress", "coat", "shirt", "bag")
)
TOPS = (T_SHIRT, PULLOVER, DRESS, COAT, SHIRT)
_SLEEVED = (PULLOVER, COAT, SHIRT)
_HOODED = {PULLOVER: 0.3, COAT: 0.2}  # shares that get a hood
_OPENING = {COAT: 0.5, SHIRT: 0.5}  # shares that get a line where the front opens
_WORN = 0.06  # share shown on a person
_STRAPPED = 0.3  # share of the bags that get a shoulder strap


def show_clothes(
    cloth: np.ndarray, mask: np.ndarray, label: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Changes a garment of the data set into one that a photo might show.

    Args:
        cloth, mask: float32 `(28, 28)`.
        label: A class index, but not of shoes.

    Returns:
        Cloth and mask, perhaps larger than before.
    """
    if random.random() < _OPENING.get(label, 0):
        cloth = _open_front(cloth, mask, random)
    hooded = random.random() < _HOODED.get(label, 0)
    if hooded and label == PULLOVER:
        cloth = _add_pocket(cloth, mask, random)
    if label in _SLEEVED and random.random() < 0.45:
        cloth, mask = _spread_sleeves(cloth, mask, random)
    if hooded:
        cloth, mask = _add_hood(cloth, mask, random)
    elif label == BAG and random.random() < _STRAPPED:
        cloth, mask = _add_strap(cloth, mask, random)
    elif label in (*TOPS, TROUSER) and random.random() < _WORN:
        cloth, mask = _wear(cloth, mask, label, random)
    return cloth, mask


def _extent(mask: np.ndarray) -> tuple[int, int, int, int]:
    """Finds the first and last row and the first and last column of a garment."""
    rows, columns = np.flatnonzero((mask > 0.5).any(axis=1)), np.flatnonzero((mask > 0.5).any(axis=0))
    return (rows[0], rows[-1], columns[0], columns[-1]) if len(rows) else (0, 0, 0, 0)


def _oval(shape: tuple[int, ...], x: float, y: float, half_width: float, half_height: float) -> np.ndarray:
    """Draws an ellipse with soft edges: float32 of `shape`, 1 inside."""
    rows, columns = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    radius = np.hypot((columns - x) / half_width, (rows - y) / half_height)
    return np.clip((1 - radius) * min(half_width, half_height) + 0.5, 0, 1).astype(np.float32)


def _mix(cloth: np.ndarray, part: np.ndarray, value: float) -> np.ndarray:
    """Blends `value` into the cloth by `part`, 0 to 1."""
    return (cloth + part * (value - cloth)).astype(np.float32)


def _open_front(cloth: np.ndarray, mask: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Draws the line of a zip or buttons down the middle, which no pullover has."""
    top, bottom, left, right = _extent(mask)
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
    top, bottom, left, right = _extent(mask)
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
    top, bottom, left, right = _extent(mask)
    shoulders = np.flatnonzero(mask[min(top + 2, bottom)] > 0.5)
    if not len(shoulders):
        return cloth, mask
    half = random.uniform(0.16, 0.26) * min(right - left, IMAGE_SIZE)
    height = half * random.uniform(0.8, 1.7)
    room = int(np.ceil(2 * height))
    cloth, mask = (np.pad(part, ((room, 0), (0, 0))) for part in (cloth, mask))
    x, y = shoulders.mean(), top + room + 1 - height * random.uniform(0.2, 0.7)
    hood = _oval(mask.shape, x, y, half, height)
    value = float(np.median(cloth[mask > 0.5])) if (mask > 0.5).any() else 0.5
    # Below the hood, only a shadow changes the garment.
    cloth = _mix(cloth, hood, np.clip(value * random.uniform(0.75, 1.2), 0, 1))
    if random.random() < 0.7:
        inside = _oval(mask.shape, x, y + height * random.uniform(0, 0.4), half * 0.6, height * 0.65)
        cloth = _mix(cloth, inside, random.uniform(0, 1))
    return cloth, np.maximum(mask, hood)


def _add_strap(
    cloth: np.ndarray, mask: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Adds a shoulder strap to a bag, as a high loop above it."""
    top, _, left, right = _extent(mask)
    half, height = (right - left) * random.uniform(0.2, 0.5), random.uniform(3, 24)
    room = int(np.ceil(height)) + 1
    cloth, mask = (np.pad(part, ((room, 0), (0, 0))) for part in (cloth, mask))
    width = random.uniform(0.8, 2.0)
    x, y = (left + right) / 2 + random.normal(0, 1), top + room + 2
    loop = _oval(mask.shape, x, y, half, height) - _oval(mask.shape, x, y, half - width, height - width)
    loop[y:] = 0
    painted = _mix(cloth, loop, random.uniform(0, 1))
    return np.where(mask > 0.5, cloth, painted).astype(np.float32), np.maximum(mask, loop)


def _wear(
    cloth: np.ndarray, mask: np.ndarray, label: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Adds the wearer's head and legs (or torso), which colour-based masks fail to remove."""
    top, bottom, left, right = _extent(mask)
    width = min(right - left, IMAGE_SIZE) + 1
    above, below = int(random.integers(4, 11)), int(random.integers(5, 18))
    skin, other = random.uniform(0, 1, 2)
    cloth, mask = (np.pad(part, ((above, below), (0, 0))) for part in (cloth, mask))
    top, bottom, middle = top + above, bottom + above, (left + right) / 2
    body = np.zeros_like(mask)
    if label == TROUSER:
        body[: top + 1, int(middle - 0.5 * width) : int(middle + 0.5 * width) + 1] = 1
        painted = _mix(cloth, body, other)
    else:
        head = _oval(mask.shape, middle, top - above / 2, width * random.uniform(0.1, 0.18), above * 0.6)
        leg = width * random.uniform(0.08, 0.2)
        rows, columns = np.mgrid[: mask.shape[0], : mask.shape[1]]
        apart = np.abs(np.abs(columns - middle) - leg * random.uniform(0.9, 1.3)) < leg
        legs = (apart & (rows > bottom - 1)).astype(np.float32)
        painted = _mix(_mix(cloth, head, skin), legs, skin if label == DRESS else other)
        body = np.maximum(head, legs)
    return np.where(mask > 0.5, cloth, painted).astype(np.float32), np.maximum(mask, body)


def _spread_sleeves(
    cloth: np.ndarray, mask: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Lifts both sleeves, which hang down in the data set, as if they were spread on the floor."""
    top, bottom, left, right = _extent(mask)
    if bottom == top or right - left < 0.6 * (bottom - top):
        return cloth, mask  # without sleeves
    lift = random.uniform(5, 60) if random.random() < 0.85 else random.uniform(60, 90)
    length = random.uniform(0.7, 1.0)
    for _ in range(2):
        cloth, mask = _lift_left_sleeve(cloth, mask, lift + random.normal(0, 6), length, random)
        cloth, mask = cloth[:, ::-1], mask[:, ::-1]
    return cloth, mask


def _lift_left_sleeve(
    cloth: np.ndarray, mask: np.ndarray, lift: float, length: float, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    top, bottom, left, right = _extent(mask)
    # Once one sleeve is lifted, the garment is wider than the image was.
    inner = left + random.uniform(0.15, 0.22) * min(right - left + 1, IMAGE_SIZE)
    shoulder = top + random.uniform(0.08, 0.2) * (bottom - top + 1)
    y, x = np.mgrid[: cloth.shape[0], : cloth.shape[1]]
    sleeve = (x < inner) & (y > shoulder)
    pad = IMAGE_SIZE // 2
    turn = cv2.getRotationMatrix2D((inner + pad, shoulder), -lift, length)
    parts = []
    for part in (cloth, mask):
        body, arm = (
            np.pad(np.where(where, part, 0), ((0, 0), (pad, 0))).astype(np.float32)
            for where in (~sleeve, sleeve)
        )
        parts.append(np.maximum(body, cv2.warpAffine(arm, turn, arm.shape[::-1])))
    return parts[0], parts[1]
