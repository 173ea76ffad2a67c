"""Which picture is open, as the address says, and the drawer that shows it."""

from collections.abc import Sequence

import streamlit as st

from fmnist import census
from fmnist.artifacts import Model
from fmnist.census import Picture
from fmnist.ui.frame import show_link
from fmnist.ui.picture.story import show_picture_story

_ADDRESS = "picture"  # its name in the address, which Streamlit empties when another page is chosen
_WIDTH = 880  # pixels, so that on a wide screen the gallery stays in view


def open_picture(name: str) -> None:
    """Opens the drawer on a picture, named as in "test-1234"; call it in a callback."""
    st.query_params[_ADDRESS] = name


def find_opened() -> Picture | None:
    """Returns the picture that the address names, if any."""
    return census.parse_picture(st.query_params.get(_ADDRESS, ""))


def close_picture() -> None:
    """Closes the drawer; the address forgets the picture."""
    st.query_params.pop(_ADDRESS, None)


def show_opened(models: Sequence[Model]) -> None:
    """Shows the drawer if a picture is open; call it once, at the end of a page, outside fragments."""
    picture = find_opened()
    if picture is not None:
        _show_drawer(picture, models)


@st.dialog("One picture", width=_WIDTH, position="right", on_dismiss=close_picture)
def _show_drawer(picture: Picture, models: Sequence[Model]) -> None:
    show_picture_story(picture, models)
    show_link("Picture", "This picture on a page of its own", "open_in_full", picture=picture.name)
