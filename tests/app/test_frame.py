"""The frame: the list of pages, and each page inside it."""

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import SECTIONS
from tests.app.conftest import PAGES, TIMEOUT, run
from tests.conftest import ROOT

# People keep links: none of these may ever go.
ADDRESSES = [
    "",
    "Training_curves",
    "Train",
    "Runs",
    "Experiments",
    "Confusion_matrices",
    "Augmentation",
    "Classify",
    "Classify_a_batch",
]


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


def test_the_menu_names_every_section_and_home_has_a_door_to_each_that_invites(frame):
    links = [link.proto for link in frame.get("page_link")]
    invited = [page for page in PAGES if page.invitation]
    menu, invitations = links[: len(SECTIONS)], links[len(SECTIONS) : len(SECTIONS) + len(invited)]
    assert [(link.label, link.page, link.icon) for link in menu] == [
        (name, pages[0].address, f":material/{pages[0].icon}:") for name, pages in SECTIONS.items()
    ]
    assert [(link.page, link.label) for link in invitations] == [
        (page.address, page.invitation) for page in invited
    ]
    assert len(invited) >= 3
    contents = links[len(SECTIONS) + len(invited) :]
    assert [(link.page, link.label) for link in contents] == [
        (page.address, page.title) for page in PAGES if page.address
    ]


def test_a_section_shows_its_pages_and_its_own_link_leads_to_the_page_one_is_on(frame):
    for name, pages in SECTIONS.items():
        frame.switch_page(pages[-1].path)
        links = [link.proto for link in run(frame).get("page_link")]
        assert next(link.page for link in links if link.label == name) == pages[-1].address
        own = links[len(SECTIONS) : len(SECTIONS) + len(pages)] if len(pages) > 1 else []
        assert [(link.label, link.page) for link in own] == [
            (page.label, page.address) for page in pages if len(pages) > 1
        ]
