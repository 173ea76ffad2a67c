"""A table whose numbers are buttons, for mouse, keyboard and screen readers alike."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

_cells = st.components.v2.component(
    "fmnist_cells",
    html="<table></table>",
    isolate_styles=False,  # its look is in look.css
    js="""
    const shown = new WeakMap()

    function create(tag, name, ...inside) {
        const made = document.createElement(tag)
        if (name) made.className = name
        made.append(...inside)
        return made
    }
    function createHead(text, scope) {
        const head = create("th", "", create("span", "", text))
        head.scope = scope
        return head
    }
    function createCell({ text, label, weight }, row, column) {
        const cell = create("td", "")
        if (weight) cell.style.setProperty("--fm-weight", `${100 * weight}%`)
        if (!label) {
            cell.append(text)
            return cell
        }
        const button = create("button", "fm-number", text)
        button.type = "button"
        button.setAttribute("aria-label", label)
        button.dataset.at = JSON.stringify([row, column])
        cell.append(button)
        return cell
    }
    export default function ({ data, parentElement, setTriggerValue }) {
        const table = parentElement.querySelector("table")
        table.onclick = event => {
            const button = event.target.closest("button")
            if (button) setTriggerValue("picked", JSON.parse(button.dataset.at))
        }
        const text = JSON.stringify(data)
        if (shown.get(table) === text) return  // the focus stays where it is
        shown.set(table, text)
        table.className = data.look
        table.replaceChildren(
            create("caption", "", data.caption),
            create("tr", "", ...[data.corner, ...data.columns].map(name => createHead(name, "col"))),
            ...data.rows.map(({ name, numbers }, row) => create("tr", "", createHead(name, "row"),
                ...numbers.map((number, column) => createCell(number, row, column))))
        )
    }
    """,
)


class Number(NamedTuple):
    """A number in a table.

    Attributes:
        text: The number as it is written.
        label: What its button says to a screen reader; a number without it is no button.
        weight: How strongly the cell is coloured, 0 to 1.
    """

    text: str
    label: str = ""
    weight: float = 0.0


def show_numbers(
    key: str,
    look: str,
    caption: str,
    corner: str,
    columns: Sequence[str],
    rows: Mapping[str, Sequence[Number]],
    on_pick: Callable[[int, int], None],
) -> None:
    """Shows a table of numbers.

    Args:
        key: Of the table, different from that of any other on the page.
        look: Its class in look.css.
        caption: What it shows.
        corner: The head of the first column, which names the rows.
        columns: The heads of the others.
        rows: The numbers of each row, by its name.
        on_pick: Called before the page's next run with the row and the column of the number clicked.
    """
    numbers = list(rows.values())

    def take() -> None:
        match st.session_state[key].get("picked"):  # from outside, so it may be anything
            case [int(row), int(column)] if 0 <= row < len(numbers) and 0 <= column < len(numbers[row]):
                if numbers[row][column].label:
                    on_pick(row, column)

    _cells(
        data=_describe_table(look, caption, corner, columns, rows),
        key=key,
        width="content",
        on_picked_change=take,
    )


def _describe_table(
    look: str, caption: str, corner: str, columns: Sequence[str], rows: Mapping[str, Sequence[Number]]
) -> dict[str, Any]:
    return {
        "look": look,
        "caption": caption,
        "corner": corner,
        "columns": list(columns),
        "rows": [
            {"name": name, "numbers": [number._asdict() for number in numbers]}
            for name, numbers in rows.items()
        ],
    }
