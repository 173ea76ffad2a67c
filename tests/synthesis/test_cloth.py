"""What garments are made of: the garment alone is printed, and photos have one brightness."""

import numpy as np
import pytest

from fmnist.synthesis import cloth, clothing

COUNT = 400
SQUARE = np.pad(np.ones((20, 20), np.float32), 4)


def dye(label, own):
    """Plain squares as garments of one class, dyed: `(COUNT, 28, 28)`."""
    layers = (np.broadcast_to(layer, (COUNT, 28, 28)) for layer in (0.5 * SQUARE, SQUARE, own))
    return cloth.dye(*layers, np.full(COUNT, label), np.random.default_rng(3))


def test_nothing_but_the_garment_is_printed():
    own = np.ones_like(SQUARE)
    own[:, 14:] = 0
    dyed = dye(clothing.SHIRT, own)
    steps = np.abs(np.diff(dyed, axis=1))[:, 5:23]
    assert np.quantile(steps[:, :, 15:23], 0.99) < 0.08, "light falls on the wearer, in no print"
    assert np.quantile(steps[:, :, 5:13], 0.99) > 0.15


def test_most_photos_have_the_brightness_of_preparation():
    dyed = dye(clothing.PULLOVER, np.ones_like(SQUARE))
    medians = np.median(dyed[:, 4:24, 4:24].reshape(COUNT, -1), axis=1)
    assert 0.55 < (np.abs(medians - 0.7) < 0.02).mean() < 0.8
    assert (medians < 0.5).any() and (medians > 0.8).any()


def test_drawings_are_white_and_nobody_wears_them():
    own = np.ones_like(SQUARE)
    assert (dye(clothing.COAT, own) == 1).all(axis=(1, 2)).mean() == pytest.approx(0.06, abs=0.03)
    own[:10] = 0
    assert not (dye(clothing.COAT, own) == 1).all(axis=(1, 2)).any()


def test_few_pixels_are_saturated():
    dyed = dye(clothing.TROUSER, np.ones_like(SQUARE))
    photos = dyed[(dyed < 1).any(axis=(1, 2)), 4:24, 4:24]
    assert (photos > 0.98).mean() < 0.02


def test_a_blank_picture_is_dyed_without_complaint():
    blank = np.zeros((3, 28, 28), np.float32)
    dyed = cloth.dye(blank, blank, np.ones_like(blank), np.array([0, 5, 8]), np.random.default_rng(0))
    assert np.isfinite(dyed).all()


@pytest.mark.parametrize("cells", [3, 14])
def test_noise_has_unit_spread_and_is_smooth(cells):
    noise = cloth.draw_smooth_noise(200, np.random.default_rng(1), cells)
    assert noise.shape == (200, 28, 28) and noise.dtype == np.float32
    assert 0.6 < noise.std() < 1.3
    assert np.abs(np.diff(noise, axis=1)).mean() < 0.1 * cells**0.8
