"""Photo-like scenes for tests: a garment with folds on a ground with grain, light and shadow."""

import io

import cv2
import numpy as np
from PIL import Image, ImageDraw

from fmnist.pictures.decoding import decode

TROUSER = [
    (80, 30),
    (160, 30),
    (168, 120),
    (165, 290),
    (128, 290),
    (120, 120),
    (112, 290),
    (75, 290),
    (72, 120),
]
SIZE = (240, 320)  # width, height


def photograph(outline, cloth, ground, seed):
    """Draws a scene: uint8 RGB `(320, 240, 3)`, and its mask, uint8 `(320, 240)`, 1 inside.

    Args:
        outline: The garment's corners, (x, y).
        cloth, ground: Mean brightness of each, 0 to 255; the ground is a little yellow, the cloth blue.
    """
    random = np.random.default_rng(seed)
    width, height = SIZE
    mask = cv2.fillPoly(np.zeros((height, width), np.uint8), [np.array(outline, np.int32)], 1)

    def texture(cells, strength):
        knots = random.normal(0, strength, (cells, cells)).astype(np.float32)
        return cv2.resize(knots, SIZE, interpolation=cv2.INTER_CUBIC)[..., None]

    floor = np.array([ground + 8, ground, ground - 25]) + texture(3, 8) + texture(80, 4)
    garment = np.array([cloth - 10, cloth, cloth + 25]) + texture(12, 8) + texture(80, 4)
    shadow = np.roll(mask, (6, 6), (0, 1))[..., None] * 12
    scene = np.where(mask[..., None] > 0, garment, floor - shadow)
    return np.clip(scene + random.normal(0, 3, scene.shape), 0, 255).astype(np.uint8), mask


def as_picture(image):
    """Decodes an array as if it had come in as a PNG."""
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    return decode(stream.getvalue())


def product_shot(ground, garment, size=(300, 400), box=(100, 40, 199, 239)):
    """Draws a garment of one colour, 100 x 200 pixels, on a ground of another: uint8 RGB `(400, 300, 3)`."""
    image = Image.new("RGB", size, ground)
    ImageDraw.Draw(image).rectangle(box, fill=garment)
    return np.asarray(image)


def bright_box(image):
    """Top, bottom, left and right of what is bright."""
    rows, columns = np.nonzero(image > 100)
    return rows.min(), rows.max(), columns.min(), columns.max()
