"""Opens pages with Streamlit's own test driver."""

import gc
import re

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT

TIMEOUT = 60  # seconds


@pytest.fixture(autouse=True)
def frozen_heap():
    """Streamlit looks for garbage after each run of a page; it need not search what was there before.

    With TensorFlow in the process, of other tests, that would be most of the time of a test.
    """
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def fresh_caches():
    """A cache filled by one test must not answer for another's artifacts or data."""
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def open_page():
    """Opens a page by its file name; `widgets` sets values before its first run by key."""

    def open_page(name, **state):
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=TIMEOUT)
        for key, value in state.items():
            app.session_state[key] = value
        if name != "dashboard.py":
            app.switch_page(f"pages/{name}")
        app.run()
        assert not app.exception, app.exception
        return app

    return open_page


def texts(app):
    """All that a visitor reads, as one text."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "error", "success")
    return "\n".join(said(element) for kind in kinds for element in getattr(app, kind))


def said(element):
    """What a visitor reads of one element: its Markdown without what keeps foreign text from being any."""
    return re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", element.value).replace("\N{WORD JOINER}", "")
