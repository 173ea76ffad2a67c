"""What the second opinion is shown of a photo."""

import cv2
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
    # The middle is 80 pixels wide, from 60 to 140, and the square begins at 120; it is 60 pixels high.
    for line, share in ((middle[SIDE // 2, :, 0], 20 / 80), (middle[:, -9, 0], 60 / 80)):
        assert (line < 100).mean() == pytest.approx(share, abs=0.02)
    assert (garment == [20, 40, 120]).all(axis=-1).mean() > 0.99, "its box is trimmed, so it fills the view"


def test_a_box_says_where_to_look_so_the_rest_is_not_shown():
    shot = np.full((100, 200, 3), 250, np.uint8)
    cv2.circle(shot, (150, 50), 30, (20, 40, 120), -1)
    part, alone = make_views(prepare(decode(png(shot)), settings=Settings(box=(0.5, 0.1, 1, 0.9))))
    middle, corner = (SIDE // 2, SIDE // 2), (9, 9)
    assert part[middle].tolist() == alone[middle].tolist() == [20, 40, 120]
    assert part[corner].tolist() == [250] * 3
    assert alone[corner].tolist() == [127] * 3, "what is not the garment is grey"
    # A disc fills pi/4 of the box around it.
    assert (part[..., 0] < 100).mean() == pytest.approx(np.pi / 4, abs=0.05)


def test_without_a_mask_the_garment_may_be_anywhere():
    middle, garment = make_views(photograph_square(Settings(remove_background=False)))
    # All of the photo but a twentieth of each side: 180 pixels, of which the square takes 60.
    assert (garment[SIDE // 2, :, 0] < 100).mean() == pytest.approx(60 / 180, abs=0.02)
    assert (middle[SIDE // 2, :, 0] < 100).mean() == pytest.approx(20 / 80, abs=0.02)
