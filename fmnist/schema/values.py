"""JSON values: parsed within bounds, the kinds they may be of, and tables of them."""

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

MAX_EPOCHS = 100_000
_MAX_COUNT = 10**9
_MAX_DIGITS = 15  # of a whole number; no count comes near, and each is exact as a float
_MAX_DEPTH = 20


def parse_json(content: bytes):
    """Parses JSON: no name occurs twice, every number is finite and of sane size, few levels are nested."""
    try:
        parsed = json.loads(
            content,
            object_pairs_hook=_parse_table,
            parse_int=_parse_whole,
            parse_float=_parse_float,
            parse_constant=_parse_float,
        )
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    except UnicodeDecodeError as error:
        raise ValueError("it is no text") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"it is no JSON from line {error.lineno} on") from error
    level = [parsed]
    for _ in range(_MAX_DEPTH):
        tables = (value.values() for value in level if isinstance(value, dict))
        lists = (value for value in level if isinstance(value, list))
        level = list(chain.from_iterable(chain(tables, lists)))
    if level:
        raise ValueError("it is nested too deeply")
    return parsed


def _parse_table(pairs):
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError("a name occurs twice in one set of values")
    return table


def _parse_whole(digits):
    if len(digits) > _MAX_DIGITS:
        raise ValueError(f"it holds a number that is too large, {show(digits)}")
    return int(digits)


def _parse_float(digits):
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"it holds {show(digits)}, which is no finite number")
    return number


@dataclass(frozen=True)
class Kind:
    """What a value must be: in words that follow "must be", and as a test."""

    words: str
    holds: Callable[[object], bool]


def number(low: float, high: float) -> Kind:
    """Builds the kind of a number within bounds; true and false are none."""
    words = f"a number from {low:,} to {high:,}"
    return Kind(words, lambda value: type(value) in (int, float) and low <= value <= high)


def whole(low: int, high: int) -> Kind:
    """Builds the kind of a whole number within bounds; true and false are none."""
    words = f"a whole number from {low:,} to {high:,}"
    return Kind(words, lambda value: type(value) is int and low <= value <= high)


def line(limit: int) -> Kind:
    """Builds the kind of a short text without line breaks and control characters."""
    words = f"a line of at most {limit} printable characters"
    return Kind(words, lambda value: isinstance(value, str) and len(value) <= limit and value.isprintable())


def matching(words: str, pattern: str) -> Kind:
    """Builds the kind of a text that a regular expression matches from end to end."""
    return Kind(words, lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None)


def or_null(kind: Kind) -> Kind:
    """Builds the kind of a value that may be left open."""
    return Kind(f"{kind.words}, or null", lambda value: value is None or kind.holds(value))


def each(kind: Kind) -> Kind:
    """Builds the kind of a table whose values are all of one kind, whatever they are called."""
    words = f"a set of named values, each {kind.words}"
    return Kind(words, lambda value: isinstance(value, dict) and all(map(kind.holds, value.values())))


TABLE = Kind("a set of named values", lambda value: isinstance(value, dict))
LIST = Kind("a list", lambda value: isinstance(value, list))
FLAG = Kind("true or false", lambda value: isinstance(value, bool))
SHARE = number(0, 1)
COUNT = whole(0, _MAX_COUNT)
SIZE = whole(1, _MAX_COUNT)
EPOCHS = whole(0, MAX_EPOCHS)
SECONDS = number(0, _MAX_COUNT)
LOSS = number(0, 1000)
NAME = matching("a name of at most 40 letters a to z, digits, - and _", r"[a-z][a-z0-9_-]{0,39}")
FOLDER = matching("the name of a folder", r"[\w-]{1,80}")
COLOUR = matching("a colour written as #rrggbb", r"#[0-9A-Fa-f]{6}")
SHA256 = matching("a SHA-256 in hexadecimal", r"[0-9a-f]{64}")
LINE = line(200)


def has(content, kinds: dict[str, Kind], what: str) -> dict:
    """Checks that `content` is a table with the keys of `kinds`, each of its kind, and returns it.

    Args:
        content: Any JSON value.
        kinds: What each key must be; there may be others.
        what: Names `content` in an error.
    """
    if not isinstance(content, dict):
        raise ValueError(f"{what} must be {TABLE.words}, received {show(content)}")
    for key in kinds:
        if key not in content:
            raise ValueError(f"{what} lacks {key}")
    return may_have(content, kinds, what)


def may_have(content: dict, kinds: dict[str, Kind], what: str) -> dict:
    """Checks the same of a table that may lack any of the keys."""
    for key, kind in kinds.items():
        if key in content and not kind.holds(content[key]):
            raise ValueError(f"{key} of {what} must be {kind.words}, received {show(content[key])}")
    return content


def has_only(content: dict, kinds: dict[str, Kind], what: str) -> dict:
    """Checks that a table has all keys of `kinds`, each of its kind, and no other."""
    has(content, kinds, what)
    if extra := sorted(content.keys() - kinds.keys()):
        raise ValueError(f"{what} has an unknown entry {show(extra[0])}")
    return content


def are_close(found: list[float], expected: list[float]) -> bool:
    """Tells whether two lists of numbers are equal but for rounding."""
    return len(found) == len(expected) and all(
        math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in zip(found, expected, strict=True)
    )


def show(value) -> str:
    """Writes a value that was received as one short line of plain text."""
    written = repr(value)
    return written if len(written) <= 60 else f"{written[:57]}..."
