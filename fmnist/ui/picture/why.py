"""Why models answer as they do, for any 28x28 image: neighbours first, then what the answers depend on."""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from fmnist.answers import Answers
from fmnist.artifacts import Model
from fmnist.ui.picture.neighbours import show_neighbours
from fmnist.ui.picture.reasons import show_maps, show_squares
from fmnist.ui.picture.shelf import find_shelf

_ASKED = "image that was asked about"  # the session's key
_TABS = ("Nearest training pictures", "What counts", "Smallest change")


@st.fragment
def show_why(
    models: Sequence[Model],
    answers: Answers,
    image: np.ndarray,
    key: str,
    more: dict[str, Callable[[], None]] | None = None,
) -> None:
    """Shows why models answer as they do, each part only when it is looked at.

    Args:
        models: Those that answered and can be asked.
        answers: To the picture.
        image: uint8 `(28, 28)`.
        key: Begins the widgets' keys.
        more: Further tabs by their names, with what shows them.
    """
    more = more or {}
    shown: list[Callable[[], None]] = [
        lambda: _show_neighbours(models, answers, image),
        lambda: show_maps(models, answers, image, key),
        lambda: show_squares(models, answers, image),
        *more.values(),
    ]
    tabs = st.tabs([*_TABS, *more], key=f"{key}_tabs", on_change="rerun")
    for tab, show in zip(tabs, shown, strict=True):
        if tab.open:
            with tab:
                show()


def ask_why(image: np.ndarray, several: bool) -> bool:
    """Offers to show why models answer as they do, with `show_why`; returns whether the visitor wants that.

    Another image, such as after a stroke, is another question: nothing is computed before it is asked.

    Args:
        image: uint8 `(28, 28)`.
        several: Whether more than one model has answered.
    """
    asked = image.tobytes()
    if st.session_state.get(_ASKED) == asked:
        return True
    st.button(
        "Why do they say that?" if several else "Why does the model say that?",
        icon=":material/psychology_alt:", key="why", on_click=st.session_state.update,
        args=({_ASKED: asked},),
    )  # fmt: skip
    return False


def _show_neighbours(models: Sequence[Model], answers: Answers, image: np.ndarray) -> None:
    shelf = find_shelf("training pictures to compare with")
    if shelf is not None:
        show_neighbours(models, answers, image, shelf)
