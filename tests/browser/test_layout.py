"""Nothing jumps: how far what stays on a page moves while a visitor changes something.

A layout shift is the share of the view that moved times how far; below 0.1 counts as good. Browsers forgive
what follows a click within half a second; here all of it counts, since whoever clicks again right after would
miss. Reference: W3C, "Layout Instability API".
"""

import re

import pytest
from PIL import Image

from fmnist.pictures.samples import draw_samples
from tests.browser.conftest import stroke, visit
from tests.browser.watching import WATCH, wait_until_settled

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.alone]
LIMIT = 0.05
SHOWN = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    return main.textContent + [...main.querySelectorAll('img')].map(image => image.src);
}"""
WATCH_HEIGHT = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    window.lowest = main.scrollHeight;
    const look = () => { lowest = Math.min(lowest, main.scrollHeight); requestAnimationFrame(look); };
    look();
    return main.scrollHeight;
}"""


@pytest.fixture(scope="module")
def tab(browser):
    context = browser.new_context(viewport={"width": 1440, "height": 1200})
    context.add_init_script(WATCH)
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()


@pytest.fixture
def open_page(server, tab):
    def open_page(address):
        visit(tab, f"{server.address}/{address}")
        wait_until_settled(tab)
        return tab

    return open_page


def jumps_during(page, change, *given):
    """Changes something, waits until the page rests, and returns a line for each jump that is too far."""
    before = page.evaluate(SHOWN)
    page.evaluate("jumps.length = 0")
    change(page, *given)
    page.wait_for_function(f"before => ({SHOWN})() !== before", arg=before, polling=100)
    wait_until_settled(page, 500)
    jumps = page.evaluate("jumps")
    said = " ".join([change.__name__, *(str(one).rsplit("/", 1)[-1] for one in given)])
    whole = sum(jump["value"] for jump in jumps)
    late = sum(jump["value"] for jump in jumps if not jump["expected"])
    print(f"{said}: {whole:.3f}, of that long after a click {late:.3f}")
    moved = {of for jump in sorted(jumps, key=lambda jump: -jump["value"])[:3] for of in jump["of"]}
    return [f"{said}: {whole:.3f}, of that long after a click {late:.3f}; {moved}"] if whole > LIMIT else []


def choose(page, label):
    page.get_by_role("radio", name=label, exact=True).or_(
        page.get_by_role("button", name=label, exact=True)
    ).first.click()


def switch(page, label):
    page.locator("[data-testid=stCheckbox] label", has_text=label).click()


def slide(page, label):
    page.get_by_role("slider", name=re.compile(label)).first.press("ArrowRight")


def upload(page, picture):
    page.locator("input[type=file]").set_input_files(picture)
    page.get_by_text(picture.name).first.wait_for()


def draw_line(page, x):
    stroke(page, (x, 40), (x + 20, 240))


def test_a_second_upload_moves_nothing(open_page, tmp_path):
    page = open_page("Classify?source=Upload")
    for number in (3, 7):
        Image.fromarray(draw_samples()[number]).resize((280, 280)).save(tmp_path / f"{number}.png")
    upload(page, tmp_path / "3.png")
    wait_until_settled(page, 500)
    assert not jumps_during(page, upload, tmp_path / "7.png")


def test_another_source_moves_nothing(open_page):
    page = open_page("Classify")
    assert not [
        jump for source in ("Draw", "Upload", "Sample") for jump in jumps_during(page, choose, source)
    ]


def test_a_stroke_moves_nothing(open_page):
    page = open_page("Classify?source=Draw")
    page.locator("canvas").last.wait_for()
    wait_until_settled(page)
    assert not [jump for x in (60, 140, 220) for jump in jumps_during(page, draw_line, x)]


def test_a_strength_and_a_seed_move_nothing(open_page):
    page = open_page("Augmentation")
    assert not [
        *jumps_during(page, slide, "Rotation"),
        *jumps_during(page, slide, "Zoom"),
        *jumps_during(page, choose, "New seed"),
        *jumps_during(page, choose, "New seed"),
    ]


def test_the_page_never_gets_shorter_for_a_moment(open_page):
    """What is shown below would hop up and down at every change, if only by a line."""
    page = open_page("Augmentation")
    before = page.evaluate(WATCH_HEIGHT)
    jumps_during(page, choose, "New seed")
    after = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    assert page.evaluate("lowest") >= min(before, after) - 2


def test_what_the_matrices_show_changes_in_its_place(open_page):
    page = open_page("Confusion_matrices")
    assert not [
        *jumps_during(page, switch, "Errors only"),
        *jumps_during(page, choose, "counts"),
        *jumps_during(page, choose, "validation pictures"),
    ]


def test_what_the_curves_show_changes_in_its_place(open_page):
    page = open_page("Training_curves")
    assert not [*jumps_during(page, switch, "Logarithmic"), *jumps_during(page, slide, "Smoothing")]


def test_a_jump_is_seen(open_page):
    page = open_page("Confusion_matrices")

    def push(page):
        page.evaluate(
            "() => { const heading = document.querySelector('[data-testid=stMain] h1');"
            " heading.style.marginTop = '200px'; heading.textContent = 'Pushed' }"
        )

    assert jumps_during(page, push)
