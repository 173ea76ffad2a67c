"""Through the epochs, and confidence, in a real browser: the player, and clicks on points of charts."""

import re

import pytest
from playwright.sync_api import expect

from fmnist import artifacts
from tests.browser.conftest import Server, wait_until_idle
from tests.epochs import build_logged_artifacts

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MODEL = artifacts.load_models()[0]
CENTRE = """([container, trace, number]) => {
    const chart = document.querySelector(`.st-key-${container} .js-plotly-plot`);
    if (chart?.fmClicks === undefined) return null;
    const { left, top } = chart.getBoundingClientRect(), { x, y, xaxis, yaxis } = chart._fullData
        .map(data => ({ ...data, xaxis: chart._fullLayout[data.xaxis.replace("x", "xaxis")],
                        yaxis: chart._fullLayout[data.yaxis.replace("y", "yaxis")] })).at(trace);
    return [left + xaxis._offset + xaxis.d2p(x[number]), top + yaxis._offset + yaxis.d2p(y[number])];
}"""
"""Where a point of a chart is on the screen, once clicks on it are heard."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server with a model that has logged the answers of each epoch."""
    folder = tmp_path_factory.mktemp("epochs")
    build_logged_artifacts(folder / "artifacts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FMNIST_ARTIFACTS_DIR", str(folder / "artifacts"))
        running = Server(folder)
    yield running
    running.stop()


def click_point(page, container, trace, number):
    page.locator(f".st-key-{container} .js-plotly-plot").first.scroll_into_view_if_needed()
    found = page.wait_for_function(CENTRE, arg=[container, trace, number]).json_value()
    page.mouse.move(*found)
    page.mouse.click(*found)


def test_the_epoch_chosen_with_the_keyboard_is_drawn_said_and_in_the_address(open_page):
    page = open_page(f"Epochs?models={MODEL.name}&epoch=3")
    slider = page.get_by_role("slider", name="Epoch")
    expect(slider).to_have_attribute("aria-valuetext", f"Epoch 3 of {MODEL.manifest.epochs_run}")
    slider.focus()
    page.keyboard.press("Home")
    page.wait_for_url(re.compile("epoch=1$"))
    expect(page.get_by_text("After epoch 1, right answers")).to_be_visible()
    counts = MODEL.run.load("validation_confusion")[0]
    share = 100 * counts[6, 0] / counts[6].sum()
    page.wait_for_function(
        """share => Math.abs(document.querySelector('.st-key-fm-stage .js-plotly-plot')
            .calcdata[0][0].z[6][0] - share) < 0.01""",
        arg=float(share),
    )
    slider.focus()
    page.keyboard.press("End")
    expect(page.get_by_text(f"After epoch {MODEL.manifest.epochs_run}, right answers")).to_be_visible()
    expect(page).not_to_have_url(re.compile("epoch="))


def test_a_click_on_the_map_opens_the_picture(open_page):
    page = open_page(f"Epochs?view=single+pictures&models={MODEL.name}")
    click_point(page, "data_map", -1, 0)
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page).to_have_url(re.compile(r"picture=validation-\d+"))


def test_a_click_on_a_bar_of_the_diagram_shows_its_pictures(open_page):
    page = open_page("Confidence")
    click_point(page, "reliability", -1, 13)
    expect(page).to_have_url(re.compile(r"bin=87%25\+to\+93%25"))
    expect(page.get_by_text(re.compile(r"answers, \d+\.\d% confident on average"))).to_be_visible()


def test_a_click_on_a_training_curve_leads_to_its_epoch(open_page):
    page = open_page(f"Training_curves?models={MODEL.name}")
    click_point(page, "fm-stage", 0, 4)
    page.wait_for_url(re.compile(r"/Epochs\?.*epoch=5"))
    wait_until_idle(page)
    expect(page.get_by_text("After epoch 5, right answers")).to_be_visible()
