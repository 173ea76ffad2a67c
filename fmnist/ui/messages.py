"""What visitors are told about what they did: errors, and how an action went."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from fmnist.errors import ArtifactError, FmnistError
from fmnist.words import escape_markdown

_OUTCOME = "outcome of an action"


def act(change: Callable[..., str | None], *arguments: Any) -> None:
    """Changes something and keeps how it went, for `show_outcome` at the top of the page.

    Args:
        change: Changes it and returns a sentence, or nothing if the page shows the change by itself.
        arguments: What it is called with.
    """
    try:
        st.session_state[_OUTCOME] = change(*arguments)
    except FmnistError as error:
        st.session_state[_OUTCOME] = error
    except OSError as error:  # a full disk, or a folder that only others may change
        st.session_state[_OUTCOME] = ArtifactError(f"Nothing can be written here: {error.strerror}.")


def show_outcome() -> None:
    """Says once how the last action went; call it outside fragments, once per page."""
    outcome = st.session_state.pop(_OUTCOME, None)
    # Always there, or a popover below would close when it goes; in view, though the button may be far below.
    with st.container(key="fm-outcome"):
        if isinstance(outcome, FmnistError):
            show_error(outcome)
        elif outcome:
            st.success(escape_markdown(outcome))


def pass_on_outcome() -> None:
    """Runs the whole page again if an action of this fragment has left something for `show_outcome`."""
    if st.session_state.get(_OUTCOME):
        st.rerun()


def show_error(error: FmnistError) -> None:
    """Shows the sentence of an error in a red box.

    Commands in backticks stay code; everything else is plain text, whatever a file has put into it.
    """
    parts = str(error).split("`")
    if len(parts) % 2 == 0:  # an unpaired backtick, so not one of ours
        parts = ["".join(parts)]
    shown = [f"`{part}`" if number % 2 else _escape(part) for number, part in enumerate(parts)]
    st.error("".join(shown))


def _escape(part: str) -> str:
    """Escapes a part of a sentence and keeps the spaces at its ends."""
    before, after = (" " if end.isspace() else "" for end in (part[:1], part[-1:]))
    return f"{before}{escape_markdown(part)}{after}" if part.strip() else before
