"""A real server and a real Chromium."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.conftest import ROOT

# How `narration.describe_answers` begins where several models answer.
VERDICT = re.compile(r"^(With 28 x 28 pixels: )?(Both|All \d+|\d+ of \d+|The) models (say|disagree)")
# Runs a script, mostly the dashboard, and on a signal writes down which modules the server has loaded.
SERVER = """
import os, signal, sys
target, script, *options = sys.argv[1:]

def write_modules(*_):
    with open(target + ".part", "w") as stream:
        stream.write("\\n".join(sorted(sys.modules)))
    os.replace(target + ".part", target)

signal.signal(signal.SIGUSR1, write_modules)
from streamlit.web import cli
cli.main(["run", script, *options])
"""


def find_free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A server process of its own, mostly of the dashboard, on a free port unless one is given.

    It runs `prelude`, Python code, before the server starts; `root` is the checkout whose code it runs.
    """

    def __init__(self, folder, *options, script="dashboard.py", prelude="", port=None, root=ROOT):
        self.port = port or find_free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.modules_file = folder / "modules.txt"
        self.log_file = folder / "server.log"
        with open(self.log_file, "wb") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-c", prelude + SERVER, str(self.modules_file), str(script)),
                    *("--server.headless", "true", "--server.port", str(self.port), *options),
                ],
                cwd=root,
                env={**os.environ, "PYTHONPATH": str(root)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            self._wait_until_healthy()
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise

    def _wait_until_healthy(self):
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=1).read()
                return
            except OSError:
                assert self.process.poll() is None, self.log_file.read_text()
                assert time.monotonic() < deadline, self.log_file.read_text()
                time.sleep(0.1)  # there is nothing to wait on but the port itself

    def loaded_modules(self):
        """The names of the modules the server has imported so far."""
        self.process.send_signal(signal.SIGUSR1)
        deadline = time.monotonic() + 20
        while not self.modules_file.exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)  # a signal handler reports through a file only
        modules = set(self.modules_file.read_text().splitlines())
        self.modules_file.unlink()
        return modules

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=20)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    running = Server(tmp_path_factory.mktemp("server"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def take_tab(browser):
    """Takes one of the free tabs of one visitor's browser, or opens another.

    What the pages are made of is fetched and compiled once, as in real life: a new tab needs three times
    the work of one that has shown a page before.
    """
    context = browser.new_context()
    free = []

    @contextlib.contextmanager
    def take_tab():
        tab = free.pop() if free else listen(context.new_page())
        tab.bring_to_front()  # one behind another is not painted
        yield tab
        tab.goto("about:blank")  # ends the session
        tab.mouse.move(0, 0)
        free.append(tab)

    yield take_tab
    context.close()


def listen(page):
    """Keeps the server's messages, as they come over the websocket, in `page.received`."""
    page.received = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: page.received.append(frame)))
    return page


@pytest.fixture
def open_page(server, browser, take_tab):
    """Opens a page by its own address in a fresh session and waits until it rests.

    Options other than the size, such as a touch screen, need a browser of their own.
    """
    with contextlib.ExitStack() as opened:

        def open_page(address, size=(1440, 1200), **options):
            if options:
                context = browser.new_context(**options)
                opened.callback(context.close)
                page = listen(context.new_page())
            else:
                page = opened.enter_context(take_tab())
            page.received.clear()
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.set_default_timeout(60_000)
            visit(page, f"{server.address}/{address}")
            return page

        yield open_page


def visit(page, address):
    """Opens a page of the dashboard in a tab and waits until it rests."""
    page.goto(address)
    page.wait_for_selector("[data-testid=stMain] h1")
    wait_until_idle(page)


def wait_until_idle(page):
    """Waits until the script has finished and nothing is being loaded."""
    page.wait_for_function(
        """() => {
            const app = document.querySelector('[data-testid="stApp"]');
            return app && app.getAttribute('data-test-script-state') === 'notRunning'
                && !document.querySelector('[data-testid="stSkeleton"]');
        }"""
    )
    assert page.locator("[data-testid=stException]").count() == 0


def assert_nothing_is_wider_than_the_screen(page):
    # Charts follow a change of the screen's size a moment later.
    page.wait_for_function(
        "() => { const main = document.querySelector('[data-testid=stMain]');"
        " return main.scrollWidth <= main.clientWidth; }"
    )


def verdict(page):
    """The sentence that begins the answer of several models to a picture."""
    return page.locator("p", has_text=VERDICT).first


def stroke(page, *points):
    """Draws a line through points of the drawing board with the mouse."""
    board = page.locator("canvas").last
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    (x, y), *others = points
    page.mouse.move(box["x"] + x, box["y"] + y)
    page.mouse.down()
    for x, y in others:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=8)
    page.mouse.up()
