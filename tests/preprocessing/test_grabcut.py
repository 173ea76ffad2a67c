"""Finding the garment on photo-like scenes, and what it must never do."""

import numpy as np
import pytest

from fmnist.preprocessing import grabcut
from tests.scenes import TROUSER, photograph

TSHIRT = [
    *((60, 60), (100, 40), (140, 40), (180, 60), (215, 110), (185, 130), (170, 110)),
    *((170, 260), (70, 260), (70, 110), (55, 130), (25, 110)),
]


def overlap(found, mask):
    """Intersection over union."""
    found = found > 127
    return (found & (mask > 0)).sum() / (found | (mask > 0)).sum()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("cloth", "ground"), [(60, 200), (200, 60), (235, 190), (40, 80), (120, 125)])
@pytest.mark.parametrize("outline", [TROUSER, TSHIRT])
def test_a_garment_is_found(outline, cloth, ground, seed):
    photo, mask = photograph(outline, cloth, ground, seed)
    assert overlap(grabcut.segment(photo).from_border, mask) > 0.9


@pytest.mark.parametrize(("cloth", "ground"), [(60, 200), (235, 120)])
@pytest.mark.parametrize("outline", [TROUSER, TSHIRT])
def test_a_garment_is_found_otherwise_too(outline, cloth, ground):
    photo, mask = photograph(outline, cloth, ground, seed=1)
    _, *others = grabcut.segment(photo)
    for found in others:
        assert found.shape == mask.shape and overlap(found, mask) > 0.85


def test_the_other_ways_do_not_depend_on_each_other():
    """What lies in the middle and what differs from the border are two things here."""
    photo, _ = photograph([(0, 0), (1, 0), (1, 1)], 60, 200, seed=3)
    photo[100:220, 70:170] = (190, 180, 60)  # in the middle
    photo[0:320, 200:240] = (190, 180, 60)  # and at the border, which so has this colour
    _, middle, differing = grabcut.segment(photo)
    assert middle is not None and (middle[120:200, 90:150] > 127).mean() > 0.9
    assert differing is None or (differing[120:200, 90:150] > 127).mean() < 0.1


def test_a_second_large_part_is_kept_and_a_crumb_is_not():
    shoe = np.array([(60, 80), (110, 80), (110, 250), (60, 250)])
    photo, mask = photograph(shoe, 50, 190, seed=1)
    photo[80:250, 140:190] = photo[80:250, 60:110]
    mask[80:250, 140:190] = 1
    photo[20:26, 20:26] = 30
    found = grabcut.segment(photo).from_border
    assert overlap(found, mask) > 0.9 and not found[15:30, 15:30].any()


def test_a_garment_that_reaches_the_border_is_found():
    photo, mask = photograph([(60, 0), (180, 0), (180, 250), (60, 250)], 60, 200, seed=2)
    assert overlap(grabcut.segment(photo).from_border, mask) > 0.9


def test_the_same_photo_gives_the_same_masks():
    photo, _ = photograph(TSHIRT, 90, 150, seed=5)
    for one, again in zip(grabcut.segment(photo), grabcut.segment(photo), strict=True):
        np.testing.assert_array_equal(one, again)


@pytest.mark.parametrize("shape", [(1, 1), (1, 640), (2, 3), (640, 4), (9, 9)])
def test_any_size_is_survived(shape):
    noise = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    for found in grabcut.segment(noise):
        assert found is None or (found.shape == shape and found.dtype == np.uint8)


def test_an_even_picture_has_no_garment():
    even = np.full((100, 80, 3), 90, np.uint8)
    found = grabcut.segment(even)
    assert found.from_border is None and found.differing is None
