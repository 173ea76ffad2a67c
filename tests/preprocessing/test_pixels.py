"""The frame of a picture."""

from fmnist.preprocessing.pixels import border
from tests.scenes import SIZE


def test_the_border_is_as_wide_as_asked():
    frame = border(SIZE[::-1], 0.1)
    assert frame[31, 120] and not frame[32, 120] and frame[160, 31] and not frame[160, 32]
