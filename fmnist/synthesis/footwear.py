"""Shoes as people photograph them: in pairs, and from above, which the data set never shows.

The data set has one shoe per image, from the side. Here its shoes are put in pairs, and shoes are drawn from
above, with random proportions. Cloth and mask are float32 of one shape, values 0 to 1; the random generator
decides everything.
"""

import cv2
import numpy as np

from fmnist.config import CLASS_NAMES, IMAGE_SIZE
from fmnist.synthesis.shapes import enlarge
from fmnist.synthesis.wearer import Layers, wear_shoe

SANDAL, SNEAKER, BOOT = (CLASS_NAMES.index(name) for name in ("sandal", "sneaker", "ankle boot"))
SHOES = (SANDAL, SNEAKER, BOOT)
_FROM_ABOVE, _MIRRORED = 0.42, 0.05  # shares that are drawn from above, and put beside their mirror image
_WORN, _SIDE_BY_SIDE = 0.25, 0.25  # shares of the others that are worn, and that stand before a second one
_FOOTBED = 0.7  # share of the sandals seen from the side whose openings do not show the ground
_SMALL, _LARGE = np.ones((3, 3), np.uint8), np.ones((7, 7), np.uint8)
_LENGTH = 96  # pixels: a drawn shoe's length before it is reduced
_REDUCED = 40  # pixels: its length afterwards

# Half the width of a shoe from the heel (0) to the toe (1), as a share of its greatest.
_ALONG = (0.0, 0.04, 0.12, 0.25, 0.45, 0.7, 0.88, 0.96, 1.0)
_SOLE = (0.0, 0.45, 0.68, 0.75, 0.74, 1.0, 0.85, 0.55, 0.0)
_SHAFT = (0.55, 0.85, 0.95, 0.95, 0.88, 1.0, 0.85, 0.55, 0.0)


def show_shoes(cloth: np.ndarray, mask: np.ndarray, label: int, random: np.random.Generator) -> Layers:
    """Shows a shoe of the data set alone, as a pair or worn, or draws another of its kind from above.

    Args:
        cloth, mask: float32 `(28, 28)`.
        label: The class index of a shoe.

    Returns:
        Cloth, mask and the shoes' share of it, of one shape, which may differ from the one before.
    """
    kind = random.random()
    if kind < _FROM_ABOVE:
        cloth, mask = _draw_from_above(label, random)
        return cloth, mask, np.ones_like(mask)
    if kind < _FROM_ABOVE + _MIRRORED:
        cloth, mask = _mirror(cloth, mask, label, random)
        return cloth, mask, np.ones_like(mask)
    if label == SANDAL and random.random() < _FOOTBED:
        cloth, mask = _show_footbed(cloth, mask, random)
    worn = random.random() < _WORN
    layers = wear_shoe(cloth, mask, label, random) if worn else (cloth, mask, np.ones_like(mask))
    return _stand_side_by_side(layers, random) if random.random() < _SIDE_BY_SIDE else layers


def _show_footbed(
    cloth: np.ndarray, mask: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Fills the openings between a sandal's straps, through which one sees its inside or what is behind."""
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _SMALL if random.random() < 0.5 else _LARGE)
    return np.where(mask > 0.5, cloth, random.uniform(0.1, 0.9)).astype(np.float32), closed


def _stand_side_by_side(layers: Layers, random: np.random.Generator) -> Layers:
    """Puts a second shoe behind the first, seen from the side and a little from above."""
    height, width = layers[0].shape
    away = int(random.integers(2, 14)) * random.choice([-1, 1]), int(random.integers(-9, 10))
    size = width + 2 * 14, height + 2 * 14
    front, behind = (
        [
            cv2.warpAffine(part, np.array([[1, 0, 14 + x], [0, 1, 14 + y]], np.float32), size)
            for part in layers
        ]
        for x, y in ((0, 0), away)
    )
    behind[0] = behind[0] * random.uniform(0.7, 1.0)  # in the shadow of the first
    covers = front[1] > 0.5
    cloth, own = (np.where(covers, front[layer], behind[layer]) for layer in (0, 2))
    return cloth, np.maximum(front[1], behind[1]), own


def _mirror(
    cloth: np.ndarray, mask: np.ndarray, label: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Puts a shoe and its mirror image side by side, seen from the front or from above."""
    if label == BOOT and random.random() < 0.7:
        turn, width = random.normal(0, 12), random.uniform(0.4, 0.8)  # from the front: shaft up, toe near
    else:
        turn, width = random.choice([-90, 90]) + random.normal(0, 15), random.uniform(0.7, 1.1)
    middle, size = IMAGE_SIZE / 2, IMAGE_SIZE + 2 * 6
    matrix = cv2.getRotationMatrix2D((middle, middle), turn, 1.0)
    matrix[0] = (matrix[0] - [0, 0, middle]) * width + [0, 0, middle]
    matrix[:, 2] += 6
    shoe, outline = (cv2.warpAffine(part, matrix, (size, size)) for part in (cloth, mask))
    columns = np.flatnonzero((outline > 0.5).any(axis=0))
    if not len(columns):
        return cloth, mask
    shoe, outline = (part[:, columns[0] : columns[-1] + 1] for part in (shoe, outline))
    return _pair(shoe, outline, int(random.integers(-2, 4)), int(random.integers(-3, 4)))


def _pair(shoe: np.ndarray, outline: np.ndarray, gap: int, slip: int) -> tuple[np.ndarray, np.ndarray]:
    """Puts a shoe beside its mirror image, `gap` columns apart and `slip` rows higher or lower."""
    shoe, outline = (enlarge(part, abs(slip), abs(slip)) for part in (shoe, outline))
    width = shoe.shape[1]
    total = max(2 * width + gap, width)
    pair = np.zeros((2, len(shoe), total), np.float32)
    pair[0, :, :width], pair[1, :, :width] = shoe[:, ::-1], outline[:, ::-1]
    # People do not line up pairs exactly.
    other, other_outline = np.roll(shoe, slip, axis=0), np.roll(outline, slip, axis=0)
    right = pair[:, :, total - width :]
    right[0] = np.where(other_outline > 0.5, other, right[0])
    right[1] = np.maximum(other_outline, right[1])
    return pair[0], pair[1]


def _draw_from_above(label: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draws a shoe from above, or a pair, the toes down or up."""
    cloth, mask = _DRAWN[label](random)
    turn = random.normal(0, 8) if random.random() < 0.88 else random.uniform(-35, 35)
    cloth, mask = _turn_and_reduce(cloth, mask, turn)
    if random.random() < 0.9:
        cloth, mask = _pair(cloth, mask, int(random.integers(-2, 4)), int(random.integers(0, 4)))
    if random.random() < (0.5 if label == SANDAL else 0.25):
        cloth, mask = cloth[::-1], mask[::-1]
    return np.ascontiguousarray(cloth), np.ascontiguousarray(mask)


def _turn_and_reduce(cloth: np.ndarray, mask: np.ndarray, turn: float) -> tuple[np.ndarray, np.ndarray]:
    """Turns a drawn shoe by degrees, reduces it and cuts it out."""
    middle = np.array(mask.shape[::-1]) / 2
    reach = int(np.hypot(*mask.shape)) + 2
    matrix: np.ndarray = cv2.getRotationMatrix2D(tuple(middle), turn, 1.0)
    matrix[:, 2] += reach / 2 - middle
    size = max(2, round(reach * _REDUCED / _LENGTH))
    parts = [
        cv2.resize(cv2.warpAffine(part, matrix, (reach, reach)), (size, size), interpolation=cv2.INTER_AREA)
        for part in (cloth * mask, mask)
    ]
    rows, columns = (np.flatnonzero((parts[1] > 0.5).any(axis=axis)) for axis in (1, 0))
    shoe, outline = (part[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] for part in parts)
    return shoe / np.maximum(outline, 0.1), outline


def _blank(
    profile: tuple[float, ...], broad: float, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draws a shoe's outline from above: its mask, and each pixel's place along it and across it.

    Returns:
        float32 of one shape: the mask; from 0 at the heel to 1 at the toe; from -1 on the inner
        side to 1 on the outer side of the foot.
    """
    half = max(3.0, broad * _LENGTH / 2)
    rows, columns = np.mgrid[:_LENGTH, : int(2 * half + 0.3 * half) + 2].astype(np.float32)
    along = (rows + 0.5) / _LENGTH
    widths = half * np.interp(along, _ALONG, np.array(profile) * np.exp(random.normal(0, 0.06, len(profile))))
    # The big toe is on the inner side, so the middle line bends towards it.
    bend = random.uniform(-0.05, 0.25) * half
    middle = columns.shape[1] / 2 + bend * (0.5 - np.sin(np.pi * along))
    across = ((columns - middle) / np.maximum(widths, 0.5)).astype(np.float32)
    mask = np.clip((1 - np.abs(across)) * widths + 0.5, 0, 1).astype(np.float32)
    return mask, along.astype(np.float32), across


def _inside(x: np.ndarray, y: np.ndarray, centre: float, half_width: float, half_height: float) -> np.ndarray:
    """Returns which pixels lie in an ellipse: bool, of the shape of `x` and `y`."""
    return ((x / half_width) ** 2 + ((y - centre) / half_height) ** 2) < 1


def _shades(count: int, random: np.random.Generator) -> np.ndarray:
    """Draws the brightness of a shoe's parts, which differ less than chance would have it: `(count,)`."""
    return np.clip(random.uniform(0.3, 0.8) + random.normal(0, random.uniform(0.08, 0.4), count), 0, 1)


def _draw_sneaker(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    mask, along, across = _blank(_SOLE, random.uniform(0.36, 0.5), random)
    upper, inner, trim, cap, tongue_shade = _shades(5, random)
    cloth = np.full_like(mask, upper)
    if random.random() < 0.5:  # the rubber sole shows as a rim
        cloth[np.abs(across) > random.uniform(0.75, 0.92)] = trim
    if random.random() < 0.4:  # a cap over the toes
        cloth[along + 0.06 * across**2 > random.uniform(0.78, 0.9)] = cap
    start, end = random.uniform(0.3, 0.42), random.uniform(0.6, 0.75)
    tongue = (np.abs(across) < random.uniform(0.25, 0.45)) & (along > start) & (along < end)
    cloth[tongue] = tongue_shade
    if random.random() < 0.8:
        laces = np.abs(((along - start) / (end - start) * random.integers(3, 7)) % 1 - 0.5) < 0.22
        cloth[laces & (np.abs(across) < random.uniform(0.4, 0.6)) & (along > start) & (along < end)] = trim
    reach = random.uniform(0.1, 0.17)
    cloth[_inside(across, along, random.uniform(0.06, 0.1) + reach, random.uniform(0.5, 0.72), reach)] = inner
    return cloth, mask


def _draw_boot(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    from_front = random.random() < 0.6
    mask, along, across = _blank(_SHAFT if from_front else _SOLE, random.uniform(0.36, 0.54), random)
    upper, inner, trim, cap = _shades(4, random)
    cloth = np.full_like(mask, upper)
    if random.random() < 0.4:
        cloth[along + 0.08 * across**2 > random.uniform(0.72, 0.88)] = cap
    if random.random() < 0.35:  # a padded or furry rim
        cloth[along < random.uniform(0.1, 0.3)] = trim
    if random.random() < 0.5:
        laces = np.abs((along * random.integers(6, 14)) % 1 - 0.5) < 0.22
        cloth[laces & (np.abs(across) < 0.35) & (along > 0.15) & (along < random.uniform(0.5, 0.75))] = trim
    elif random.random() < 0.3:  # a buckle or a strap
        at = random.uniform(0.3, 0.6)
        cloth[np.abs(along - at) < random.uniform(0.02, 0.06)] = trim
    # The shaft's opening lies at the very end, where a sneaker has its heel.
    reach = random.uniform(0.04, 0.13)
    centre = reach * random.uniform(0.6, 1.1)
    opening = _inside(across, along, centre, random.uniform(0.65, 0.9), reach)
    cloth[opening] = inner if random.random() < 0.5 else 0.5 * inner
    return cloth, mask


def _draw_sandal(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    mask, along, across = _blank(_SOLE, random.uniform(0.36, 0.5), random)
    sole, strap, rim = _shades(3, random)
    cloth = np.full_like(mask, sole)
    if random.random() < 0.4:
        cloth[np.abs(across) > random.uniform(0.8, 0.92)] = rim
    kind = random.random()
    if kind < 0.3:  # a thong: two bands from between the toes to both sides
        toe, side, half = random.uniform(0.75, 0.84), random.uniform(0.4, 0.6), random.uniform(0.03, 0.07)
        straps = np.abs(along - (toe + (side - toe) * np.abs(across) ** 0.8)) < half
    elif kind < 0.6:  # a slipper: one broad band, open at the toes or not
        start = random.uniform(0.42, 0.6)
        end = start + random.uniform(0.18, 0.4) + random.uniform(-0.1, 0.05) * across**2
        straps = (along > start - random.uniform(-0.06, 0.06) * across**2) & (along < end)
    else:
        straps = np.zeros(mask.shape, bool)
        for at in random.uniform(0.45, 0.85, int(random.integers(1, 4))):
            slope, half = random.normal(0, 0.07), random.uniform(0.025, 0.1)
            straps |= np.abs(along - at - slope * across - 0.04 * across**2) < half
    if random.random() < (0.1 if kind < 0.6 else 0.5):  # around the ankle
        at, half = random.uniform(0.08, 0.25), random.uniform(0.02, 0.05)
        straps |= np.abs(along - at - 0.05 * across**2) < half
    # A foot is wider than its sole.
    mask = np.maximum(mask, straps & (np.abs(across) < random.uniform(1.0, 1.12)))
    cloth[straps] = strap
    if random.random() < 0.15:  # a sole in the ground's colour is lost with the ground
        mask = mask * (straps | (np.abs(across) > random.uniform(0.7, 0.9)))
    return cloth, mask.astype(np.float32)


_DRAWN = {SANDAL: _draw_sandal, SNEAKER: _draw_sneaker, BOOT: _draw_boot}
