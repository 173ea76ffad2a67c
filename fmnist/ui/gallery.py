"""A gallery of validation or test pictures, page by page; each opens when it is clicked."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import streamlit as st

from fmnist import census, data, figures
from fmnist.analysis import Judged
from fmnist.answers import Answers
from fmnist.config import CLASS_NAMES
from fmnist.errors import DataError
from fmnist.pictures.tiles import encode_pixels
from fmnist.ui.evidence import load_images
from fmnist.ui.picture import open_picture
from fmnist.ui.tiles import Mark, mark_answers, say_marks, show_legend
from fmnist.words import count

_gallery = st.components.v2.component(
    "fmnist_gallery",
    html='<ul class="fm-tiles fm-gallery"></ul>',
    # Not isolated, so that the tiles look as all others do; see look.css. One image holds the pictures of a
    # page one below the other, and each tile shows its part of it.
    isolate_styles=False,
    js="""
    const shown = new WeakMap()

    function create(tag, name, text = "") {
        const made = document.createElement(tag)
        made.className = name
        made.textContent = text
        return made
    }
    function createTile({ index, label, title, marks }, row, { sprite, rows, models }) {
        const button = create("button", "fm-tile")
        button.type = "button"
        button.dataset.index = index
        button.setAttribute("aria-label", label)
        const image = create("span", "fm-image")
        image.style.backgroundImage = `url(${sprite})`
        image.style.backgroundSize = `100% ${100 * rows}%`
        image.style.backgroundPosition = `0 ${rows > 1 ? 100 * row / (rows - 1) : 0}%`
        const lines = create("span", "fm-marks")
        lines.append(...marks.map(([model, sign, wrong]) => {
            const line = create("span", wrong ? "fm-mark fm-other" : "fm-mark", wrong)
            line.dataset.sign = sign
            line.dataset.glyph = models[model].glyph
            line.style.setProperty("--fm-colour", models[model].colour)
            return line
        }))
        button.append(image, create("span", "fm-title", title), lines)
        const item = document.createElement("li")
        item.append(button)
        return item
    }
    export default function ({ data, parentElement, setTriggerValue }) {
        const list = parentElement.querySelector("ul")
        list.onclick = event => {
            const button = event.target.closest("button")
            if (button) setTriggerValue("picked", Number(button.dataset.index))
        }
        const text = JSON.stringify(data)
        if (shown.get(list) === text) return  // the focus stays where it is
        shown.set(list, text)
        list.setAttribute("aria-label", data.name)
        list.replaceChildren(...data.tiles.map((tile, row) => createTile(tile, row, data)))
    }
    """,
)


def show_gallery(
    key: str,
    part: str,
    positions: np.ndarray,
    judged: Mapping[str, Judged],
    colours: Mapping[str, str],
    *,
    empty: str,
    per_page: int = 24,
) -> None:
    """Shows pictures of a part, in the order given, each with its true class and every model's answer.

    A click on one opens it: `open_picture`. Where the data set is missing, says how to get it, and goes on
    when it has arrived; the page must call `show_download` before, outside any fragment, and `show_opened`
    at its end.

    Args:
        key: Of the gallery, different from that of any other on the page.
        part: 'validation' or 'test'.
        positions: int `(n,)`, positions in the part.
        judged: What each model answered, by its name; the tiles have a line for each.
        colours: Each model's colour by its name, as #rrggbb.
        empty: What to say where there are no pictures.
        per_page: How many pictures are on a page.
    """
    if not len(positions):
        st.info(empty)
        return
    _show_pages(key, part, np.asarray(positions), judged, colours, per_page)


# A fragment: to turn over a page does not concern the rest of the dashboard's page.
@st.fragment
def _show_pages(
    key: str,
    part: str,
    positions: np.ndarray,
    judged: Mapping[str, Judged],
    colours: Mapping[str, str],
    per_page: int,
) -> None:
    if st.session_state.pop(f"{key}_opened", False):
        st.rerun()  # what was opened is shown outside the fragment
    images = load_images(part)
    if images is None:
        _await_data()
        return

    def open_one(index: object) -> None:
        if type(index) is int and index in on_page:  # what a browser reports may be anything
            open_picture(census.name_picture(part, index))
            st.session_state[f"{key}_opened"] = True

    if len(judged) > 1:
        show_legend({name: colours[name] for name in judged})
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"fm-pager-{key}"):
        on_page = _choose_page(key, positions, per_page)
        _show_numbers(key, part, on_page, open_one)
    _gallery(
        data=_describe_page(part, on_page, images, judged, colours),
        key=key,
        on_picked_change=lambda: open_one(st.session_state[key].get("picked")),
    )


@st.fragment(run_every=3)
def _await_data() -> None:
    """Shows the pictures as soon as the data set is there, whoever has downloaded it."""
    try:
        if data.is_present():
            st.rerun()
    except DataError:
        pass  # has been said


def _choose_page(key: str, positions: np.ndarray, per_page: int) -> np.ndarray:
    """Lets the visitor turn over pages, from the first one whenever other pictures are shown.

    Returns:
        The positions on the page.
    """
    if len(positions) <= per_page:
        st.markdown(count(len(positions), "picture"), width="content")
        return positions
    page_key, of_key = f"{key}_page", f"{key}_of"
    if st.session_state.get(of_key) != (content := positions.tobytes()):
        st.session_state[of_key] = content
        st.session_state[page_key] = 1
    said = st.container(width="content")
    page = st.pagination(-(-len(positions) // per_page), max_visible_pages=5, key=page_key, width=320)
    first = (page - 1) * per_page
    on_page = positions[first : first + per_page]
    said.markdown(f"{first + 1:,} to {first + len(on_page):,} of {len(positions):,}")
    return on_page


def _show_numbers(key: str, part: str, on_page: np.ndarray, open_one: Callable[[object], None]) -> None:
    """Lets the visitor open one of the pictures on the page by its number."""
    labels, number = census.load_census(part).labels, f"{key}_number"
    with st.popover("By number", type="tertiary", icon=":material/tag:"):
        st.selectbox(
            f"Number of the {part} picture", on_page.tolist(), key=number,
            format_func=lambda index: f"{index}, {CLASS_NAMES[labels[index]]}",
        )  # fmt: skip
        st.button("Open", key=f"{key}_open", on_click=lambda: open_one(st.session_state[number]))


def _describe_page(
    part: str,
    on_page: np.ndarray,
    images: np.ndarray,
    judged: Mapping[str, Judged],
    colours: Mapping[str, str],
) -> dict[str, Any]:
    """Builds what the component shows of a page: one image with all its pictures, and the words of each."""
    labels = census.load_census(part).labels[on_page]
    answers = Answers({name: one.probabilities[on_page] for name, one in judged.items()})
    marks = mark_answers(answers, {name: labels for name in judged}) if judged else [()] * len(on_page)
    return {
        "name": "Pictures",
        "sprite": encode_pixels(np.concatenate(images[on_page])),
        "rows": len(on_page),
        "models": {
            name: {"glyph": figures.find_marker(colours[name]).glyph, "colour": colours[name]}
            for name in judged
        },
        "tiles": [
            _describe_tile(part, int(index), CLASS_NAMES[label], marked)
            for index, label, marked in zip(on_page, labels, marks, strict=True)
        ],
    }


def _describe_tile(part: str, index: int, true: str, marks: tuple[Mark, ...]) -> dict[str, Any]:
    said = say_marks(marks)
    return {
        "index": index,
        "title": true,
        "label": f"{true}, {part} picture {index}" + (f": {said}." if said else ""),
        "marks": [[mark.model, mark.sign, mark.answer if mark.sign == "✗" else ""] for mark in marks],
    }
