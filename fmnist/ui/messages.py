"""Errors as visitors see them."""

import streamlit as st

from fmnist.errors import FmnistError
from fmnist.words import escape_markdown


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
