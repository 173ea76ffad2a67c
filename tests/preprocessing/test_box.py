"""A box drawn around the garment: which values are one, and that the garment is looked for inside it only."""

import math

import numpy as np
import pytest

from fmnist.preprocessing import WHOLE_PICTURE, Fitted, Light, Lit, Mask, Masked, Settings, grabcut, prepare
from fmnist.preprocessing.box import find_pixels, read_box
from tests.scenes import SIZE, TROUSER, as_picture, bright_box, photograph, product_shot

LEFT, RIGHT = (0.05, 0.2, 0.47, 0.85), (0.53, 0.2, 0.95, 0.85)
FIRST, SECOND = np.s_[80:250, 25:95], np.s_[80:250, 145:215]


def two_things(cloth=60, ground=200):
    """A photo of two equal things beside each other, uint8 RGB `(320, 240, 3)`."""
    photo, _ = photograph([(25, 80), (94, 80), (94, 249), (25, 249)], cloth, ground, seed=1)
    photo[SECOND] = photo[FIRST]
    return photo


def cut_out(image, box, **settings):
    """The preparation with a box, and where its mask is, bool `(height, width)`."""
    preparation = prepare(as_picture(image), settings=Settings(box=box, **settings))
    return preparation, preparation.stages[1].image.max(axis=-1) > 0


def is_outside(shape, box):
    """True outside a box of shares, bool of this shape."""
    height, width = shape
    left, top, right, bottom = box
    outside = np.ones((height, width), bool)
    outside[round(top * height) : round(bottom * height), round(left * width) : round(right * width)] = False
    return outside


@pytest.mark.parametrize(
    ("values", "box"),
    [
        ([0.1, 0.2, 0.6, 0.9], (0.1, 0.2, 0.6, 0.9)),
        ((0.6, 0.9, 0.1, 0.2), (0.1, 0.2, 0.6, 0.9)),
        ([0.12345, 0, 0.99, 0.5], (0.123, 0.0, 0.99, 0.5)),
        ([-3, 0.004, 10**400, 0.996], WHOLE_PICTURE),
        ([0, -math.inf, 0.5, math.inf], (0.0, 0.0, 0.5, 1.0)),
    ],
)
def test_four_numbers_become_a_box_within_the_picture(values, box):
    assert read_box(values) == box
    assert read_box(read_box(values)) == box


@pytest.mark.parametrize(
    "values",
    [
        *(None, "0123", 7, [], [0, 0, 1], [0, 0, 1, 1, 1], {"left": 0}, [0, 0, 1, "1"], [0, 0, 1, None]),
        *([0, 0, 1, math.nan], [False, False, True, True], [[0], [0], [1], [1]]),
        *([0.5, 0.5, 0.5, 0.5], [0.5, 0.1, 0.52, 0.9], [0.1, 0.5, 0.9, 0.52], [2, 2, 3, 3]),
    ],
)
def test_anything_else_and_a_click_is_no_box(values):
    assert read_box(values) is None


@pytest.mark.parametrize("shape", [(1, 1), (1, 640), (3, 2), (640, 480)])
def test_a_box_covers_a_pixel_at_least_and_all_of_them_are_no_box(shape):
    assert find_pixels(shape, WHOLE_PICTURE) is None and find_pixels(shape, None) is None
    for box in [(0.0, 0.0, 0.04, 0.04), (0.96, 0.96, 1.0, 1.0), (0.4, 0.4, 0.6, 0.6)]:
        covered = find_pixels(shape, box)
        if covered is None:
            assert shape == (1, 1)
        else:
            marked = np.zeros(shape, bool)
            marked[covered] = True
            assert marked.any() and not marked.all()


@pytest.mark.parametrize(("cloth", "ground"), [(60, 200), (200, 60), (120, 125)])
@pytest.mark.parametrize(("box", "chosen"), [(LEFT, FIRST), (RIGHT, SECOND)])
def test_a_box_picks_one_of_two_equal_things(cloth, ground, box, chosen):
    photo = two_things(cloth, ground)
    expected = np.zeros(photo.shape[:2], bool)
    expected[chosen] = True
    preparation, found = cut_out(photo, box)
    assert preparation.find(Masked).mask is Mask.CHOSEN_BOX
    assert (found & expected).sum() > 0.9 * (found | expected).sum()  # all of the soft rim counts as found
    assert not found[is_outside(found.shape, box)].any()
    for stage in preparation.stages[1:3]:
        assert not stage.image[is_outside(found.shape, box)].any()
    both, _ = cut_out(photo, None)
    assert both.find(Masked).mask is Mask.BORDER_COLOURS
    assert [bright_box(each.image)[2:] for each in (both, preparation)] == [(0, 27), (8, 19)]


def test_the_order_of_the_corners_does_not_matter():
    photo = two_things()
    left, top, right, bottom = LEFT
    expected = prepare(as_picture(photo), settings=Settings(box=LEFT)).image
    found = prepare(as_picture(photo), settings=Settings(box=(right, bottom, left, top))).image
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("box", [(0.5, 0.5, 0.5, 0.5), (0.4, 0.4, 0.41, 0.42), WHOLE_PICTURE])
def test_a_tiny_box_and_one_around_everything_are_as_none(box):
    picture = as_picture(two_things())
    found = prepare(picture, settings=Settings(box=box))
    assert found.find(Masked).mask is Mask.BORDER_COLOURS
    np.testing.assert_array_equal(found.image, prepare(picture).image)


def test_a_box_on_bare_ground_counts_as_a_whole():
    bare = (0.05, 0.02, 0.95, 0.15)
    preparation, found = cut_out(two_things(), bare)
    assert preparation.find(Masked).mask is Mask.WHOLE_BOX and not preparation.found_no_garment
    np.testing.assert_array_equal(found, ~is_outside(found.shape, bare))


def test_with_the_background_kept_a_box_is_a_cut_by_hand():
    preparation, found = cut_out(two_things(), LEFT, remove_background=False)
    assert preparation.find(Masked).mask is Mask.WHOLE_BOX
    np.testing.assert_array_equal(found, ~is_outside(found.shape, LEFT))


def two_products():
    """Two things on white: one as in `product_shot`, and a smaller one to its right."""
    shot = product_shot("white", "navy").copy()
    shot[60:220, 230:270] = (120, 20, 20)
    return shot


def test_on_an_even_ground_a_box_chooses_what_is_in_it():
    alone, _ = cut_out(product_shot("white", "navy"), None)
    preparation, found = cut_out(two_products(), (0.1, 0.05, 0.7, 0.8))
    assert preparation.find(Masked).mask is Mask.CHOSEN_BOX
    assert preparation.find(Lit) == alone.find(Lit) and alone.find(Lit).light is Light.DIFFERENCE
    np.testing.assert_array_equal(preparation.image, alone.image)
    other, found = cut_out(two_products(), (0.72, 0.05, 0.95, 0.8))
    rows, columns = np.nonzero(found)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (60, 219, 230, 269)
    assert other.find(Fitted).merged < preparation.find(Fitted).merged


def test_nothing_but_even_ground_in_the_box():
    bare = (0.0, 0.0, 0.25, 0.5)
    preparation, found = cut_out(product_shot("white", "navy"), bare)
    assert preparation.find(Masked).mask is Mask.WHOLE_BOX and preparation.image.any()
    np.testing.assert_array_equal(found, ~is_outside(found.shape, bare))


def test_a_box_takes_a_garment_off_its_wearer_on_an_even_ground():
    """Where the box cuts through what differs from the ground, GrabCut decides by the colours."""
    worn = product_shot("white", "navy").copy()
    worn[5:40, 125:175] = (225, 180, 150)  # head, arms and legs, of one colour
    worn[60:239, 70:100] = worn[60:239, 200:230] = worn[240:390, 110:190] = (225, 180, 150)
    shirt = np.zeros(worn.shape[:2], bool)
    shirt[40:240, 100:200] = True
    _, everything = cut_out(worn, None)
    assert everything[10, 150] and everything[100, 80] and everything[300, 150]
    preparation, found = cut_out(worn, (0.28, 0.08, 0.72, 0.62))
    assert preparation.find(Masked).mask is Mask.CHOSEN_BOX
    assert (found & shirt).sum() > 0.95 * (found | shirt).sum()


def test_transparent_parts_stay_out_of_a_box():
    shot = np.dstack([two_products(), np.zeros((400, 300), np.uint8)])
    shot[40:240, 100:200, 3] = shot[60:220, 230:270, 3] = 255
    preparation, found = cut_out(shot, (0.72, 0.05, 0.95, 0.8))
    assert preparation.find(Masked).mask is Mask.CHOSEN_BOX
    expected = np.zeros((400, 300), bool)
    expected[60:220, 230:270] = True
    np.testing.assert_array_equal(found, expected)
    nothing, found = cut_out(shot, (0.0, 0.7, 0.5, 1.0))
    assert nothing.find(Masked).mask is Mask.WHOLE_BOX


def test_a_box_is_drawn_on_the_turned_picture():
    photo = two_things()
    expected = prepare(as_picture(np.rot90(photo, -1).copy()), settings=Settings(box=(0.2, 0.5, 0.8, 1.0)))
    found = prepare(as_picture(photo), settings=Settings(box=(0.2, 0.5, 0.8, 1.0), turns=1))
    np.testing.assert_array_equal(found.image, expected.image)


def test_a_drawing_and_a_picture_of_the_data_set_know_no_box():
    board = np.zeros((280, 280), np.uint8)
    board[40:240, 60:220] = 255
    for image, drawing in ((board, True), (board[::10, ::10], False)):
        picture = as_picture(image)
        boxed = prepare(picture, drawing, Settings(box=(0.0, 0.0, 0.5, 0.5)))
        np.testing.assert_array_equal(boxed.image, prepare(picture, drawing).image)


def test_the_same_box_gives_the_same_mask_and_any_size_is_survived():
    photo, _ = photograph(TROUSER, 90, 150, seed=5)
    box = np.zeros(SIZE[::-1], np.uint8)
    box[20:300, 60:180] = 255
    np.testing.assert_array_equal(grabcut.segment_box(photo, box), grabcut.segment_box(photo, box))
    random = np.random.default_rng(0)
    for shape in [(1, 2), (1, 640), (2, 3), (640, 4), (9, 9)]:
        noise = random.integers(0, 256, (*shape, 3), dtype=np.uint8)
        for sides in [(0.0, 0.0, 0.04, 0.04), (0.0, 0.0, 1.0, 0.9), (0.1, 0.1, 0.9, 0.9)]:
            preparation, _ = cut_out(noise, sides)
            assert preparation.image.shape == (28, 28)
