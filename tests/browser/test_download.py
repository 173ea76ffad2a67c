"""The page's button downloads the real four files from a local mirror, at full size."""

import re
import threading

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, wait_until_idle
from tests.mirror import CHUNK, Answer, read_published, serve

pytestmark = [pytest.mark.browser, pytest.mark.dataset]


@pytest.fixture(scope="module")
def published():
    return read_published()  # before `no_data` hides them


@pytest.fixture
def mirror(published, no_data):
    with serve() as mirror:
        mirror.answers = {f"/{name}": [Answer(body)] for name, body in published.items()}
        yield mirror


@pytest.fixture
def server(tmp_path, mirror):
    """A dashboard without the data set, which downloads from the local mirror."""
    running = Server(
        tmp_path, prelude=f"from fmnist.data import mirrors\nmirrors.MIRRORS = ({mirror.address!r},)\n"
    )
    yield running
    running.stop()


def trickle(body, released):
    """Answers slowly, a full download in 80 seconds, until `released` is set."""

    def pieces():
        for start in range(0, len(body), CHUNK):
            released.wait(0.2)
            yield body[start : start + CHUNK]

    return Answer(pieces(), framing="close", headers={"Content-Length": str(len(body))})


def press(page, name):
    page.get_by_role("button", name=name).click()


@pytest.mark.slow
def test_two_visitors_download_and_one_cancels(open_page, mirror, published):
    images = "/train-images-idx3-ubyte.gz"
    released = threading.Event()
    mirror.answers[images] = [trickle(published[images[1:]], released) for _ in range(2)]
    first, second = (open_page("Classify?source=Test+picture") for _ in range(2))
    press(first, "Download the data set")
    expect(first.get_by_text(re.compile(r"train-images.*: [1-9]\d?%"))).to_be_visible()
    press(second, "Download the data set")
    expect(second.get_by_text("waiting for a download")).to_be_visible()
    press(first, "Cancel")
    wait_until_idle(first)
    expect(first.get_by_text("not on this machine yet")).to_be_visible()
    expect(second.get_by_text(re.compile(r"train-images.*: \d+%"))).to_be_visible()
    press(first, "Download the data set")
    expect(first.get_by_text("waiting for a download")).to_be_visible()
    released.set()
    for page in (first, second):
        expect(page.get_by_text("True class: ankle boot.", exact=True)).to_be_visible()
    assert sorted(mirror.requested) == sorted([images, *mirror.answers])


@pytest.mark.slow
def test_galleries_go_on_when_the_data_set_has_arrived(open_page, mirror, published):
    """On the page that downloads, and on one whose visitor only waits."""
    name = "train-images-idx3-ubyte.gz"
    released = threading.Event()
    mirror.answers[f"/{name}"] = [trickle(published[name], released)]
    waiting, loading = (open_page("Confusion_matrices?true=shirt&predicted=t-shirt") for _ in range(2))
    expect(waiting.get_by_text("not on this machine yet")).to_be_visible()
    press(loading, "Download the data set")
    expect(loading.get_by_text(re.compile(r"train-images.*: [1-9]\d%"))).to_be_visible()  # takes 8 s
    released.set()
    for page in (loading, waiting):
        expect(page.locator(".fm-tile")).to_have_count(24)
    assert sorted(mirror.requested) == sorted(mirror.answers)
