"""What Streamlit and Chromium really make of escaped text: nothing but that text."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Server, wait_until_idle

pytestmark = pytest.mark.browser
HOSTILE = [
    "[x](https://evil.example)",
    "![x](https://evil.example/a.png)",
    "<img src=https://evil.example/b.png> <b>bold</b> &copy; <!-- c -->",
    "https://evil.example/a?b=1 HTTP://evil.example",
    "www.evil.example, WWW.evil.example",
    "<https://evil.example> mailto:a@evil.example xmpp:a@evil.example",
    ":red[danger] :color[x]{foreground=red} :help[x] ::note[x]",
    ":material/home: :material_home: :streamlit: :smile: :+1:",
    "$x^2$ $$y$$",
    "a -> b <- c <-> d -- e >= f <= g ~= h",
    "**bold** _it_ ~~gone~~ `code` \\* | a | b | [^1]",
    "# head\n\n1. one\n- [ ] two\n---\n> three\n    four",
    "[a]: https://evil.example 12:30 a::b icon@2x.png",
]
SCRIPT = """
import streamlit as st
from fmnist.words import escape_markdown

for number, text in enumerate({texts!r}):
    escaped = escape_markdown(text)
    with st.container(key=f"text{{number}}"):
        st.markdown(escaped)
        st.error(escaped)
        st.caption(escaped)
        st.checkbox(escaped, key=number)
# The program's own Markdown loads what reads formulas and emoji, and text beside it must not profit.
with st.container(key="mixed"):
    st.markdown(":smile: $y$ " + escape_markdown(":smile: $x$"))
st.header("done")
"""


@pytest.mark.slow
def test_escaped_text_is_shown_as_it_is_and_asks_nobody(browser, tmp_path):
    script = tmp_path / "app.py"
    script.write_text(SCRIPT.format(texts=HOSTILE), encoding="utf-8")
    server = Server(tmp_path, script=script)
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    try:
        page.goto(server.address)
        expect(page.get_by_text("done", exact=True)).to_be_visible()
        wait_until_idle(page)
        for number, text in enumerate(HOSTILE):
            shown = page.locator(f".st-key-text{number}")
            paragraphs = shown.locator("p")
            expect(paragraphs).to_have_count(4)
            for paragraph in paragraphs.all_text_contents():
                assert paragraph.replace("\N{WORD JOINER}", "") == re.sub(r"\s+", " ", text)
            made = shown.locator("a, img, code, strong, em, del, h1, li, table, .katex, [role=img]")
            assert made.count() == 0, text
        mixed = page.locator(".st-key-mixed p")
        assert mixed.locator(".katex").count() == 1
        assert mixed.text_content().endswith(":\N{WORD JOINER}smile: $x$")
        assert [url for url in asked if not url.startswith((server.address, "data:"))] == []
    finally:
        page.close()
        server.stop()
