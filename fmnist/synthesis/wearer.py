"""Who wears a garment: head, arms, legs and other clothes, which masks keep when they should not.

Photos show whole and half figures, and in a quarter of ordinary photos somebody wears the garment. A figure
is measured in shares of its height, which follows from the garment's. The random generator decides
everything.
"""

import numpy as np

from fmnist.config import CLASS_NAMES, IMAGE_SIZE
from fmnist.synthesis.shapes import Point, draw_limb, draw_oval, draw_polygon, enlarge, find_extent, mix

T_SHIRT, TROUSER, DRESS, COAT, SANDAL, SHIRT, BAG = (
    CLASS_NAMES.index(name) for name in ("t-shirt", "trouser", "dress", "coat", "sandal", "shirt", "bag")
)
# The garment's share of the wearer's height.
_SHARES = {TROUSER: 0.58, DRESS: 0.55, COAT: 0.45}
_TOP_SHARE = 0.38
_SHORT_SLEEVED = {T_SHIRT: 1.0, DRESS: 0.85, SHIRT: 0.25}  # shares whose arms are bare
Layers = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Cloth, mask and own, float32 of one shape: `mask` is 1 wherever the picture shows something, and `own`
is the share of it that belongs to the garment. Elsewhere `cloth` is the brightness of what else is shown."""


class _Figure:
    """A garment on a larger canvas, and what is painted behind it and in front of it."""

    def __init__(
        self, cloth: np.ndarray, mask: np.ndarray, above: float, below: float, beside: float
    ) -> None:
        room = int(above) + 1, int(below) + 1, int(beside) + 1, int(beside) + 1
        self.cloth, self.garment = enlarge(cloth, *room), enlarge(mask, *room)
        self.tone, self.others = np.zeros_like(self.cloth), np.zeros_like(self.cloth)
        self.shape = self.cloth.shape
        self.extent = find_extent(self.garment)

    def paint(self, part: np.ndarray, value: float, in_front: bool = False) -> None:
        """Paints a part, float32 of `shape`, in one brightness."""
        self.tone = mix(self.tone, part, value)
        self.others = np.maximum(self.others, part)
        if in_front:
            self.garment = self.garment * (1 - part)

    def limb(self, start: Point, end: Point, wide: float, narrow: float, value: float, front: bool) -> None:
        self.paint(draw_limb(self.shape, start, end, wide, narrow), value, front)

    def layers(self) -> Layers:
        mask = np.maximum(self.garment, self.others)
        own = np.where(mask > 0, self.garment / np.maximum(mask, 1e-6), 1).astype(np.float32)
        return np.where(own > 0.5, self.cloth, self.tone).astype(np.float32), mask, own


def wear_clothes(cloth: np.ndarray, mask: np.ndarray, label: int, random: np.random.Generator) -> Layers:
    """Shows somebody who wears a top, a dress or trousers, or carries a bag.

    Args:
        cloth, mask: float32 of one shape, the garment as in the data set.
        label: Its class index.
    """
    top, bottom, _, _ = find_extent(mask)
    if bottom - top < IMAGE_SIZE // 3:
        return cloth, mask, np.ones_like(mask)
    if label == BAG:
        return _carry(cloth, mask, random)
    height = (bottom - top) / _SHARES.get(label, _TOP_SHARE) * np.exp(random.normal(0, 0.08))
    if label == TROUSER:
        return _wear_trousers(cloth, mask, height, random)
    return _wear_top(cloth, mask, label, height, random)


def _wear_top(
    cloth: np.ndarray, mask: np.ndarray, label: int, height: float, random: np.random.Generator
) -> Layers:
    whole = random.random()
    above = height * (0.16 if random.random() < 0.75 else random.uniform(0.01, 0.09))  # or without a head
    legs = height * (0.84 - _SHARES.get(label, _TOP_SHARE))
    below = legs * (random.uniform(0.0, 0.25) if whole < 0.6 else random.uniform(0.25, 1.0))
    figure = _Figure(cloth, mask, above, below, 0.1 * height)
    top, bottom, left, right = figure.extent
    middle = (left + right) / 2
    skin, other = random.uniform(0.25, 0.95), random.uniform(0.05, 1)
    bare = random.random() < _SHORT_SLEEVED.get(label, 0)
    _draw_legs(figure, (middle, bottom), height, legs, (other, skin, label == DRESS), random)
    _draw_arms(figure, height, skin, bare, random)
    _draw_head(figure, (middle, top), height, skin, random)
    return figure.layers()


def _draw_head(figure: _Figure, neck: Point, height: float, skin: float, random: np.random.Generator) -> None:
    """Draws neck, hair and face above the collar; long hair falls over the shoulders."""
    x, y = neck[0] + random.normal(0, 0.008) * height, neck[1]
    figure.limb((x, y + 0.03 * height), (x, y - 0.05 * height), 0.06 * height, 0.05 * height, skin, False)
    hair, centre = random.uniform(0, 1), y - 0.08 * height
    if random.random() < 0.35:
        long = draw_oval(figure.shape, x, centre + 0.05 * height, 0.065 * height, 0.11 * height)
        figure.paint(long, hair, in_front=random.random() < 0.7)
    figure.paint(draw_oval(figure.shape, x, centre - 0.012 * height, 0.05 * height, 0.07 * height), hair)
    face = random.uniform(-0.012, 0.012) * height
    figure.paint(
        draw_oval(figure.shape, x + face, centre + 0.012 * height, 0.04 * height, 0.055 * height), skin
    )


def _draw_arms(figure: _Figure, height: float, skin: float, bare: bool, random: np.random.Generator) -> None:
    """Draws bare arms from the sleeves, or hands at their ends; some arms lie before the garment."""
    top, _, left, right = figure.extent
    for side, edge in ((-1, left), (1, right)):
        near = figure.garment[:, edge : edge + 3] if side < 0 else figure.garment[:, edge - 2 : edge + 1]
        rows = np.flatnonzero((near > 0.5).any(axis=1))
        start = (edge - side * 0.025 * height, float(rows[-1]) - 1)
        if not bare:
            oval = draw_oval(figure.shape, start[0], start[1] + 0.02 * height, 0.025 * height, 0.035 * height)
            figure.paint(oval, skin, in_front=random.random() < 0.2)
            continue
        start = (start[0], min(start[1], top + 0.2 * height))
        hangs = np.deg2rad(random.normal(8, 8))
        elbow = (
            start[0] + side * 0.1 * height * np.sin(hangs),
            start[1] + random.uniform(0.06, 0.14) * height * np.cos(hangs),
        )
        bent = random.random() < 0.35
        turn = -np.deg2rad(random.uniform(30, 130)) if bent else hangs + np.deg2rad(random.normal(0, 10))
        hand = (elbow[0] + side * 0.17 * height * np.sin(turn), elbow[1] + 0.17 * height * np.cos(turn))
        figure.limb(start, elbow, 0.055 * height, 0.045 * height, skin, False)
        figure.limb(elbow, hand, 0.045 * height, 0.035 * height, skin, bent)
        figure.paint(draw_oval(figure.shape, *hand, 0.028 * height, 0.032 * height), skin, bent)


def _draw_legs(
    figure: _Figure,
    hem: Point,
    height: float,
    length: float,
    look: tuple[float, float, bool],
    random: np.random.Generator,
) -> None:
    """Draws both legs from the hem down: in trousers or a skirt, or bare as below a dress; then shoes."""
    other, skin, bare = look
    x, y = hem[0], hem[1] - 0.02 * height
    bare = random.random() < (0.85 if bare else 0.15)
    value = skin if bare else other
    if not bare:
        hips = [(-0.1, 0), (0.1, 0), (0.105, 0.1), (-0.105, 0.1)]
        figure.paint(draw_polygon(figure.shape, [(x + a * height, y + b * height) for a, b in hips]), value)
    shoe = random.uniform(0, 1)
    for side in (-1, 1):
        foot = (x + side * random.uniform(0.03, 0.11) * height, y + length)
        wide, narrow = (0.085, 0.045) if bare else (0.11, 0.07)
        figure.limb((x + side * 0.05 * height, y), foot, wide * height, narrow * height, value, False)
        toe = foot[0] + side * random.uniform(0, 0.03) * height
        figure.paint(draw_oval(figure.shape, toe, foot[1], 0.045 * height, 0.025 * height), shoe)


def _wear_trousers(cloth: np.ndarray, mask: np.ndarray, height: float, random: np.random.Generator) -> Layers:
    """Draws what is worn above trousers, from a hem to a whole person, and shoes or feet below."""
    whole = random.random()
    above = height * (random.uniform(0.02, 0.18) if whole < 0.6 else 0.42)
    figure = _Figure(cloth, mask, above, 0.04 * height, 0.06 * height)
    top, bottom, left, right = figure.extent
    skin, other, shoe = random.uniform(0.25, 0.95), random.uniform(0.05, 1), random.uniform(0, 1)
    waist = np.flatnonzero(figure.garment[top + 1] > 0.5)
    middle = float(waist.mean()) if len(waist) else (left + right) / 2
    figure_top = top - 0.28 * height
    half, hem = 0.1 * height, random.uniform(-0.01, 0.1) * height
    corners = [(-1.1, figure_top), (1.1, figure_top), (1.05, top + hem), (-1.05, top + hem)]
    torso = draw_polygon(figure.shape, [(middle + a * half, b) for a, b in corners])
    figure.paint(torso, other, in_front=True)
    sleeve = skin if random.random() < 0.4 else other
    for side in (-1, 1):
        shoulder = (middle + side * 1.1 * half, figure_top + 0.03 * height)
        hand = (middle + side * random.uniform(1.0, 1.9) * half, top + random.uniform(-0.02, 0.1) * height)
        figure.limb(shoulder, hand, 0.06 * height, 0.045 * height, sleeve, False)
        figure.paint(draw_oval(figure.shape, *hand, 0.028 * height, 0.032 * height), skin, True)
    _draw_head(figure, (middle, figure_top), height, skin, random)
    if random.random() < 0.8:
        soles = figure.garment[bottom - 2 : bottom + 1].max(axis=0) > 0.5
        for start, end in ((left, int(middle)), (int(middle), right + 1)):
            columns = start + np.flatnonzero(soles[start:end])
            if len(columns):
                x = columns.mean() + random.normal(0, 0.015) * height
                oval = draw_oval(figure.shape, x, bottom + 0.01 * height, 0.05 * height, 0.03 * height)
                figure.paint(oval, shoe)
    return figure.layers()


def _carry(cloth: np.ndarray, mask: np.ndarray, random: np.random.Generator) -> Layers:
    """Draws the arm that holds a bag, or the person behind it or beside it."""
    top, bottom, left, right = find_extent(mask)
    size = max(bottom - top, right - left)
    above, below = random.uniform(0.1, 0.8) * size, random.uniform(0, 0.6) * size
    figure = _Figure(cloth, mask, above, below, 0.4 * size)
    top, bottom, left, right = figure.extent
    skin, other = random.uniform(0.25, 0.95), random.uniform(0.05, 1)
    middle = (left + right) / 2
    if random.random() < 0.6:
        x, half = middle + random.uniform(-0.5, 0.5) * size, random.uniform(0.25, 0.5) * size
        ends = (x, -2.0), (x + random.normal(0, 0.1) * size, figure.shape[0] + 2.0)
        figure.limb(*ends, 2 * half, 2 * half * random.uniform(0.7, 1.1), other, False)
    from_x = middle + random.uniform(-0.5, 0.5) * size
    hand = (middle + random.normal(0, 0.05) * size, top + random.uniform(0, 0.15) * size)
    figure.limb(
        (from_x, -2.0), hand, 0.24 * size, 0.15 * size, skin if random.random() < 0.5 else other, False
    )
    figure.paint(draw_oval(figure.shape, *hand, 0.1 * size, 0.1 * size), skin, True)
    return figure.layers()


def wear_shoe(cloth: np.ndarray, mask: np.ndarray, label: int, random: np.random.Generator) -> Layers:
    """Shows the ankle, or the whole lower leg, in a shoe seen from the side; a sandal shows the foot too.

    Args:
        cloth, mask: float32 `(28, 28)`, a shoe as in the data set.
        label: Its class index.
    """
    _, _, left, right = find_extent(mask)
    length = right - left + 1
    rise = random.uniform(0.1, 0.5) if random.random() < 0.6 else random.uniform(0.5, 1.5)
    figure = _Figure(cloth, mask, rise * length, 0, 0.1 * length)
    _, bottom, left, right = figure.extent
    skin = random.uniform(0.25, 0.95)
    # The shoe is higher at its heel.
    edges = [
        find_extent(figure.garment[:, part])[0]
        for part in (slice(left, left + length // 3), slice(right + 1 - length // 3, right + 1))
    ]
    heel_is_left = edges[0] < edges[1]
    x = left + 0.22 * length if heel_is_left else right - 0.22 * length
    y = min(edges)
    if label == SANDAL:
        toe = right - 0.1 * length if heel_is_left else left + 0.1 * length
        sole = bottom - 0.06 * length
        ahead = 0.16 * length if heel_is_left else -0.16 * length
        instep = [(x - ahead, y), (x + ahead, y), (toe, sole - 0.08 * length), (toe, sole)]
        figure.paint(draw_polygon(figure.shape, instep), skin)
        figure.paint(draw_limb(figure.shape, (x, y), (x, sole), 0.3 * length, 0.22 * length), skin)
    end = (x + random.normal(0, 0.15) * rise * length, -2.0)
    wide = random.uniform(0.2, 0.32) * length
    figure.limb((x, y + 0.12 * length), end, wide, wide * random.uniform(1.0, 1.3), skin, False)
    if random.random() < 0.5:  # a trouser leg or a sock
        start = (x + (end[0] - x) * 0.3, y - random.uniform(0, 0.3) * length)
        broad = wide * random.uniform(1.1, 1.9)
        figure.limb(start, end, broad, broad * 1.1, random.uniform(0, 1), False)
    return figure.layers()
