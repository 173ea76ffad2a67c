"""How every page begins."""

import streamlit as st

from fmnist.ui import browser


def page_header(title: str, introduction: str = "") -> None:
    """Shows a page's title, a button to share it, and what it is for, before anything slow starts."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="fm-title"
    ):
        st.title(title, anchor=False, width="content")
        browser.show_copy_link()
    if introduction:
        st.markdown(introduction)
