"""The drawing board on its own: what it gives before a stroke is drawn."""

from streamlit.testing.v1 import AppTest

from fmnist.pictures.outlines import draw_outline
from tests.app.conftest import TIMEOUT, run


def board():
    import streamlit as st

    from fmnist.ui.canvas import show_drawing_board

    st.session_state["drawn"] = show_drawing_board()


def test_an_empty_board_is_no_drawing_and_has_nothing_to_undo_or_clear():
    app = run(AppTest.from_function(board, default_timeout=TIMEOUT))
    assert app.session_state["drawn"] is None
    assert app.button(key="undo").disabled and app.button(key="clear").disabled


def test_an_outline_to_start_from_is_a_drawing_that_can_be_cleared_and_brought_back():
    app = run(AppTest.from_function(board, default_timeout=TIMEOUT))
    app.selectbox(key="outline").set_value("dress")
    outline = run(app).session_state["drawn"]
    assert outline == draw_outline("dress", 22)
    app.button(key="clear").click()
    assert run(app).session_state["drawn"] is None
    app.button(key="undo").click()
    assert run(app).session_state["drawn"] == outline
