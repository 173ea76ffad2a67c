"""The fit step: where a garment of any shape lies within 28x28, and what becoming small costs."""

import numpy as np
import pytest
from PIL import Image

from fmnist.pictures.samples import draw_samples
from fmnist.preprocessing import Fitted, place, prepare
from fmnist.preprocessing.fit import fit, measure_loss
from tests.scenes import as_picture, product_shot

SAMPLES = draw_samples()


def test_an_odd_pixel_goes_to_the_top_and_left():
    shot = product_shot("white", "black", box=(50, 50, 50 + 279, 50 + 129), size=(400, 300))  # 28 x 13
    rows, _ = np.nonzero(prepare(as_picture(shot)).image > 100)
    assert (rows.min(), rows.max()) == (8, 20)  # eight rows above, seven below


def test_a_square_picture_that_its_garment_fills_is_not_cut():
    for sample in SAMPLES:
        large = Image.fromarray(sample).resize((280, 280), Image.Resampling.BICUBIC)
        found = prepare(as_picture(np.asarray(large))).image.astype(int)
        rows, columns = np.nonzero(sample > 127)
        if max(np.ptp(rows), np.ptp(columns)) == 27:
            assert np.abs(found - sample).mean() < 2


@pytest.mark.parametrize(
    ("shape", "placed"),
    [
        ((28, 28), (28, 28, 0, 0)),
        ((200, 100), (28, 14, 0, 7)),
        ((9, 28), (9, 28, 10, 0)),
        ((1, 640), (1, 28, 14, 0)),
    ],
)
def test_a_picture_is_centred_an_odd_pixel_going_to_the_top_and_left(shape, placed):
    assert place(shape) == placed


def test_how_many_pixels_become_one_is_measured_and_what_that_loses():
    flat = np.full((280, 140), 200, np.uint8)
    assert measure_loss(flat, fit(flat)) == Fitted(merged=100.0, lost=0.0)
    halves = np.zeros((280, 280), np.uint8)
    halves[:, 140:] = 255
    assert measure_loss(halves, fit(halves)).lost < 0.05
    chequered = 255 * (np.indices((280, 280)).sum(axis=0) % 2).astype(np.uint8)
    assert measure_loss(chequered, fit(chequered)).lost > 0.95
    small = halves[:20, 130:150]
    assert measure_loss(small, fit(small)) == Fitted(merged=400 / 784, lost=0.0)
