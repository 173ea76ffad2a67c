"""notes.json: what people wrote about runs, and which runs were imported.

It is personal: no reader of a run needs it, and git ignores it. A damaged one is never replaced.
"""

import contextlib
import os
import textwrap
from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta

from fmnist.artifacts import files
from fmnist.artifacts.values import MAX_LINE, Folder, Record, Tag, Title, convert, parse_json
from fmnist.errors import ArtifactError
from fmnist.words import printable

FORMAT = 1
"""Version of the format of notes.json; a reader refuses newer ones."""
MAX_TAGS, MAX_LINES = 10, 20
_REFUSED = "This cannot be kept about a run"
_ADVICE = "It holds titles, tags and notes only: mend it, or move it away to begin anew."


class Note(Record, frozen=True, kw_only=True):
    """What is kept about a run beside the run itself.

    Attributes:
        title: A name for readers.
        tags: Short words to filter by.
        lines: A longer text, line by line.
        imported: When the run was imported, as an ISO 8601 text; empty for one that was trained here.
    """

    title: Title = ""
    tags: Annotated[tuple[Tag, ...], Meta(max_length=MAX_TAGS)] = ()
    lines: Annotated[tuple[str, ...], Meta(max_length=MAX_LINES)] = ()
    imported: str = ""

    @property
    def text(self) -> str:
        """The longer text, with line breaks."""
        return "\n".join(self.lines)


class _Notes(Record, frozen=True, kw_only=True):
    format: int = FORMAT
    runs: dict[Folder, Note] = {}  # noqa: RUF012 (msgspec copies it)


def load_notes() -> dict[str, Note]:
    """Loads what is kept about runs, by the run's name; runs without anything are left out.

    Raises:
        ArtifactError: If notes.json is damaged.
    """
    path = files.at("notes.json")
    if not os.path.lexists(path):
        return {}
    content = files.read(path, files.MAX_JSON_BYTES, _ADVICE)
    with files.named(path, _ADVICE):
        parsed = parse_json(content)
        files.check_format(path, parsed, FORMAT, "move the file away")
        return dict(convert(parsed, _Notes).runs)


def load_titles() -> dict[str, str]:
    """Loads the titles of the runs that have one; none if notes.json is damaged, which Runs reports."""
    try:
        return {run: note.title for run, note in load_notes().items() if note.title}
    except ArtifactError:
        return {}


def save_note(
    run: str, title: str | None = None, tags: list[str] | None = None, text: str | None = None
) -> Note:
    """Changes what is kept about a run; None leaves a part as it is.

    Args:
        run: The run's name.
        title: A line of at most 80 letters.
        tags: At most ten, each of at most 30 letters and without a comma.
        text: Any text; lines of more than 200 letters are broken.

    Raises:
        ArtifactError: If notes.json is damaged, or a value is not valid; nothing is changed then.
    """
    changes: dict[str, object] = {}
    if title is not None:
        changes["title"] = _clean(title)
    if tags is not None:
        changes["tags"] = tuple(dict.fromkeys(map(_clean, tags)))
    if text is not None:
        lines = (textwrap.wrap(_clean(line), MAX_LINE) or [""] for line in text.strip().splitlines())
        changes["lines"] = tuple(line for wrapped in lines for line in wrapped)
    with change_notes() as notes:
        note = msgspec.structs.replace(notes.get(run, Note()), **changes)
        with files.explained(_REFUSED):  # about this note alone, so that the sentence is short
            convert(msgspec.to_builtins(note), Note)
        notes[run] = note
    return note


@contextlib.contextmanager
def change_notes() -> Iterator[dict[str, Note]]:
    """Yields what is kept about runs, to be changed, and saves it in one step; locks the file meanwhile.

    Raises:
        ArtifactError: If notes.json is damaged, or readers would refuse the changed one; it stays then.
    """
    with files.lock("notes.lock", "The notes on runs are being changed"):
        notes = load_notes()
        yield notes
        kept = {run: note for run, note in notes.items() if note != Note()}
        content = files.encode(msgspec.to_builtins(_Notes(runs=kept)))
        with files.explained(_REFUSED):
            convert(parse_json(content), _Notes)
        files.replace(files.at("notes.json"), content)


def _clean(text: str) -> str:
    return printable(" ".join(text.split()))
