"""Fixtures of the tests of the command line."""

import pytest
from PIL import Image

from fmnist.pictures.samples import draw_samples


@pytest.fixture
def pictures(tmp_path):
    """A sneaker, a bag and a file that is no picture."""
    for index, name in ((7, "sneaker.png"), (8, "bag.png")):
        Image.fromarray(draw_samples()[index]).save(tmp_path / name)
    (tmp_path / "notes.txt").write_text("not a picture")
    return tmp_path
