"""Shoes alone, in pairs and from above."""

import numpy as np
import pytest

from fmnist import synthesis
from fmnist.synthesis import footwear
from tests.synthesis.garments import IMAGES, extent


@pytest.mark.parametrize("label", footwear.SHOES)
def test_shoes_are_shown_alone_in_pairs_and_from_above(label):
    shoe = IMAGES[12 * label].astype(np.float32) / 255
    mask = synthesis.threshold_garment(IMAGES[12 * label])
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
