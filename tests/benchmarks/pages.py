"""How long a visitor waits on each page, and how far a page jumps, in a real browser.

`python -m tests.benchmarks.pages [--against DIR]` opens every page and changes something typical of it. A
stroke's answer is timed next to that of a bare Streamlit app, which has the same board in a fragment and
shows the mean of its pixels; they take turns, because machines are noisy, and the ratio counts. With another
checkout in DIR both take turns in one run. On two quiet cores that takes three minutes.
"""

import argparse
import contextlib
import io
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from dashboard import SECTIONS
from fmnist.config import CLASS_NAMES
from fmnist.pictures.samples import draw_samples
from tests.benchmarks.answers import draw_strokes, print_line
from tests.benchmarks.crowd import running
from tests.browser.watching import WATCH, wait_until_settled
from tests.conftest import CHROMIUM, FLAGS, ROOT

ENOUGH = 60  # seconds after which no further round begins
CHANGES_EACH = 4  # of each page, in each round
WATCH_HEADING = """
window.headed = 0;
new MutationObserver(() => {
    if (!headed && document.querySelector('[data-testid=stMain] h1')) headed = performance.now();
}).observe(document, {subtree: true, childList: true});
"""
MEAN = "() => document.querySelector('.st-key-mean')?.textContent || ''"
BARE = """
import io

import numpy as np
import streamlit as st
from PIL import Image
from streamlit_drawable_canvas import st_canvas

st.title("Mean")


@st.fragment
def draw():
    drawing = st_canvas(
        stroke_width=22, stroke_color="#FFFFFF", background_color="#000000", height=280, width=280,
        return_image_data=True, key="board",
    )
    with st.container(key="mean"):
        if drawing.image_bytes:
            st.write(f"{np.asarray(Image.open(io.BytesIO(drawing.image_bytes)).convert('L')).mean():.3f}")


draw()
"""


def toggle(page, turn):
    page.locator("[data-testid=stCheckbox] label").first.click()


def toggle_logarithm(page, turn):
    page.get_by_text("Logarithmic loss").click()


def press_new_seed(page, turn):
    page.get_by_role("button", name="New seed").click()


def choose_garment(page, turn):
    garment = CLASS_NAMES[turn + 1]
    box = page.get_by_role("combobox", name="Garment")
    box.click()
    box.fill(garment)
    page.get_by_role("option", name=garment, exact=True).click()


def upload(page, turn):
    picture = io.BytesIO()
    Image.fromarray(draw_samples()[turn]).resize((280, 280)).save(picture, "PNG")
    file = {"name": f"{turn}.png", "mimeType": "image/png", "buffer": picture.getvalue()}
    page.locator("input[type=file]").set_input_files(file)


CHANGES = {
    "Training_curves": ("a switch", toggle_logarithm),
    "Confusion_matrices": ("a switch", toggle),
    "Augmentation": ("a new seed", press_new_seed),
    "Classify": ("another garment", choose_garment),
    "Classify_a_batch": ("another picture", upload),
}
"""What is typical of a page, by its address; the first page and new ones have nothing to change here."""


@contextlib.contextmanager
def opened(browser, address):
    """Opens an address as a visitor who was never here; gives the page when it has come to rest."""
    context = browser.new_context(viewport={"width": 1440, "height": 1200})
    context.add_init_script(WATCH)
    context.add_init_script(WATCH_HEADING)
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(address)
    wait_until_settled(page)
    yield page
    context.close()


def jump_of_a_second_upload(browser, address):
    """Uploads a picture in place of another; returns the sum of the layout shifts, forgiving none."""
    with opened(browser, f"{address}/Classify?source=Upload") as page:
        upload(page, 3)
        wait_until_settled(page, 1_000)
        page.evaluate("jumps.length = 0")
        upload(page, 7)
        wait_until_settled(page, 1_000)
        return page.evaluate("jumps.reduce((sum, jump) => sum + jump.value, 0)")


def look_around(browser, address, times):
    """Opens every page and changes something on it; adds the seconds to the lists of `times`."""
    for path in (page.address for pages in SECTIONS.values() for page in pages):
        name = path.replace("_", " ") or "Home"
        with opened(browser, f"{address}/{path}") as page:
            times[f"{name}: first view, heading"].append(page.evaluate("headed") / 1000)
            times[f"{name}: first view, settled"].append(page.evaluate("changed") / 1000)
            label, change = CHANGES.get(path, ("", None))
            for turn in range(CHANGES_EACH if change else 0):
                started = page.evaluate("performance.now()")
                change(page, turn)
                page.wait_for_function("started => changed > started", arg=started)
                times[f"{name}: {label}"].append((wait_until_settled(page) - started) / 1000)


def main(against):
    """Measures this checkout, the bare app, and another checkout if there is one, in turns."""
    checkouts = {"this": ROOT} | ({"the other": against.resolve()} if against else {})
    strokes, jumps = defaultdict(list), defaultdict(list)
    waits = {name: defaultdict(list) for name in checkouts}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        for name in (*checkouts, "bare"):
            (folder / name).mkdir()
        script = folder / "bare.py"
        script.write_text(BARE)
        bare = stack.enter_context(running(folder / "bare", script=script))
        servers = {
            name: stack.enter_context(running(folder / name, root=root)) for name, root in checkouts.items()
        }
        play = stack.enter_context(sync_playwright())
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        started = time.monotonic()
        while not strokes or time.monotonic() - started < ENOUGH:
            for name, server in servers.items():
                strokes[name] += draw_strokes(browser, server.address)
                jumps[name].append(jump_of_a_second_upload(browser, server.address))
                look_around(browser, server.address, waits[name])
            strokes["bare"] += draw_strokes(browser, bare.address, "", MEAN)
    print("milliseconds, median; the ratio compares the first with the last")
    print_line("a stroke to its answer", strokes)
    for label in waits["this"]:
        print_line(label, {name: waits[name][label] for name in checkouts})
    shifts = ", ".join(f"{name}: {statistics.median(values):.3f}" for name, values in jumps.items())
    print(f"{'layout shift of a second upload':44}{shifts}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--against", type=Path, metavar="DIR", help="another checkout to take turns with")
    main(parser.parse_args().against)
