"""Files under artifacts/: where they are, read without trust, and written so that a crash loses nothing."""

import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fmnist.errors import ArtifactError

MAX_JSON_BYTES = 5_000_000
MAX_FILE_BYTES = 200_000_000
"""The largest file a run may have; the networks take 2 MB."""

_PATIENCE = 30
"""Seconds to wait for another process that changes the same file."""
RESTORE = "Restore it with `git checkout -- artifacts`, or train the model again."


def artifacts_dir() -> Path:
    """Returns the folder of the published models; FMNIST_ARTIFACTS_DIR moves it."""
    own = os.environ.get("FMNIST_ARTIFACTS_DIR")
    return Path(own) if own else Path(__file__).resolve().parents[2] / "artifacts"


def at(*names: str) -> Path:
    """Returns the path of something in the artifacts folder."""
    return artifacts_dir().joinpath(*names)


def shown(path: Path) -> str:
    """Writes a path as a user may see it, relative to the artifacts folder, whose location stays private."""
    return Path("artifacts", os.path.relpath(path, artifacts_dir())).as_posix()


def compute_sum(content: bytes) -> str:
    """Computes the SHA-256 of `content`, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def check_sum(path: Path, content: bytes, expected: str | None, advice: str = RESTORE) -> None:
    """Raises an ArtifactError if a file's content does not have the expected SHA-256."""
    if compute_sum(content) != expected:
        raise ArtifactError(f"The file {shown(path)} is damaged or was changed. {advice}")


def read(path: Path, limit: int, advice: str = RESTORE) -> bytes:
    """Reads a file of at most `limit` bytes that really lies in the artifacts folder.

    A link could lead anywhere.

    Raises:
        ArtifactError: If the file does not exist, is too large, is a pipe, or is a link out of the folder.
    """
    try:
        if not path.resolve().is_relative_to(artifacts_dir().resolve()):
            raise ArtifactError(
                f"The file {shown(path)} is a link to a place outside the artifacts folder: remove it."
            )
        status = path.stat()
        if stat.S_ISFIFO(status.st_mode):  # opening it would wait for a writer
            raise ArtifactError(f"The file {shown(path)} is a pipe: remove it. {advice}")
        if status.st_size > limit:
            raise ArtifactError(
                f"The file {shown(path)} is damaged: it is larger than {limit // 1_000_000} MB. {advice}"
            )
        with open(path, "rb") as stream:
            return stream.read(status.st_size)
    except (OSError, RuntimeError) as error:  # links in a circle raise a RuntimeError
        reason = getattr(error, "strerror", None) or "its links lead in a circle"
        raise ArtifactError(f"The file {shown(path)} cannot be read ({reason}). {advice}") from error


def identify(path: Path) -> str:
    """Identifies a file by its path, size and modification time, without reading it."""
    try:
        status = path.stat()
    except OSError:
        return f"nothing at {path}"
    return f"{path} {status.st_size} {status.st_mtime_ns}"


@contextlib.contextmanager
def explained(beginning: str, advice: str = "") -> Iterator[None]:
    """Turns a ValueError about the content of a file into a sentence for the user."""
    try:
        yield
    except ValueError as error:
        raise ArtifactError(f"{beginning}: {error}. {advice}".rstrip()) from error


def named(path: Path, advice: str = RESTORE) -> contextlib.AbstractContextManager[None]:
    """Turns a ValueError into "The file … is damaged: …"."""
    return explained(f"The file {shown(path)} is damaged", advice)


def check_format(path: Path, content: Any, newest: int, remedy: str) -> None:
    """Refuses a file written by a newer program, before its content would be called damaged."""
    received = content.get("format", newest) if isinstance(content, dict) else newest
    if type(received) is int and received not in range(1, newest + 1):
        raise ArtifactError(
            f"The file {shown(path)} has format {received}, but this program reads formats up to {newest}: "
            f"update the program, or {remedy}."
        )


def encode(content: Any) -> bytes:
    """Encodes JSON in the one style that every file here has."""
    return (json.dumps(content, indent=1, allow_nan=False) + "\n").encode("ascii")


@contextlib.contextmanager
def lock(name: str, what: str) -> Iterator[None]:
    """Keeps other processes from changing the same file meanwhile.

    Args:
        name: The name of the lock file, which stays; the system releases the lock with the process.
        what: Says what another process is doing that holds it, as in "The models are being changed".

    Raises:
        ArtifactError: If another process does not release it in time.
    """
    from filelock import FileLock, Timeout

    artifacts_dir().mkdir(parents=True, exist_ok=True)
    held = FileLock(at(name), timeout=_PATIENCE)
    try:
        held.acquire()
    except Timeout as error:
        raise ArtifactError(f"{what} by another process: try again in a minute.") from error
    try:
        yield
    finally:
        held.release()


def replace(path: Path, content: bytes) -> None:
    """Writes a file directly under artifacts/ in one step: readers see the old one or the new one."""
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    write_synced(temporary, content)
    sync_folder(path.parent)  # what it points at must survive a loss of power first
    os.replace(temporary, path)
    sync_folder(path.parent)


def write_synced(path: Path, content: bytes) -> None:
    """Writes a file that survives a loss of power."""
    with open(path, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def sync_file(path: Path) -> None:
    """Makes sure that a file's content survives a loss of power."""
    with open(path, "rb+") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Makes sure that a rename in `folder` survives a loss of power."""
    if os.name == "posix":  # elsewhere a folder cannot be opened
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
