"""Training curves in a real browser: training is played there, without the server."""

import re

import pytest
from playwright.sync_api import expect

from fmnist import artifacts
from fmnist.evaluation import find_overfitting
from tests.browser.conftest import wait_until_idle

pytestmark = pytest.mark.browser
MODEL = artifacts.load_models()[0]
HISTORY = MODEL.run.load_history()
EPOCHS = len(HISTORY)
ONSET = find_overfitting(HISTORY["loss"].to_numpy(), HISTORY["val_loss"].to_numpy())
WATCH = f"Training_curves?models={MODEL.name}&watch=true"
STAGE = ".st-key-fm-stage .js-plotly-plot"
ARE_AT = f"""epochs => {{
    const charts = [...document.querySelectorAll('{STAGE}')];
    return charts.length === 2 && charts.every(chart => chart.calcdata?.[0].length === epochs);
}}"""
"""Whether the first line of both charts has so many points."""


@pytest.mark.slow
def test_training_plays_by_itself_by_button_and_by_keyboard_without_the_server(open_page):
    page = open_page(WATCH)
    page.wait_for_function(ARE_AT, arg=2)
    page.get_by_role("button", name="Pause").click()
    slider, play = page.get_by_role("slider", name="Epoch"), page.get_by_role("button", name="Play")
    expect(play).to_be_visible()
    page.received.clear()
    slider.focus()
    page.keyboard.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", f"Epoch 1 of {EPOCHS}")
    page.wait_for_function(ARE_AT, arg=1)
    said, marked = page.get_by_text("to memorise."), page.locator(STAGE).get_by_text("memorises")
    for epoch in range(2, ONSET + 1):
        expect(said).to_have_count(0)
        expect(marked).to_have_count(0)
        page.keyboard.press("ArrowRight")
        page.wait_for_function(ARE_AT, arg=epoch)
    expect(said).to_have_text(f"Epoch {ONSET}: {MODEL.name} begins to memorise.")
    expect(marked).to_have_count(2)
    play.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(ARE_AT, arg=ONSET + 1)
    assert not page.received, "the server was asked"


@pytest.mark.slow
def test_a_change_while_watching_shows_the_whole_in_both_charts(open_page):
    page = open_page(WATCH)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("slider", name="Epoch").focus()
    page.keyboard.press("Home")
    page.wait_for_function(ARE_AT, arg=1)
    page.get_by_text("Logarithmic loss").click()
    page.wait_for_url(re.compile("log=true"))
    wait_until_idle(page)
    page.wait_for_function(ARE_AT, arg=EPOCHS)
    expect(page.get_by_text(f"Epoch {EPOCHS} of {EPOCHS}")).to_be_visible()


@pytest.mark.slow
def test_who_wants_less_motion_presses_play(open_page):
    page = open_page(WATCH, reduced_motion="reduce")
    page.wait_for_function(ARE_AT, arg=EPOCHS)
    page.wait_for_timeout(2_000)  # it would have begun
    page.wait_for_function(ARE_AT, arg=EPOCHS)
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(ARE_AT, arg=1)
    page.wait_for_function(ARE_AT, arg=1 + -(-(EPOCHS - 1) // 10))


@pytest.mark.slow
def test_all_choices_are_in_the_address_and_come_back_from_another_page_and_by_the_link(open_page):
    def go(page, label, title):
        page.locator(".st-key-menu").get_by_role("link", name=label).click()
        expect(page.locator("h1")).to_have_text(title)
        wait_until_idle(page)

    page = open_page("Training_curves")
    assert "?" not in page.url
    for name in ("minutes", "training"):
        page.get_by_role("radio", name=name).or_(
            page.get_by_role("button", name=name, exact=True)
        ).first.click()
        wait_until_idle(page)
    choices = re.compile(r"Training_curves\?(?=.*x=minutes).*lines=validation")  # in any order
    page.wait_for_url(choices)
    go(page, "Errors", "Confusion matrices")
    go(page, "Learn", "Training curves")
    page.wait_for_url(choices)
    again = open_page(page.url.split("/")[-1])
    expect(again.locator(".js-plotly-plot .xtitle").first).to_have_text("Training time (minutes)")
