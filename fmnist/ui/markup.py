"""The only place that hands markup to the browser: a tree of elements whose texts are always escaped."""

from pathlib import Path

import streamlit as st

from fmnist.markup import Element, element

__all__ = ["Element", "add_look", "element", "show_element"]

_LOOK = Path(__file__).parent / "look.css"


def show_element(shown: Element) -> None:
    """Shows an element; its look is in look.css."""
    st.html(shown.markup)


def add_look() -> None:
    """Puts look.css on the page."""
    st.html(_LOOK)
