"""The room itself: its workers, the waiting line, and what happens to a worker that fails."""

import atexit
import contextlib
import functools
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

from fmnist.errors import CostlyImageError, InvalidImageError
from fmnist.pictures.archive import Member
from fmnist.preprocessing import AUTOMATIC, Preparation, Settings
from fmnist.room import wire

MAX_SECONDS = 9  # of wall time per job; a worker's own limit on processor time is shorter
PATIENCE = 60  # seconds that a small job waits in line
LARGE_PATIENCE = 8  # seconds that a large job waits in line
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
"""Environment of a worker: with several visitors, threads gain nothing, and each takes address space.

So does each of glibc's heaps, of which one is enough; the decoder of HEIC starts a thread of its own.
"""
_MAX_ANSWER = 20_000_000  # bytes
_POLL = 0.2  # seconds between two checks whether the waiting visitor has left

TOO_SLOW = (
    "Opening the picture takes longer than is safe: save a smaller copy (2,000 x 2,000 pixels is plenty) "
    "and try that."
)
ENDED = (
    "The picture cannot be opened: something in its file crashes the program that reads it. Save it again."
)
CROWDED = "Too many pictures are being opened at the moment: try again in a minute."

Result = TypeVar("Result")  # of a job


class _Worker:
    """A process that does one job at a time."""

    def __init__(self) -> None:
        root = Path(__file__).resolve().parents[2]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fmnist.room.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **ONE_THREAD, "PYTHONPATH": str(root)},
            start_new_session=True,  # Ctrl-C is for the server; when it ends, the workers end too
        )
        self._jobs = cast(BinaryIO, self.process.stdin)
        self._answers = cast(BinaryIO, self.process.stdout)

    def do(self, header: dict, content: bytes) -> tuple[dict, list[bytes]]:
        """Does a job; if that fails, the process is ended.

        Raises:
            CostlyImageError: If the job takes too long, or the process ends or answers nonsense.
        """
        is_late = threading.Event()

        def stop() -> None:
            is_late.set()
            self.process.kill()

        timer = threading.Timer(MAX_SECONDS, stop)
        timer.start()
        try:
            wire.send(self._jobs, header, content)
            return wire.receive(self._answers, _MAX_ANSWER)
        except (OSError, EOFError, ValueError, KeyError, TypeError, RecursionError) as error:
            self.end()
            used_up = self.process.returncode == -getattr(signal, "SIGXCPU", 0)
            raise CostlyImageError(TOO_SLOW if is_late.is_set() or used_up else ENDED) from error
        finally:
            timer.cancel()

    def end(self) -> None:
        """Ends the process, if it has not ended yet."""
        self.process.kill()
        self.process.wait()
        self._answers.close()
        with contextlib.suppress(OSError):  # closing would flush what can no longer be sent
            self._jobs.close()

    @property
    def is_running(self) -> bool:
        """Whether it can take another job."""
        return self.process.poll() is None


def _start_worker() -> _Worker:
    try:
        return _Worker()
    except OSError as error:  # the system cannot start another process
        raise InvalidImageError(CROWDED) from error


class _Ticket:
    """A place in the line, and the worker it leads to; None for a worker that has not started yet."""

    def __init__(self, is_large: bool) -> None:
        self.is_large = is_large
        self.worker: _Worker | None = None
        self.called = threading.Event()


class Room:
    """A bounded number of workers, for which all threads wait in one line.

    First come, first served, except that large jobs run one at a time and let small ones pass.
    """

    def __init__(self, size: int) -> None:
        """Makes a room of `size` workers; each starts when it is first needed."""
        self._lock = threading.Lock()
        self._free: list[_Worker | None] = [None] * size
        self._line: deque[_Ticket] = deque()
        self._large_is_busy = False
        self._is_closed = False

    def prepare(
        self,
        content: bytes,
        drawing: bool = False,
        settings: Settings = AUTOMATIC,
        member: Member | None = None,
        on_wait: Callable[[], None] = lambda: None,
    ) -> Preparation:
        """Decodes and prepares a picture, as `preprocessing.prepare(decode(content))` would.

        Args:
            content: The bytes of the picture; for a member of a zip, the packed ones.
            drawing, settings: As for `prepare`.
            member: How to unpack a member of a zip.
            on_wait: Called several times per second while waiting in line; may raise to leave it.

        Raises:
            InvalidImageError: If the picture is refused, or too many others are waiting.
            CostlyImageError: If opening it takes too much time, or crashes the worker.
        """
        header = {
            "job": "prepare",
            "drawing": drawing,
            "settings": wire.pack_settings(settings),
            "member": member and member.packing(),
        }
        return self._do(header, content, wire.unpack_preparation, on_wait)

    def list_members(self, content: bytes, on_wait: Callable[[], None] = lambda: None) -> list[Member]:
        """Lists the members of a zip, as `archive.list_members` would; otherwise like `prepare`."""
        return self._do({"job": "list"}, content, wire.unpack_members, on_wait)

    def start(self) -> None:
        """Starts all workers, so that the first visitor does not wait for them."""
        with self._lock:
            self._free = [worker or _Worker() for worker in self._free]

    def close(self) -> None:
        """Ends all workers, busy ones when they are done; no new jobs are accepted."""
        with self._lock:
            self._is_closed = True
            free, self._free = self._free, []
        for worker in filter(None, free):
            worker.end()

    def _do(
        self,
        header: dict,
        content: bytes,
        unpack: Callable[[dict, list[bytes]], Result],
        on_wait: Callable[[], None],
    ) -> Result:
        """Has a job done and reads the answer; asks again as a large job if it turns out to be one."""
        for is_large in (False, True):
            answer, bodies = self._ask({**header, "is_large": is_large}, content, is_large, on_wait)
            if refusal := wire.unpack_refusal(answer):
                raise refusal
            if "is_large" not in answer:
                break
        try:
            return unpack(answer, bodies)
        except (ValueError, KeyError, TypeError, StopIteration) as error:
            raise CostlyImageError(ENDED) from error

    def _ask(
        self, header: dict, content: bytes, is_large: bool, on_wait: Callable[[], None]
    ) -> tuple[dict, list[bytes]]:
        ticket = _Ticket(is_large)
        with self._lock:
            self._line.append(ticket)
            self._call_next()
        try:
            self._wait(ticket, on_wait)
            if ticket.worker and not ticket.worker.is_running:
                ticket.worker.end()  # closes its pipes
                ticket.worker = None
            ticket.worker = ticket.worker or _start_worker()
            return ticket.worker.do(header, content)
        finally:
            with self._lock:
                self._leave(ticket)
                self._call_next()

    def _wait(self, ticket: _Ticket, on_wait: Callable[[], None]) -> None:
        deadline = time.monotonic() + (LARGE_PATIENCE if ticket.is_large else PATIENCE)
        while not ticket.called.wait(_POLL):
            on_wait()
            if time.monotonic() > deadline:
                raise InvalidImageError(CROWDED)

    def _call_next(self) -> None:
        for ticket in list(self._line):
            if self._free and not (ticket.is_large and self._large_is_busy):
                self._line.remove(ticket)
                self._large_is_busy |= ticket.is_large
                ticket.worker = self._free.pop()
                ticket.called.set()

    def _leave(self, ticket: _Ticket) -> None:
        if ticket.called.is_set():
            self._large_is_busy &= not ticket.is_large
            if not self._is_closed:
                self._free.append(ticket.worker)
            elif ticket.worker:
                ticket.worker.end()
        else:
            self._line.remove(ticket)


@functools.cache
def shared_room() -> Room:
    """Returns the room shared by all visitors of this process: one worker per core, from two to four."""
    room = Room(min(max(2, os.cpu_count() or 2), 4))
    atexit.register(room.close)
    return room
