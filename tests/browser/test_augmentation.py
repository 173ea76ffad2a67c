"""The Augmentation page in a real browser: it says little, nothing on it jumps, and it fits each screen."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from fmnist import artifacts
from fmnist.augmentation import list_done
from tests.browser.conftest import assert_nothing_is_wider_than_the_screen, wait_until_idle

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_back_to_the_trained_policy_resets_every_switch(open_page):
    page = open_page("Augmentation")
    flip = page.get_by_role("switch", name="Flip").or_(page.get_by_role("checkbox", name="Flip"))
    page.get_by_text("The same in Keras").click()
    code = page.locator("[data-testid=stCode]")
    expect(code).to_be_visible()
    before = code.inner_text()
    page.get_by_text("Flip left and right").click()
    expect(code).not_to_contain_text("RandomFlip")
    page.get_by_role("slider", name="Zoom").press("End")
    expect(code).to_contain_text("RandomZoom(height_factor=0.5,")
    page.get_by_role("button", name="Back to the training settings").click()
    expect(page.get_by_text("As in training")).to_be_visible()
    wait_until_idle(page)
    expect(flip).to_be_checked()
    assert code.inner_text() == before
    assert "?" not in page.url
    page.get_by_role("slider", name="Rotation").press("End")  # a change after the reset changes this only
    expect(code).to_contain_text("RandomRotation(factor=0.5,")
    expect(code).to_contain_text("RandomFlip")
    expect(code).to_contain_text("RandomZoom(height_factor=0.07,")


def test_augmentation_draws_and_a_new_seed_draws_anew(open_page):
    page = open_page("Augmentation")
    expect(page.get_by_text("16 random versions")).to_be_visible()
    tiles = page.locator(".fm-tiles img")
    expect(tiles).to_have_count(16)
    before = tiles.nth(3).get_attribute("src")
    page.get_by_role("button", name="New seed").click()
    expect(tiles.nth(3)).not_to_have_attribute("src", before)
    wait_until_idle(page)


def test_each_transformation_alone_is_shown_on_demand_and_can_be_linked_to(open_page):
    page = open_page("Augmentation")
    page.get_by_text("Each transformation alone").click()
    switched_on = len(list_done(artifacts.load_model("augmented").manifest.config.augmentation))
    expect(page.locator(".fm-tiles img")).to_have_count(16 + 6 * switched_on)
    page.wait_for_url(re.compile("alone=true"))
    again = open_page(page.url.split("/")[-1])
    expect(again.locator(".fm-tiles")).to_have_count(1 + switched_on)


def test_augmentation_says_little_and_its_headings_jump_over_no_level(open_page):
    page = open_page("Augmentation", size=(1440, 900))
    expect(page.locator(".fm-tiles img")).to_have_count(16)
    main = page.locator("[data-testid=stMain]")
    assert len(main.inner_text().split()) <= 200
    levels = main.locator("h1, h2, h3").evaluate_all("all => all.map(heading => +heading.tagName[1])")
    assert levels[0] == 1 and max(np.diff(levels)) <= 1


def test_sliders_and_versions_share_a_laptops_screen(open_page):
    page = open_page("Augmentation", size=(1280, 720))
    expect(page.get_by_text("Shift up to")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="New seed")).to_be_in_viewport(ratio=1)
    tiles = page.locator(".fm-tiles figure")
    expect(tiles.nth(5)).to_be_in_viewport(ratio=1)
    assert tiles.nth(5).bounding_box()["y"] == tiles.nth(0).bounding_box()["y"]


@pytest.mark.parametrize("width", [1280, pytest.param(1024, marks=pytest.mark.slow), 390])
def test_no_part_of_the_drawing_board_is_cut_off(open_page, width):
    page = open_page("Augmentation?source=Draw&outline=coat", size=(width, 1200))
    expect(page.locator("canvas").last).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize(
    "size", [(1440, 900), pytest.param((390, 844), marks=pytest.mark.slow)], ids=["wide", "phone"]
)
def test_a_change_of_the_transformations_moves_nothing_on_the_page(open_page, size):
    page = open_page("Augmentation", size=size)
    tiles = page.locator(".fm-tiles img")
    expect(tiles).to_have_count(16)
    page.evaluate(
        """() => {
            const main = document.querySelector('[data-testid=stMain]');
            window.heights = new Set();
            const look = () => { window.heights.add(main.scrollHeight); requestAnimationFrame(look); };
            look();
            new MutationObserver(() => window.heights.add(main.scrollHeight)).observe(
                main, {subtree: true, childList: true, attributes: true});
        }"""
    )
    for change in (
        lambda: page.get_by_role("slider", name="Rotation").press("End"),
        lambda: page.get_by_role("button", name="New seed").click(),
        lambda: page.get_by_role("button", name="Back to the training settings").click(),
    ):
        before = tiles.nth(3).get_attribute("src")
        change()
        expect(tiles.nth(3)).not_to_have_attribute("src", before)
        wait_until_idle(page)
    assert page.evaluate("[...window.heights].length") == 1


@pytest.mark.parametrize("width", [390, 768])
def test_augmentation_fits_a_phone_and_a_tablet_with_three_versions_in_a_row(open_page, width):
    page = open_page("Augmentation", size=(width, 844))
    assert_nothing_is_wider_than_the_screen(page)
    tiles = page.locator(".fm-tiles figure")
    rows = [tiles.nth(number).bounding_box()["y"] for number in range(3)]
    assert rows[0] == rows[2]
