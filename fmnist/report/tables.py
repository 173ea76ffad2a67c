"""Tables: plain ones, and confusion matrices with coloured cells."""

from collections.abc import Callable, Sequence

import numpy as np

from fmnist.config import CLASS_NAMES
from fmnist.markup import Element, element

_MORE, _LESS, _PLAIN = "232,146,54", "74,146,198", "74,146,198"  # red, green, blue of the strongest colours


def build_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], caption: str = "", kind: str | None = None
) -> Element:
    """Builds a table.

    Args:
        heads: Of the columns; the first may be empty.
        rows: Their cells; the first names the row.
        caption: What it shows; none by default.
        kind: How it looks, a class of the look.
    """
    top = element("tr", *(element("th", head, scope="col") if head else element("td") for head in heads))
    body = [
        element("tr", element("th", name, scope="row"), *(element("td", cell) for cell in cells))
        for name, *cells in rows
    ]
    said = [element("caption", caption)] if caption else []
    return _let_scroll(element("table", *said, top, *body, class_=kind), caption or "Table")


def build_matrix(counts: np.ndarray, caption: str, largest: int) -> Element:
    """Builds a confusion matrix, whose colours show the mistakes.

    Args:
        counts: int `(10, 10)`, row true, column predicted.
        caption: What it shows.
        largest: The number of mistakes with the strongest colour.
    """
    mistakes = counts * ~np.eye(len(counts), dtype=bool)
    strengths = np.clip(mistakes / max(largest, 1), 0, 1)
    return _build_square(counts, caption, lambda value: f"{value:,}", lambda cell: (_PLAIN, strengths[cell]))


def build_change(change: np.ndarray, caption: str) -> Element:
    """Builds one confusion matrix minus another: int `(10, 10)`, each cell with its sign."""
    strengths = np.abs(change) / max(np.abs(change).max(), 1)

    def sign(value: int) -> str:
        return f"{value:+,}".replace("-", "−")

    return _build_square(
        change, caption, sign, lambda cell: (_MORE if change[cell] > 0 else _LESS, strengths[cell])
    )


def _build_square(
    values: np.ndarray,
    caption: str,
    write: Callable[[int], str],
    colour: Callable[[tuple[int, int]], tuple[str, float]],
) -> Element:
    def build_cell(cell: tuple[int, int]) -> Element:
        rgb, strength = colour(cell)
        style = f"background: rgba({rgb},{strength:.2f})" if strength else None
        return element("td", write(int(values[cell])) if values[cell] else "", style=style)

    heads = [element("th", name, scope="col") for name in CLASS_NAMES]
    rows = [
        element(
            "tr",
            element("th", name, scope="row"),
            *(build_cell((row, column)) for column in range(len(CLASS_NAMES))),
        )
        for row, name in enumerate(CLASS_NAMES)
    ]
    top = element("thead", element("tr", element("td"), *heads))
    table = element("table", element("caption", caption), top, element("tbody", *rows), class_="matrix")
    return _let_scroll(table, caption)


def _let_scroll(table: Element, name: str) -> Element:
    """Lets a table be wider than the screen, and be scrolled by keyboard."""
    return element("div", table, class_="scroll", tabindex="0", role="group", aria_label=name)
