"""Drawings on the board: a closed line is filled at any brush width, and what is drawn dark stays dark."""

import numpy as np
import pytest

from fmnist import narration
from fmnist.config import CLASS_NAMES
from fmnist.pictures.decoding import decode
from fmnist.pictures.outlines import draw_outline
from fmnist.preprocessing import Light, Lit, Mask, Masked, Settings, prepare
from tests.preprocessing.boards import (
    DETAIL,
    ERASED,
    area,
    box,
    disc,
    draw_board,
    draw_by_hand,
    draw_in_two_strokes,
    stroke,
    trace,
)
from tests.scenes import as_picture

WIDTHS = (8, 14, 22, 30, 40)


def prepare_board(*marks, **settings):
    return prepare(as_picture(draw_board(*marks)), drawing=True, settings=Settings(**settings))


def is_filled(board):
    return prepare(as_picture(board), drawing=True).find(Masked).outline


def draw_given(garment, width):
    return np.asarray(decode(draw_outline(garment, width)).image.convert("L"))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("draw", [draw_given, draw_by_hand, draw_in_two_strokes])
def test_a_closed_line_is_filled_however_thick(draw, width):
    unfilled = [garment for garment in CLASS_NAMES if not is_filled(draw(garment, width))]
    # With the widest brush a sandal's line leaves hardly anything open, nor an unsteady one of trousers.
    assert set(unfilled) <= ({"sandal", "trouser"} if width == 40 else set())


@pytest.mark.parametrize("width", WIDTHS)
def test_an_open_line_is_not_filled(width):
    horseshoe = stroke([(60, 40), (60, 230), (220, 230), (220, 40)], width)
    crescent = stroke(disc(140, 140, 100)[5:-5], width)
    for line in (horseshoe, crescent):
        assert prepare_board(line).find(Masked) == Masked(Mask.STROKES)


@pytest.mark.parametrize("width", (22, 30, 40))
def test_a_line_with_loose_ends_is_not_filled(width):
    letter = stroke([(40, 250), (140, 30), (240, 250)], width), stroke([(82, 160), (198, 160)], width)
    six = stroke([(190, 30), (120, 90), (90, 170)], width), stroke(disc(140, 190, 55), width)
    for line in (letter, six):
        assert prepare_board(*line).find(Masked) == Masked(Mask.STROKES)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_loop_of_a_handle_stays_open_at_any_width(width):
    handle = stroke([(100, 120), (100, 40), (180, 40), (180, 120)], width)
    bag = prepare_board(stroke(box(30, 120, 250, 250), width), handle)
    assert bag.find(Masked).outline
    assert bag.image[20, 14] == 255 and bag.image[7, 14] < 60


@pytest.mark.parametrize("body", [box(30, 120, 250, 250), box(30, 180, 250, 240)])
def test_the_handle_of_a_bag_drawn_solid_stays_open(body):
    top = body[0][1]
    handle = stroke([(90, top), (95, top - 80), (185, top - 80), (190, top)], 22)
    assert prepare_board(area(body), handle).find(Masked) == Masked(Mask.STROKES)


@pytest.mark.parametrize(
    "holes",
    [
        [disc(140, y, 5) for y in (80, 120, 160, 200)],
        [box(120, 120, 160, 160)],
        [disc(110, 90, 14), disc(170, 90, 14), box(100, 180, 180, 190)],
    ],
    ids=["buttonholes", "pocket", "face"],
)
def test_what_is_erased_from_a_solid_garment_stays_open(holes):
    holed = prepare_board(area(box(70, 30, 210, 250)), *[area(hole, ERASED) for hole in holes])
    assert holed.find(Masked) == Masked(Mask.STROKES)
    assert holed.stages[2].image[tuple(np.mean(holes[0][:-1], axis=0).astype(int)[::-1])] == 0


@pytest.mark.parametrize("strap", [10, 16, 22])
def test_the_openings_between_straps_on_a_solid_sole_stay_open(strap):
    sole = area([(20, 200), (80, 205), (170, 180), (255, 150), (258, 180), (230, 235), (20, 235)])
    straps = (
        stroke([(40, 205), (80, 130), (120, 190)], strap),
        stroke([(110, 190), (150, 110), (190, 170)], strap),
        stroke([(200, 170), (200, 80), (255, 75), (255, 160)], strap),
    )
    assert prepare_board(sole, *straps).find(Masked) == Masked(Mask.STROKES)


def test_gaps_between_scribbled_strokes_are_no_outline():
    zigzag = [((40, 220)[row % 2], 40 + 20 * row) for row in range(10)]
    assert prepare_board(stroke(zigzag, 14)).find(Masked) == Masked(Mask.STROKES)


@pytest.mark.parametrize("width", WIDTHS)
def test_trousers_keep_the_gap_between_the_legs(width):
    image = prepare(as_picture(draw_given("trouser", width)), drawing=True).image
    assert image[24, 2:26].min() < 120 and image[24, 9] > 250 and image[24, 18] > 250


BUTTONS = [area(disc(140, y, 9), DETAIL) for y in (100, 145, 190)]


@pytest.mark.parametrize("width", WIDTHS[:4])
def test_dark_buttons_stay_on_an_outline_that_is_filled(width):
    with_buttons = prepare_board(*trace("pullover", width), *BUTTONS)
    without = prepare_board(*trace("pullover", width))
    assert with_buttons.find(Lit) == Lit(Light.FILLED, detailed=True)
    assert without.find(Lit) == Lit(Light.FILLED)
    middle = with_buttons.image[:, 14]
    assert [middle[row - 1 : row + 2].min() < 110 for row in (9, 14, 19)] == [True] * 3
    darker = without.image.astype(int) - with_buttons.image
    assert (darker > 60).sum() <= 3 * 9, "only the buttons"
    assert with_buttons.image[12, 14] > 200 and with_buttons.image[12, 9] == 255
    drawn = with_buttons.stages[2].image
    assert drawn[145, 140] == DETAIL and drawn[145, 120] == 255


@pytest.mark.parametrize("width", WIDTHS[:4])
def test_laces_across_the_line_of_a_shoe_do_not_break_it(width):
    laces = [
        stroke([(x, 95 - (x - 130) * 0.6), (x + 18, 140 - (x - 130) * 0.6)], 8, DETAIL)
        for x in (120, 140, 160)
    ]
    shoe = prepare_board(*trace("sneaker", width), *laces)
    plain = prepare_board(*trace("sneaker", width))
    assert shoe.find(Lit) == Lit(Light.FILLED, detailed=True)
    assert shoe.stages[2].image[118, 149] == DETAIL
    assert (plain.image.astype(int) - shoe.image > 60).sum() >= 6
    np.testing.assert_allclose(shoe.image[20:], plain.image[20:], atol=5)


@pytest.mark.parametrize("width", [14, 30])
def test_a_dark_line_from_top_to_bottom_parts_a_garment_without_emptying_it(width):
    closed = prepare_board(*trace("pullover", width), stroke([(140, 14), (140, 266)], 14, DETAIL))
    assert closed.find(Masked).outline
    assert closed.image[14, 10] == 255 and closed.image[14, 13:15].min() < 120


@pytest.mark.parametrize(("grey", "darkest"), [(DETAIL, DETAIL), (ERASED, 0)])
def test_a_face_keeps_its_eyes(grey, darkest):
    eyes = area(disc(100, 110, 16), grey), area(disc(180, 110, 16), grey)
    face = prepare_board(area(disc(140, 140, 120)), *eyes)
    assert face.find(Lit) == Lit(Light.WHITE, detailed=grey == DETAIL)
    assert face.stages[2].image[110, 100] == darkest
    assert face.image[10:12, 8:11].min() < darkest + 20 and face.image[14, 14] == 255


def test_a_line_drawn_dark_is_filled_and_stays_dark():
    dress = prepare_board(*[stroke(points, width, DETAIL) for points, width, _ in trace("dress", 14)])
    assert dress.find(Lit) == Lit(Light.FILLED, detailed=True)
    assert dress.image[14, 14] == 255 and dress.stages[2].image[155, 103] == DETAIL


def test_dark_ink_outside_is_part_of_the_garment():
    image = prepare_board(*trace("dress", 14), area(disc(40, 140, 10), DETAIL)).image
    assert 30 <= image[10:18, :10].max() <= 60


def test_dark_details_are_said():
    said = narration.describe_stage(prepare_board(*trace("pullover", 22), *BUTTONS).find(Lit))
    assert said.endswith("as in the data set. What you drew dark stays dark.")
    assert "dark" not in narration.describe_stage(prepare_board(*trace("pullover", 22)).find(Lit))


@pytest.mark.parametrize("seed", range(8))
def test_white_strokes_alone_leave_no_dark_details(seed):
    random = np.random.default_rng(seed)
    marks = [stroke(random.integers(0, 280, (6, 2)), int(random.integers(8, 41))) for _ in range(3)]
    board = draw_board(*marks)
    left = prepare(as_picture(board), drawing=True, settings=Settings(fill=False))
    assert left.find(Lit) == Lit(Light.WHITE)
    np.testing.assert_array_equal(left.stages[2].image, board)
