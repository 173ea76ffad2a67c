"""What every command writes besides its answer: complaints, progress, and the end of the output."""

import os
import sys

from fmnist.words import printable


def complain(problem: object) -> None:
    """Tells on stderr what is wrong; what is quoted in it must not steer the terminal."""
    print(printable(str(problem)), file=sys.stderr)


def show_progress(text: str, complete: bool) -> None:
    """Writes `text` over the line before, on a terminal only.

    Args:
        text: How far it is.
        complete: Whether it is the last one, after which a new line starts.
    """
    if sys.stderr.isatty():
        print(f"\r{text} ", end="\n" if complete else "", file=sys.stderr, flush=True)


def prepare_output() -> None:
    """Makes stdout take whatever is printed."""
    if sys.stdout is None:  # closed by whoever started the program
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 (it stays open)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # for names that the output's encoding lacks


def finish_output() -> None:
    """Writes out what is left or, where that fails, drops it: Python would complain of it at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
