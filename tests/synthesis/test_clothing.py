"""What photos show of clothes and the data set does not: hoods, straps, open fronts, who wears them."""

import numpy as np
import pytest

from fmnist import synthesis
from fmnist.synthesis import clothing
from tests.synthesis.garments import IMAGES, extent

DRAWS = 300


def show(label):
    """A garment and its mask, and what many draws make of it where no sleeve is spread, as cloth and mask."""
    cloth = IMAGES[12 * label].astype(np.float32) / 255
    mask, random = synthesis.threshold_garment(IMAGES[12 * label]), np.random.default_rng(8)
    shown = [clothing.show_clothes(cloth, mask, label, random) for _ in range(DRAWS)]
    return cloth, mask, [(more, larger) for more, larger in shown if more.shape[1] == cloth.shape[1]]


@pytest.mark.parametrize(("label", "share"), [(clothing.PULLOVER, 0.3), (clothing.BAG, 0.3)])
def test_a_hood_stands_above_the_neck_and_a_strap_above_the_bag(label, share):
    _, mask, shown = show(label)
    added = [(more, larger) for more, larger in shown if (larger[-len(mask) :] >= mask).all()]
    added = [(more, larger) for more, larger in added if len(larger) > len(mask)]
    assert len(added) / len(shown) == pytest.approx(share, abs=0.08)
    for more, larger in added:
        assert more.shape == larger.shape
        below = larger[-len(mask) :]
        np.testing.assert_array_equal(below[mask > 0.5], mask[mask > 0.5])  # nothing of it is lost
        assert extent(larger)[0] > extent(mask)[0]


def test_a_front_opens_in_the_middle():
    cloth, mask, shown = show(clothing.COAT)
    opened = [more for more, larger in shown if larger is mask and more is not cloth]
    assert len(opened) > DRAWS / 10
    for more in opened:
        assert more.shape == cloth.shape and more.min() >= 0 and more.max() <= 1
    changed = sum(np.abs(more - cloth) for more in opened).sum(axis=0)
    assert changed[10:18].sum() > 0.9 * changed.sum() > 0, "a line in the middle"


def test_a_pocket_lies_in_the_lower_middle_of_a_pullover():
    cloth, mask, shown = show(clothing.PULLOVER)
    hooded = [more[-len(mask) :] for more, larger in shown if (larger[-len(mask) :] >= mask).all()]
    changed = sum(np.abs(more - cloth) for more in hooded)[8:]  # below the hood
    assert changed[6:19, 5:23].sum() > 0.99 * changed.sum() > 0


@pytest.mark.parametrize(
    ("label", "shows_below"), [(clothing.T_SHIRT, True), (clothing.TROUSER, False), (clothing.DRESS, True)]
)
def test_who_wears_it_shows_above_and_below(label, shows_below):
    _, mask, shown = show(label)
    worn = [larger for _, larger in shown if len(larger) > len(mask)]
    assert len(worn) / len(shown) == pytest.approx(0.06, abs=0.03)
    for larger in worn:
        assert (larger[:3] > 0.5).any(), "a head, or the trunk"
        assert (larger[-1] > 0.5).any() == shows_below, "legs"
        assert extent(larger)[0] > extent(mask)[0]
