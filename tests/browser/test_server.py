"""What the server does around the pages: uploads it does not keep, pictures it forgets."""

import os
import re
import shutil
import signal
import socket
import time
import tomllib
import urllib.error
import urllib.request

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from dashboard import SECTIONS
from fmnist import artifacts
from fmnist.ui.server import send_at_once
from tests.browser.conftest import Server, stroke, verdict, wait_until_idle
from tests.conftest import ROOT
from tests.slow.visitor import Visitor, run_apart

pytestmark = pytest.mark.browser
PAGES = [page.address for pages in SECTIONS.values() for page in pages]


@pytest.mark.slow
def test_more_than_a_visitor_may_hold_is_not_kept_and_the_page_says_so(open_page, tmp_path):
    files = []
    for number in range(4):
        files.append(tmp_path / f"{number}.png")
        files[-1].write_bytes(os.urandom(1_000) * 45_000)
    page = open_page("Classify_a_batch")
    expect(page.get_by_text("150 MB together")).to_be_visible()
    page.locator("input[type=file]").set_input_files(files)
    expect(page.get_by_text("Not every file was accepted")).to_be_visible()
    wait_until_idle(page)
    expect(page.get_by_text("413")).to_have_count(1)


@pytest.mark.slow
def test_every_answer_carries_the_headers_and_no_page_breaks_them(server, open_page):
    for path in ("/", "/Classify", "/_stcore/health", "/no/such/place"):
        try:
            answer = urllib.request.urlopen(server.address + path, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    complaints = []
    for address in ("Training_curves", "Classify?source=Draw"):  # charts, scripts of our own, the board
        page = open_page(address)
        page.on("console", lambda message: complaints.append(message.text))
        page.reload()
        page.wait_for_selector("[data-testid=stMain] h1")
        wait_until_idle(page)
        if "Draw" in address:
            page.locator("canvas").last.wait_for()
            stroke(page, (90, 30), (90, 240))
            expect(verdict(page)).to_be_visible()
    assert not [text for text in complaints if "Content Security Policy" in text or "Refused to" in text]


def memory_mb(server):
    with open(f"/proc/{server.process.pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024


def answers(address):
    """Whether the server still has what lies at an address."""
    try:
        with urllib.request.urlopen(address, timeout=10) as response:
            return response.status == 200
    except urllib.error.HTTPError as error:
        assert error.code == 404
        return False


@pytest.mark.slow
def test_pictures_are_gone_in_time_after_the_tab_is_closed_without_another_visitor(browser, tmp_path):
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert config["server"]["disconnectedSessionTTL"] == 120, "the page Classify says two minutes"
    promised = 40  # the same with less waiting
    noise = np.random.default_rng(0).integers(0, 256, (1_500, 1_500, 3), dtype=np.uint8)
    Image.fromarray(noise).save(tmp_path / "mine.png")
    for number in range(4):  # held, though no picture
        (tmp_path / f"{number}.png").write_bytes(os.urandom(1_000) * 24_000)
    server = Server(tmp_path, "--server.disconnectedSessionTTL", str(promised), prelude=TELL)
    try:
        wait_until_warm(server)  # or what pages load for all would count as memory that is not given back
        page = browser.new_context().new_page()
        page.set_default_timeout(60_000)
        page.goto(f"{server.address}/Classify?source=Upload")
        page.locator("input[type=file]").set_input_files(tmp_path / "mine.png")
        picture = page.locator("[data-testid=stImage] img").first
        expect(picture).to_be_visible()
        wait_until_idle(page)
        address = picture.evaluate("image => image.src")
        assert "/media/" in address and answers(address)
        page.goto(f"{server.address}/Classify_a_batch")
        page.locator("input[type=file]").set_input_files([tmp_path / f"{number}.png" for number in range(4)])
        expect(page.get_by_text("Not answered")).to_be_visible()
        page.go_back()
        wait_until_idle(page)
        held = memory_mb(server)
        page.context.close()
        closed = time.monotonic()
        while answers(address):
            assert time.monotonic() - closed < promised
            time.sleep(1)  # that time passes is what this test is about
        seconds = time.monotonic() - closed
        time.sleep(max(0, promised - seconds))
        left = memory_mb(server)
        print(f"forgotten after {seconds:.0f} s; memory {held:.0f} MB while open, {left:.0f} MB then")
        assert left < held - 20  # of 96: what pages load later for all grows meanwhile
    finally:
        server.stop()


@pytest.mark.slow
def test_a_deep_link_may_be_the_very_first_request(browser, tmp_path):
    """Streamlit looks for pages by itself until the frame has run once, so nothing runs it before here."""
    prelude = "import asyncio, fmnist.ui.server as s; s.warm_up = lambda: asyncio.sleep(0)"
    server = Server(tmp_path, prelude=prelude)
    try:
        page = browser.new_page()
        page.goto(f"{server.address}/Classify?sample=bag")
        expect(page.locator("h1")).to_have_text("Classify a picture")
        wait_until_idle(page)
        expect(verdict(page)).to_contain_text("bag")
        expect(page.get_by_role("dialog")).to_have_count(0)  # which would say "Page not found"
        page.close()
    finally:
        server.stop()


# On a signal the log says what is hidden from the garbage collector, and always what is built once for all.
TELL = """
import gc, signal
from streamlit.config import get_option
from streamlit.runtime.caching.cache_utils import CachedFunc

def tell(*_):
    print("hidden:", gc.get_freeze_count(), "forced:", get_option("runner.postScriptGC"), flush=True)

def build(self, *given):
    if getattr(self._info, "scope", "global") == "global":
        print("built:", self._info.display_name, flush=True)
    return build_quietly(self, *given)

signal.signal(signal.SIGUSR2, tell)
build_quietly, CachedFunc._handle_cache_miss = CachedFunc._handle_cache_miss, build
"""


def wait_until_warm(server):
    deadline = time.monotonic() + 180
    while not re.search(r"hidden: [1-9]\d{5,} forced: False", server.log_file.read_text()):
        assert time.monotonic() < deadline, server.log_file.read_text()
        server.process.send_signal(signal.SIGUSR2)
        time.sleep(0.1)  # every page is run once, and a signal is answered in the log only


@pytest.mark.slow
def test_the_first_visitor_of_each_page_finds_everything_built_and_no_search_for_garbage(tmp_path):
    server = Server(tmp_path, prelude=TELL)
    try:
        wait_until_warm(server)
        built = server.log_file.read_text().count("built:")
        assert built > len(PAGES), "nothing was built"

        async def visit(address):
            async with Visitor(server.address) as visitor:
                await visitor.open(address)

        for address in PAGES:
            run_apart(visit(address))
            later = server.log_file.read_text().split("built:")[built + 1 :]
            assert not later, f"built for the visitor of {address or 'the first page'}: {later}"
        assert not {"tensorflow", "keras"} & server.loaded_modules()
    finally:
        server.stop()


@pytest.mark.slow
def test_damaged_artifacts_do_not_keep_the_server_from_getting_warm(tmp_path, monkeypatch):
    damaged = tmp_path / "artifacts"
    shutil.copytree(ROOT / "artifacts", damaged)
    (damaged / "runs" / artifacts.list_models()[0].run / "model.tflite").write_text("{")
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(damaged))
    server = Server(tmp_path, prelude=TELL)
    try:
        wait_until_warm(server)
        assert urllib.request.urlopen(f"{server.address}/_stcore/health", timeout=30).status == 200
    finally:
        server.stop()
    assert "Traceback" not in server.log_file.read_text()


def test_a_server_that_is_stopped_while_it_gets_warm_ends_at_once_and_without_complaint(tmp_path):
    server = Server(tmp_path, prelude=TELL)
    server.stop()
    said = server.log_file.read_text()
    assert "Traceback" not in said and "never" not in said and "destroyed" not in said, said


def test_small_messages_leave_at_once():
    """Whatever other sockets there are: one that is closed already, one that sends no TCP."""
    closed = socket.socket()
    closed.close()
    with socket.socket(type=socket.SOCK_DGRAM), socket.create_server(("127.0.0.1", 0)) as listening:
        send_at_once()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
