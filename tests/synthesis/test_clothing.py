"""What photos show of clothes and the data set does not: hoods, straps, open fronts, folds."""

import numpy as np
import pytest

from fmnist.synthesis import clothing
from tests.synthesis.garments import extent, take

DRAWS = 300


def show_all(label):
    """A garment and its mask, and what many draws make of it, as cloth, mask and own."""
    (cloth, mask), random = take(label), np.random.default_rng(8)
    return cloth, mask, [clothing.show_clothes(cloth, mask, label, random) for _ in range(DRAWS)]


def show(label):
    """The same where nobody wears it, no sleeve is spread and no leg moved, as cloth and mask."""
    cloth, mask, shown = show_all(label)
    return cloth, mask, [(more, larger) for more, larger, _ in shown if more.shape[1] == cloth.shape[1]]


@pytest.mark.parametrize(("label", "share"), [(clothing.PULLOVER, 0.3), (clothing.BAG, 0.25)])
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
    ("label", "share"), [(clothing.T_SHIRT, 0.28), (clothing.TROUSER, 0.28), (clothing.BAG, 0.15)]
)
def test_a_quarter_is_worn(label, share):
    _, _, shown = show_all(label)
    worn = np.mean([(own < 0.5).any() for _, _, own in shown])
    assert worn == pytest.approx(share, abs=0.06)


def test_a_folded_top_hides_its_sleeves():
    _, mask, shown = show(clothing.T_SHIRT)
    folded = [larger for _, larger in shown if larger.sum() < mask.sum()]
    assert 0.01 < len(folded) / len(shown) < 0.12
    for larger in folded:
        assert (larger <= mask).all() and extent(larger)[1] < 0.8 * extent(mask)[1]


def test_the_legs_of_trousers_lie_apart():
    _, mask, shown = show_all(clothing.TROUSER)
    apart = [larger for _, larger, own in shown if own.all() and larger.shape[1] > mask.shape[1]]
    assert 0.2 < len(apart) / len(shown) < 0.5
    for larger in apart:
        assert larger.max() <= 1 and extent(larger)[1] >= extent(mask)[1]
        assert extent(larger)[0] == extent(mask)[0]
        soles = np.flatnonzero(larger[-4] > 0.5)
        middle = np.arange(larger.shape[1]) == soles.mean().round()
        assert not (larger[-4] > 0.5)[middle].any(), "a gap between the feet"


def test_a_filled_handle_keeps_the_bag():
    _, mask, shown = show(clothing.BAG)
    filled = [larger for _, larger in shown if larger.shape == mask.shape and (larger > mask).any()]
    assert len(filled) > DRAWS / 10
    for larger in filled:
        assert (larger >= mask).all() and extent(larger) == extent(mask)
