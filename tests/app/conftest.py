"""Opens pages with Streamlit's own test driver, and reads what they show."""

import base64
import gc
import html
import io
import json
import re
from collections.abc import Callable

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import plotly.io
import pytest
import streamlit as st
from PIL import Image
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from dashboard import SECTIONS
from fmnist import artifacts
from tests.conftest import ROOT

TIMEOUT = 60  # seconds
PAGES = [page for pages in SECTIONS.values() for page in pages]
NAMES = [entry.name for entry in artifacts.list_models()]


@pytest.fixture(scope="session", autouse=True)
def components_found_once():
    """For each page that is opened, Streamlit looks for components in all that packages say of themselves.

    That would be half the time of a test.
    """
    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda: found)
        yield


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
def open_page() -> Callable[..., AppTest]:
    """Opens a page by its path below `pages/`, without the frame; keywords set widgets by their keys."""

    def open_page(file: str, **state) -> AppTest:
        app = AppTest.from_file(ROOT / "pages" / file, default_timeout=TIMEOUT)
        for key, value in state.items():
            app.session_state[key] = value
        return run(app)

    return open_page


@pytest.fixture
def downloads(monkeypatch) -> list[pd.DataFrame]:
    """The tables that a page offers for download."""
    offered = []
    monkeypatch.setattr(
        "streamlit.download_button",
        lambda label, content, *arguments, **options: offered.append(pd.read_csv(io.StringIO(content))),
    )
    return offered


def open_address(file: str, **parameters: str) -> AppTest:
    """Opens a page by its path below `pages/` at an address with parameters."""
    app = AppTest.from_file(ROOT / "pages" / file, default_timeout=TIMEOUT)
    for name, value in parameters.items():
        app.query_params[name] = value
    return run(app)


def run(app: AppTest) -> AppTest:
    """Runs a page and checks that nothing was raised."""
    app.run()
    assert not app.exception, app.exception
    return app


def texts(app: AppTest) -> str:
    """All that a visitor reads, as one text."""
    kinds = ("title", "header", "subheader", "markdown", "caption", "info", "error", "success")
    words = [said(element) for kind in kinds for element in getattr(app, kind)]
    return "\n".join([*words, *(re.sub(r"<[^>]*>", "", markup) for markup in markups(app))])


def markups(app: AppTest) -> list[str]:
    """The HTML of each element that our own markup shows."""
    return [html.unescape(element.proto.body) for element in app.get("html")]


def said(element) -> str:
    """What a visitor reads of one element: its Markdown without what keeps foreign text from being any."""
    return re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", element.value).replace("\N{WORD JOINER}", "")


def figures(app: AppTest) -> list[go.Figure]:
    return [plotly.io.from_json(chart.proto.spec) for chart in app.get("plotly_chart")]


def array(values) -> np.ndarray:
    """Reads an array out of a figure's JSON, where plotly stores it as base64."""
    if isinstance(values, dict):
        flat = np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])
        return flat.reshape([int(side) for side in values.get("shape", str(len(flat))).split(",")])
    return np.array(values, dtype=float)


def png(image: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    return stream.getvalue()


def component(app: AppTest, key: str):
    """What the page hands to one of our own components, which the test driver cannot drive."""
    (found,) = [each for each in app.get("bidi_component") if each.proto.id.endswith(f"-{key}")]
    return json.loads(found.proto.json)
