"""The drawing board: the only place that touches streamlit-drawable-canvas."""

import base64
import binascii
import json
import logging

import streamlit as st

from fmnist.config import CLASS_NAMES
from fmnist.pictures.outlines import BOARD_SIZE
from fmnist.ui import browser
from fmnist.ui.drawing import EMPTY, EMPTY_BOARD, HALF_A_SNEAKER, MAX_STEP_BYTES, WHITE, Drawing, Step

_LOGGER = logging.getLogger("streamlit.components.v2.component_registry")
TOO_MUCH = "The drawing is too large, so the last stroke was not added. Undo some strokes or clear the board."
_BRUSH = 22  # pixels wide
_REMEMBERED = 300_000  # bytes of a drawing that the browser is asked to keep

# The dark ink is far enough from black to be part of the garment.
_INKS = {"White": WHITE, "Dark": "#303030", "Eraser": "#000000"}
# For each tool: the component's name for it, and how to use it.
_TOOLS = {
    "Freehand": ("freedraw", "Hold the mouse button down, or use a finger, and draw."),
    "Line": ("line", "Press where the line begins, drag, and let go where it ends."),
    "Rectangle": (
        "rect",
        "Press at one corner, drag, and let go at the opposite one. The rectangle is filled.",
    ),
    "Polygon": (
        "polygon",
        "Click the corners one after another. Clicking the first one again closes and fills the shape; "
        "clicking any other corner removes it.",
    ),
}


def show_drawing_board(start: str = EMPTY_BOARD, with_shapes: bool = True) -> bytes | None:
    """Shows a black board with its tools, undo and clear in a row above; must be called while a page runs.

    The drawing is the visitor's: it is the same on every page, and survives a reload.

    Args:
        start: What a first board begins with.
        with_shapes: Whether to offer other tools than a brush, its width and outlines to start from.

    Returns:
        The drawing as PNG bytes, or None as long as nothing is drawn. An outline to start from counts.
    """
    drawing: Drawing | None = st.session_state.get("drawing")
    width, tool = _BRUSH, "Freehand"
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key="fm-tools"):
        ink = st.segmented_control(
            "Ink", list(_INKS), default="White", required=True, key="ink", label_visibility="collapsed",
        )  # fmt: skip
        if with_shapes:
            width, tool, start = _choose_shape(drawing)
        buttons = st.container(horizontal=True, gap="small", width="content")
    if drawing is None:
        drawing = st.session_state["drawing"] = Drawing.begun(start, width)
    elif _component_key(drawing) not in st.session_state:
        drawing.show_anew()  # the visitor was elsewhere, and the component has forgotten everything
    mode = _TOOLS[tool][0]
    with st.container(key="fm-board", width=BOARD_SIZE, height=BOARD_SIZE, border=False, gap=None):
        reported = _draw(drawing, mode, width, _INKS[ink])
    if reported is not None and reported.size > MAX_STEP_BYTES:
        drawing.is_full = True
        drawing.show_anew()  # with a new component, or Streamlit would hold on to what was reported
        st.rerun()
    if reported is not None:
        drawing.take(reported)
    _remember(drawing)
    browser.hasten(mode != "polygon")
    with buttons:  # only now is known whether they are of use
        st.button(
            "Undo", key="undo", on_click=drawing.undo,
            disabled=len(drawing.steps) == 1,
        )  # fmt: skip
        st.button(
            "Clear", key="clear", on_click=_clear, args=(drawing,),
            disabled=drawing.steps[-1] == EMPTY,
        )  # fmt: skip
    if drawing.is_full:
        st.warning(TOO_MUCH, icon=":material/gesture:")
    return drawing.content


def _choose_shape(drawing: Drawing | None) -> tuple[int, str, str]:
    """Shows, on demand, the tools, the width of the brush and what to begin with; returns the choices."""
    if drawing is not None and "outline" not in st.session_state:
        st.session_state["outline"] = drawing.start  # the visitor was elsewhere, or began there
    with st.popover("Shapes", icon=":material/tune:"):
        tool = st.segmented_control(
            "Tool", list(_TOOLS), default="Freehand", required=True, key="tool", wrap=True
        )
        st.caption(_TOOLS[tool][1])
        width = st.slider(
            "Brush width (pixels)", 8, 40, _BRUSH, key="brush",
            help="The board is 280 x 280 pixels and is reduced tenfold, so thin lines fade.",
        )  # fmt: skip
        start = st.selectbox(
            "Start from", [EMPTY_BOARD, HALF_A_SNEAKER, *CLASS_NAMES], key="outline", bind="query-params",
            help="A garment's outline to change or finish. A new choice starts a new drawing.",
            on_change=_begin, args=(width,),
        )  # fmt: skip
    return width, tool, start


def _begin(width: int) -> None:
    drawing: Drawing | None = st.session_state.get("drawing")
    if drawing is not None:
        drawing.begin(st.session_state["outline"], width)


def _clear(drawing: Drawing) -> None:
    if "outline" in st.session_state:
        st.session_state["outline"] = EMPTY_BOARD
    drawing.clear()


def _component_key(drawing: Drawing) -> str:
    return f"board_{drawing.number}"


def _draw(drawing: Drawing, mode: str, width: int, colour: str) -> Step | None:
    """Shows the component; returns what it reports, or None if that cannot be used."""
    # Importing it registers a component, which is only possible inside a running app.
    from streamlit_drawable_canvas import st_canvas

    _hide_toolbar()
    try:
        canvas = st_canvas(
            stroke_width=width,
            stroke_color=colour,
            fill_color=colour,
            background_color="#000000",
            # With another version the component loads again, even what it has been given before.
            initial_drawing={"objects": json.loads(drawing.shown.objects), "version": str(drawing.version)},
            height=BOARD_SIZE,
            width=BOARD_SIZE,
            drawing_mode=mode,
            return_image_data=True,
            key=_component_key(drawing),
        )
        objects, content = json.dumps(canvas.json_data["objects"]), canvas.image_bytes
    except (AttributeError, KeyError, TypeError, ValueError):  # a forged state; no honest browser sends it
        return None
    if objects == EMPTY.objects:
        return EMPTY
    return Step(objects, content) if content else None


@st.cache_resource(max_entries=1, show_spinner=False)
def _hide_toolbar() -> None:
    """Hides the component's own bar, which would be a second set of tools, also for the keyboard.

    The component has no option for it, so it is registered once more with a style of ours in its root.
    """
    _LOGGER.disabled = True  # it warns of a second registration
    try:
        st.components.v2.component(
            "streamlit-drawable-canvas.streamlit_drawable_canvas",
            js="index-*.js",
            css="index-*.css",
            html="<style>.dc-toolbar { display: none !important }</style><div class='canvas-root'></div>",
        )
    finally:
        _LOGGER.disabled = False


def _remember(drawing: Drawing) -> None:
    """Lets the browser keep the drawing, and takes back what it has kept from before a reload."""
    content = drawing.content
    kept = None
    if content and drawing.steps[-1].size <= _REMEMBERED:
        kept = drawing.steps[-1].objects, base64.b64encode(content).decode()
    browser.remember(kept, drawing.is_fresh, on_kept=lambda texts: _restore(drawing, texts))


def _restore(drawing: Drawing, texts: tuple[str, str]) -> None:
    """Puts back what the browser has kept; it comes from outside, so whatever is not a drawing is ignored."""
    objects, encoded = texts
    try:
        step = Step(json.dumps(list(json.loads(objects))), base64.b64decode(encoded, validate=True))
        if step.count and step.size <= MAX_STEP_BYTES:
            drawing.restore(step)
    except (binascii.Error, TypeError, ValueError):
        return
