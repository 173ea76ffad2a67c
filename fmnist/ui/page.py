"""How every page begins."""

import streamlit as st


def page_header(title: str, introduction: str) -> None:
    """Shows a page's title and what it is for, before anything slow starts."""
    st.title(title)
    st.markdown(introduction)
