"""A box drawn around the garment on an upload: by mouse, by finger, and where a finger scrolls instead."""

import itertools
import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import wait_until_idle

pytestmark = [pytest.mark.browser, pytest.mark.slow]
SAID = "Only your box was searched for the garment"


def choose_source(page, label):
    page.get_by_role("radio", name=label, exact=True).or_(
        page.get_by_role("button", name=label, exact=True)
    ).first.click()
    wait_until_idle(page)


@pytest.fixture
def things(tmp_path):
    """A picture of a trouser to the left and a bag to the right, on white."""
    shot = np.full((300, 400, 3), 255, np.uint8)
    shot[30:270, 40:80] = shot[30:270, 110:150] = shot[30:100, 40:150] = (20, 40, 120)
    shot[120:260, 210:370] = (90, 50, 20)
    Image.fromarray(shot).save(tmp_path / "things.png")
    return tmp_path / "things.png"


def upload(page, path):
    """Uploads a picture, and returns it as it is shown, what each model says, and the picture cut out."""
    page.locator("input[type=file]").set_input_files(path)
    expect(page.get_by_text("5. 28 x 28")).to_be_visible()
    wait_until_idle(page)
    picture = page.locator(".st-key-box_board .picture")
    picture.scroll_into_view_if_needed()
    return picture, page.locator(".fm-chips"), page.get_by_role("img", name="Cut out")


def find(picture, x, y):
    """Where a point of a picture, in shares of it, is on the screen, in pixels."""
    box = picture.bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def find_mark(picture):
    """The sides of the box that is shown, as shares of the picture: left, top, right and bottom."""
    outer, inner = picture.bounding_box(), picture.locator(".box").bounding_box()
    left, top = (inner["x"] - outer["x"]) / outer["width"], (inner["y"] - outer["y"]) / outer["height"]
    return left, top, left + inner["width"] / outer["width"], top + inner["height"] / outer["height"]


def drag(page, *points):
    (x, y), *others = points
    page.mouse.move(x, y)
    page.mouse.down()
    for x, y in others:
        page.mouse.move(x, y, steps=5)
    page.mouse.up()


def swipe(page, *points):
    """Moves a finger."""
    touch = page.context.new_cdp_session(page)

    def send(kind, *at):
        touch.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in at]}
        )

    send("touchStart", points[0])
    for start, end in itertools.pairwise(points):
        for share in np.linspace(0.1, 1, 10):
            send("touchMove", tuple(float(a + share * (b - a)) for a, b in zip(start, end, strict=True)))
    send("touchEnd")


def test_a_box_drawn_with_the_mouse_changes_the_strip_and_the_answer_until_it_is_removed(open_page, things):
    page = open_page("Classify?source=Upload", size=(1280, 900))
    picture, chips, cut_out = upload(page, things)
    automatic, whole = chips.inner_text(), cut_out.get_attribute("src")
    remove, mark = page.get_by_role("button", name="Remove the box"), picture.locator(".box")
    expect(remove).to_be_disabled()
    page.mouse.click(*find(picture, 0.3, 0.3))
    expect(mark).to_be_hidden()
    before = picture.bounding_box()
    drag(page, find(picture, 0.45, 1.3), find(picture, 0.2, 0.5), find(picture, -0.2, 0.04))
    expect(page.get_by_text(SAID)).to_have_count(0)  # begun beside the picture
    drag(page, find(picture, 0.45, 0.96), find(picture, 0.2, 0.5), find(picture, -0.2, 0.04))
    expect(page.get_by_text(SAID)).to_be_visible()
    expect(chips).not_to_have_text(automatic, use_inner_text=True)
    wait_until_idle(page)
    assert picture.bounding_box() == before, "the page has jumped"
    assert "robust trouser" in chips.inner_text()
    assert cut_out.get_attribute("src") != whole
    assert find_mark(picture) == pytest.approx((0, 0.04, 0.45, 0.96), abs=0.02)
    boxed = chips.inner_text()
    choose_source(page, "Sample")
    expect(chips).not_to_have_text(boxed, use_inner_text=True)
    choose_source(page, "Upload")
    expect(chips).to_have_text(boxed, use_inner_text=True)  # the box is still there
    picture.scroll_into_view_if_needed()
    drag(page, find(picture, 0.48, 0.3), find(picture, 1.1, 0.95))
    expect(chips).to_contain_text("robust bag")
    wait_until_idle(page)
    remove.click()
    expect(mark).to_be_hidden()
    expect(chips).to_have_text(automatic, use_inner_text=True)
    expect(page.get_by_text(SAID)).to_have_count(0)
    drag(page, find(picture, 0.003, 0.003), find(picture, 1.2, 1.2))
    expect(remove).to_be_enabled()  # around everything, which changes nothing
    expect(chips).to_have_text(automatic, use_inner_text=True)
    remove.click()
    expect(mark).to_be_hidden()
    page.get_by_role("button", name="Box in percent").click()
    page.get_by_role("slider").nth(1).focus()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_text(SAID)).to_be_visible()
    assert find_mark(picture) == pytest.approx((0, 0, 0.99, 1), abs=0.01)
    page.get_by_role("slider").nth(2).focus()  # the sliders are still there
    page.keyboard.press("ArrowRight")
    expect(mark).to_have_attribute("style", re.compile("inset: 1% 1% 0"))


def test_a_finger_draws_on_the_picture_and_scrolls_beside_it(open_page, things):
    page = open_page("Classify?source=Upload", size=(390, 844), has_touch=True, is_mobile=True)
    picture, chips, _ = upload(page, things)
    automatic, before = chips.inner_text(), picture.bounding_box()
    swipe(page, find(picture, 0.05, 0.9), find(picture, 0.46, 0.04))
    expect(page.get_by_text(SAID)).to_have_count(1)
    expect(chips).not_to_have_text(automatic, use_inner_text=True)
    wait_until_idle(page)
    assert picture.bounding_box() == before, "the page has scrolled"
    assert find_mark(picture) == pytest.approx((0.05, 0.04, 0.46, 0.9), abs=0.02)
    answer = chips.inner_text()
    x, y = find(picture, 0.5, 1.08)  # on the grey below it
    swipe(page, (x, y), (x, y - 200))
    page.wait_for_function(
        "limit => document.querySelector('.st-key-box_board').getBoundingClientRect().y < limit",
        arg=before["y"] - 100,
        timeout=5_000,
    )
    wait_until_idle(page)
    assert chips.inner_text() == answer
