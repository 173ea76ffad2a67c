"""What is kept, clicked and pressed on the quiz, the court of labels and the kinds of pictures."""

import re
import time

import numpy as np
import pytest
from playwright.sync_api import expect

from fmnist import analysis, census
from tests.browser.conftest import assert_nothing_is_wider_than_the_screen, wait_until_idle

pytestmark = [
    pytest.mark.browser,
    pytest.mark.dataset,
    pytest.mark.slow,
    pytest.mark.usefixtures("dataset"),  # or there are no pictures to guess, to vote on and to click
]
LABELS = census.load_census("test").labels
PHONE = (390, 844)


def test_a_quiz_by_keyboard_survives_a_reload_and_opens_a_picture(open_page):
    page = open_page("Quiz?quiz=7", PHONE)
    pictures = analysis.draw_quiz(7, np.arange(10_000))
    for number, position in enumerate(pictures, 1):
        expect(page.get_by_text(f"Picture {number} of 20", exact=True).first).to_be_visible()
        page.keyboard.press(str(LABELS[position]))
        if number == 12:
            expect(page.get_by_text("Picture 13 of 20", exact=True).first).to_be_visible()
            wait_until_idle(page)
            page.reload()
    expect(page.get_by_role("heading", name="You: 20 of 20")).to_be_visible()
    assert_nothing_is_wider_than_the_screen(page)
    page.get_by_role("button", name="Why?").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"quiz=7&picture=test-{pictures[0]}$"))


def wait_for_messages(page, messages, count):
    deadline = time.monotonic() + 60
    while len(messages) < count:
        assert time.monotonic() < deadline, f"the browser has sent {len(messages)} of {count} messages"
        page.wait_for_timeout(20)  # messages come in only while Playwright waits


def test_a_hasty_guess_after_a_reload_loses_none_of_those_before(open_page):
    page = open_page("", PHONE, has_touch=True)  # a tab of its own
    page.evaluate("sessionStorage.setItem('fmnist-quiz', JSON.stringify({'random-8': Array(12).fill(3)}))")
    held = []

    def hold(socket):
        """Holds back what the browser tells of the guesses before the reload, and all that follows."""
        server = socket.connect_to_server()

        def pass_on(message):
            if held or b"keep_quiz" in message:
                held.append((server, message))
            else:
                server.send(message)

        socket.on_message(pass_on)

    page.route_web_socket(re.compile("/_stcore/stream"), hold)
    page.goto(page.url + "Quiz?quiz=8")
    expect(page.locator(".st-key-guess_9 button")).to_be_visible()
    wait_for_messages(page, held, 1)
    page.keyboard.press("9")
    wait_for_messages(page, held, 2)
    for server, message in held:
        server.send(message)
    held.clear()
    expect(page.get_by_text(re.compile("Picture 1[34] of 20")).first).to_be_visible()
    kept = "JSON.parse(sessionStorage.getItem('fmnist-quiz'))['random-8']"
    page.wait_for_function(f"() => {kept}.slice(0, 12).join('') === '3'.repeat(12)")


def test_votes_by_keyboard_survive_a_reload(open_page):
    page = open_page("Labels", PHONE)
    for number, vote in enumerate("2143", 2):
        page.keyboard.press(vote)
        expect(page.get_by_text(f"Case {number} of ")).to_be_visible()
    wait_until_idle(page)
    page.reload()
    expect(page.get_by_text("right 1, wrong 1, neither or both 1, skipped 1")).to_be_visible()
    expect(page.get_by_text("Case 5 of ")).to_be_visible()
    assert_nothing_is_wider_than_the_screen(page)


def test_a_click_near_a_point_chooses_its_kind_also_for_the_second_time(open_page):
    page = open_page("Slices", (1280, 900))
    chart = page.locator(".js-plotly-plot .nsewdrag")
    box = chart.bounding_box()
    for _ in range(2):
        page.mouse.click(box["x"] + 40, box["y"] + 20)  # the first row, left of its leftmost point
        expect(page).to_have_url(re.compile(r"\?slice=largest$"))
        expect(page.locator(".fm-tile").first).to_be_visible()
        page.get_by_role("button", name="Clear value").click()
        expect(page).to_have_url(re.compile(r"/Slices$"))


def test_a_kind_goes_along_to_the_matrices_and_back(open_page):
    page = open_page("Slices?slice=largest", (1280, 900))
    page.get_by_role("link", name="Their confusion matrices").click()
    expect(page).to_have_url(re.compile(r"/Confusion_matrices\?slice=largest$"))
    expect(page.get_by_role("button", name="Only largest quarter")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Which kinds of pictures")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/Slices\?slice=largest$"))
