"""The card to share, read back: its size, its pictures, its chips, and that no text leaves its place."""

import io
import itertools

import numpy as np
import pytest
from PIL import Image, ImageColor

from fmnist.config import CLASS_NAMES
from fmnist.pictures.card import CARD_SIZE, Chip, draw_card
from fmnist.pictures.samples import draw_samples

BOOT = draw_samples()[9]
PHOTO = np.full((300, 200, 3), (200, 120, 40), np.uint8)
LOOKS = [
    ("simple", "#0072B2", "circle"),
    ("augmented", "#D55E00", "square"),
    ("robust", "#009E73", "diamond"),
    ("wide", "#CC79A7", "triangle-up"),
    ("deep", "#E69F00", "cross"),
    ("old", "#56B4E9", "star"),
]
GROUND = (0x0B, 0x0D, 0x12)
PERCENTAGES, PICTURES, PROJECT = np.s_[204:512, 1060:1152], np.s_[204:512, 48:744], np.s_[560:630, 48:690]


def make_chips(count, class_name="ankle boot", probability=0.5):
    return [Chip(*look, class_name, probability) for look in LOOKS[:count]]


def draw(chips, headline="ankle boot", picture=PHOTO, image=BOOT, address="fashion.example"):
    """The card as uint8 `(630, 1200, 3)`."""
    card = Image.open(io.BytesIO(draw_card(picture, image, headline, chips, address)))
    assert card.format == "PNG" and card.mode == "RGB" and card.size == CARD_SIZE == (1200, 630)
    return np.asarray(card)


def is_colour(card, colour):
    return (card == ImageColor.getrgb(colour)).all(axis=-1)


def test_the_image_is_there_pixel_by_pixel():
    card = draw(make_chips(3))
    enlarged = card[204:512, 436:744]
    assert (enlarged == enlarged[..., :1]).all()
    np.testing.assert_array_equal(enlarged[5::11, 5::11, 0], BOOT)
    np.testing.assert_array_equal(enlarged[..., 0], np.kron(BOOT, np.ones((11, 11), np.uint8)))


@pytest.mark.parametrize(
    "picture", [PHOTO, BOOT, PHOTO[:, :40], PHOTO[:1]], ids=["photo", "28", "tall", "flat"]
)
def test_the_picture_keeps_its_shape(picture):
    card = draw(make_chips(1), picture=picture)
    shown = card[204:512, 48:356]
    if picture is BOOT:
        np.testing.assert_array_equal(shown[5::11, 5::11, 0], BOOT)
        return
    ochre = (np.abs(shown.astype(int) - PHOTO[0, 0]) < 3).all(axis=-1)
    rows, columns = np.nonzero(ochre)
    height, width = picture.shape[:2]
    scale = 308 / max(height, width)
    assert np.ptp(rows) + 1 == pytest.approx(max(1, scale * height), abs=2)
    assert np.ptp(columns) + 1 == pytest.approx(scale * width, abs=2)


@pytest.mark.parametrize("count", range(1, 7))
def test_each_model_has_a_chip_with_its_marker_and_a_bar(count):
    card = draw(make_chips(count))
    heights = []
    for _, colour, _ in LOOKS[:count]:
        rows, columns = np.nonzero(is_colour(card, colour))
        marker = columns < 830
        bar = columns[rows == rows.max() - 1]
        assert marker.sum() > 50 and columns.min() > 788
        assert np.ptp(bar) == pytest.approx(0.5 * (1152 - 788 - 28), abs=6), "half as long as all of it"
        heights.append((rows.min(), rows.max()))
    assert all(above[1] < below[0] for above, below in itertools.pairwise(heights))
    for _, colour, _ in LOOKS[count:]:
        assert not is_colour(card, colour).any()


def test_markers_are_told_apart_by_their_shape():
    shapes = []
    for _, _, symbol in LOOKS:
        card = draw([Chip("model", "#0072B2", symbol, "bag", 0.0)])
        shapes.append(is_colour(card, "#0072B2")[300:380, 795:836])
    for number, one in enumerate(shapes):
        assert one.sum() > 100
        for other in shapes[:number]:
            assert (one & other).sum() < 0.93 * (one | other).sum()


@pytest.mark.parametrize("count", [1, 3, 6])
def test_long_text_stays_in_its_place(count):
    usual = draw(make_chips(count))
    long = "W" * 90
    chips = [Chip(long, chip.colour, chip.symbol, long, chip.probability) for chip in make_chips(count)]
    card = draw(chips, headline=f"{long} {long}", address=f"https://{long}{long}")
    for place in (PERCENTAGES, PICTURES, PROJECT):
        np.testing.assert_array_equal(card[place], usual[place])
    assert (card[:, :44] == GROUND).all() and (card[:, 1156:] == GROUND).all()
    assert (card[:40] == GROUND).all() and (card[610:] == GROUND).all()
    assert (card[:190] != GROUND).any(axis=-1).any(axis=1).sum() > 25, "the headline is still large"


@pytest.mark.parametrize("headline", [*CLASS_NAMES, "probably none of the ten", "the models disagree"])
def test_the_headline_is_large_and_in_capitals(headline):
    card = draw(make_chips(3), headline=headline)
    rows, columns = np.nonzero((card[:195] > 200).all(axis=-1))
    assert rows.min() > 40 and columns.min() >= 48 and columns.max() <= 1152
    assert np.ptp(rows) > (85 if headline in CLASS_NAMES else 45)
    np.testing.assert_array_equal(card, draw(make_chips(3), headline=headline.upper()))


def test_what_a_chip_says_is_written_there():
    one, other = draw(make_chips(2)), draw(make_chips(2, class_name="dress"))
    changed = (one != other).any(axis=-1)
    assert changed.any() and not changed[:, :830].any() and not changed[:, 1060:].any()
    surer = (one != draw(make_chips(2, probability=0.51))).any(axis=-1)
    assert surer[:, 1060:].any() and not surer[:200].any()


def test_without_an_address_there_is_none():
    assert (draw(make_chips(1), address="")[560:, 700:] == GROUND).all()
