"""What photos show of clothes and the data set does not: hoods, straps, open fronts, who wears them."""

import numpy as np
import pytest

from fmnist import synthesis
from fmnist.synthesis import clothing
from tests.synthesis.garments import IMAGES, extent


def test_a_hood_stands_above_the_neck_and_a_strap_above_the_bag():
    random = np.random.default_rng(8)
    for label, add in ((clothing.PULLOVER, clothing._add_hood), (clothing.BAG, clothing._add_strap)):
        cloth, mask = (
            IMAGES[12 * label].astype(np.float32) / 255,
            synthesis.threshold_garment(IMAGES[12 * label]),
        )
        for _ in range(20):
            more, larger = add(cloth, mask, random)
            assert more.shape == larger.shape
            below = larger[-len(mask) :]
            np.testing.assert_array_equal(below[mask > 0.5], mask[mask > 0.5])  # nothing of it is lost
            assert extent(larger)[0] > extent(mask)[0]


def test_a_front_opens_in_the_middle():
    cloth = IMAGES[12 * clothing.COAT].astype(np.float32) / 255
    mask = synthesis.threshold_garment(IMAGES[12 * clothing.COAT])
    opened = clothing._open_front(cloth, mask, np.random.default_rng(9))
    changed = np.abs(opened - cloth).sum(axis=0)
    assert changed[10:18].sum() > 0.9 * changed.sum(), "a line in the middle"
    assert opened.shape == cloth.shape and opened.min() >= 0 and opened.max() <= 1


def test_a_pocket_lies_in_the_lower_middle_of_a_pullover():
    cloth = IMAGES[12 * clothing.PULLOVER].astype(np.float32) / 255
    mask = synthesis.threshold_garment(IMAGES[12 * clothing.PULLOVER])
    random = np.random.default_rng(11)
    changed = sum(np.abs(clothing._add_pocket(cloth, mask, random) - cloth) for _ in range(20))
    assert changed[14:27, 5:23].sum() > 0.99 * changed.sum() > 0


@pytest.mark.parametrize(
    ("label", "shows_below"), [(clothing.T_SHIRT, True), (clothing.TROUSER, False), (clothing.DRESS, True)]
)
def test_who_wears_it_shows_above_and_below(label, shows_below):
    cloth, mask = IMAGES[12 * label].astype(np.float32) / 255, synthesis.threshold_garment(IMAGES[12 * label])
    _, worn = clothing._wear(cloth, mask, label, np.random.default_rng(10))
    assert (worn[:3] > 0.5).any(), "a head, or the trunk"
    assert (worn[-1] > 0.5).any() == shows_below, "legs"
    assert extent(worn)[0] > extent(mask)[0]
