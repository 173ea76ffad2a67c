"""How long a visitor waits for an answer: to a stroke, to a photo, and to a photo among 25 visitors.

`python -m tests.benchmarks.answers [--against DIR]` drives a real Chromium and a crowd of websocket
visitors. With another checkout in DIR both take turns in one run, because machines are noisy: the
ratios count. Visitors and servers share the same cores.
"""

import argparse
import asyncio
import contextlib
import io
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

from tests.benchmarks.crowd import running
from tests.browser.conftest import wait_until_idle
from tests.conftest import CHROMIUM, FLAGS, ROOT
from tests.slow.visitor import Visitor

VISITORS = 25
STROKES = 12  # in each turn
PHOTOS = 5
ROUNDS = 2
SEEN = "() => document.querySelector(\"img[alt^='28 x 28']\")?.src || ''"


def photograph(seed):
    """A photo of 12 megapixels that no cache has seen: the bytes of a JPEG."""
    noise = np.random.default_rng(seed).integers(-8, 9, (4_000, 3_000, 1))
    photo = Image.new("RGB", (3_000, 4_000), "lightgrey")
    ImageDraw.Draw(photo).polygon([800, 600, 2_200, 600, 2_600, 3_600, 400, 3_600], fill="navy")
    stream = io.BytesIO()
    Image.fromarray(np.clip(np.asarray(photo) + noise, 0, 255).astype(np.uint8)).save(
        stream, "JPEG", quality=90
    )
    return stream.getvalue()


def until_another_answer(page, before, seen=SEEN):
    """Waits until the models see something else than before, and returns the time."""
    page.wait_for_function(f"before => ({seen})() !== before", arg=before, polling="raf")
    return time.perf_counter()


def draw_strokes(browser, address, path="Classify?source=Draw", seen=SEEN):
    """Draws one stroke after the other; returns the seconds from each to its answer, which `seen` reads."""
    page = browser.new_page(viewport={"width": 1440, "height": 1200})
    page.set_default_timeout(60_000)
    page.goto(f"{address}/{path}")
    page.locator("canvas").last.wait_for()
    wait_until_idle(page)
    box = page.locator("canvas").last.bounding_box()
    seconds = []
    for number in range(STROKES):
        x, y = box["x"] + 20 + 20 * number, box["y"] + 30
        before = page.evaluate(seen)
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x, y + 200, steps=8)
        started = time.perf_counter()
        page.mouse.up()
        seconds.append(until_another_answer(page, before, seen) - started)
        wait_until_idle(page)
    page.close()
    return seconds[1:]


def upload_photos(browser, address, folder, seeds):
    """Uploads one photo after the other; returns the seconds from each choice to its answer."""
    page = browser.new_page(viewport={"width": 1440, "height": 1200})
    page.set_default_timeout(60_000)
    page.goto(f"{address}/Classify?source=Upload")
    wait_until_idle(page)
    seconds = []
    for seed in seeds:
        path = folder / f"{seed}.jpg"
        path.write_bytes(photograph(seed))
        before = page.evaluate(SEEN)
        started = time.perf_counter()
        page.locator("input[type=file]").set_input_files(path)
        seconds.append(until_another_answer(page, before) - started)
        wait_until_idle(page)
    page.close()
    return seconds[1:]


async def upload_at_once(address, seed):
    """Lets 25 visitors upload a photo of their own in the same moment; returns the seconds of each answer."""

    async def visit(number, content):
        async with Visitor(address) as visitor:
            await visitor.open("Classify", "source=Upload")
            ready.append(number)
            while len(ready) < VISITORS:
                await asyncio.sleep(0.05)  # until the last one is ready
            await visitor.upload_to("Classify", "source=Upload", f"{number}.jpg", content)
            return visitor.rerun_seconds[-1]

    ready = []
    photos = [photograph(seed + number) for number in range(VISITORS)]
    return await asyncio.gather(*(visit(number, photo) for number, photo in enumerate(photos)))


def print_line(label, times):
    """Prints median and 95th percentile in milliseconds of each checkout, and how they compare."""
    medians = [1000 * statistics.median(seconds) for seconds in times.values()]
    cells = [
        f"{name}: {median:.0f}"
        + (f" (p95 {1000 * statistics.quantiles(seconds, n=20)[-1]:.0f})" if len(seconds) > 2 else "")
        for (name, seconds), median in zip(times.items(), medians, strict=True)
    ]
    ratio = f"   {medians[0] / medians[-1]:.2f} x" if len(medians) > 1 else ""
    print(f"{label:44}" + ", ".join(cells) + ratio)


def main(against):
    """Measures this checkout, and another if there is one, in turns."""
    checkouts = {"this": ROOT} | ({"the other": against.resolve()} if against else {})
    strokes, photos, crowds = ({name: [] for name in checkouts} for _ in range(3))
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        play = stack.enter_context(sync_playwright())
        # The browser has an event loop of its own in this thread; the visitors' runs in another.
        pool = stack.enter_context(ThreadPoolExecutor(1))
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        servers = {}
        for name, root in checkouts.items():
            (folder / name).mkdir()
            servers[name] = stack.enter_context(running(folder / name, root=root))
        for turn in range(ROUNDS):
            for number, (name, server) in enumerate(servers.items()):
                seed = 10_000 * turn + 1_000 * number
                strokes[name] += draw_strokes(browser, server.address)
                photos[name] += upload_photos(browser, server.address, folder, range(seed, seed + PHOTOS))
                visits = upload_at_once(server.address, seed + 100)
                crowds[name] += pool.submit(asyncio.run, visits).result()
    print("milliseconds to the answer, median")
    print_line("to a stroke", strokes)
    print_line("to a photo of 12 megapixels", photos)
    print_line(f"to a photo of 12 megapixels, {VISITORS} at once", crowds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--against", type=Path, metavar="DIR", help="another checkout to take turns with")
    main(parser.parse_args().against)
