"""The browser of the browser tests: one fixture for all long tests, since two would not run side by side."""

from tests.browser.conftest import browser  # noqa: F401
