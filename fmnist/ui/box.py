"""A box around the garment, for when the mask is wrong: drawn on the picture or set with sliders.

The box belongs to one picture as it is turned; any other forgets it.
"""

import hashlib

import numpy as np
import streamlit as st

from fmnist import narration
from fmnist.pictures.tiles import encode_photo
from fmnist.preprocessing import LEAST_SIDE, WHOLE_PICTURE, Box, read_box

_BOX, _OF, _BOARD = "box", "box_of", "box_board"  # the box; what it belongs to; the picture to draw on
_SLIDERS = {"box_across": "From left to right", "box_down": "From top to bottom"}
_SIDE = 280  # pixels, as the drawing board

_board = st.components.v2.component(
    "fmnist_box",
    html='<div class="frame"><div class="picture"><img><div class="box" hidden></div></div></div>',
    # A finger on the picture draws; beside it, on the grey, it scrolls the page.
    css=f"""
    .frame {{
        width: {_SIDE}px; height: {_SIDE}px; background: #808080;
        display: flex; align-items: center; justify-content: center;
    }}
    .picture {{
        position: relative; overflow: hidden; cursor: crosshair;
        touch-action: none; user-select: none; -webkit-user-select: none; -webkit-touch-callout: none;
    }}
    img {{ display: block; width: 100%; height: 100%; pointer-events: none; }}
    .box {{
        position: absolute; box-sizing: border-box; pointer-events: none;
        border: 2px solid #fff; outline: 1px solid #000; box-shadow: 0 0 0 {_SIDE}px rgb(0 0 0 / 55%);
    }}
    .box[hidden] {{ display: none; }}
    """,
    js="""
    const begun = new WeakMap()  // where on a picture a box was begun that is not finished

    export default function ({ data, parentElement, setTriggerValue }) {
        const picture = parentElement.querySelector(".picture")
        const image = picture.querySelector("img"), mark = picture.querySelector(".box")
        const show = box => {
            mark.hidden = !box
            if (!box) return
            const [left, top, right, bottom] = box.map(share => 100 * share)
            mark.style.inset = `${top}% ${100 - right}% ${100 - bottom}% ${left}%`
        }
        const find = event => {
            const { left, top, width, height } = picture.getBoundingClientRect()
            const shares = [(event.clientX - left) / width, (event.clientY - top) / height]
            return shares.map(share => Math.min(Math.max(share, 0), 1))
        }
        const span = ([x, y], [u, v]) => [Math.min(x, u), Math.min(y, v), Math.max(x, u), Math.max(y, v)]
        const isLarge = ([left, top, right, bottom]) => Math.min(right - left, bottom - top) >= data.least

        if (image.src !== data.picture) {
            image.src = data.picture
            image.alt = data.name
            // The pixels of a small picture, which is a PNG, are meant to be seen.
            image.style.imageRendering = data.picture.startsWith("data:image/png") ? "pixelated" : "auto"
            picture.style.width = `${data.width}px`
            picture.style.height = `${data.height}px`
        }
        if (!begun.has(picture)) show(data.box)  // what is being drawn stays
        picture.onpointerdown = event => {
            if (!event.isPrimary || event.button) return
            event.preventDefault()
            picture.setPointerCapture(event.pointerId)  // so that a box may be drawn beyond the border
            begun.set(picture, find(event))
        }
        picture.onpointermove = event => {
            const start = begun.get(picture)
            if (start && event.isPrimary) show(span(start, find(event)))
        }
        picture.onpointerup = event => {
            const start = begun.get(picture)
            if (!start || !event.isPrimary) return
            begun.delete(picture)
            const box = span(start, find(event))
            show(isLarge(box) ? box : data.box)
            if (isLarge(box)) setTriggerValue("drawn", box)
        }
        picture.onpointercancel = event => {
            if (event.isPrimary && begun.delete(picture)) show(data.box)
        }
    }
    """,
)


def find_box(photo: bytes, turns: int) -> Box | None:
    """Finds the box that the visitor has drawn on this photo; forgets one on another, or before a turn."""
    of = f"{hashlib.sha256(photo).hexdigest()} {turns}"
    if st.session_state.get(_OF) != of:
        st.session_state[_OF] = of
        forget_box()
    return st.session_state[_BOX]


def forget_box() -> None:
    """Removes the box."""
    st.session_state[_BOX] = None


def show_box(picture: np.ndarray) -> None:
    """Shows a picture on which a box can be drawn, and the same with sliders; call `find_box` before.

    Args:
        picture: uint8 `(height, width, 3)`, RGB, turned as it was prepared.
    """
    box = st.session_state[_BOX]
    height, width = (max(1, round(_SIDE * side / max(picture.shape))) for side in picture.shape[:2])
    _board(
        data={
            "picture": encode_photo(picture, 2 * _SIDE),  # sharp on fine screens
            "name": narration.ORIGINAL,
            "width": width,
            "height": height,
            "box": box,
            "least": LEAST_SIDE,
        },
        key=_BOARD,
        width=_SIDE,
        height=_SIDE,
        on_drawn_change=lambda: _take(st.session_state[_BOARD].get("drawn")),
    )
    st.caption("Wrong mask? Draw a box around the garment.")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.popover("Box in percent", type="tertiary", icon=":material/crop:"):
            for axis, (key, label) in enumerate(_SLIDERS.items()):
                sides = (box or WHOLE_PICTURE)[axis::2]
                st.session_state[key] = tuple(round(100 * side) for side in sides)
                st.slider(label, 0, 100, key=key, format="%d%%", on_change=_slide, args=(axis, key))
        # There in any case, so that nothing moves when a box is drawn.
        st.button(
            "Remove the box", key="remove_box", on_click=forget_box, type="tertiary", disabled=box is None
        )


def _slide(axis: int, key: str) -> None:
    sides = list(st.session_state[_BOX] or WHOLE_PICTURE)
    sides[axis::2] = [percent / 100 for percent in st.session_state[key]]
    _take(sides)


def _take(values: object) -> None:
    """Takes a box from the browser, whatever it is; what is none changes nothing."""
    box = read_box(values)
    if box is not None:
        st.session_state[_BOX] = box
