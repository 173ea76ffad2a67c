"""What every command writes besides its results: error messages, progress, and the end of the output."""

import os
import sys

from fmnist.words import printable


def complain(problem: object) -> None:
    """Writes an error message to stderr; text quoted in it cannot control the terminal."""
    print(printable(str(problem)), file=sys.stderr)


def show_progress(text: str, complete: bool) -> None:
    """Overwrites the previous line with `text`, on a terminal only.

    Args:
        text: The progress so far.
        complete: Whether this is the last one; a new line follows it.
    """
    if sys.stderr.isatty():
        print(f"\r{text} ", end="\n" if complete else "", file=sys.stderr, flush=True)


def prepare_output() -> None:
    """Makes stdout accept whatever is printed."""
    if sys.stdout is None:  # closed by whoever started the program
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 (it stays open)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # for characters that the encoding lacks


def finish_output() -> None:
    """Flushes the output, or drops the rest if that fails; otherwise Python would complain when it exits."""
    try:
        sys.stdout.flush()
    except OSError:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
