"""HTML as a tree of elements whose texts are always escaped; for pages and for files to keep."""

from __future__ import annotations

import html
from dataclasses import dataclass

_WITHOUT_END = {"img", "br", "meta"}


@dataclass(frozen=True)
class Element:
    """An HTML element; made by `element`, so that nothing in it was ever text from outside unescaped."""

    markup: str


def element(tag: str, *children: Element | str, **attributes: str | None) -> Element:
    """Builds an element.

    Args:
        tag: Its name, from the program itself.
        children: Elements, and texts from anywhere, which are escaped.
        attributes: By name, from anywhere; an underscore stands for a hyphen, `class_` for class. One whose
            value is None is left out.

    Example:
        >>> element("b", "a < b", class_="chip").markup
        '<b class="chip">a &lt; b</b>'
    """
    named = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{html.escape(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in _WITHOUT_END:
        return Element(f"<{tag}{named}>")
    inside = "".join(child.markup if isinstance(child, Element) else html.escape(child) for child in children)
    return Element(f"<{tag}{named}>{inside}</{tag}>")
