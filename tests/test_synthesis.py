"""Imitated photos: repeatable, in form, and still the garment they were made from."""

import numpy as np
import pytest

from fmnist import synthesis
from fmnist.pictures.samples import draw_samples
from fmnist.synthesis import clothing, footwear

IMAGES = np.repeat(draw_samples(), 12, axis=0)
LABELS = np.repeat(np.arange(10), 12)


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


def extent(image):
    rows, columns = np.nonzero(image > 0.5)
    return np.ptp(rows) + 1, np.ptp(columns) + 1


@pytest.mark.parametrize("label", footwear.SHOES)
def test_shoes_are_shown_alone_in_pairs_and_from_above(label):
    shoe = IMAGES[12 * label].astype(np.float32) / 255
    mask = synthesis.find_garment(IMAGES[12 * label])
    random = np.random.default_rng(7)
    shown = [footwear.show_shoes(shoe, mask, label, random) for _ in range(200)]
    for cloth, outline in shown:
        assert cloth.shape == outline.shape and outline.max() > 0.9
        assert outline.min() > -1e-5 and outline.max() < 1 + 1e-5 and np.isfinite(cloth).all()
    alone = np.mean([cloth is shoe for cloth, _ in shown])
    assert 0.25 < alone < 0.55
    # From above a pair is about as long as it is broad; a shoe from the side is much broader than high.
    tall = np.mean([np.divide(*extent(outline)) > 0.8 for _, outline in shown])
    assert tall > 0.25


def test_a_hood_stands_above_the_neck_and_a_strap_above_the_bag():
    random = np.random.default_rng(8)
    for label, add in ((clothing.PULLOVER, clothing._add_hood), (clothing.BAG, clothing._add_strap)):
        cloth, mask = IMAGES[12 * label].astype(np.float32) / 255, synthesis.find_garment(IMAGES[12 * label])
        for _ in range(20):
            more, larger = add(cloth, mask, random)
            assert more.shape == larger.shape
            below = larger[-len(mask) :]
            np.testing.assert_array_equal(below[mask > 0.5], mask[mask > 0.5])  # nothing of it is lost
            assert extent(larger)[0] > extent(mask)[0]


def test_a_front_opens_in_the_middle():
    cloth = IMAGES[12 * clothing.COAT].astype(np.float32) / 255
    mask = synthesis.find_garment(IMAGES[12 * clothing.COAT])
    opened = clothing._open_front(cloth, mask, np.random.default_rng(9))
    changed = np.abs(opened - cloth).sum(axis=0)
    assert changed[10:18].sum() > 0.9 * changed.sum(), "a line in the middle"
    assert opened.shape == cloth.shape and opened.min() >= 0 and opened.max() <= 1


def test_a_pocket_lies_in_the_lower_middle_of_a_pullover():
    cloth = IMAGES[12 * clothing.PULLOVER].astype(np.float32) / 255
    mask = synthesis.find_garment(IMAGES[12 * clothing.PULLOVER])
    random = np.random.default_rng(11)
    changed = sum(np.abs(clothing._add_pocket(cloth, mask, random) - cloth) for _ in range(20))
    assert changed[14:27, 5:23].sum() > 0.99 * changed.sum() > 0


@pytest.mark.parametrize(
    ("label", "shows_below"), [(clothing.T_SHIRT, True), (clothing.TROUSER, False), (clothing.DRESS, True)]
)
def test_who_wears_it_shows_above_and_below(label, shows_below):
    cloth, mask = IMAGES[12 * label].astype(np.float32) / 255, synthesis.find_garment(IMAGES[12 * label])
    _, worn = clothing._wear(cloth, mask, label, np.random.default_rng(10))
    assert (worn[:3] > 0.5).any(), "a head, or the trunk"
    assert (worn[-1] > 0.5).any() == shows_below, "legs"
    assert extent(worn)[0] > extent(mask)[0]
