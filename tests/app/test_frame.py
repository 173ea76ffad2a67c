"""The frame: the list of pages, and each page inside it."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import SECTIONS
from tests.app.conftest import PAGES, TIMEOUT, run
from tests.conftest import ROOT

# People keep links: none of these may ever go.
ADDRESSES = ["", "Training_curves", "Confusion_matrices", "Augmentation", "Classify", "Classify_a_batch"]


@pytest.fixture
def frame() -> AppTest:
    return run(AppTest.from_file(ROOT / "dashboard.py", default_timeout=TIMEOUT))


def test_every_page_file_is_listed_once_and_keeps_its_address():
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").rglob("*.py")}
    assert {page.path for page in PAGES} == files and len(PAGES) == len(files)
    addresses = [page.address for page in PAGES]
    assert {*ADDRESSES} <= {*addresses} and len({*addresses}) == len(addresses)
    assert addresses[0] == "", "the first page is the one without an address"
    assert all(SECTIONS.values())


def test_each_page_opens_inside_the_frame_under_the_title_in_the_list(frame):
    for page in PAGES:
        frame.switch_page(page.path)
        assert run(frame).title[0].value == page.title


def test_the_menu_names_every_page_and_home_invites_to_every_other_one(frame):
    links = [link.proto for link in frame.get("page_link")]
    menu, invitations = links[: len(PAGES)], links[len(PAGES) :]
    assert [link.page for link in menu] == [page.address for page in PAGES]
    assert [(link.label, link.icon) for link in menu] == [
        (page.label, f":material/{page.icon}:") for page in PAGES
    ]
    assert [link.page for link in invitations] == [page.address for page in PAGES[1:]]
    assert [link.label for link in invitations] == [page.invitation for page in PAGES[1:]]
