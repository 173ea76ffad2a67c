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
    assert overlap(grabcut.segment(photo), mask) > 0.9


def test_a_second_large_part_is_kept_and_a_crumb_is_not():
    shoe = np.array([(60, 80), (110, 80), (110, 250), (60, 250)])
    photo, mask = photograph(shoe, 50, 190, seed=1)
    photo[80:250, 140:190] = photo[80:250, 60:110]
    mask[80:250, 140:190] = 1
    photo[20:26, 20:26] = 30
    found = grabcut.segment(photo)
    assert overlap(found, mask) > 0.9 and not found[15:30, 15:30].any()


def test_a_garment_that_reaches_the_border_is_found():
    photo, mask = photograph([(60, 0), (180, 0), (180, 250), (60, 250)], 60, 200, seed=2)
    assert overlap(grabcut.segment(photo), mask) > 0.9


def test_the_same_photo_gives_the_same_mask():
    photo, _ = photograph(TSHIRT, 90, 150, seed=5)
    np.testing.assert_array_equal(grabcut.segment(photo), grabcut.segment(photo))


@pytest.mark.parametrize("shape", [(1, 1), (1, 640), (2, 3), (640, 4), (9, 9)])
def test_any_size_is_survived(shape):
    noise = np.random.default_rng(0).integers(0, 256, (*shape, 3), dtype=np.uint8)
    found = grabcut.segment(noise)
    assert found is None or (found.shape == shape and found.dtype == np.uint8)


def test_an_even_picture_has_no_garment():
    assert grabcut.segment(np.full((100, 80, 3), 90, np.uint8)) is None
