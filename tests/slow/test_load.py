"""Many visitors at once: no exception, the answers of a single user, memory back afterwards."""

import asyncio
import io
import random
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from fmnist.pictures.samples import draw_samples
from tests.browser.conftest import Server, stroke, verdict, wait_until_idle
from tests.effort import part_of
from tests.slow.visitor import Visitor

VISITORS = 25
SECONDS = part_of(120)
PAGES = ["", "Training_curves", "Confusion_matrices"]


def png(index):
    stream = io.BytesIO()
    Image.fromarray(draw_samples()[index]).save(stream, "PNG")
    return stream.getvalue()


def resident_mb(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1]) / 1024


async def visit(address, number, expected, until):
    """Uploads and switches pages until the time is over; returns how long each rerun took."""
    choose = random.Random(number)
    async with Visitor(address) as visitor:
        while time.monotonic() < until:
            index = choose.randrange(10)
            said, elements = await visitor.upload(f"{number}.png", png(index))
            assert said == expected[index]
            elements += await visitor.open(choose.choice(PAGES))
            assert not [e for e in elements if e.WhichOneof("type") == "exception"]
            await asyncio.sleep(choose.uniform(0.2, 2.0))  # a person looks before clicking on
        return visitor.rerun_seconds


async def all_visits(address, until, expected):
    visits = [visit(address, number, expected, until) for number in range(VISITORS)]
    return [seconds for one in await asyncio.gather(*visits) for seconds in one]


async def single_answers(address):
    """What one visitor alone is told; opens every page, so that what is loaded once is loaded."""
    async with Visitor(address) as visitor:
        for page in PAGES:
            await visitor.open(page)
        return [(await visitor.upload("one.png", png(index)))[0] for index in range(10)]


def draw(page):
    """Draws one stroke and reads the answer."""
    stroke(page, (80, 60), (200, 220))
    wait_until_idle(page)
    verdict(page).wait_for()


@pytest.mark.slow
@pytest.mark.alone
def test_twenty_five_visitors_and_three_who_draw(tmp_path, browser):
    server = Server(tmp_path, "--server.disconnectedSessionTTL", "2")
    # The browser has an event loop of its own in this thread; the visitors' runs in another.
    with ThreadPoolExecutor(1) as pool:
        try:
            expected = pool.submit(asyncio.run, single_answers(server.address)).result()
            assert "ankle boot" in expected[9]
            pages = [open_drawing_board(browser, server.address) for _ in range(3)]
            for page in pages:
                draw(page)  # so that what drawing needs once is there too
            before = resident_mb(server.process.pid)
            until = time.monotonic() + SECONDS
            visits = pool.submit(asyncio.run, all_visits(server.address, until, expected))
            strokes = 0
            while not visits.done() and time.monotonic() < until:
                for page in pages:
                    draw(page)
                    strokes += 1
            seconds = sorted(visits.result())
            for page in pages:
                assert page.locator("[data-testid=stException]").count() == 0
                page.context.close()

            deadline = time.monotonic() + 60
            while (after := resident_mb(server.process.pid)) > before + 100 and time.monotonic() < deadline:
                time.sleep(1)  # a session ends two seconds after its tab, its memory is freed later
            p50, p95 = (1000 * seconds[int(len(seconds) * share)] for share in (0.5, 0.95))
            print(
                f"{VISITORS} visitors: {len(seconds)} reruns, p50 {p50:.0f} ms, p95 {p95:.0f} ms; {strokes} "
                f"strokes; memory {before:.0f} MB before, {after:.0f} MB after"
            )
            assert len(seconds) > 5 * VISITORS, "hardly anything was answered"
            assert after <= before + 100
            assert "Traceback" not in server.log_file.read_text()
        finally:
            server.stop()


def open_drawing_board(browser, address):
    page = browser.new_context(viewport={"width": 1440, "height": 1200}).new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{address}/Classify?source=Draw")
    page.locator("canvas").last.wait_for()
    wait_until_idle(page)
    return page
