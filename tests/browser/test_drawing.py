"""The drawing board in a real browser: its tools, undo, clear, outlines, and a finger."""

import io
import re
import time

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from fmnist.pictures.outlines import BOARD_SIZE, draw_outline
from tests.browser.conftest import stroke, verdict, wait_until_idle

pytestmark = pytest.mark.browser
TOOLS = {  # and how each one's hint begins
    "Freehand": "Hold the mouse button down",
    "Line": "Press where the line begins",
    "Rectangle": "Press at one corner",
    "Polygon": "Click the corners",
}
EMPTY = "Draw a garment"
PATIENCE = 60_000  # milliseconds


def open_board(open_page, address="Classify?source=Draw", **options):
    page = open_page(address, **options)
    page.locator("canvas").last.wait_for()
    return page


def expect_visible(locator):
    expect(locator).to_be_visible(timeout=PATIENCE)


def choose(page, label, then):
    """Chooses by a button and waits for what it brings: the page may rest for a moment before it reacts."""
    page.get_by_role("radio", name=label, exact=True).or_(
        page.get_by_role("button", name=label, exact=True)
    ).first.click()
    expect_visible(then)
    wait_until_idle(page)


def choose_tool(page, tool):
    choose(page, tool, page.get_by_text(TOOLS[tool]))


def ours(page, key):
    """One of the two buttons below the board: the component has others, under the mouse."""
    return page.locator(f".st-key-{key} button")


def start_from(page, garment):
    box = page.get_by_role("combobox", name="Start from")
    box.click()
    box.fill(garment)
    page.get_by_role("option", name=garment, exact=True).click()
    wait_until_idle(page)


def white(page):
    """What is white on the board right now, as bool `(280, 280)`."""
    # The old one, hidden, is still there for a moment when a new one has come.
    pixels = (
        page.locator("canvas.dc-canvas.lower-canvas")
        .locator("visible=true")
        .evaluate(
            """canvas => {
            const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            let bits = '';
            for (let i = 0; i < data.length; i += 4) bits += data[i] > 127 ? '1' : '0';
            return bits;
        }"""
        )
    )
    return np.array(list(pixels)).reshape(BOARD_SIZE, BOARD_SIZE) == "1"


def same(one, other):
    """Whether two boards show the same, but for single pixels at the rim of a stroke."""
    return (one != other).mean() < 0.01


def outline(garment):
    """The outline as Python draws it, as bool `(280, 280)`."""
    return np.asarray(Image.open(io.BytesIO(draw_outline(garment, 22)))) > 127


def until(page, condition):
    """Waits for something of the board, which reports a little after the mouse has come to rest."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not condition():
        assert time.monotonic() < deadline, "it did not happen within a minute"
        page.wait_for_timeout(100)


def seen(page):
    """The 28x28 picture the models are given, as its address in the page; empty while there is none."""
    wait_until_idle(page)
    picture = page.locator("img[alt^='28 x 28']").first
    return picture.get_attribute("src") if picture.count() else ""


def draw(page, tool, left):
    """Draws something 60 pixels wide and 180 high with the tool chosen, and waits for an answer to it."""
    before = seen(page)
    expect(page.locator("canvas.upper-canvas")).to_have_count(1, timeout=PATIENCE)
    if tool == "Polygon":
        board = page.locator("canvas").last
        corners = [(left, 40), (left + 60, 40), (left + 60, 220), (left, 220), (left, 40)]
        for x, y in corners:  # the first once more closes it
            board.click(position={"x": x, "y": y})
    else:
        stroke(page, (left, 40), (left + 60, 220))
    until(page, lambda: seen(page) not in ("", before))
    expect_visible(verdict(page))


@pytest.mark.parametrize("tool", TOOLS)
def test_each_tool_draws_and_every_shape_is_answered(open_page, tool):
    page = open_board(open_page)
    expect_visible(page.get_by_text(EMPTY))
    choose_tool(page, tool)
    draw(page, tool, 40)
    first = white(page)
    assert first[130, 70] and not first[130, 210]
    assert first[205, 45] == (tool in ("Rectangle", "Polygon")), "shapes are filled, lines are not"
    draw(page, tool, 180)
    both = white(page)
    assert both[130, 70] and both[130, 210]


def test_switching_the_tool_or_the_brush_keeps_the_drawing(open_page):
    page = open_board(open_page, "Classify?source=Draw&outline=dress")
    until(page, lambda: white(page).any())
    drawing = white(page)
    for tool, left in zip(reversed(TOOLS), (10, 70, 130, 200), strict=True):
        choose_tool(page, tool)
        assert (white(page) == drawing).all()
        draw(page, tool, left)
        assert (drawing <= white(page)).all(), "something was lost"
        drawing = white(page)
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect_visible(page.get_by_text("23", exact=True))
    wait_until_idle(page)
    assert (white(page) == drawing).all()


@pytest.mark.parametrize("garment", ["trouser", "sandal", "bag"])
def test_an_outline_to_start_from_is_answered_at_once(open_page, garment):
    page = open_board(open_page)
    start_from(page, garment)
    page.wait_for_url(re.compile(f"outline={garment}"))
    expect_visible(verdict(page))
    until(page, lambda: white(page).any())
    assert same(white(page), outline(garment)), "the models were given what the visitor does not see"


def test_another_outline_begins_anew(open_page):
    page = open_board(open_page, "Classify?source=Draw&outline=trouser")
    draw(page, "Freehand", 180)
    given = seen(page)
    start_from(page, "ankle boot")
    until(page, lambda: seen(page) != given and same(white(page), outline("ankle boot")))
    start_from(page, "an empty board")
    expect_visible(page.get_by_text(EMPTY))
    until(page, lambda: not white(page).any())
    assert "outline" not in page.url


@pytest.mark.parametrize("tool", ["Freehand", "Polygon"])
def test_undo_steps_back_and_clear_can_be_undone(open_page, tool):
    page = open_board(open_page)
    choose_tool(page, tool)
    undo, clear = ours(page, "undo"), ours(page, "clear")
    expect(undo).to_be_disabled(timeout=PATIENCE)
    expect(clear).to_be_disabled(timeout=PATIENCE)
    draw(page, tool, 40)
    first, given = white(page), seen(page)
    draw(page, tool, 180)
    undo.click()
    until(page, lambda: same(white(page), first))
    assert seen(page) == given
    clear.click()
    expect_visible(page.get_by_text(EMPTY))
    until(page, lambda: not white(page).any())
    expect(clear).to_be_disabled(timeout=PATIENCE)
    undo.click()
    until(page, lambda: same(white(page), first))
    assert seen(page) == given
    draw(page, tool, 180)
    assert (first <= white(page)).all()


def test_clear_removes_an_outline_too(open_page):
    page = open_board(open_page, "Classify?source=Draw&outline=coat")
    expect_visible(verdict(page))
    ours(page, "clear").click()
    expect_visible(page.get_by_text(EMPTY))
    until(page, lambda: not white(page).any())
    assert "outline" not in page.url


def test_the_components_own_undo_counts_as_undo(open_page):
    page = open_board(open_page)
    draw(page, "Freehand", 40)
    page.locator("canvas").last.hover()
    page.locator(".dc-toolbar").get_by_role("button", name="Undo").click()
    expect_visible(page.get_by_text(EMPTY))
    expect(ours(page, "undo")).to_be_disabled(timeout=PATIENCE)


def test_a_drawing_is_still_there_after_a_look_elsewhere(open_page):
    page = open_board(open_page, "Classify?source=Draw&outline=bag")
    draw(page, "Freehand", 100)
    drawing, given = white(page), seen(page)
    choose(page, "Sample", page.get_by_role("combobox", name="Garment"))
    choose(page, "Draw", page.locator("canvas").last)
    until(page, lambda: same(white(page), drawing))
    assert seen(page) == given


def test_a_finger_on_a_phone_draws_and_takes_back(open_page):
    page = open_board(open_page, size=(390, 844), has_touch=True, is_mobile=True)
    board = page.locator("canvas").last
    box = board.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    board.tap(position={"x": 140, "y": 140})
    expect_visible(verdict(page))
    ours(page, "undo").tap()
    expect_visible(page.get_by_text(EMPTY))


@pytest.mark.parametrize("size", [(1280, 720), (1440, 900)])
def test_the_board_and_the_verdict_share_a_screen(open_page, size):
    page = open_page("Classify?source=Draw&outline=sneaker", size=size)
    expect(verdict(page)).to_be_in_viewport(ratio=1)
    expect(page.locator("canvas").last).to_be_in_viewport(ratio=0.99)
