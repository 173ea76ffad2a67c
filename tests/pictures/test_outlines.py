"""The outlines to start a drawing from: closed, inside the board, one for each class."""

import cv2
import numpy as np
import pytest

from fmnist.config import CLASS_NAMES
from fmnist.pictures.decoding import decode
from fmnist.pictures.outlines import BOARD_SIZE, OUTLINES, draw_outline
from fmnist.preprocessing import prepare
from tests.conftest import find_model, predict

SYMMETRIC = ("t-shirt", "trouser", "pullover", "dress", "coat", "shirt", "bag")


def drawn(garment, width=22):
    """The outline as bool `(280, 280)`."""
    return np.asarray(decode(draw_outline(garment, width)).image.convert("L")) > 127


def silhouette(garment, width=22):
    """All that ground poured in at a corner does not reach."""
    picture = drawn(garment, width).astype(np.uint8)
    cv2.floodFill(picture, None, (0, 0), 2)
    return picture != 2


def test_there_is_one_for_each_class_in_their_order():
    assert tuple(OUTLINES) == tuple(CLASS_NAMES)


@pytest.mark.parametrize("garment", CLASS_NAMES)
def test_an_outline_fills_the_board_and_leaves_room_for_half_the_widest_brush(garment):
    points = np.concatenate([np.array(curve) for curve in OUTLINES[garment]])
    assert points.min() >= 20 and points.max() <= BOARD_SIZE - 20
    assert np.ptp(points, axis=0).max() == 240


@pytest.mark.parametrize("width", [8, 22])
@pytest.mark.parametrize("garment", CLASS_NAMES)
def test_an_outline_is_closed_and_hollow(garment, width):
    line, whole = drawn(garment, width), silhouette(garment, width)
    inside = whole & ~line
    assert inside.sum() > 0.15 * whole.sum()
    assert not whole[0].any() and not whole[:, 0].any()


@pytest.mark.parametrize("garment", SYMMETRIC)
def test_what_hangs_straight_is_its_own_mirror_image(garment):
    picture = drawn(garment)
    assert (picture != picture[:, ::-1]).mean() < 0.01  # single pixels of the rim


@pytest.mark.parametrize(
    ("garment", "x", "y"), [("trouser", 140, 240), ("pullover", 140, 258), ("sandal", 190, 215)]
)
def test_the_usual_brush_leaves_gaps_open(garment, x, y):
    whole = silhouette(garment)
    assert not whole[y, x]
    assert whole[y, :x].any() and whole[y, x:].any()


def test_silhouettes_tell_the_garments_apart():
    shapes = [silhouette(garment) for garment in CLASS_NAMES]
    for index, one in enumerate(shapes):
        for other in shapes[:index]:
            assert (one & other).sum() / (one | other).sum() < 0.9


@pytest.mark.parametrize("garment", CLASS_NAMES)
def test_an_outline_can_be_prepared_like_any_drawing(garment):
    image = prepare(decode(draw_outline(garment, 22)), drawing=True).image
    rows, columns = np.nonzero(image > 60)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 28


def test_a_model_that_learned_from_imitations_names_what_is_drawn_for_it():
    images = [prepare(decode(draw_outline(garment, 22)), drawing=True).image for garment in CLASS_NAMES]
    model = find_model(lambda config: config.imitated_share)
    answers = predict(model.name, np.stack(images)).argmax(axis=1)
    mistaken = {CLASS_NAMES[index] for index in np.flatnonzero(answers != np.arange(10))}
    # Their plain silhouettes are nearly a pullover's, a sandal's is nearly an ankle boot's.
    assert mistaken <= {"coat", "shirt", "sandal"} and len(mistaken) <= 2
