"""Trainings that pages start: their files, in .scratch/jobs/<job>/, and the locks that say who is at work.

    request.json    what was asked for; it never changes
    state.json      how far it is; replaced in one step
    pictures.npy    the validation images whose answers the page shows
    stop            there if the training has been asked to stop
    training/       its workspace, with the checkpoint
    lock            held by the process that works on it

Beside the jobs lie speeds.json, worker.log, and the locks of the queue, the worker and the measurement. The
system releases a lock with the process that holds it, however that ends; so a lock tells the truth.
"""

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from fmnist.artifacts import files

JOB_FILES = {
    "request": "request.json",
    "state": "state.json",
    "pictures": "pictures.npy",
    "stop": "stop",
    "training": "training",
}
"""The kinds of files of a job, by the names used in the program."""

_JOB = re.compile(r"[0-9]{8}T[0-9]{12}Z")
_PLACE = (".scratch", "jobs")
_OWN_LOCK = "lock"


def job_path(job: str, kind: str) -> Path:
    """Returns the path of one of a job's files; the kind is a name in JOB_FILES."""
    return files.at(*_PLACE, job, JOB_FILES[kind])


def training_place(job: str) -> str:
    """Returns the name under which a job's training has its `workspace`."""
    return "/".join([_PLACE[-1], job, JOB_FILES["training"]])


def speeds_path() -> Path:
    """Returns the path of the measured speeds; the file need not exist."""
    return files.at(*_PLACE, "speeds.json")


def worker_log_path() -> Path:
    """Returns the path of what the worker writes for whoever looks after the server; makes its folder."""
    path = files.at(*_PLACE, "worker.log")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def list_job_names() -> list[str]:
    """Lists the names of all jobs, the oldest first."""
    found = files.at(*_PLACE).glob(f"*/{JOB_FILES['request']}")
    return sorted(path.parent.name for path in found if _JOB.fullmatch(path.parent.name))


def make_job(job: str, request: bytes, state: bytes) -> None:
    """Makes a job's folder, complete or not at all.

    Args:
        job: Its name, a time as in 20261126T093000123456Z.
        request, state: The content of both files.
    """
    scratch = files.at(*_PLACE, f".new-{job}")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    files.write_synced(scratch / JOB_FILES["request"], request)
    files.write_synced(scratch / JOB_FILES["state"], state)
    files.sync_folder(scratch)
    os.replace(scratch, files.at(*_PLACE, job))
    files.sync_folder(files.at(*_PLACE))


def remove_job(job: str) -> None:
    """Removes a job's folder with all that is in it, or nothing."""
    scratch = files.at(*_PLACE, f".gone-{job}")
    os.replace(files.at(*_PLACE, job), scratch)
    shutil.rmtree(scratch, ignore_errors=True)


def remove_leftovers() -> None:
    """Removes what a crash has left of jobs that were being made or removed."""
    for kind in (".new-*", ".gone-*"):
        for folder in files.at(*_PLACE).glob(kind):
            shutil.rmtree(folder, ignore_errors=True)


def replace_file(path: Path, content: bytes, durable: bool = True) -> None:
    """Replaces a file in one step; whoever writes it holds its lock.

    Args:
        path: The file, in a folder that exists.
        content: What it shall hold.
        durable: Whether it must survive a loss of power, which takes longer.
    """
    temporary = path.with_suffix(".part")
    if durable:
        files.write_synced(temporary, content)
    else:
        temporary.write_bytes(content)
    os.replace(temporary, path)
    if durable:
        files.sync_folder(path.parent)


@contextlib.contextmanager
def hold(name: str, patience: float = 5.0) -> Iterator[bool]:
    """Holds a lock and yields whether that worked.

    Args:
        name: A job, or "queue", "worker" or "measurement".
        patience: Seconds to wait for another process, which may only be looking.
    """
    from filelock import FileLock, Timeout

    path = _lock_path(name)
    if _JOB.fullmatch(name) and not path.parent.is_dir():  # the lock would make a folder of its own
        yield False
        return
    lock = FileLock(path, timeout=patience)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()


def is_held(name: str) -> bool:
    """Whether a living process holds a lock; see `hold`.

    Looking takes a shared lock for a moment, so that two who look never take each other for the holder.
    """
    try:
        import fcntl
    except ImportError:  # it exists on POSIX only
        with hold(name, 0) as was_free:
            return not was_free
    try:
        with open(_lock_path(name), "rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def _lock_path(name: str) -> Path:
    return files.at(*_PLACE, name, _OWN_LOCK) if _JOB.fullmatch(name) else files.at(*_PLACE, f"{name}.lock")
