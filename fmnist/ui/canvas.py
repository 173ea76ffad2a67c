"""The drawing board: the only place that touches streamlit-drawable-canvas."""

import json
from dataclasses import dataclass

import streamlit as st

from fmnist.config import CLASS_NAMES
from fmnist.pictures.outlines import BOARD_SIZE, OUTLINES, draw_outline

MAX_STEP_BYTES = 2_000_000  # per drawing
MAX_STEPS = 30  # that can be undone; each holds a whole drawing
MAX_STEPS_BYTES = 10_000_000  # for all steps together
TOO_MUCH = "The drawing is too large, so the last stroke was not added. Undo some strokes or clear the board."
EMPTY_BOARD = "an empty board"
WHITE = "#FFFFFF"
_TOOLBAR_HEIGHT = 46  # pixels

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


@dataclass(frozen=True)
class _Step:
    """A past state of a drawing: the component's own objects as JSON, and their PNG, or None if empty.

    The objects take a tenth of the memory as text.
    """

    objects: str
    content: bytes | None

    @property
    def size(self) -> int:
        """Its size in bytes."""
        return len(self.objects) + len(self.content or b"")


_EMPTY = _Step("[]", None)


@dataclass
class _Board:
    """The drawing board of one visitor, kept for the session.

    Attributes:
        start: What the drawing began with: EMPTY_BOARD or a garment.
        steps: The drawing after each change, the latest last; the first cannot be undone.
        shown: The step that the component was last given to begin with.
        is_full: Whether the last stroke was one too many.
        number: Counts the components so far. A new number makes a new component: an old one, given another
            drawing, would still report its own for a moment, and with some tools for ever.
    """

    start: str
    steps: list[_Step]
    shown: _Step
    number: int = 0
    is_full: bool = False

    def show_again(self) -> None:
        """Gives the component the latest step to begin with."""
        self.shown = self.steps[-1]
        self.number += 1

    def take(self, step: _Step) -> None:
        """Takes in what the component reports; it repeats its report at every run of the page."""
        if step.objects == self.steps[-1].objects:
            return
        if len(self.steps) > 1 and step.objects == self.steps[-2].objects:
            self.steps.pop()  # the component's own undo
            return
        self.is_full = False
        self.add(step)

    def add(self, step: _Step) -> None:
        """Adds a step that can be undone, and drops the oldest ones if there are too many."""
        self.steps = [*self.steps, step][-MAX_STEPS:]
        while len(self.steps) > 2 and sum(step.size for step in self.steps) > MAX_STEPS_BYTES:
            del self.steps[0]


def show_drawing_board() -> bytes | None:
    """Shows a black board with a white brush, its tools, undo and clear; must be called while a page runs.

    Returns:
        The drawing as PNG bytes, or None as long as nothing is drawn. An outline to start from counts.
    """
    tools, place = st.columns([2, 3], gap="small")  # side by side, so that board and answer share a screen
    with tools:
        start, width, tool = _choose_tools()
    mode, hint = _TOOLS[tool]
    board = _find_board(start, width)
    # A fixed height, so that nothing below jumps while a new component grows, with room above the board
    # for the toolbar that the component itself shows under a mouse.
    with place.container(height=BOARD_SIZE + _TOOLBAR_HEIGHT, border=False, vertical_alignment="bottom"):
        reported = _draw(board, mode, width)
    if reported is not None and reported.size > MAX_STEP_BYTES:
        board.is_full = True
        board.show_again()  # with a new component, or Streamlit would hold on to what was reported
        st.rerun()
    if reported is not None:
        board.take(reported)
    if board.is_full:
        st.warning(TOO_MUCH, icon=":material/gesture:")
    tools.caption(hint)
    with tools.container(horizontal=True):
        st.button(
            "Undo", icon=":material/undo:", key="undo", on_click=_undo, args=(board,),
            disabled=len(board.steps) == 1,
        )  # fmt: skip
        st.button(
            "Clear", icon=":material/delete:", key="clear", on_click=_clear, args=(board,),
            disabled=board.steps[-1] == _EMPTY,
        )  # fmt: skip
    return board.steps[-1].content


def _choose_tools() -> tuple[str, int, str]:
    """Shows what to begin with, the width of the brush and the tool, and returns the choices."""
    start = st.selectbox(
        "Start from", [EMPTY_BOARD, *CLASS_NAMES], key="outline", bind="query-params",
        help="A garment's outline to change or finish. A new choice starts a new drawing.",
    )  # fmt: skip
    width = st.slider(
        "Brush width (pixels)", 8, 40, 22, key="brush",
        help="The board is 280 x 280 pixels and is reduced tenfold, so thin lines fade.",
    )  # fmt: skip
    tool = st.segmented_control(
        "Tool", list(_TOOLS), default="Freehand", required=True, key="tool", wrap=True
    )
    return start, width, tool


def _find_board(start: str, width: int) -> _Board:
    """Finds the visitor's board, or starts a new one if there is none with this start."""
    board = st.session_state.get("board")
    if board is None or board.start != start:
        # The brush's width at this moment: changing it later must not restart the drawing.
        first = _EMPTY if start == EMPTY_BOARD else _draw_start(start, width)
        number = 0 if board is None else board.number + 1
        board = st.session_state["board"] = _Board(start, [first], first, number)
    elif _component_key(board) not in st.session_state:
        board.show_again()  # the visitor was elsewhere, and the component has forgotten everything
    return board


def _component_key(board: _Board) -> str:
    return f"board_{board.number}"


def _draw_start(garment: str, width: int) -> _Step:
    """Draws an outline as the component's objects, so that the visitor can edit it, and as a PNG.

    The component itself reports a PNG only once something has changed.
    """
    objects = [
        {
            "type": "Polygon",
            "points": [{"x": x, "y": y} for x, y in curve],
            "fill": "transparent",
            "stroke": WHITE,
            "strokeWidth": width,
            "strokeLineJoin": "round",
        }
        for curve in OUTLINES[garment]
    ]
    return _Step(json.dumps(objects), draw_outline(garment, width))


def _draw(board: _Board, mode: str, width: int) -> _Step | None:
    """Shows the component; returns what it reports, or None if that cannot be used."""
    # Importing it registers a component, which is only possible inside a running app.
    from streamlit_drawable_canvas import st_canvas

    try:
        drawing = st_canvas(
            stroke_width=width,
            stroke_color=WHITE,
            fill_color=WHITE,
            background_color="#000000",
            initial_drawing={"objects": json.loads(board.shown.objects)},
            height=BOARD_SIZE,
            width=BOARD_SIZE,
            drawing_mode=mode,
            return_image_data=True,
            key=_component_key(board),
        )
        objects, content = json.dumps(drawing.json_data["objects"]), drawing.image_bytes
    except (AttributeError, KeyError, TypeError, ValueError):  # a forged state; no honest browser sends it
        return None
    if objects == _EMPTY.objects:
        return _EMPTY
    return _Step(objects, content) if content else None


def _undo(board: _Board) -> None:
    board.is_full = False
    if len(board.steps) > 1:  # the second of two quick clicks may arrive before the button is disabled
        board.steps.pop()
        board.show_again()


def _clear(board: _Board) -> None:
    """Empties the board; this too can be undone."""
    st.session_state["outline"] = board.start = EMPTY_BOARD
    board.is_full = False
    board.add(_EMPTY)
    board.show_again()
