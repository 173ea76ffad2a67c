"""The contact sheet: what comes first, and where it may not be written."""

import numpy as np
import pytest

from fmnist import photos
from fmnist.answers import Answers
from fmnist.errors import DataError
from fmnist.photos import LabelledPhoto
from tests.photos.scenes import draw_trousers, sure


def test_wrong_answers_lead_the_sheet(folder):
    listed = [LabelledPhoto(folder / "a.png", 1, "white"), LabelledPhoto(folder / "b.jpg", 1, "white")]
    probabilities = np.array([sure(1, 0.9), sure(3, 0.5)])
    image = np.zeros((2, 28, 28), np.uint8)
    image[1] = 200  # of the wrong one
    measurement = photos.Measurement(
        listed,
        [draw_trousers()] * 2,
        {"automatic": image},
        {"automatic": Answers({"simple": probabilities})},
        views=None,
        left_out=0,
    )
    sheet = np.asarray(photos.draw_sheet(measurement, "simple"))
    first, second = (np.argwhere((sheet == value).all(axis=-1)) for value in (200, 0))
    assert np.median(first[:, 1]) < np.median(second[:, 1])  # letters have grey pixels too


def test_a_sheet_takes_no_other_files_place(tmp_path):
    path = tmp_path / "sheet.png"
    photos.save_sheet(draw_trousers(), path)
    before = path.read_bytes()
    with pytest.raises(DataError, match="exists already"):
        photos.save_sheet(draw_trousers(50), path)
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]
