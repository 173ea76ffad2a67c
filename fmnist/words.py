"""Numbers in words, and text from strangers made safe for the place where it is shown.

Text from strangers, such as file names, has a function for each place: a terminal, a page, a
spreadsheet, Markdown.
"""

import re
import string
import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

_NAME_LENGTH = 60
_WORD_JOINER = "\N{WORD JOINER}"
# Patterns, compiled when they are first used: the command line need not wait for them.
_PUNCTUATION = f"[{re.escape(string.punctuation)}]"
# Streamlit reads the text again after the Markdown is parsed, where a backslash does not help: shortcodes
# such as :streamlit:, addresses with ://, www. or @, and arrows such as -> become something else.
_READ_AGAIN = r"(?i)(?<=[:@])(?=\S)|(?<=www)(?=\.)|(?<=[-<>~])(?=[-=>])"
# A cell starts where the text starts and, where semicolons separate cells as in much of Europe, after each
# semicolon. The full-width signs come from Japanese keyboards.
_FORMULA_START = r"(?:^|(?<=;))(?=[\t\r\n\0]|[\s\ufeff]*[=+\-@＝＋－＠﹦﹢﹣﹫])"


def printable(text: str) -> str:
    """Replaces what a terminal or page might obey instead of show: control and direction marks."""
    # Categories C*: control, format (right-to-left overrides among them), surrogate, unassigned.
    return "".join(
        c if not unicodedata.category(c).startswith("C") else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def display_name(name: str, length: int = _NAME_LENGTH) -> str:
    """Shortens a possibly hostile file name to its last part, without control or direction marks.

    A name of more than `length` characters loses its middle, since photos often differ in the number at the
    end only.
    """
    return shorten(printable(PurePosixPath(name.replace("\\", "/")).name or "unnamed"), length)


def shorten(text: str, length: int) -> str:
    """Takes the middle out of a text of more than `length` characters."""
    if len(text) <= length:
        return text
    kept = length // 2
    return f"{text[: length - 1 - kept]}…{text[-kept:]}"


def spreadsheet_text(text: str) -> str:
    """Puts an apostrophe before anything a spreadsheet would take for a formula; changes nothing else.

    Reference: OWASP, "CSV Injection".
    """
    return re.sub(_FORMULA_START, "'", text)


def escape_markdown(text: str) -> str:
    """Escapes any text so that Streamlit's Markdown shows it literally, on one line.

    Links, pictures, colours, formulas and shortcodes appear as plain characters; an invisible word joiner
    breaks up what backslashes cannot escape.
    """
    line = printable(" ".join(text.split()))
    return re.sub(_PUNCTUATION, r"\\\g<0>", re.sub(_READ_AGAIN, _WORD_JOINER, line))


def percent(fraction: float, digits: int = 1) -> str:
    """Writes a fraction as a percentage: 0.9226 is '92.3%'."""
    return f"{100 * fraction:.{digits}f}%"


def points(difference: float, digits: int = 2) -> str:
    """Writes the difference between two fractions in signed percentage points: 0.0052 is '+0.52'."""
    rounded = round(100 * difference, digits) + 0.0  # turns a negative zero into a plain one
    return f"{rounded:+.{digits}f}".replace("-", "−")


def join(parts: Sequence[str]) -> str:
    """Joins the parts of a sentence: 'a', 'a and b', 'a, b and c'."""
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def count(number: int, noun: str) -> str:
    """Writes a number with its noun: '1 epoch', '2 epochs'."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def duration(seconds: float) -> str:
    """Writes a duration as a person would: '45 seconds', '12 minutes', '1 h 5 min'."""
    if seconds < 90:
        return f"{seconds:.0f} seconds"
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
