"""Choosing one picture of the data set by its part and number; the address says which."""

import streamlit as st

from fmnist import census
from fmnist.census import Picture
from fmnist.ui.evidence import PARTS
from fmnist.ui.picture.drawer import find_opened, open_picture

_PART, _NUMBER = "picture_part", "picture_number"  # the widgets' keys
_FIRST = Picture("test", 0)


def choose_picture() -> Picture:
    """Lets the visitor choose a picture, or take the previous or next one."""
    picture = find_opened() or _FIRST
    last = census.PARTS[picture.part] - 1
    st.session_state[_PART] = next(label for label, part in PARTS.items() if part == picture.part)
    st.session_state[_NUMBER] = picture.index
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.segmented_control("Part of the data set", list(PARTS), required=True, key=_PART, on_change=_open)
        st.number_input(f"Number (0 to {last:,})", 0, last, key=_NUMBER, on_change=_open, width=160)
        _show_step("Previous", "chevron_left", picture, -1)
        _show_step("Next", "chevron_right", picture, 1)
    return picture


def _open() -> None:
    part = PARTS[st.session_state[_PART]]
    open_picture(census.name_picture(part, min(st.session_state[_NUMBER], census.PARTS[part] - 1)))


def _show_step(label: str, icon: str, picture: Picture, step: int) -> None:
    index = picture.index + step
    is_there = 0 <= index < census.PARTS[picture.part]
    st.button(
        label, key=f"picture_{label}", icon=f":material/{icon}:", on_click=open_picture,
        args=(census.name_picture(picture.part, index),), disabled=not is_there,
    )  # fmt: skip
