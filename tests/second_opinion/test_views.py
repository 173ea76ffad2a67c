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


def test_the_photo_fills_its_view_and_the_garment_lies_in_the_middle_of_its_own():
    photo, garment = make_views(photograph_square())
    assert photo.shape == (SIDE, SIDE, 3) and photo.dtype == np.uint8
    row, column = photo[SIDE // 2, :, 0], photo[:, 3 * SIDE // 4, 0]
    for line, share in ((row, 0.3), (column, 0.6)):  # of the photo's width and height, which are stretched
        assert (line < 100).mean() == pytest.approx(share, abs=0.02)
    assert garment[0, 0].tolist() == [250] * 3
    assert garment[SIDE // 2, SIDE // 2].tolist() == [20, 40, 120]
    share = (garment[..., 0] < 100).mean()
    assert 0.75 < share < 0.9, "a margin of a twentieth is left around it"


def test_a_box_says_where_to_look_so_the_rest_is_not_shown():
    part, alone = make_views(photograph_square(Settings(box=(0.5, 0.1, 1, 0.9))))
    assert (part[..., 0] < 100).mean() > 0.75 and part[0, 0].tolist() == [250] * 3
    assert alone[0, 0].tolist() == [127] * 3, "what is not the garment is grey"
    assert alone[SIDE // 2, SIDE // 2].tolist() == [20, 40, 120]


def test_without_a_mask_both_show_everything():
    photo, garment = make_views(photograph_square(Settings(remove_background=False)))
    assert (garment[[0, -1]] == [127, 127, 127]).all(), "twice as wide as high, with grey bars"
    assert (garment[SIDE // 2, :, 0] < 100).mean() == pytest.approx(
        (photo[SIDE // 2, :, 0] < 100).mean(), abs=0.02
    )
