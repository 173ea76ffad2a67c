"""The settings of runs side by side."""

from collections.abc import Sequence

import streamlit as st

from fmnist import narration
from fmnist.errors import ArtifactError
from fmnist.ui.markup import Element, element, show_element
from fmnist.ui.messages import show_error
from fmnist.ui.runs import Row, load_run
from fmnist.words import count, printable


def show_settings(rows: Sequence[Row]) -> None:
    """Shows what decided the weights of the chosen runs side by side; what is the same in all is folded."""
    try:
        runs = [load_run(row) for row in rows]
    except ArtifactError as error:  # it was deleted a moment ago
        show_error(error)
        return
    settings = narration.compare_settings({run.name: run.manifest for run in runs})
    differing = [setting for setting in settings if setting.differs]
    heads = [row.short for row in rows]
    if len(rows) > 1:
        st.header("What differs")
        if differing:
            show_element(_build_table(heads, differing))
            st.caption("≠ marks what is not as in the first run.")
        else:
            st.markdown("Nothing: these runs had the same settings, and only the hardware could differ.")
    alike = [setting for setting in settings if not setting.differs]
    title = f"The same in all: {count(len(alike), 'setting')}" if len(rows) > 1 else "All settings"
    with st.expander(title):
        show_element(_build_table(heads[:1] if len(rows) == 1 else ["all"], alike, 1))


def _build_table(heads: list[str], settings: list[narration.Setting], columns: int | None = None) -> Element:
    return element(
        "div",
        element(
            "table",
            element(
                "tr",
                element("th", "Setting", scope="col"),
                *(element("th", head, scope="col") for head in heads),
            ),
            *(
                element(
                    "tr",
                    element("th", setting.name, scope="row"),
                    *(_build_cell(value, setting.values[0]) for value in setting.values[:columns]),
                )
                for setting in settings
            ),
        ),
        class_="fm-settings",
        tabindex="0",
        role="group",
        aria_label="Settings of the chosen runs",
    )


def _build_cell(value: str, first: str) -> Element:
    return element("td", printable(value) if value == first else element("strong", f"≠ {printable(value)}"))
