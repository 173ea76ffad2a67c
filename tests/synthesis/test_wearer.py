"""Who wears a garment: what is added, and that the garment stays what it was."""

import numpy as np
import pytest

from fmnist.synthesis import clothing, footwear, wearer
from tests.synthesis.garments import extent, take

DRAWS = 60


def wear(label):
    """A garment and its mask, and what many draws make of it, as cloth, mask and own."""
    (cloth, mask), random = take(label), np.random.default_rng(4)
    put_on = wearer.wear_shoe if label in footwear.SHOES else wearer.wear_clothes
    return cloth, mask, [put_on(cloth, mask, label, random) for _ in range(DRAWS)]


@pytest.mark.parametrize("label", range(10))
def test_somebody_is_added_and_the_garment_stays(label):
    cloth, mask, worn = wear(label)
    before = np.sort(cloth[mask > 0.5])
    for more, larger, own in worn:
        assert more.shape == larger.shape == own.shape
        assert all(layer.dtype == np.float32 for layer in (more, larger, own))
        for layer in (larger, own):
            assert layer.min() >= 0 and layer.max() <= 1 + 1e-6
        others = (larger > 0.5) & (own < 0.5)
        assert others.sum() > 5 and extent(larger)[0] > extent(mask)[0]
        kept = more[(larger > 0.5) & (own > 0.5)]
        assert 0.4 * len(before) < len(kept)
        assert np.isin(kept.round(4), before.round(4)).mean() > 0.8  # the cloth itself, but for its soft rim


@pytest.mark.parametrize(("label", "shows_below"), [(clothing.T_SHIRT, True), (clothing.TROUSER, False)])
def test_tops_show_heads_and_legs_and_trousers_the_upper_body(label, shows_below):
    _, mask, worn = wear(label)
    for _, larger, own in worn:
        rows = np.flatnonzero((own * larger > 0.5).any(axis=1))
        others = larger * (1 - own) > 0.5
        assert others[: rows[0]].any(), "head, neck or trunk"
        legs = others[rows[-1] + 1 :].sum()
        assert legs > 5 if shows_below else legs < 0.3 * mask.sum(), "legs, or just shoes"


def test_half_and_whole_figures_are_shown():
    _, mask, worn = wear(clothing.T_SHIRT)
    heights = np.array([extent(larger)[0] / extent(mask)[0] for _, larger, _ in worn])
    assert heights.min() < 1.5 and heights.max() > 2.2


@pytest.mark.parametrize("label", footwear.SHOES)
def test_a_leg_rises_from_the_heel_of_a_shoe(label):
    for mirrored in (False, True):
        cloth, mask = (part[:, ::-1] if mirrored else part for part in take(label))
        random = np.random.default_rng(2)
        _, larger, own = wearer.wear_shoe(cloth, mask, label, random)
        leg = np.flatnonzero(larger[1] * (1 - own[1]) > 0.5)
        shoe = np.flatnonzero((mask > 0.5).any(axis=0))
        heel_is_left = mask[:, : shoe.mean().astype(int)].any(axis=1).argmax() < (
            mask[:, shoe.mean().astype(int) :].any(axis=1).argmax()
        )
        assert (leg.mean() < larger.shape[1] / 2) == heel_is_left


def test_something_too_small_to_wear_is_left_alone():
    mask = np.zeros((28, 28), np.float32)
    mask[10:14, 5:20] = 1
    _, larger, own = wearer.wear_clothes(mask, mask, clothing.T_SHIRT, np.random.default_rng(0))
    assert larger is mask and own.all()
