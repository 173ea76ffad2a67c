"""Choices that are still there when the visitor comes back to a page."""

import contextlib
from collections.abc import Iterator

import streamlit as st

_KEPT = "kept choices"


@contextlib.contextmanager
def kept(key: str, address: str = "") -> Iterator[None]:
    """Lets the choice made by the widget inside survive other pages, on which Streamlit forgets it.

    What the address says goes first.

    Args:
        key: The widget's key.
        address: Its name in the address; by default its key.
    """
    choices = st.session_state.setdefault(_KEPT, {})
    if key in choices and key not in st.session_state and (address or key) not in st.query_params:
        st.session_state[key] = choices[key]
    yield
    choices[key] = st.session_state[key]
