"""The report opens with the network off; charts are saved; the four sets open their galleries."""

import json

import numpy as np
import pytest

from fmnist import analysis, artifacts, report
from tests.browser.conftest import wait_until_idle

pytestmark = pytest.mark.browser
READ = "table => [...table.rows].map(row => [...row.cells].map(cell => cell.textContent))"


@pytest.fixture
def reported(tmp_path):
    """A report with grey pictures, as a file, and what it is about."""
    models = artifacts.load_models()[:2]
    pair = analysis.compare(*(analysis.judge(model.run, "test", model.name) for model in models))
    first, second = (
        report.Side(model.name, model.colour, model.run, model.run.load_history()) for model in models
    )
    path = tmp_path / "report.html"
    images = np.full((10_000, 28, 28), 99, np.uint8)
    path.write_text(report.build_report(pair, (first, second), images=images), encoding="utf-8")
    return path, pair


def test_the_report_opens_with_the_network_off(browser, reported):
    path, pair = reported
    context = browser.new_context(viewport={"width": 390, "height": 844})
    context.set_offline(True)
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    assert [address for address in asked if not address.startswith("data:")] == [path.as_uri()]
    assert complaints == []
    fourfold = page.locator("table").first.evaluate(READ)
    counts = [[int(cell.replace(",", "")) for cell in row[1:]] for row in fourfold[1:]]
    assert counts == [
        [len(pair.both_right), len(pair.newly_wrong)], [len(pair.fixed), len(pair.both_wrong)]
    ]  # fmt: skip
    last = page.locator(".tiles img").last
    last.scroll_into_view_if_needed()
    assert last.evaluate("image => image.decode().then(() => image.naturalWidth)") == 28
    drawn = page.locator("svg polyline").evaluate_all("lines => lines.map(line => line.getTotalLength())")
    assert len(drawn) == 8 and min(drawn) > 100
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than a phone"
    context.close()


@pytest.mark.slow
def test_a_set_opens_its_gallery_and_charts_and_report_are_saved(open_page):
    first, second = artifacts.load_models()[:2]
    pair = analysis.compare(*(analysis.judge(m.run, "test", m.name) for m in (first, second)))
    page = open_page("Compare", accept_downloads=True)
    page.get_by_role("button", name=f"{len(pair.newly_wrong):,} newly wrong").click()
    page.get_by_role("heading", name=f"Newly wrong: {len(pair.newly_wrong):,}").wait_for()
    wait_until_idle(page)
    assert page.url.endswith("?show=newly-wrong")
    for label, ending in (("SVG", b"</svg>"), ("PNG", b"IEND\xaeB`\x82")):
        with page.expect_download() as saved:
            page.get_by_role("button", name=f"Save the difference of the matrices as {label}").click()
        assert saved.value.suggested_filename == f"matrix_change.{label.lower()}"
        assert saved.value.path().read_bytes().rstrip().endswith(ending)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Report (HTML)").click()
    text = saved.value.path().read_text(encoding="utf-8")
    assert json.dumps(len(pair.fixed)) in text and text.startswith("<!doctype html>")
