"""Small pictures as they are shown: pixel by pixel, or on a grey square."""

import base64
import io
import re

import numpy as np
from PIL import Image

from fmnist.pictures.samples import draw_samples
from fmnist.pictures.tiles import draw_pixels, letterbox


def test_every_pixel_is_in_the_drawing_and_none_is_smoothed():
    boot = draw_samples()[9]
    svg = draw_pixels(boot)
    content = base64.b64decode(re.search(r'base64,([^"]+)"', svg)[1])
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(content))), boot)
    assert 'viewBox="0 0 28 28"' in svg and 'image-rendering="pixelated"' in svg


def test_a_wide_picture_stands_between_grey_bars():
    square = letterbox(np.full((10, 20), 255, np.uint8), 20)  # twice as fine: 40 pixels a side
    assert square.shape == (40, 40, 3)
    assert (square[10:30] == 255).all() and (square[:10] == 128).all() and (square[30:] == 128).all()


def test_a_small_picture_keeps_its_pixels_and_a_thin_one_does_not_vanish():
    checks = np.indices((4, 4)).sum(axis=0).astype(np.uint8) % 2 * 255
    assert set(np.unique(letterbox(checks, 40))) == {0, 255}
    line = letterbox(np.full((1, 5_000), 255, np.uint8), 20)
    assert (line == 255).all(axis=(1, 2)).sum() == 1
