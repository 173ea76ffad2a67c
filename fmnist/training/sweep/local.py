"""The engine without extra packages: each trial in a process of its own on this machine."""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator

import msgspec

from fmnist import artifacts
from fmnist.training.sweep.task import TRIAL, Engine, EpochDone, Failed, Finished, Report, Task
from fmnist.words import printable

_LAST_WORDS = 200  # characters of what a crashed process wrote last


def run_here(jobs: int = 1, program: str = TRIAL) -> Engine:
    """Builds an engine that trains on this machine.

    Args:
        jobs: How many trials at a time; they share the processor's cores evenly.
        program: The module that trains a trial.
    """

    def run(tasks: list[Task]) -> Iterator[Report]:
        waiting = list(tasks)
        running: dict[str, _Process] = {}
        reports: queue.Queue[Report] = queue.Queue()
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    task = waiting.pop(0)
                    running[task.trial] = _Process(task, jobs, program, reports)
                report = reports.get()
                match report:
                    case Finished(trial):
                        running.pop(trial.trial).join()
                    case Failed(name):
                        running.pop(name).join()
                yield report
        finally:
            for process in running.values():
                process.terminate()
            for process in running.values():
                process.join()

    return run


def limit_threads(threads: int) -> dict[str, str]:
    """Returns the environment variables that limit the threads of whatever computes in a trial."""
    names = ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS", "OPENBLAS_NUM_THREADS")
    return dict.fromkeys((*names, "OPENCV_FOR_THREADS_NUM"), str(threads))


class _Process:
    """A trial in a process of its own, and the thread that turns what it writes into reports."""

    def __init__(self, task: Task, jobs: int, program: str, reports: "queue.Queue[Report]") -> None:
        limits = limit_threads(max(1, (os.cpu_count() or 1) // jobs)) if jobs > 1 else {}
        self._process = subprocess.Popen(  # noqa: S603 (our own module)
            [sys.executable, "-m", program],
            env={**os.environ, **limits},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the driver, which ends its trials
        )
        self._task, self._reports = task, reports
        self._reason = ""
        self._last_words = b""
        self._threads = [threading.Thread(target=do, daemon=True) for do in (self._follow, self._listen)]
        for thread in self._threads:
            thread.start()

    def terminate(self) -> None:
        """Ends it early; nothing more is reported."""
        self._process.terminate()

    def join(self) -> None:
        """Waits until the process and its threads have ended."""
        for thread in self._threads:
            thread.join()

    def _follow(self) -> None:
        task, process = self._task, self._process
        with process:
            with contextlib.suppress(BrokenPipeError):  # it has ended; why will be known soon
                process.stdin.write(msgspec.json.encode(task) + b"\n")  # type: ignore[union-attr]
                process.stdin.flush()  # type: ignore[union-attr]
            for line in process.stdout or ():
                self._read(line)
            status = process.wait()
            self._threads[1].join()
        trial = artifacts.load_trial(task.sweep, task.trial) if status == 0 else None
        if trial is not None and trial.key == task.key:
            self._reports.put(Finished(trial))
        else:
            self._reports.put(Failed(task.trial, self._reason or _explain(status, self._last_words)))

    def _read(self, line: bytes) -> None:
        with contextlib.suppress(ValueError):  # whatever else a library may print
            said = json.loads(line)
            if isinstance(said, dict) and "failed" in said:
                self._reason = str(said["failed"])
            elif isinstance(said, dict) and said.keys() == set(artifacts.HISTORY_COLUMNS):
                self._reports.put(EpochDone(self._task.trial, said))

    def _listen(self) -> None:
        """Keeps the end of what it writes to stderr; whatever is not read would stop it."""
        while chunk := self._process.stderr.read1(4096):  # type: ignore[union-attr]
            self._last_words = (self._last_words + chunk)[-4096:]


def _explain(status: int, written: bytes) -> str:
    """Says in one sentence how a process ended that did not say so itself."""
    if status < 0:
        return f"Its process was killed by signal {-status}; signal 9 often means that memory ran out."
    lines = [line for line in written.decode("utf-8", "replace").splitlines() if line.strip()]
    last = printable(lines[-1].strip())[:_LAST_WORDS] if lines else "nothing"
    return f"Its process ended with status {status}, and wrote last: {last}"
