"""The frame of a file: its head, its look, and our sentences as elements."""

import re

from fmnist.markup import Element, element

# No quotes and no > in here: what stands in an element is escaped, which a browser undoes in text only.
_LOOK = """
:root { color-scheme: light; --line: #cfd6df; --pale: #5a6270; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #101218; background: #fff; }
main { max-width: 1080px; margin: 0 auto; padding: 1.5rem 1.2rem 4rem; }
h1 { font-size: 2rem; line-height: 1.15; margin: 0 0 0.3rem; overflow-wrap: anywhere; }
h2 { font-size: 1.35rem; margin: 2.4rem 0 0.4rem; }
h3 { font-size: 1.05rem; margin: 1.2rem 0 0.3rem; overflow-wrap: anywhere; }
p { margin: 0.4rem 0; max-width: 46rem; }
.pale, footer, figcaption, caption { color: var(--pale); font-size: 0.9rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding-bottom: 0.3rem; }
th, td { padding: 0.3rem 0.9rem 0.3rem 0; border-bottom: 1px solid var(--line); text-align: right;
    vertical-align: top; }
th { font-weight: 600; }
th[scope=row] { font-weight: 400; white-space: nowrap; }
.facts th[scope=row] { white-space: normal; min-width: 9rem; }
th:first-child, .facts td, .facts th { text-align: left; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
.side-by-side { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr));
    gap: 1rem 2rem; }
.matrix { font-size: 0.8rem; border-spacing: 1px; border-collapse: separate; }
.matrix td { width: 2.4rem; padding: 0.25rem 0; text-align: center; border: 0; background: #f4f6f9; }
.matrix th { border: 0; padding: 0.15rem 0.4rem 0.15rem 0; font-weight: 400; text-align: right;
    white-space: nowrap; }
.matrix thead th { writing-mode: vertical-rl; transform: rotate(180deg); padding: 0.3rem 0;
    text-align: left; }
.tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); gap: 0.6rem; }
.tiles figure { margin: 0; background: #000; color: #fff; border-radius: 0.5rem; overflow: hidden;
    font-size: 0.75rem; line-height: 1.35; break-inside: avoid; }
.tiles img { display: block; width: 100%; aspect-ratio: 1; image-rendering: pixelated; }
.tiles figcaption { color: #fff; font-size: 0.8rem; font-weight: 600; padding: 0.2rem 0.5rem 0; }
.tiles div { padding: 0 0.5rem; overflow-wrap: anywhere; }
.tiles div:last-child { padding-bottom: 0.4rem; }
svg { width: 100%; height: auto; font-size: 12px; }
summary { cursor: pointer; margin: 0.8rem 0 0.4rem; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_WORD_JOINER = "\N{WORD JOINER}"


def build_document(title: str, *content: Element) -> str:
    """Builds a whole file.

    Args:
        title: What the browser's tab says.
        content: What stands in it.
    """
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("title", title),
        element("style", _LOOK),
    )
    page = element("html", head, element("body", element("main", *content)), lang="en")
    return f"<!doctype html>\n{page.markup}\n"


def say(markdown: str, **attributes: str) -> Element:
    """Builds a paragraph from one of our sentences, in which names are escaped and ** marks what is bold."""
    parts: list[list[str]] = [[]]
    for escaped, stars, plain in re.findall(r"\\(.)|(\*\*)|([^\\*]+|.)", markdown):
        if stars:
            parts.append([])
        else:
            parts[-1].append(escaped or plain)
    texts = ["".join(part).replace(_WORD_JOINER, "") for part in parts]
    children = [element("strong", text) if number % 2 else text for number, text in enumerate(texts)]
    return element("p", *children, **attributes)
