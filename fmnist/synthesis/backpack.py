"""Backpacks, which the data set hardly has among its bags, and photos often show; drawn from the front.

Cloth and mask are float32 of one shape, values 0 to 1; the random generator decides everything.
"""

import numpy as np

from fmnist.synthesis.shapes import draw_limb, draw_oval, mix

_SIZE = 56  # pixels: the canvas
_HEIGHT = 38  # pixels: the body of a backpack on it


def draw_backpack(random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draws a backpack: a rounded body, pockets, zips, perhaps a flap with straps, a handle, shoulder straps.

    Returns:
        Cloth and mask, float32 `(56, 56)`.
    """
    half_height, half_width = _HEIGHT / 2, _HEIGHT / 2 * random.uniform(0.58, 0.98)
    rows, columns = np.mgrid[:_SIZE, :_SIZE].astype(np.float32) + 0.5
    # From -1 at the top and at the left to 1 at the bottom and at the right of the body.
    y, x = (rows - _SIZE / 2 - 3) / half_height, (columns - _SIZE / 2) / half_width
    x = x / (1 - random.uniform(0, 0.3) * np.clip(-y, 0, 1))  # narrower towards the top
    rounded = random.uniform(2.5, 6)
    mask = _fill(x, y, rounded, half_width)
    body, pocket, trim, strap = _draw_shades(random)
    cloth = np.full_like(mask, body)
    if random.random() < 0.8:
        cloth = _add_pocket(cloth, x, y, (pocket, trim), random)
    if random.random() < 0.4:
        cloth = _add_flap(cloth, x, y, (pocket, strap), random)
    elif random.random() < 0.8:  # the zip around the top
        arch = np.abs(y + random.uniform(0.45, 0.75) - random.uniform(0.2, 0.5) * x**2)
        cloth = mix(cloth, (arch < random.uniform(0.03, 0.07)).astype(np.float32), trim)
    if random.random() < 0.35:  # pockets at the sides
        low = random.uniform(0.35, 0.6)
        for side in (-1, 1):
            bulge = _fill((x - side * 0.95) / 0.25, (y - low) / 0.35, 2.5, 0.25 * half_width)
            cloth, mask = np.where(mask > 0.5, cloth, pocket), np.maximum(mask, bulge)
    behind = _draw_behind(half_width, half_height, random)
    cloth = np.where(mask > 0.5, cloth, strap * random.uniform(0.7, 1.1))
    return np.clip(cloth, 0, 1).astype(np.float32), np.maximum(mask, behind)


def _draw_shades(random: np.random.Generator) -> np.ndarray:
    """Draws the brightness of body, pocket, trim and strap, which differ less than chance would have it."""
    shades = random.uniform(0.3, 0.8) + random.normal(0, random.uniform(0.04, 0.3), 4)
    return np.clip(shades, 0, 1).astype(np.float32)


def _fill(x: np.ndarray, y: np.ndarray, rounded: float, pixels: float) -> np.ndarray:
    """Fills a rounded rectangle from -1 to 1 with soft edges; it is an ellipse if `rounded` is 2."""
    distance = (np.abs(x) ** rounded + np.abs(y) ** rounded) ** (1 / rounded)
    return np.clip((1 - distance) * pixels + 0.5, 0, 1).astype(np.float32)


def _add_pocket(
    cloth: np.ndarray, x: np.ndarray, y: np.ndarray, shades: tuple[float, float], random: np.random.Generator
) -> np.ndarray:
    """Draws the pocket in the lower half, and its seam or zip."""
    middle, tall, wide = random.uniform(0.3, 0.55), random.uniform(0.28, 0.45), random.uniform(0.55, 0.9)
    inside = _fill(x / wide, (y - middle) / tall, random.uniform(2.5, 6), 6)
    if random.random() < 0.6:
        cloth = mix(cloth, inside, shades[0])
    seam = np.clip(1 - np.abs(inside - 0.5) * 2, 0, 1)
    return mix(cloth, seam, shades[1])


def _add_flap(
    cloth: np.ndarray, x: np.ndarray, y: np.ndarray, shades: tuple[float, float], random: np.random.Generator
) -> np.ndarray:
    """Draws a flap over the upper part, closed with one or two straps."""
    edge = random.uniform(-0.35, 0.1)
    flap = (y + random.uniform(0, 0.2) * x**2 < edge).astype(np.float32)
    cloth = mix(cloth, flap, shades[0])
    places = (0.0,) if random.random() < 0.4 else (-0.45, 0.45)
    for place in places:
        half, end = random.uniform(0.05, 0.11), edge + random.uniform(0.2, 0.6)
        band = (np.abs(x - place) < half) & (y > edge - random.uniform(0.2, 0.6)) & (y < end)
        cloth = mix(cloth, band.astype(np.float32), shades[1])
    return cloth


def _draw_behind(half_width: float, half_height: float, random: np.random.Generator) -> np.ndarray:
    """Draws what shows behind the body: the handle at its top, the shoulder straps at its sides."""
    shape, middle, top = (_SIZE, _SIZE), _SIZE / 2, _SIZE / 2 + 3 - half_height
    behind = np.zeros(shape, np.float32)
    if random.random() < 0.7:
        wide, tall = half_width * random.uniform(0.2, 0.4), random.uniform(2, 6)
        thick = random.uniform(1.2, 2.2)
        ring = draw_oval(shape, middle, top + 1, wide, tall)
        behind = ring - draw_oval(shape, middle, top + 1, max(wide - thick, 1), max(tall - thick, 1))
    if random.random() < 0.3:
        out, wide = half_width * random.uniform(1.05, 1.35), random.uniform(2, 4.5)
        for side in (-1, 1):
            shoulder = (middle + side * 0.6 * half_width, top + random.uniform(1, 5))
            elbow = (middle + side * out, top + half_height * random.uniform(0.8, 1.3))
            foot = (middle + side * 0.9 * half_width, top + 1.9 * half_height)
            behind = np.maximum(behind, draw_limb(shape, shoulder, elbow, wide, wide))
            behind = np.maximum(behind, draw_limb(shape, elbow, foot, wide, 0.6 * wide))
    return behind.clip(0, 1)
