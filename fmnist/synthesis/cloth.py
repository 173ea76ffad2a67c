"""What garments are made of: brightness, print, folds and light, as preparation leaves them in a photo.

Arrays are float32 `(n, 28, 28)`, values 0 to 1; the random generator decides everything.
"""

from functools import cache

import cv2
import numpy as np

from fmnist.config import CLASS_NAMES, IMAGE_SIZE

T_SHIRT, PULLOVER, DRESS, COAT, SANDAL, SHIRT, SNEAKER, BAG, BOOT = (
    CLASS_NAMES.index(name)
    for name in ("t-shirt", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot")
)
_SHOES = (SANDAL, SNEAKER, BOOT)
_CRISP = (*_SHOES, BAG)  # made of parts that differ
_MIDDLE = 0.7  # median brightness that preparation gives a photographed garment, together with who wears it
_HIGHLIGHT = 0.88  # above this, differences in brightness shrink
_DARKEST = 0.078  # least brightness that it leaves
# Shares with that median, and as bright as drawings; on white ground, garments keep what differs from it.
_LEVELLED, _DRAWN = 0.64, 0.06
# Shares with a print on the chest.
_LOGO = {T_SHIRT: 0.25, PULLOVER: 0.18, DRESS: 0.06, SHIRT: 0.04, COAT: 0.04}


class _Draws:
    """Draws one value per image: arrays `(n, 1, 1)`."""

    def __init__(self, count: int, random: np.random.Generator) -> None:
        self.shape, self.random = (count, 1, 1), random

    def between(self, low: float, high: float) -> np.ndarray:
        return self.random.uniform(low, high, self.shape).astype(np.float32)

    def chance(self, share: float | np.ndarray) -> np.ndarray:
        return self.random.random(self.shape) < share


def dye(
    cloth: np.ndarray, masks: np.ndarray, own: np.ndarray, labels: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Gives garments a different cloth: brightness, contrast, print and light; values 0.03 to 1.

    Args:
        cloth, masks, own: The layers of each garment; what does not belong to it gets light only.
        labels: int `(n,)`, class indices.
    """
    count, draws = len(cloth), _Draws(len(cloth), random)
    garment = masks * own
    relief = _vary_relief(cloth, garment, labels, draws)
    coarse, fine = (draw_smooth_noise(count, random, cells) for cells in (7, 14))
    folds = draws.between(0, 0.06) * coarse + draws.between(0, 0.035) * fine
    prints = _print(labels, draws) + _print_logos(garment, labels, random)
    light = draws.between(0, 0.1) * draw_smooth_noise(count, random, 3)
    worn = (own < 0.5).any(axis=(1, 2), keepdims=True)
    dim = np.where(worn, draws.between(0.03, 0.5), draws.between(0.12, 0.5))
    # On white ground a garment keeps what differs from it: pale ones are darker than hair and skin.
    base = np.where(draws.chance(np.where(worn, 0.6, 0.82)), draws.between(0.4, 0.9), dim)
    dyed = own * (base + relief + folds + prints) + (1 - own) * cloth + light
    kind = draws.random.random(count)
    for index in np.flatnonzero(kind < _LEVELLED):
        dyed[index] = _level(dyed[index], masks[index] > 0.5)
    # Cameras soften highlights, and nobody draws who wears it.
    dyed = np.where(dyed > _HIGHLIGHT, _HIGHLIGHT + 0.6 * (dyed - _HIGHLIGHT), dyed)
    drawn = kind[:, np.newaxis, np.newaxis] > 1 - _DRAWN
    return np.clip(np.where(drawn & ~worn, 1.0, dyed), 0.03, 1).astype(np.float32)


def _vary_relief(cloth: np.ndarray, garment: np.ndarray, labels: np.ndarray, draws: _Draws) -> np.ndarray:
    """Makes the real garment's seams and folds weaker, stronger or negative; a silhouette has none.

    Few garments in photos have as much contrast as the boldest of the data set.
    """
    area = garment.sum(axis=(1, 2), keepdims=True) + 1e-6
    relief = cloth - (cloth * garment).sum(axis=(1, 2), keepdims=True) / area
    contrast = np.sqrt((relief**2 * garment).sum(axis=(1, 2), keepdims=True) / area)
    kinds = labels[:, np.newaxis, np.newaxis]
    crisp = np.isin(kinds, _CRISP)
    most = np.select([crisp, kinds == T_SHIRT], [0.4, 0.14], 0.18)
    strength = np.where(crisp, 1.35, 1) * np.minimum(1, most / (contrast + 1e-6))
    sign = np.where(draws.chance(0.35), draws.between(-0.9, 0), draws.between(0.2, 0.95))
    return relief * (strength * np.where(draws.chance(0.08), 0, sign)).astype(np.float32)


def _level(dyed: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Shifts a picture's median inside its mask to the one brightness that preparation gives photos."""
    if not inside.any():
        return dyed
    return np.maximum(dyed + (_MIDDLE - np.median(dyed[inside])), _DARKEST)


def _print(labels: np.ndarray, draws: _Draws) -> np.ndarray:
    """Draws patterns that cover the whole garment, as a difference in brightness."""
    count, random = len(labels), draws.random
    rows, columns = np.mgrid[:IMAGE_SIZE, :IMAGE_SIZE].astype(np.float32)
    kinds = labels[:, np.newaxis, np.newaxis]

    def stripes(angle: np.ndarray, frequency: np.ndarray) -> np.ndarray:
        place = np.cos(angle) * rows + np.sin(angle) * columns
        return np.sin(frequency * place + draws.between(0, 2 * np.pi))

    often = np.where(np.isin(kinds, _SHOES), 0.3, 1.0)  # shoes are rarely printed
    aslant = stripes(draws.between(0, np.pi), draws.between(0.15, 3.0))
    usual = np.where(draws.chance(0.12 * often), aslant, 0)
    usual = usual + np.where(draws.chance(0.1 * often), draw_smooth_noise(count, random, 14), 0)
    grain = 0.35 * random.standard_normal(usual.shape, np.float32)
    usual = draws.between(0, 0.22) * (usual + np.where(draws.chance(0.2), grain, 0))
    # Chequers are typical of shirts, quilting of coats, and rings around the body of pullovers.
    upright, narrow = random.normal(0, 0.12, (count, 1, 1)).astype(np.float32), draws.between(0.6, 2.4)
    rings, lines = stripes(upright, narrow), stripes(upright + np.float32(np.pi / 2), narrow)
    chequered = draws.chance(np.where(kinds == SHIRT, 0.25, 0.015))
    ringed = draws.chance(np.select([kinds == COAT, kinds == PULLOVER], [0.12, 0.12], 0.03 * often))
    woven = np.where(chequered, (rings + lines) / 2, np.where(ringed, rings, 0))
    return usual + draws.between(0.05, 0.25) * woven


def _print_logos(garment: np.ndarray, labels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Draws words or pictures on the chest of some garments, as a difference in brightness."""
    logos = np.zeros_like(garment)
    shares = np.array([_LOGO.get(int(label), 0) for label in labels])
    for index in np.flatnonzero(random.random(len(labels)) < shares):
        rows, columns = np.nonzero(garment[index] > 0.5)
        if not len(rows):
            continue
        tall, wide = np.ptp(rows) * random.uniform(0.04, 0.2), np.ptp(columns) * random.uniform(0.08, 0.2)
        y, x = rows.min() + np.ptp(rows) * random.uniform(0.28, 0.5), columns.mean() + random.normal(0, 0.5)
        window = np.s_[
            max(0, round(y - tall)) : round(y + tall) + 1, max(0, round(x - wide)) : round(x + wide) + 1
        ]
        strength = random.uniform(0.06, 0.4) * random.choice([-1, 1])
        part = logos[index][window]
        part[:] = strength * (random.random(part.shape) < random.uniform(0.4, 1.0))
    return logos


def draw_smooth_noise(count: int, random: np.random.Generator, cells: int) -> np.ndarray:
    """Draws smooth noise of about unit spread, float32 `(count, 28, 28)`, with `cells` knots per side."""
    knots = random.normal(0, 1, (count, cells, cells)).astype(np.float32)
    weights = _weigh_knots(cells)
    return weights @ knots @ weights.T


@cache
def _weigh_knots(cells: int) -> np.ndarray:
    """Finds how much each knot of a line counts at each pixel: float32 `(28, cells)`, cubic interpolation."""
    line = np.eye(cells, dtype=np.float32)
    return cv2.resize(line, (cells, IMAGE_SIZE), interpolation=cv2.INTER_CUBIC)
