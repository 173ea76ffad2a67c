"""Strangers: pictures of other things than garments."""

import numpy as np

from fmnist import synthesis


def test_strangers_are_repeatable_pictures_of_six_kinds():
    drawn = synthesis.draw_strangers(60)
    assert drawn.shape == (60, 28, 28) and drawn.dtype == np.uint8
    assert (drawn.max(axis=(1, 2)) > 60).all()
    assert 20 <= (drawn.max(axis=(1, 2)) < 240).sum() <= 40, "one half is as bright as photos"
    np.testing.assert_array_equal(drawn, synthesis.draw_strangers(60))
    assert len(np.unique(drawn.reshape(60, -1), axis=0)) > 50  # a letter may come twice


def test_the_published_alarms_were_chosen_against_these():
    drawn = synthesis.draw_strangers()
    assert len(drawn) == 1200
    noise = drawn[5::6]  # of the last kind, whose pixels are the random numbers themselves but for brightness
    full = noise[noise.max(axis=(1, 2)) == 255]
    assert (len(full), full[0][0].tolist()[:4], full[-1][0].tolist()[:4]) == (
        79,
        [213, 109, 241, 183],
        [44, 112, 181, 72],
    )
