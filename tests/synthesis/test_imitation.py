"""Imitated photos: repeatable, in form, and still the garment they were made from."""

import numpy as np
import pytest

from fmnist import synthesis
from fmnist.synthesis import imitation
from tests.synthesis.garments import IMAGES, LABELS, take


def imitate(seed, share=0.5):
    return synthesis.imitate(IMAGES, LABELS, share, np.random.default_rng(seed))


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_the_generator_decides_everything(share):
    np.testing.assert_array_equal(imitate(1, share), imitate(1, share))
    assert not np.array_equal(imitate(1, share), imitate(2, share))


def test_the_form_is_kept_and_the_input_untouched():
    before = IMAGES.copy()
    made = imitate(3)
    assert made.dtype == np.uint8 and made.shape == IMAGES.shape
    np.testing.assert_array_equal(IMAGES, before)
    assert (made.max(axis=(1, 2)) > 40).all()  # a garment is left on each


def test_the_share_decides_how_many_look_like_photos():
    mild = imitate(4, share=0.0)
    # Most mild pictures are mirrored or shifted copies but for a small rectangle; the others are resampled.
    copies = 0
    for image, original in zip(mild, IMAGES, strict=True):
        padded = np.pad(original, 2)
        windows = [padded[r : r + 28, c : c + 28] for r in range(5) for c in range(5)]
        windows += [window[:, ::-1] for window in windows]
        windows += [np.pad(original[:, ::-1], 2)[r : r + 28, c : c + 28] for r in range(5) for c in range(5)]
        copies += min((image != window).sum() for window in windows) <= 11 * 11
    assert 0.4 < copies / len(IMAGES) < 0.9
    strong = imitate(4, share=1.0)
    assert np.mean([(a != b).mean() for a, b in zip(strong, IMAGES, strict=True)]) > 0.4


def test_imitations_fill_the_picture_as_prepared_photos_do():
    made = synthesis.imitate_photos(IMAGES, LABELS, np.random.default_rng(5))
    # The longest side is 28 pixels but for what was covered or bitten off.
    extents = [max(np.ptp(np.nonzero(image > 20), axis=1)) + 1 for image in made]
    assert np.mean(np.array(extents) >= 26) > 0.85


def test_sleeves_are_lifted_and_shoes_come_in_pairs():
    random = np.random.default_rng(6)
    made = synthesis.imitate_photos(np.repeat(IMAGES[24:25], 60, axis=0), np.full(60, 2), random)
    heights = np.array([(image > 20).any(axis=1).sum() for image in made])
    assert (heights < 22).sum() >= 3  # wider than tall: a pullover with its sleeves spread
    shoes = synthesis.imitate_photos(np.repeat(IMAGES[84:85], 60, axis=0), np.full(60, 7), random)
    tall = np.array([(image > 20).any(axis=1).sum() for image in shoes]) >= 20
    assert 10 <= tall.sum() < 60  # seen from above a pair is tall, a single shoe from the side is not


def test_a_blank_picture_does_not_hang():
    blank = np.zeros((2, 28, 28), np.uint8)
    made = synthesis.imitate_photos(blank, np.array([2, 7]), np.random.default_rng(0))
    assert made.shape == (2, 28, 28)


@pytest.mark.parametrize(
    ("share", "following"), [(0.0, 3_881_101_074), (0.5, 2_169_605_076), (1.0, 2_946_316_301)]
)
def test_as_many_random_numbers_are_drawn_as_ever(share, following):
    """One more draw in between, and all that follow are others: then IMITATIONS needs a new number."""
    assert synthesis.IMITATIONS == "4"
    random = np.random.default_rng(1)
    synthesis.imitate(IMAGES, LABELS, share, random)
    assert random.integers(2**32) == following


def test_imitations_show_who_wears_them_and_few_white_pixels():
    tops = synthesis.imitate_photos(
        np.repeat(IMAGES[:1], 300, axis=0), np.zeros(300, int), np.random.default_rng(2)
    )
    narrow = np.array([(image > 20).any(axis=0).sum() for image in tops])
    assert (narrow <= 20).mean() > 0.06, "whole figures are narrow, a T-shirt alone is not"
    inside = [image[image > 12] for image in tops]
    medians = np.array([np.median(pixels) for pixels in inside])
    assert (np.abs(medians - 178) < 8).mean() > 0.45
    photos = [pixels for pixels, median in zip(inside, medians, strict=True) if median < 250]
    assert np.mean([(pixels >= 250).mean() for pixels in photos]) < 0.04


def test_a_mask_sometimes_loses_parts_of_the_garment():
    cloth, mask = take(0)
    random = np.random.default_rng(1)
    left = []
    for _ in range(50):
        same, smaller, own = imitation._lose_parts((cloth, mask, np.ones_like(mask)), random)
        assert np.array_equal(same, cloth) and own.all(), "only the mask changes"
        assert (smaller <= mask).all(), "and nothing is added to it"
        left.append((smaller > 0.5).sum() / (mask > 0.5).sum())
    assert 0.2 < min(left) < 0.4 and 0.7 < max(left) < 0.9
    blank = np.zeros_like(mask)
    assert not imitation._lose_parts((blank, blank, blank), random)[1].any()


def test_a_mask_sometimes_keeps_a_piece_of_the_ground():
    cloth, mask = take(0)
    random = np.random.default_rng(1)
    for _ in range(20):
        more, larger, own = imitation._keep_ground((cloth, mask, np.ones_like(mask)), random)
        assert more.shape == larger.shape == own.shape
        assert larger.sum() >= mask.sum() and (own < 0.5).any()
        assert (own * larger > 0.5).sum() == (mask > 0.5).sum(), "the garment itself is all there"
