"""Backpacks, drawn for want of any in the data set."""

import numpy as np
import pytest

from fmnist.synthesis.backpack import draw_backpack
from fmnist.synthesis.shapes import find_extent


@pytest.mark.parametrize("seed", range(20))
def test_a_backpack_is_one_upright_thing_with_parts(seed):
    cloth, mask = draw_backpack(np.random.default_rng(seed))
    assert cloth.shape == mask.shape and cloth.dtype == mask.dtype == np.float32
    assert cloth.min() >= 0 and cloth.max() <= 1 and mask.min() >= 0 and mask.max() == 1
    top, bottom, left, right = find_extent(mask)
    assert top > 0 and bottom < len(mask) - 1 and left > 0 and right < len(mask) - 1, "nothing is cut off"
    assert bottom - top >= 0.7 * (right - left), "shoulder straps make it broader"
    body = mask[top + 8 : bottom - 8, (left + right) // 2]
    assert (body > 0.9).all()
    assert np.ptp(cloth[mask > 0.9]) > 0.02, "pockets and straps differ from the body"


def test_backpacks_differ_and_the_random_numbers_decide():
    first, again, other = (draw_backpack(np.random.default_rng(seed))[1] for seed in (1, 1, 2))
    assert np.array_equal(first, again) and not np.array_equal(first, other)
