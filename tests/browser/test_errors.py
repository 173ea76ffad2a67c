"""From a number to its pictures, one of them and its reasons; there by the address; what changed; the quiz.

Each journey is made with the mouse on a laptop, and with the keyboard alone on a phone.
"""

import re

import pytest
from playwright.sync_api import expect

from fmnist import analysis, artifacts, census
from fmnist.config import CLASS_NAMES, TEST_SIZE
from tests.browser.conftest import assert_nothing_is_wider_than_the_screen, visit, wait_until_idle
from tests.browser.test_matrices import chip, click_cell
from tests.conftest import BASELINE, OTHER

pytestmark = [pytest.mark.browser, pytest.mark.dataset, pytest.mark.slow]
SHIRT, T_SHIRT = CLASS_NAMES.index("shirt"), CLASS_NAMES.index("t-shirt")
LOOKS = 300_000  # milliseconds for a model to look at the training pictures, on a busy machine


def click(page, wanted):
    wanted.click()


def press_key(page, wanted, key="Enter"):
    """Goes on with Tab until an element has the focus, and presses it."""
    wanted.wait_for()
    for _ in range(300):
        if wanted.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(wanted).to_be_focused()
    page.keyboard.press(key)


WAYS = pytest.mark.parametrize(
    ("press", "size"), [(click, (1280, 720)), (press_key, (390, 844))], ids=["mouse", "keyboard"]
)


def read_story(page):
    """What the drawer says of the open picture: the answers, and every neighbour by its number and class."""
    drawer = page.get_by_role("dialog")
    said = drawer.locator(".fm-verdict").inner_text()
    return said, drawer.locator(".fm-nearest img").evaluate_all("images => images.map(image => image.alt)")


@WAYS
def test_a_cell_leads_to_a_picture_with_neighbours_and_maps_and_its_address_too(open_page, press, size):
    model = artifacts.load_model(BASELINE)
    page = open_page(f"Confusion_matrices?models={BASELINE}", size)
    if press is click:
        click_cell(page, model, SHIRT, T_SHIRT)
    else:
        press(page, page.get_by_role("switch", name="As tables"), "Space")
        cell = re.compile(rf"^{BASELINE}: \d+ pictures, shirt taken for t-shirt$")
        press(page, page.locator(f".st-key-table_{BASELINE}").get_by_role("button", name=cell))
    expect(chip(page, model, "shirt taken for t-shirt", (SHIRT, T_SHIRT))).to_be_focused()
    wait_until_idle(page)
    judged = analysis.judge(model.run, "test", BASELINE)
    first = analysis.select_cell(judged, SHIRT, T_SHIRT)[0]
    tile = page.locator(".fm-tile").first
    expect(tile).to_have_attribute("data-index", str(first))
    press(page, tile)
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text(f"Test picture {first:,}.")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"\bpicture=test-{first}\b"))
    look = drawer.get_by_role("button", name="Let 1 model look")
    rows = drawer.locator(".fm-nearest")
    expect(look.or_(rows.nth(1)).first).to_be_visible()
    if look.count():  # nobody has looked at these on this machine
        press(page, look)
    expect(rows).to_have_count(2, timeout=LOOKS)  # as the model sees them, and by pixels
    story = read_story(page)
    assert len(story[1]) == 2 * 8 and "shirt" in story[0]
    tabs = drawer.get_by_role("tab")
    if press is click:
        tabs.nth(1).click()
    else:
        press(page, tabs.first)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
    expect(drawer.get_by_text("What speaks for")).to_be_visible()
    expect(drawer.locator(".js-plotly-plot").first).to_be_visible()
    assert_nothing_is_wider_than_the_screen(page)
    visit(page, page.url)
    expect(rows).to_have_count(2)
    assert read_story(page) == story
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(page).not_to_have_url(re.compile("picture="))


@WAYS
def test_what_augmentation_has_fixed_can_be_paged_through(open_page, press, size):
    first, second = (artifacts.load_model(name) for name in (BASELINE, OTHER))
    pair = analysis.compare(*(analysis.judge(model.run, "test", model.name) for model in (first, second)))
    page = open_page("Compare?show=both-wrong", size)
    press(page, page.get_by_role("button", name=f"{len(pair.fixed):,} fixed"))
    expect(page.get_by_role("heading", name=f"Fixed: {len(pair.fixed):,}")).to_be_visible()
    seen = []
    for number, start in enumerate(range(0, len(pair.fixed), 24)):
        if number:
            press(page, page.get_by_role("button", name="Next page"))
        last = min(start + 24, len(pair.fixed))
        expect(page.get_by_text(f"{start + 1:,} to {last:,} of {len(pair.fixed):,}")).to_be_visible()
        expect(page.locator(".fm-tile")).to_have_count(last - start)
        expect(page.locator(".fm-tile").first).to_have_attribute(
            "data-index", str(pair.select("fixed")[start])
        )
        seen += page.locator(".fm-tile").evaluate_all("tiles => tiles.map(tile => +tile.dataset.index)")
    assert sorted(seen) == sorted(pair.fixed.tolist())
    press(page, page.locator(".fm-tile").last)
    expect(page.get_by_role("dialog").get_by_text(f"Test picture {seen[-1]:,}.")).to_be_visible()


@WAYS
def test_the_quiz_is_taken_and_counted(open_page, press, size):
    labels = census.load_census("test").labels
    # A quiz of its own for each way: a tab remembers guesses, and tests share their tabs.
    quiz = 11 if press is click else 12
    truths = [int(labels[picture]) for picture in analysis.draw_quiz(quiz, range(TEST_SIZE))]
    page = open_page(f"Quiz?quiz={quiz}", size)
    for number, truth in enumerate(truths, 1):
        expect(page.get_by_text(f"Picture {number} of {len(truths)}").first).to_be_visible()
        guess = truth if number > 5 else (truth + 1) % len(CLASS_NAMES)
        wait_until_idle(page)
        if press is click:
            page.locator(f".st-key-guess_{guess} button").click()
        else:
            page.keyboard.press(str(guess))
    expect(page.get_by_role("heading", name="You: 15 of 20")).to_be_visible()
    assert_nothing_is_wider_than_the_screen(page)
    press(page, page.get_by_role("button", name="Why?").first)
    expect(page.get_by_role("dialog")).to_be_visible()
