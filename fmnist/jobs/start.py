"""Starting the processes that do the work: the worker, and the measurement of speed."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from fmnist import artifacts
from fmnist.errors import TrainingError

WORKER = (sys.executable, "-m", "fmnist.training.worker")
"""The program that works off the queue and ends when it is empty."""
_MAX_LOG = 1_000_000  # bytes
_PATIENCE = 5.0  # seconds


def start_worker() -> None:
    """Starts the worker unless there is one, and waits until it has begun.

    Raises:
        TrainingError: If the system cannot start another process.
    """
    if artifacts.is_held("worker"):
        return
    process = start(WORKER)
    deadline = time.monotonic() + _PATIENCE
    while process.poll() is None and not artifacts.is_held("worker") and time.monotonic() < deadline:
        time.sleep(0.02)


def start(program: tuple[str, ...]) -> subprocess.Popen:
    """Starts a program in a session of its own, so that it outlives this server and its terminal.

    Raises:
        TrainingError: If the system cannot start it.
    """
    root = str(Path(__file__).resolve().parents[2])
    try:
        log = artifacts.worker_log_path()
        is_long = log.exists() and log.stat().st_size > _MAX_LOG
        with open(log, "wb" if is_long else "ab") as output:
            process = subprocess.Popen(  # noqa: S603 (one of our own programs)
                program,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, "PYTHONPATH": root, "TF_CPP_MIN_LOG_LEVEL": "2"},
                start_new_session=True,
            )
    except OSError as error:
        raise TrainingError(
            f"The program that trains cannot be started ({error.strerror or 'no reason'})."
        ) from error
    threading.Thread(target=process.wait, daemon=True).start()  # or it would stay as a zombie when it ends
    return process
