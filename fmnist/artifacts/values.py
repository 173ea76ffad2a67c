"""JSON from a file: parsed within limits, turned into a typed value, or refused in one sentence.

The types say what each value must be, and msgspec checks it. It starts in 30 milliseconds, a third of the
time that pydantic would make `predict` wait.
"""

import json
import math
import re
from itertools import chain
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

_MAX_COUNT = 10**9
_MAX_DIGITS = 15  # of a whole number; no count comes near, and all are exact as floats
_MAX_DEPTH = 20
MAX_LINE = 200
MAX_EPOCHS = 100_000

Share = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=0, le=_MAX_COUNT)]
Size = Annotated[int, Meta(ge=1, le=_MAX_COUNT)]
Epochs = Annotated[int, Meta(ge=1, le=MAX_EPOCHS)]
Seconds = Annotated[float, Meta(ge=0, le=_MAX_COUNT)]
Loss = Annotated[float, Meta(ge=0, le=1000)]
_NAME, FOLDER = r"^[a-z][a-z0-9_-]{0,39}\Z", r"^[A-Za-z0-9_-]{1,80}\Z"
_TITLE, _TAG = r"^.{0,80}\Z", r"^[^\s,](?:[^,]{0,28}[^\s,])?\Z"
_COLOUR, _SHA256 = r"^#[0-9A-Fa-f]{6}\Z", r"^[0-9a-f]{64}\Z"
_TRIAL, _LINE = r"^[A-Za-z0-9][A-Za-z0-9_.+-]{0,119}\Z", r"^[ -~]{0,2000}\Z"
Name = Annotated[str, Meta(pattern=_NAME)]
Folder = Annotated[str, Meta(pattern=FOLDER)]
Title = Annotated[str, Meta(pattern=_TITLE)]
Tag = Annotated[str, Meta(pattern=_TAG)]
Colour = Annotated[str, Meta(pattern=_COLOUR)]
Sha256 = Annotated[str, Meta(pattern=_SHA256)]
TrialName = Annotated[str, Meta(pattern=_TRIAL)]
Line = Annotated[str, Meta(pattern=_LINE)]

_PATTERNS = {
    _NAME: "a name of at most 40 letters a to z, digits, - and _",
    FOLDER: "the name of a folder",
    _TITLE: "a line of at most 80 letters",
    _TAG: "a tag of at most 30 letters, without a comma",
    _COLOUR: "a colour written as #rrggbb",
    _SHA256: "a SHA-256 in hexadecimal",
    _TRIAL: "the name of a trial",
    _LINE: "a line of at most 2,000 printable characters",
}
_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "true or false",
    "object": "a set of named values",
    "array": "a list",
    "null": "null",
}
_Typed = TypeVar("_Typed")


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A set of named values in a file, each of them known and of the right type."""


def parse_json(content: bytes) -> Any:
    """Parses JSON in which no name occurs twice, numbers are finite and not huge, and texts are short lines.

    Raises:
        ValueError: If it is anything else, or nested too deeply.
    """
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
        raise ValueError("it is not text") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON from line {error.lineno} on") from error
    level = [parsed]
    for _ in range(_MAX_DEPTH):
        for text in chain.from_iterable([*value] if isinstance(value, dict) else [value] for value in level):
            if isinstance(text, str) and not (len(text) <= MAX_LINE and text.isprintable()):
                expected = f"a line of at most {MAX_LINE} printable characters"
                raise ValueError(f"a text must be {expected}, received {show(text)}")
        tables = (value.values() for value in level if isinstance(value, dict))
        lists = (value for value in level if isinstance(value, list))
        level = list(chain.from_iterable(chain(tables, lists)))
    if level:
        raise ValueError("it is nested too deeply")
    return parsed


def _parse_table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError("a name occurs twice in one set of values")
    return table


def _parse_whole(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        raise ValueError(f"it contains a number that is too large, {show(digits)}")
    return int(digits)


def _parse_float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"it contains {show(digits)}, which is not a finite number")
    return number


def convert(content: Any, kind: type[_Typed], what: str = "") -> _Typed:
    """Turns parsed JSON into a value of type `kind`; `what` names it in an error if it is not the whole file.

    Raises:
        ValueError: If it is not of that type; says where, what was expected and what was received.
    """
    try:
        return msgspec.convert(content, kind)
    except msgspec.ValidationError as error:
        raise ValueError(_explain(str(error), content, what)) from error


def _explain(message: str, content: Any, what: str) -> str:
    """Rewrites msgspec's message for people: "accuracy of test must be a number of at most 1, received 5"."""
    problem, _, path = message.partition(" - at `")
    steps = re.findall(r"\.(\w+)|\[(\d+)\]|\[(\.\.\.)\]", path)
    names = [name or (index and f"entry {index}") or "an entry" for name, index, _ in reversed(steps)]
    where = " of ".join([*names, what] if what else names) or "the file"
    if not problem.startswith(("Expected ", "Object ")):  # one of our own checks
        return problem if where == "the file" else f"in {where} {problem}"
    if field := re.search(r"missing required field `(.*)`", problem):
        return f"{where} lacks {field[1]}"
    if "unknown field" in problem:
        return f"{where} has an unknown entry {show(problem.split('`', 1)[1].rstrip('`'))}"
    sentence = f"{where} must be {_describe(problem)}"
    if any(entry for *_, entry in steps):
        return sentence  # msgspec does not say which entry it is
    received = content
    for name, index, _ in steps:
        received = received[name] if name else received[int(index)]
    return f"{sentence}, received {show(received)}"


def _describe(problem: str) -> str:
    for pattern, words in _PATTERNS.items():
        if repr(pattern) in problem:
            return words
    expected = problem.removeprefix("Expected ").partition(", got ")[0]
    expected = re.sub(r"`([^`]*)`", lambda found: _list_types(found[1]), expected)
    expected = re.sub(r"of length ([<>]=) (\d+)", r"\1 \2 entries", expected)
    expected = re.sub(r"(\d)\.0\b", r"\1", expected)
    return expected.replace(">=", "of at least").replace("<=", "of at most")


def _list_types(types: str) -> str:
    return " or ".join(_TYPES.get(name, name) for name in types.split(" | "))


def are_close(found: list[float], expected: list[float]) -> bool:
    """Whether two lists of numbers are equal except for rounding."""
    return len(found) == len(expected) and all(
        math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) for a, b in zip(found, expected, strict=True)
    )


def show(value: object) -> str:
    """Writes a received value as one short line of plain text."""
    written = repr(value)
    return written if len(written) <= 60 else f"{written[:57]}..."
