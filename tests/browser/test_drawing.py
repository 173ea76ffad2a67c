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

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TOOLS = {  # and how each one's hint begins
    "Freehand": "Hold the mouse button down",
    "Line": "Press where the line begins",
    "Rectangle": "Press at one corner",
    "Polygon": "Click the corners",
}
EMPTY = "Draw a garment. An outline"
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


def open_shapes(page):
    """Opens what is offered on demand; a second call leaves it open."""
    if not page.get_by_role("combobox", name="Start from").is_visible():
        page.get_by_role("button", name="Shapes").click()
    expect_visible(page.get_by_role("combobox", name="Start from"))


def close_shapes(page):
    page.locator("h1").click()
    expect(page.get_by_role("combobox", name="Start from")).to_be_hidden(timeout=PATIENCE)


def choose_tool(page, tool):
    open_shapes(page)
    choose(page, tool, page.get_by_text(TOOLS[tool]))
    close_shapes(page)


def ours(page, key):
    """One of the two buttons below the board: the component has others, under the mouse."""
    return page.locator(f".st-key-{key} button")


def start_from(page, garment):
    open_shapes(page)
    box = page.get_by_role("combobox", name="Start from")
    box.click()
    box.fill(garment)
    page.get_by_role("option", name=garment, exact=True).click()
    wait_until_idle(page)
    close_shapes(page)


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


@pytest.mark.parametrize(
    "tool",
    [pytest.param(tool, marks=pytest.mark.slow if tool in ("Line", "Rectangle") else ()) for tool in TOOLS],
)
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


@pytest.mark.slow
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
    open_shapes(page)
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect_visible(page.get_by_text("23", exact=True))
    wait_until_idle(page)
    assert (white(page) == drawing).all()


def test_an_outline_to_start_from_is_answered_at_once(open_page):
    page = open_board(open_page)
    start_from(page, "bag")
    page.wait_for_url(re.compile("outline=bag"))
    expect_visible(verdict(page))
    until(page, lambda: white(page).any())
    assert same(white(page), outline("bag")), "the models were given what the visitor does not see"


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


@pytest.mark.parametrize("tool", ["Freehand", pytest.param("Polygon", marks=pytest.mark.slow)])
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
    draw(page, tool, 175)  # not to the pixel what was taken back, which would look like an old report
    assert (first <= white(page)).all()


def test_clear_removes_an_outline_too(open_page):
    page = open_board(open_page, "Classify?source=Draw&outline=coat")
    expect_visible(verdict(page))
    ours(page, "clear").click()
    expect_visible(page.get_by_text(EMPTY))
    until(page, lambda: not white(page).any())
    assert "outline" not in page.url


@pytest.mark.slow
def test_there_is_one_set_of_tools(open_page):
    page = open_board(open_page)
    draw(page, "Freehand", 40)
    page.locator("canvas").last.hover()
    bar = page.locator(".dc-toolbar")
    assert bar.count() == 1, "the component has another bar now"
    expect(bar).to_be_hidden()


# Called before each frame is painted: how bright the board is in the middle of what is drawn, or what lies
# below the board while there is none.
WATCH = """() => {
    window.seen = []
    const look = () => {
        const box = document.querySelector(".st-key-fm-board")
        const host = box && [...box.querySelectorAll("*")].find(e => e.shadowRoot)
        const board = host && host.shadowRoot.querySelector("canvas.dc-canvas.lower-canvas")
        if (board) {
            const [r, g, b, a] = board.getContext("2d").getImageData(270, 270, 1, 1).data
            window.seen.push(a ? r : getComputedStyle(box).backgroundColor)
        } else window.seen.push(box ? getComputedStyle(box).backgroundColor : "no board")
        window.watching = requestAnimationFrame(look)
    }
    look()
}"""


@pytest.mark.slow
def test_undo_and_clear_never_flash(open_page):
    """A corner of the board, on which nothing is drawn, stays black in each frame."""
    page = open_board(open_page)
    draw(page, "Freehand", 40)
    draw(page, "Freehand", 140)
    page.evaluate(WATCH)
    ours(page, "undo").click()
    until(page, lambda: not white(page)[130, 170])
    ours(page, "clear").click()
    until(page, lambda: not white(page).any())
    wait_until_idle(page)
    seen_values = page.evaluate("() => { cancelAnimationFrame(window.watching); return window.seen }")
    assert len(seen_values) > 10 and set(seen_values) <= {0, "rgb(0, 0, 0)"}, set(seen_values)


def test_a_photograph_of_the_board_is_never_white_during_undo(open_page):
    """What is on the screen, whatever draws it."""
    page = open_board(open_page)
    draw(page, "Freehand", 40)
    box = page.locator("canvas").last.bounding_box()
    corner = {"x": box["x"] + 200, "y": box["y"] + 200, "width": 70, "height": 70}
    ours(page, "undo").click()
    for _ in range(12):
        shot = np.asarray(Image.open(io.BytesIO(page.screenshot(clip=corner))).convert("L"))
        assert shot.max() < 30
    expect_visible(page.get_by_text(EMPTY))


def test_a_dark_brush_draws_on_white_and_the_eraser_takes_away(open_page):
    page = open_board(open_page, "Classify?source=Draw&outline=dress")
    until(page, lambda: white(page).any())
    before = white(page)
    for ink in ("Dark", "Eraser"):
        choose(page, ink, verdict(page))
        draw(page, "Freehand", 90)
        after = white(page)
        assert (after <= before).all() and (after != before).any()
        ours(page, "undo").click()
        until(page, lambda: same(white(page), before))


@pytest.mark.slow
def test_a_drawing_is_still_there_after_a_look_elsewhere(open_page):
    page = open_board(open_page, "Classify?source=Draw&outline=bag")
    draw(page, "Freehand", 100)
    drawing, given = white(page), seen(page)
    choose(page, "Sample", page.get_by_role("combobox", name="Garment"))
    choose(page, "Draw", page.locator("canvas").last)
    until(page, lambda: same(white(page), drawing))
    assert seen(page) == given


def test_a_drawing_is_the_same_on_the_first_page_and_on_classify_and_survives_a_reload(open_page):
    page = open_board(open_page, "")
    until(page, lambda: white(page).any())
    draw(page, "Freehand", 180)
    drawing, given = white(page), seen(page)
    page.locator(".st-key-menu").get_by_role("link", name="Try it").click()
    choose(page, "Draw", page.locator("canvas").last)
    until(page, lambda: same(white(page), drawing) and seen(page) == given)
    page.reload()
    page.locator("canvas").last.wait_for()
    until(page, lambda: same(white(page), drawing) and seen(page) == given)
    ours(page, "undo").click()
    expect_visible(page.get_by_text(EMPTY))
    page.reload()
    expect_visible(page.get_by_text(EMPTY))


@pytest.mark.slow
def test_a_finger_on_a_phone_draws_and_takes_back(open_page):
    page = open_board(open_page, size=(390, 844), has_touch=True, is_mobile=True)
    board = page.locator("canvas").last
    box = board.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    board.tap(position={"x": 140, "y": 140})
    expect_visible(page.locator(".fm-verdict", has_text="Too small to recognise"))
    ours(page, "undo").tap()
    expect_visible(page.get_by_text(EMPTY))


@pytest.mark.parametrize("address", ["", "Classify?source=Draw&outline=sneaker"])
@pytest.mark.parametrize("size", [(1280, 720), pytest.param((1440, 900), marks=pytest.mark.slow)])
def test_the_board_the_verdict_and_the_bars_share_a_screen(open_page, address, size):
    page = open_page(address, size=size)
    expect(verdict(page)).to_be_in_viewport(ratio=1)
    expect(page.locator(".fm-verdict").first).to_be_in_viewport(ratio=1)
    expect(page.locator(".fm-bars").first).to_be_in_viewport(ratio=1)
    expect(page.locator("canvas").last).to_be_in_viewport(ratio=0.99)


@pytest.mark.parametrize("address", ["", "Classify?source=Draw&outline=sneaker"])
def test_on_a_phone_the_verdict_is_right_below_the_board(open_page, address):
    page = open_page(address, size=(390, 844))
    page.locator("canvas").last.wait_for()
    expect_visible(verdict(page))
    board, answer = page.locator("canvas").last.bounding_box(), page.locator(".fm-verdict").bounding_box()
    assert 0 <= answer["y"] - (board["y"] + board["height"]) < 60
