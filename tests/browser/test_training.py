"""A training from the page, in a real browser, on a fiftieth of the real data."""

import hashlib
import re
import shutil

import pytest
from playwright.sync_api import expect

from fmnist import artifacts, data
from tests.browser.conftest import Server, assert_nothing_is_wider_than_the_screen, visit, wait_until_idle
from tests.conftest import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.dataset]
PATIENCE = 300_000  # milliseconds: an epoch answers 12,000 images, on a machine that others may use
CURVE = """() => document.querySelector(".js-plotly-plot").data
    .find(line => line.name == "validation").x.length"""
TILES = """() => [...document.querySelectorAll("[class*=st-key-fm-watched] figure")]
    .map(tile => tile.textContent)"""


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server whose published models are copies."""
    if not data.is_present():
        pytest.skip("the data set is not here")
    shutil.copytree(ROOT / "artifacts", tmp_path / "artifacts", ignore=shutil.ignore_patterns(".scratch"))
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path / "artifacts"))
    running = Server(tmp_path)
    yield running
    running.stop()


@pytest.fixture
def open_page(server, browser):
    """Opens the page in a browser of its own, as another visitor would."""
    contexts = []

    def open_page(address):
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}))
        page = contexts[-1].new_page()
        page.set_default_timeout(60_000)
        visit(page, f"{server.address}/{address}")
        return page

    yield open_page
    for context in contexts:
        context.close()


def read_published(folder):
    names = [entry.run for entry in artifacts.list_models()]
    files = [folder / "models.json", *(path for name in names for path in (folder / "runs" / name).iterdir())]
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def wait_for_epoch(page, number):
    expect(page.get_by_text(re.compile(rf"are right after epoch ({number}|{number + 1})\b"))).to_be_visible(
        timeout=PATIENCE
    )


def test_train_watch_leave_come_back_stop_publish_and_classify(server, open_page, tmp_path):
    folder = tmp_path / "artifacts"
    before = read_published(folder)
    page = open_page("Train?share=2&epochs=60")
    page.get_by_label("Name", exact=True).fill("watched")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text(re.compile("Starting|Epoch 1 of 60"))).to_be_visible()

    seen = []
    for update in (1, 2, 3):
        wait_for_epoch(page, update)
        seen.append((page.evaluate(CURVE), page.evaluate(TILES)))
    lengths = [length for length, _ in seen]
    assert lengths == sorted(set(lengths)), "the curve did not grow"
    assert all(len(tiles) == 20 for _, tiles in seen)
    assert seen[0][1] != seen[-1][1], "no picture has another answer"
    assert not {"tensorflow", "keras"} & server.loaded_modules(), "the server has imported what only trains"
    page.close()

    page = open_page("Train")
    wait_for_epoch(page, 5)
    assert page.evaluate(CURVE) > lengths[-1]
    page.set_viewport_size({"width": 390, "height": 844})
    assert_nothing_is_wider_than_the_screen(page)
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_text("Stopped, and the best so far was kept")).to_be_visible(timeout=PATIENCE)
    (run,) = [name for name in artifacts.list_runs() if name.startswith("watched-")]
    assert artifacts.load_run(run).manifest.config.train_share == 0.02
    assert read_published(folder) == before

    page.get_by_role("button", name="Publish as a model").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published as watched")).to_be_visible()
    assert artifacts.load_model("watched").run.name == run
    page.get_by_role("link", name="Classify a picture with it").click()
    expect(page.get_by_text(re.compile("^watched says "))).to_be_visible()
    wait_until_idle(page)
    assert page.url.endswith("/Classify?model=watched")
    assert not {"tensorflow", "keras"} & server.loaded_modules()

    visit(page, f"{server.address}/Runs?runs={run}")
    page.get_by_role("button", name="Take off the list").click()
    tick(page, re.compile("No page shows watched any more"))
    page.get_by_role("button", name="Take off", exact=True).click()
    expect(page.get_by_text("The model watched is no longer published")).to_be_visible()
    page.get_by_role("button", name="Delete this run").click()
    tick(page, re.compile("Delete for good"))
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text(re.compile("^Deleted: "))).to_be_visible()
    assert run not in artifacts.list_runs() and read_published(folder) == before


def tick(page, label):
    page.locator("[data-testid=stCheckbox] label", has_text=label).click()
    wait_until_idle(page)
