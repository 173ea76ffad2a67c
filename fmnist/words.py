"""Text from strangers, such as file names, made fit for the place where it is shown.

Each function is for one place: a terminal, a page, a spreadsheet, Markdown.
"""

import re
import string
import unicodedata
from pathlib import PurePosixPath

_NAME_LENGTH = 60
_WORD_JOINER = "\N{WORD JOINER}"
_PUNCTUATION = re.compile(f"[{re.escape(string.punctuation)}]")
# Streamlit reads text again after the Markdown is parsed, so that no backslash helps: shortcodes such as
# :streamlit:, addresses with ://, www. or @, and arrows such as -> become something else.
_READ_AGAIN = re.compile(r"(?<=[:@])(?=\S)|(?<=www)(?=\.)|(?<=[-<>~])(?=[-=>])", re.IGNORECASE)
# A cell starts with the text and, where the semicolon separates cells as in much of Europe, after each
# of those. The full-width signs are those of Japanese keyboards.
_FORMULA_START = re.compile(r"(?:^|(?<=;))(?=[\t\r\n\0]|[\s\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫])")


def printable(text: str) -> str:
    """Replaces what a terminal or page may obey instead of showing it: control and direction marks."""
    # Categories C*: control, format (right-to-left overrides among them), surrogate, unassigned.
    return "".join(
        c if not unicodedata.category(c).startswith("C") else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def display_name(name: str) -> str:
    """Returns the last part of a hostile file name, short, without control or direction marks."""
    shown = printable(PurePosixPath(name.replace("\\", "/")).name or "unnamed")
    return shown if len(shown) <= _NAME_LENGTH else f"{shown[: _NAME_LENGTH - 1]}…"


def spreadsheet_text(text: str) -> str:
    """Puts an apostrophe before what a spreadsheet would take for a formula, and changes nothing else.

    Reference: OWASP, "CSV Injection".
    """
    return _FORMULA_START.sub("'", text)


def escape_markdown(text: str) -> str:
    """Writes any text so that Streamlit's Markdown shows it as it is, on one line.

    Links, pictures, colours, formulas and shortcodes stay the characters they are written with; an
    invisible word joiner breaks what backslashes cannot.
    """
    line = printable(" ".join(text.split()))
    return _PUNCTUATION.sub(r"\\\g<0>", _READ_AGAIN.sub(_WORD_JOINER, line))
