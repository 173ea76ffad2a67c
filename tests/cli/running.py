"""The command line in a process of its own, as a user starts it."""

import os
import signal
import subprocess
import sys

from tests.conftest import BASELINE, ROOT


def command_line(*arguments):
    """What starts the command line in a process of its own."""
    return [sys.executable, "-m", "fmnist", *map(str, arguments)]


def run_alone(*arguments, **options):
    """Runs the command line in a process of its own, which must end within a minute."""
    return subprocess.run(
        command_line(*arguments), cwd=ROOT, capture_output=True, timeout=60, check=False, **options
    )


def start_alone(*arguments):
    """Starts the command line in a process of its own, which writes each line at once."""
    return subprocess.Popen(
        command_line(*arguments),
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # As at a terminal: what a shell starts in the background is deaf to Ctrl-C, and so are its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def read_first_line_of_many(pictures):
    """Starts a predict that would take minutes, and waits for its first answer."""
    started = start_alone("predict", "--model", BASELINE, *[pictures / "bag.png"] * 2_000)
    assert b"bag" in started.stdout.readline()
    return started
