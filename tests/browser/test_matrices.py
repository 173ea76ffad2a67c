"""A click on a cell of a confusion matrix, and the same with the keyboard: the pictures, and one of them."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from fmnist import artifacts
from tests.browser.conftest import assert_nothing_is_wider_than_the_screen, wait_until_idle

pytestmark = [pytest.mark.browser, pytest.mark.dataset]
MODELS = artifacts.load_models()


def click_cell(page, model, true, predicted, where=0.5):
    """Clicks on a cell of a model's chart; `where` in it, from top left 0 to bottom right 1."""
    plot = page.locator(f".st-key-confusion_{model.name} .nsewdrag")
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    x, y = (
        box[side] + box[size] * (cell + where) / 10
        for side, size, cell in (("x", "width", predicted), ("y", "height", true))
    )
    page.mouse.click(x, y)


def chip(page, model, words, cell):
    pictures = np.array(model.manifest.test.confusion_matrix)[cell]
    return page.get_by_role("button", name=f"{model.name}: {words} · {pictures:,} pictures")


@pytest.mark.slow
def test_a_click_on_a_cell_shows_its_pictures_and_a_click_on_one_opens_it(open_page):
    page = open_page("Confusion_matrices", (1280, 720))
    first, second, *_ = MODELS
    click_cell(page, first, 6, 0)
    opened = chip(page, first, "shirt taken for t-shirt", (6, 0))
    expect(opened).to_be_focused()
    expect(opened).to_be_in_viewport()
    expect(page.locator(".fm-tile")).to_have_count(24)
    expect(page).to_have_url(re.compile(r"\?true=shirt&predicted=t-shirt$"))
    # Near its corners a cell is still that cell, and each chart is of its own model.
    click_cell(page, second, 6, 4, 0.1)
    expect(chip(page, second, "shirt taken for coat", (6, 4))).to_be_visible()
    click_cell(page, first, 6, 0, 0.9)
    expect(opened).to_be_focused()
    # Closed, and clicked once more: to the chart the second click on one cell is another thing.
    opened.click()
    expect(opened).to_have_count(0)
    click_cell(page, first, 6, 0)
    expect(opened).to_be_focused()
    tile = page.locator(".fm-tile").nth(2)
    before = tile.get_attribute("data-index")
    page.get_by_role("button", name="Next page").click()
    expect(page.get_by_text(re.compile("^25 to "))).to_be_visible()
    expect(tile).not_to_have_attribute("data-index", before)
    number = tile.get_attribute("data-index")
    tile.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"picture=test-{number}\b"))


@pytest.mark.slow
def test_the_same_with_the_keyboard_on_a_phone(open_page):
    page = open_page("Confusion_matrices?table=true", (390, 844))
    model = MODELS[-1]
    number = page.get_by_role(
        "button", name=re.compile(rf"^{model.name}: \d+ pictures, shirt taken for coat$")
    )
    number.last.focus()  # the first one is in the list
    page.keyboard.press("Enter")
    expect(chip(page, model, "shirt taken for coat", (6, 4))).to_be_focused()
    expect(page.locator(".fm-tile")).to_have_count(24)
    wait_until_idle(page)
    assert_nothing_is_wider_than_the_screen(page)
    while "test picture" not in (page.evaluate("document.activeElement.ariaLabel") or ""):
        page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    tile = page.locator(".fm-tile").nth(1)
    expect(tile).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(tile).to_be_focused()
    chip(page, model, "shirt taken for coat", (6, 4)).press("Enter")
    expect(number.last).to_be_focused()
    expect(page.locator(".fm-tile")).to_have_count(0)


@pytest.mark.slow
@pytest.mark.usefixtures("dataset")
@pytest.mark.parametrize("width", [390, 500, 750, 1000, 1440])  # the narrowest tiles, and a wide screen
def test_no_answer_is_cut(open_page, width):
    page = open_page("Confusion_matrices?true=sneaker&predicted=ankle%20boot", (width, 800))
    answers = page.locator(".fm-gallery .fm-other")
    expect(answers.filter(has_text="ankle boot").first).to_be_visible()
    assert answers.evaluate_all("each => each.every(one => one.scrollWidth <= one.clientWidth)")
