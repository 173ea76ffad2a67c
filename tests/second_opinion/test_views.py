"""What the second opinion is shown of a photo."""

import numpy as np
import pytest

from fmnist.pictures.decoding import decode
from fmnist.preprocessing import AUTOMATIC, Settings, prepare
from fmnist.second_opinion import SIDE, make_views
from tests.app.conftest import png


def photograph_square(settings=AUTOMATIC):
    """A dark blue square to the right in a wide, bright photo, prepared."""
    shot = np.full((100, 200, 3), 250, np.uint8)
    shot[20:80, 120:180] = (20, 40, 120)
    return prepare(decode(png(shot)), settings=settings)


def test_one_view_is_the_middle_of_the_photo_and_the_other_its_garment():
    middle, garment = make_views(photograph_square())
    assert middle.shape == garment.shape == (SIDE, SIDE, 3) and middle.dtype == np.uint8
    # The middle is 70 pixels wide, from 65 to 135, and the square begins at 120; it is 60 pixels high.
    for line, share in ((middle[SIDE // 2, :, 0], 15 / 70), (middle[:, -9, 0], 60 / 70)):
        assert (line < 100).mean() == pytest.approx(share, abs=0.02)
    assert (garment == [20, 40, 120]).all(axis=-1).mean() > 0.99, "its box is trimmed, so it fills the view"


def test_a_box_says_where_to_look_so_the_rest_is_not_shown():
    part, alone = make_views(photograph_square(Settings(box=(0.5, 0.1, 1, 0.9))))
    assert part[SIDE // 2, SIDE // 2].tolist() == alone[SIDE // 2, SIDE // 2].tolist() == [20, 40, 120]
    assert (part[..., 0] < 100).mean() > 0.9
    outside = (part == [250, 250, 250]).all(axis=-1)
    assert (alone[outside] == [127, 127, 127]).all(), "what is not the garment is grey"


def test_without_a_mask_the_garment_may_be_anywhere():
    middle, garment = make_views(photograph_square(Settings(remove_background=False)))
    # All of the photo but a twentieth of each side: 180 pixels, of which the square takes 60.
    assert (garment[SIDE // 2, :, 0] < 100).mean() == pytest.approx(60 / 180, abs=0.02)
    assert (middle[SIDE // 2, :, 0] < 100).mean() == pytest.approx(15 / 70, abs=0.02)
