"""What only a real browser shows: every page by its address, an upload, a stroke, the address bar."""

import re
import time

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard import SECTIONS
from fmnist import artifacts
from fmnist.inference import top_predictions
from fmnist.pictures.samples import draw_samples
from tests.browser.conftest import (
    assert_nothing_is_wider_than_the_screen,
    stroke,
    verdict,
    visit,
    wait_until_idle,
)
from tests.conftest import predict
from tests.scenes import TROUSER, photograph

pytestmark = pytest.mark.browser
NAMES = [entry.name for entry in artifacts.list_models()]
PAGES = {page.address: page.title for pages in SECTIONS.values() for page in pages}


def choose_source(page, label):
    page.get_by_role("radio", name=label, exact=True).or_(
        page.get_by_role("button", name=label, exact=True)
    ).first.click()
    wait_until_idle(page)


def press_everything(page, but=()):
    """Presses each button, switch and unchosen option `but` these once, also those that appear on the way."""
    kinds = (
        "stButton] button:enabled",
        "stButtonGroup] [role=radio][aria-checked=false]",
        "stCheckbox] label",
    )
    controls = page.locator(", ".join(f"[data-testid=stMain] [data-testid={kind}" for kind in kinds))
    controls = controls.locator("visible=true")
    but = (*but, "Start")  # a training, which has a test of its own, in test_training.py
    pressed = []
    while True:
        names = [text.split("\n")[-1] for text in controls.all_inner_texts()]  # an icon's name stands before
        # Nothing is fetched from the internet here.
        left = [name for name in names if name not in (*pressed, *but) and not name.startswith("Download")]
        if not left:
            return pressed
        page.received.clear()
        controls.nth(names.index(left[0])).click()
        pressed.append(left[0])
        wait_for_a_run(page)
        if page.get_by_test_id("stDialog").count():  # one picture; nothing else can be pressed beside it
            page.received.clear()
            page.keyboard.press("Escape")
            wait_for_a_run(page)


def wait_for_a_run(page):
    """Waits until the server has finished a run whose messages come in from now on."""
    deadline = time.monotonic() + 60
    while not any(
        ForwardMsg.FromString(frame).WhichOneof("type") == "script_finished" for frame in page.received
    ):
        assert time.monotonic() < deadline, "the page did not run"
        page.wait_for_timeout(20)  # messages come in only while Playwright waits
    wait_until_idle(page)


@pytest.mark.slow
def test_no_page_and_no_button_brings_tensorflow_into_the_server(server, open_page, tmp_path):
    """With Keras loaded Streamlit clears its session after every run of every visitor: 0.3 s each."""
    Image.fromarray(photograph(TROUSER, 60, 205, seed=4)[0]).save(tmp_path / "trouser.jpg")
    pressed = []
    for address, title in PAGES.items():
        page = open_page(address)
        expect(page.locator("h1")).to_have_text(title)
        pressed += press_everything(page)
        page = open_page(f"{address}?source=Upload")
        in_no_form = "not(ancestor::*[@data-testid='stForm'])"  # whose button sends, as on Runs
        for uploader in page.locator(f"xpath=//input[@type='file'][{in_no_form}]").all():
            page.received.clear()
            uploader.set_input_files(tmp_path / "trouser.jpg")
            wait_for_a_run(page)
            pressed += press_everything(page, but=("Sample", "Camera", "Draw", "Test picture"))
        loaded = server.loaded_modules()
        assert "fmnist.inference" in loaded, "the pages did not run in this process"
        assert not {"tensorflow", "keras"} & loaded, f"{title} has loaded them"
    mentioned = {"Draw", "New seed", "Back to the training settings", "Errors only", "Back to automatic"}
    assert mentioned <= set(pressed)


@pytest.mark.slow
def test_pages_open_on_a_phone_and_a_tablet_without_tensorflow(server, open_page):
    page = open_page("")
    for address, title in PAGES.items():
        page.set_viewport_size({"width": 390, "height": 844})
        visit(page, f"{server.address}/{address}")
        expect(page.locator("h1")).to_have_text(title)
        expect(page).to_have_title(f"{title} · Fashion-MNIST")
        assert_nothing_is_wider_than_the_screen(page)
        links = page.locator("[data-testid=stMain] .stPageLink a > span:last-child")
        cut = links.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth).length")
        assert cut == 0, f"{title}: the words of a link are cut off"
        page.set_viewport_size({"width": 768, "height": 844})
        assert_nothing_is_wider_than_the_screen(page)
    visit(page, f"{server.address}/Classify")
    choose_source(page, "Upload")
    loaded = server.loaded_modules()
    assert "fmnist.inference" in loaded, "the pages did not run in this process"
    assert not {"tensorflow", "keras"} & loaded


def test_an_upload_answers_like_the_array(open_page, tmp_path):
    Image.fromarray(draw_samples()[9]).save(tmp_path / "boot.png")
    page = open_page("Classify")
    choose_source(page, "Upload")
    page.locator("input[type=file]").set_input_files(tmp_path / "boot.png")
    expect(verdict(page)).to_contain_text("ankle boot")
    for name in NAMES:
        (top,) = top_predictions(predict(name, draw_samples()[9:])[0], 1)
        expect(page.locator(".fm-chip", has_text=name)).to_have_text(
            re.compile(rf"{name} {top.class_name} {100 * top.probability:.0f}%$")
        )


@pytest.mark.slow
def test_an_upload_survives_another_source_and_another_page_and_can_be_removed(server, open_page, tmp_path):
    Image.fromarray(draw_samples()[9]).save(tmp_path / "boot.png")
    page = open_page("Classify?source=Upload")
    page.locator("input[type=file]").set_input_files(tmp_path / "boot.png")
    expect(verdict(page)).to_contain_text("ankle boot")
    # Back as soon as the other source answers, which interrupts the page. Once that left no way to remove it.
    page.evaluate(
        """() => {
            const radio = name => [...document.querySelectorAll('[role=radio]')]
                .find(option => option.innerText.trim() === name);
            new MutationObserver((changes, watch) => {
                if (/t-shirt/i.test(document.querySelector('h2')?.innerText || '')) {
                    watch.disconnect();
                    radio('Upload').click();
                }
            }).observe(document.body, {subtree: true, childList: true, characterData: true});
            radio('Sample').click();
        }"""
    )
    expect(page.get_by_text("Still here: boot.png")).to_be_visible()
    expect(verdict(page)).to_contain_text("ankle boot")
    menu = page.locator(".st-key-menu")
    menu.get_by_role("link", name="Batch").click()
    expect(page.locator("h1")).to_have_text(PAGES["Classify_a_batch"])
    menu.get_by_role("link", name="Classify").click()
    expect(page.get_by_text("Still here: boot.png")).to_be_visible()
    expect(verdict(page)).to_contain_text("ankle boot")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("The answer appears here.")).to_be_visible()
    expect(page.get_by_text("Choose a picture")).to_be_visible()
    assert "Stack (most recent call last)" not in server.log_file.read_text()


@pytest.mark.slow
def test_the_first_page_is_short_and_folded(open_page):
    """At most 250 words in all, and at most 150 before the first scroll. The name of a symbol is not read."""
    page = open_page("", size=(1280, 720))
    page.locator("canvas").last.wait_for()
    expect(verdict(page)).to_be_visible()
    page.add_style_tag(content="[data-testid=stIconMaterial] { display: none }")
    assert len(page.locator("[data-testid=stMain]").inner_text().split()) <= 250
    above = page.evaluate(
        "() => [...document.querySelectorAll('[data-testid=stMain] *')].filter(e => !e.children.length"
        " && e.getBoundingClientRect().top < innerHeight && e.checkVisibility())"
        ".map(e => e.innerText || '').join(' ').split(/\\s+/).length"
    )
    assert 40 < above <= 150


@pytest.mark.slow
def test_a_page_can_be_passed_on_and_an_answer_as_a_picture(open_page):
    page = open_page("Classify?sample=ankle+boot", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    with page.expect_download() as download:
        page.get_by_role("button", name="Share as a picture").click()
    with Image.open(download.value.path()) as card:
        assert card.size == (1200, 630) and card.format == "PNG"


@pytest.mark.slow
def test_a_new_answer_is_announced(open_page):
    page = open_page("Classify")
    said = page.get_by_role("status").filter(has_text="models say")
    expect(said).to_have_attribute("aria-live", "polite")
    place = said.element_handle()
    page.get_by_role("combobox").click()
    page.get_by_role("option", name="trouser").click()
    expect(said).to_contain_text("Trouser 9")
    assert place.evaluate("e => e.isConnected"), "only a change inside the same place is read aloud"


def test_a_file_that_is_no_picture_gets_a_sentence(open_page, tmp_path):
    (tmp_path / "notes.txt").write_text("hello")
    page = open_page("Classify?source=Upload")
    page.locator("input[type=file]").set_input_files(tmp_path / "notes.txt")
    expect(page.get_by_text("This file is not a picture")).to_be_visible()


def test_each_stroke_changes_every_models_answer_and_reruns_only_the_fragment(open_page):
    page = open_page("Classify")
    choose_source(page, "Draw")
    expect(page.get_by_text("Draw a garment")).to_be_visible()
    page.locator("canvas").last.wait_for()
    page.received.clear()
    answers = []
    for x in (90, 190):  # one leg, then the other with a waist: a trouser grows
        stroke(page, (x, 40), (x, 240))
        if x == 190:
            stroke(page, (90, 40), (190, 40))
        wait_until_idle(page)
        expect(verdict(page)).to_be_visible()
        if answers:
            expect(page.locator(".fm-chips")).not_to_have_text(answers[-1], use_inner_text=True)
        answers.append(page.locator(".fm-chips").inner_text())
    first, second = (re.findall(r"[a-z -]+ \d+%", answer) for answer in answers)
    assert len(first) == len(second) == len(NAMES)
    assert all(before != after for before, after in zip(first, second, strict=True)), answers
    messages = [ForwardMsg.FromString(frame) for frame in page.received]
    started = [message for message in messages if message.WhichOneof("type") == "new_session"]
    assert started and all(message.metadata.run.fragment_ids for message in started), "the page reran"


@pytest.mark.slow
def test_the_menu_leads_to_every_page_and_a_link_of_home_too(open_page):
    page = open_page("")
    menu = page.locator(".st-key-menu")
    for section, pages in SECTIONS.items():
        menu.get_by_role("link", name=section, exact=True).click()
        for listed in pages:
            if len(pages) > 1:
                page.locator(".st-key-fm-submenu").get_by_role("link", name=listed.label, exact=True).click()
            expect(page.locator("h1")).to_have_text(listed.title)
            assert page.url.rsplit("/", 1)[1].partition("?")[0] == listed.address
    menu.get_by_role("link").first.click()
    page.get_by_role("link", name="Your own photo").click()
    expect(page.locator("h1")).to_have_text(PAGES["Classify"])


def test_on_a_phone_a_choice_in_the_menu_shows_the_page_and_nothing_covers_it(open_page):
    page = open_page("", size=(390, 844))
    page.locator(".st-key-menu").get_by_role("link", name="Errors").click()
    expect(page.locator("h1")).to_have_text(PAGES["Confusion_matrices"])
    expect(page.locator("h1")).to_be_in_viewport()
    heading = page.locator("h1").bounding_box()
    middle = heading["x"] + heading["width"] / 2, heading["y"] + heading["height"] / 2
    assert page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('h1') !== null", middle)


@pytest.mark.slow
def test_a_finger_that_moves_over_a_chart_scrolls_the_page(open_page):
    page = open_page("Training_curves", size=(390, 844), has_touch=True, is_mobile=True)
    chart = page.locator(".js-plotly-plot .nsewdrag").first
    chart.scroll_into_view_if_needed()
    before = chart.bounding_box()
    x, y = before["x"] + before["width"] / 2, before["y"] + before["height"] / 2
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for moved in range(20, 201, 20):
        touch.send(
            "Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - moved}]}
        )
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function(
        "limit => document.querySelector('.js-plotly-plot .nsewdrag').getBoundingClientRect().y < limit",
        arg=before["y"] - 100,
        timeout=5_000,
    )


@pytest.mark.slow
def test_switches_are_in_the_address_and_restored_from_it(open_page):
    page = open_page("Confusion_matrices")
    assert "?" not in page.url
    page.get_by_text("Errors only").click()
    choose_source(page, "counts")
    page.get_by_role("button", name=NAMES[0], exact=True).click()
    page.wait_for_url(re.compile(f"models={NAMES[1]}"))
    assert "errors=false" in page.url and "normalize=counts" in page.url
    again = open_page(page.url.split("/")[-1])
    expect(again.get_by_role("switch").or_(again.get_by_role("checkbox")).first).not_to_be_checked()
    expect(again.get_by_text(re.compile(r"from zero to [\d,]+ pictures"))).to_be_visible()
    expect(again.locator(".js-plotly-plot")).to_have_count(len(NAMES) - 1)


@pytest.mark.slow
@pytest.mark.parametrize(("size", "row"), [((1280, 800), 3), ((390, 844), 1)])
def test_matrices_stand_in_a_row_or_below_each_other_with_readable_digits(open_page, size, row):
    page = open_page("Confusion_matrices", size=size)
    matrices = page.locator(".js-plotly-plot:has(.heatmap-label)")
    expect(matrices).to_have_count(len(NAMES))
    tops = [matrix.bounding_box()["y"] for matrix in matrices.all()]
    assert sum(top == tops[0] for top in tops) == min(row, len(NAMES))
    table = page.locator(".fm-mistakes").bounding_box()
    assert (table["y"] < tops[0]) == (row == 1), "on a phone the list is read first"
    for matrix in matrices.all():
        assert matrix.locator("a, button, [tabindex]").count() == 0, "the keyboard stops in a chart"
        cell, digits, fonts, colours = matrix.evaluate(MEASURE_DIGITS)
        assert max(digits) < cell - 1 and min(fonts) >= 10
        assert colours == [page.evaluate("getComputedStyle(document.querySelector('h1')).color")]
    assert_nothing_is_wider_than_the_screen(page)


MEASURE_DIGITS = """matrix => {
    const texts = [...matrix.querySelectorAll('.heatmap-label text')];
    const styles = texts.map(text => getComputedStyle(text));
    return [
        matrix.querySelector('.nsewdrag').getBoundingClientRect().width / 10,
        texts.map(text => text.getBoundingClientRect().width),
        styles.map(style => parseFloat(style.fontSize)),
        [...new Set(styles.map(style => style.fill))],
    ];
}"""
"""The width of a cell, the widths of the digits in pixels, their font sizes and colours."""


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 1280])
def test_the_names_of_curves_are_on_the_chart_and_apart(open_page, width):
    page = open_page("Training_curves", size=(width, 844))
    charts = page.locator(".js-plotly-plot:has(.annotation-text)")
    expect(charts).to_have_count(4)
    for chart in charts.all():
        frame = chart.bounding_box()
        boxes = [name.bounding_box() for name in chart.locator(".annotation-text").all()]
        assert len(boxes) == len(NAMES)
        assert all(box["x"] + box["width"] <= frame["x"] + frame["width"] for box in boxes)
        for number, one in enumerate(boxes):
            for other in boxes[:number]:
                beside = abs(one["x"] - other["x"]) >= min(one["width"], other["width"])
                assert beside or abs(one["y"] - other["y"]) >= 12


def test_a_picture_can_be_linked_to(open_page):
    page = open_page("Classify?sample=ankle+boot&model=augmented")
    expect(page.get_by_text(re.compile(r"^augmented says ankle boot"))).to_be_visible()


@pytest.mark.slow
def test_a_meaningless_address_is_ignored(open_page):
    expect(verdict(open_page("Classify?sample=hat&source=Fax&model=best"))).to_be_visible()
    page = open_page("Confusion_matrices?normalize=nonsense&errors=maybe&part=7")
    expect(page.get_by_text("Most often mixed up").first).to_be_visible()


@pytest.mark.slow
def test_classify_works_by_keyboard_alone(open_page):
    page = open_page("Classify")
    before = verdict(page).inner_text()
    page.get_by_role("combobox").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function("before => !document.body.innerText.includes(before)", arg=before)
    assert np.all(verdict(page).inner_text() != before)


def test_a_photo_shows_each_stage_and_an_override_changes_the_answer(open_page, tmp_path):
    photo, _ = photograph(TROUSER, 60, 205, seed=4)
    Image.fromarray(photo).save(tmp_path / "trouser.jpg")
    page = open_page("Classify?source=Upload")
    page.locator("input[type=file]").set_input_files(tmp_path / "trouser.jpg")
    expect(page.get_by_text("5. 28 x 28")).to_be_visible()
    wait_until_idle(page)
    chips = page.locator(".fm-chips")
    automatic = chips.inner_text()
    assert "robust trouser" in automatic, automatic
    # Under each stage stands what each model would say there.
    for name in NAMES:
        expect(page.locator("p", has_text=re.compile(rf"{name}: [a-z -]+ \d+%"))).to_have_count(5)
    page.get_by_text("Remove the background").click()
    expect(chips).not_to_have_text(automatic, use_inner_text=True)
    expect(page.get_by_text("The background was kept")).to_be_visible()
    page.get_by_role("radio", name="90°").or_(page.get_by_role("button", name="90°")).first.click()
    expect(page.get_by_text("turned by 90 degrees")).to_be_visible()
    page.get_by_role("button", name="Back to automatic").click()
    expect(chips).to_have_text(automatic, use_inner_text=True)
    wait_until_idle(page)
    for switch in ("Remove the background", "Crop to the garment"):
        expect(
            page.get_by_role("switch", name=switch).or_(page.get_by_role("checkbox", name=switch))
        ).to_be_checked()
    expect(page.get_by_text("turned by 90 degrees")).to_have_count(0)
    page.get_by_text("Crop to the garment", exact=True).click()  # changes this switch only
    expect(page.get_by_text("Not cropped.")).to_be_visible()
    expect(page.get_by_text("The background was kept")).to_have_count(0)


def test_a_trouser_drawn_in_outline_is_a_trouser_to_the_robust_model(open_page):
    page = open_page("Classify?source=Draw&model=robust")
    page.locator("canvas").last.wait_for()
    stroke(page, (85, 30), (195, 30), (215, 250), (165, 250), (140, 110), (115, 250), (65, 250), (85, 30))
    expect(page.get_by_text("The outline was filled")).to_be_visible()
    expect(page.get_by_text(re.compile(r"^robust says trouser"))).to_be_visible()
