"""Outlines are filled, on the board, on paper and in a mask; the loop of a handle stays open."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from fmnist.preprocessing import Light, Lit, Mask, Masked, Settings, prepare
from fmnist.preprocessing.outline import fill_holes
from tests.scenes import as_picture, bright_box


def test_a_filled_drawing_keeps_its_strokes():
    board = np.zeros((280, 280), np.uint8)
    board[60:220, 100:180] = 255
    assert bright_box(prepare(as_picture(board), drawing=True).image) == (0, 27, 7, 20)


def outline(line, gap=0):
    board = Image.new("L", (280, 280))
    ImageDraw.Draw(board).line([(100, 40), (180, 40), (180, 240), (100, 240), (100, 40 + gap)], 255, line)
    return np.asarray(board)


@pytest.mark.parametrize(("line", "gap"), [(8, 0), (22, 0), (10, 8)])
def test_an_outline_is_recognised_and_filled(line, gap):
    picture = as_picture(outline(line, gap))
    filled = prepare(picture, drawing=True)
    assert filled.image[14, 14] > 240
    assert (filled.find(Masked), filled.find(Lit)) == (Masked(Mask.STROKES, outline=True), Lit(Light.FILLED))
    left = prepare(picture, drawing=True, settings=Settings(fill=False))
    assert left.image[14, 14] < 30
    assert (left.find(Masked), left.find(Lit)) == (Masked(Mask.STROKES), Lit(Light.WHITE))


def test_an_outline_on_paper_is_filled_too():
    filled = prepare(as_picture(255 - outline(6)))
    assert filled.image[14, 14] > 240
    assert filled.find(Masked) == Masked(Mask.EVEN_GROUND, outline=True)


def draw_lines(*curves):
    board = Image.new("L", (280, 280))
    for curve in curves:
        ImageDraw.Draw(board).line([*curve, curve[0]], fill=255, width=12)
    return np.asarray(board)


def test_the_loop_of_a_handle_stays_open_unless_it_shall_be_filled():
    body = (30, 120), (250, 120), (250, 250), (30, 250)
    handle = (100, 120), (110, 50), (170, 50), (180, 120)
    bag = as_picture(draw_lines(body, handle))
    image = prepare(bag, drawing=True).image
    assert image[20, 14] == 255 and image[8, 14] < 10
    assert prepare(bag, drawing=True, settings=Settings(fill=True)).image[8, 14] == 255


@pytest.mark.parametrize(
    "part",
    [
        [(100, 130), (105, 30), (175, 30), (180, 130)],  # a bodice above a skirt
        [(30, 130), (60, 30), (220, 30), (250, 130)],  # a chest above a stripe
    ],
)
def test_what_lies_above_a_line_is_filled_on_other_garments(part):
    (left, _), _, _, (right, _) = part
    below = [(left, 130), (right, 130), (right + 10, 260), (left - 10, 260)]
    image = prepare(as_picture(draw_lines(part, below)), drawing=True).image
    assert image[20, 14] == 255 and image[6, 14] == 255


def test_a_visitor_may_fill_what_looks_filled_already():
    board = np.zeros((280, 280), np.uint8)
    board[40:240, 60:220] = 255
    board[120:160, 120:160] = 0  # a hole too small to be taken for the inside of an outline
    picture = as_picture(board)
    assert prepare(picture, drawing=True).image[14, 14] < 30
    assert prepare(picture, drawing=True, settings=Settings(fill=True)).image[14, 14] > 240


def test_holes_are_filled_up_to_a_share():
    ring = cv2.circle(np.zeros((100, 100), np.uint8), (50, 50), 40, 1, 10)
    cv2.circle(ring, (50, 12), 2, 0, cv2.FILLED)
    filled = fill_holes(ring)
    assert filled[50, 50] == 1 and filled[12, 50] == 1
    partly = fill_holes(ring, largest=0.1)
    assert partly[50, 50] == 0 and partly[12, 50] == 1
