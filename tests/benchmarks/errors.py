"""How long the server works for a first view of each page, for a click on a cell, and for a picture's drawer.

`python -m tests.benchmarks.errors` takes turns with a bare Streamlit app whose only button runs an empty
fragment, because machines are noisy: the ratios count. A time goes from the browser's first message to the
server's last word that a script has finished, so it is the script's time and the way there and back, without
the drawing in the browser. Each first view is that of a new visitor, while the server is warm. Models that
have not looked at the training pictures do so first.
"""

import contextlib
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from playwright.sync_api import sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard import SECTIONS
from fmnist import artifacts
from tests.benchmarks.answers import print_line
from tests.benchmarks.crowd import SMALL, running
from tests.browser.conftest import wait_until_idle
from tests.browser.test_matrices import click_cell
from tests.conftest import CHROMIUM, FLAGS

ROUNDS = 3
CELLS = [(6, 0), (6, 4), (4, 2), (0, 6), (2, 6)]
DRAWERS = 5  # in each round
LOOKS = 900_000  # milliseconds for all models to look at the training pictures
LIMITS = {"first view": 1_000, "cell": 300, "drawer": 500}  # milliseconds
EMPTY = """
import streamlit as st

st.title("Empty")


@st.fragment
def run_again():
    st.button("Again")


run_again()
"""


class Clock:
    """Notes when a page's browser sends messages, and when it hears that a script has finished."""

    def __init__(self, page):
        self.page, self.sent, self.finished = page, [], []
        page.on("websocket", self._listen)

    def _listen(self, socket):
        socket.on("framesent", lambda _: self.sent.append(time.perf_counter()))
        socket.on("framereceived", self._hear)

    def _hear(self, frame):
        if len(frame) < SMALL and ForwardMsg.FromString(frame).HasField("script_finished"):
            self.finished.append(time.perf_counter())

    @contextlib.contextmanager
    def time(self, seconds, wanted="h1", count=1):
        """Adds to the list the seconds of what the block sets off, until so many of an element are there."""
        self.sent.clear()
        self.finished.clear()
        yield
        while not self.finished or self.page.locator(wanted).count() < count:
            self.page.wait_for_timeout(20)  # messages come in only while Playwright waits
        wait_until_idle(self.page)
        seconds.append(self.finished[-1] - self.sent[0])


@contextlib.contextmanager
def new_visitor(browser):
    """Gives an empty tab of somebody who was never here, and its clock."""
    context = browser.new_context(viewport={"width": 1440, "height": 1200})
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page, Clock(page)
    context.close()


def run_empty_fragment(browser, address, times):
    """Opens the bare app and presses its button."""
    with new_visitor(browser) as (page, clock):
        with clock.time(times["first view"]):
            page.goto(address)
        for _ in range(10):
            with clock.time(times["click"]):
                page.get_by_role("button", name="Again").click()


def open_pages(browser, address, times):
    """Opens every page as a new visitor."""
    for place in (page.address for pages in SECTIONS.values() for page in pages):
        with new_visitor(browser) as (page, clock), clock.time(times[place]):
            page.goto(f"{address}/{place}")


def click_cells(browser, address, times):
    """Clicks on cells of the first matrix, then opens pictures of the last cell."""
    first, *others = artifacts.load_models()
    with new_visitor(browser) as (page, clock):
        page.goto(f"{address}/Confusion_matrices")
        wait_until_idle(page)
        for cell in CELLS:
            with clock.time(times["cell"], ".st-key-close_cell button"):
                click_cell(page, first, *cell)
        for number in range(DRAWERS):
            with clock.time(times["drawer"], "[role=dialog] .fm-nearest", 2 + len(others)):
                page.locator(".fm-tile").nth(number).click()
            page.keyboard.press("Escape")
            page.get_by_role("dialog").wait_for(state="detached")
            wait_until_idle(page)


def let_models_look(browser, address):
    """Has every model's features computed unless they are there, and everything else of the drawer built."""
    with new_visitor(browser) as (page, _):
        page.goto(f"{address}/Picture?picture=test-0")
        wait_until_idle(page)
        look = page.locator(".st-key-look button")
        if look.count():
            look.click()
        rows = page.locator(".fm-nearest").nth(len(artifacts.load_models()))
        rows.wait_for(timeout=LOOKS)


def main():
    """Measures the dashboard and the bare app in turns, and prints what may be asked for."""
    empty, views, clicks = defaultdict(list), defaultdict(list), defaultdict(list)
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name in ("empty", "this"):
            (folder / name).mkdir()
        (folder / "empty.py").write_text(EMPTY)
        bare = stack.enter_context(running(folder / "empty", script=folder / "empty.py"))
        server = stack.enter_context(running(folder / "this"))
        play = stack.enter_context(sync_playwright())
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        let_models_look(browser, server.address)
        for _ in range(ROUNDS):
            run_empty_fragment(browser, bare.address, empty)
            open_pages(browser, server.address, views)
            click_cells(browser, server.address, clicks)
    print("milliseconds of the server, median; the ratio is to the empty app or fragment")
    for place, seconds in views.items():
        label = f"{place or 'Home'}: first view (at most {LIMITS['first view']})"
        print_line(label, {"this": seconds, "empty": empty["first view"]})
    for kind, seconds in clicks.items():
        print_line(f"a {kind} (at most {LIMITS[kind]})", {"this": seconds, "empty": empty["click"]})


if __name__ == "__main__":
    main()
