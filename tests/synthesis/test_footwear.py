"""Shoes alone, in pairs and from above."""

import numpy as np
import pytest

from fmnist.synthesis import footwear
from tests.synthesis.garments import extent, take


@pytest.mark.parametrize("label", footwear.SHOES)
def test_shoes_are_shown_alone_in_pairs_and_from_above(label):
    (shoe, mask), random = take(label), np.random.default_rng(7)
    shown = [footwear.show_shoes(shoe, mask, label, random) for _ in range(200)]
    for cloth, outline, own in shown:
        assert cloth.shape == outline.shape == own.shape and outline.max() > 0.9
        assert outline.min() > -1e-5 and outline.max() < 1 + 1e-5 and np.isfinite(cloth).all()
    alone = np.mean([outline.shape == mask.shape and (outline >= mask).all() for _, outline, _ in shown])
    assert 0.2 < alone < 0.45
    worn = np.mean([(own[outline > 0.5] < 0.5).any() for _, outline, own in shown])
    assert 0.05 < worn < 0.25
    # From above a pair is about as long as it is broad; a shoe from the side is much broader than high.
    tall = np.mean([np.divide(*extent(outline)) > 0.8 for _, outline, _ in shown])
    assert tall > 0.25


def test_the_openings_of_some_sandals_show_no_ground():
    (shoe, mask), random = take(footwear.SANDAL), np.random.default_rng(9)
    mask[:, 12:14] = 0  # an opening
    shown = [footwear.show_shoes(shoe, mask, footwear.SANDAL, random)[1] for _ in range(100)]
    alone = [outline for outline in shown if outline.shape == mask.shape and (outline >= mask).all()]
    assert 0.3 < np.mean([(outline > mask).any() for outline in alone]) < 0.95
