"""Small pictures as they are shown: pixel by pixel, or on a grey square."""

import base64
import io

import numpy as np
from PIL import Image

from fmnist.pictures.samples import draw_samples
from fmnist.pictures.tiles import encode_photo, encode_pixels, letterbox, outline_square


def test_every_pixel_is_in_the_address():
    boot = draw_samples()[9]
    kind, content = encode_pixels(boot).split(",")
    assert kind == "data:image/png;base64"
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(content)))), boot)


def test_a_wide_picture_stands_between_grey_bars():
    square = letterbox(np.full((10, 20), 255, np.uint8), 20)  # twice as fine: 40 pixels a side
    assert square.shape == (40, 40, 3)
    assert (square[10:30] == 255).all() and (square[:10] == 128).all() and (square[30:] == 128).all()


def test_a_small_picture_keeps_its_pixels_and_a_thin_one_does_not_vanish():
    checks = np.indices((4, 4)).sum(axis=0).astype(np.uint8) % 2 * 255
    assert set(np.unique(letterbox(checks, 40))) == {0, 255}
    line = letterbox(np.full((1, 5_000), 255, np.uint8), 20)
    assert (line == 255).all(axis=(1, 2)).sum() == 1


def test_a_covered_square_is_black_with_a_line_around_it_and_the_rest_is_the_image():
    shown = outline_square(np.full((28, 28), 200, np.uint8), 3, 5, 2)
    assert shown.shape == (224, 224, 3)
    is_black, is_image = (shown == 0).all(axis=2), (shown == 200).all(axis=2)
    assert is_black.sum() == 12**2 and is_black[26:38, 42:54].all()
    assert is_image.sum() == 224**2 - 16**2 and not is_image[24:40, 40:56].any()


def test_a_photo_is_written_small_and_a_small_picture_exactly():
    photo = np.tile(np.linspace(0, 255, 640, dtype=np.uint8)[None, :, None], (480, 1, 3))
    kind, content = encode_photo(photo, 560).split(",")
    assert kind == "data:image/jpeg;base64"
    with Image.open(io.BytesIO(base64.b64decode(content))) as shown:
        assert shown.size == (560, 420)
        assert abs(np.asarray(shown)[200, 280].astype(int) - 127).max() < 4
    small = photo[:20, :600:20]
    assert encode_photo(small, 560) == encode_pixels(small)
