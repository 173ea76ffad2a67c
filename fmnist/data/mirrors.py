"""Downloads the data set into the Keras cache, whatever a connection, a mirror or another download does."""

import gzip
import hashlib
import io
import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fmnist.data.files import FAULTS, FILES, PublishedFile, data_dir, read, unpack
from fmnist.errors import DataError

if TYPE_CHECKING:
    from filelock import AcquireReturnProxy

MIRRORS = (
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
)
"""Where the four files can be downloaded: Keras's copy, then the authors' bucket."""

TIMEOUT = 20  # seconds without a byte before giving up on a mirror
MAX_DOWNLOAD_BYTES = 50_000_000  # the largest file has 26 MB, or 47 MB if it was unpacked on its way
_UNFINISHED = ".download-"  # prefix of a file's name until all of it is on the disk


def download(report: Callable[[str, float], None] = lambda name, share: None) -> Path:
    """Downloads and verifies whatever is missing from the Keras cache.

    Each file is requested up to twice from every mirror and appears under its name only when it is complete
    and verified. If several downloads run at once, one works while the others wait and use its files.

    Args:
        report: Called with a file name and the share of it that has arrived, 0 to 1; 1 once it is
            stored. Also called while waiting for another download; it may raise to stop this one.

    Returns:
        The folder that holds the four files.

    Raises:
        DataError: If a file cannot be downloaded from any mirror or cannot be written, or if
            FMNIST_DATA_DIR is set and a file there is missing or damaged.
    """
    folder = data_dir()
    if os.environ.get("FMNIST_DATA_DIR"):
        for file in FILES.values():
            read(file)
        return folder
    if all(map(_is_sound, FILES.values())) and not _find_leftovers(folder):
        return folder  # without a lock, which a read-only folder could not hold
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _lock(folder, report):
            for leftover in _find_leftovers(folder):
                if leftover.is_dir():
                    shutil.rmtree(leftover)
                else:
                    leftover.unlink()
            for file in FILES.values():
                if not _is_sound(file):
                    _write(folder / file.name, _fetch(file, partial(report, file.name)))
                report(file.name, 1.0)
    except OSError as error:
        raise DataError(
            f"The data set cannot be written to the Keras cache ({error.strerror or error}): free some "
            "space, or set FMNIST_DATA_DIR to a folder that holds the four files."
        ) from error
    return folder


def _find_leftovers(folder: Path) -> list[Path]:
    """Finds what interrupted downloads have left behind: files, and folders from older versions."""
    return list(folder.glob(f"{_UNFINISHED}*"))


def _lock(folder: Path, report: Callable[[str, float], None]) -> "AcquireReturnProxy":
    """Waits until no other download writes to `folder`; use the result in a `with`."""
    from filelock import FileLock, Timeout

    # The system locks a separate file, and releases the lock with the process, however that ends.
    lock = FileLock(folder.with_suffix(".lock"))
    while True:
        try:
            return lock.acquire(timeout=0.5)
        except Timeout:
            report("waiting for a download", 0.0)


def _fetch(file: PublishedFile, report: Callable[[float], None]) -> bytes | bytearray:
    """Downloads one file from the first mirror that has it; returns its verified bytes, gzipped."""
    reasons = {}
    for mirror in MIRRORS * 2:
        try:
            return _pack(_request(mirror + file.name, file, report), file)
        except FAULTS as error:
            reasons[mirror] = str(error).partition("\n")[0]
    raise DataError(
        f"{file.name} could not be downloaded ({'; '.join(map(': '.join, reasons.items()))}). Check the "
        "connection and try again, or copy the four files from another machine and set FMNIST_DATA_DIR "
        "to their folder."
    )


def _request(url: str, file: PublishedFile, report: Callable[[float], None]) -> bytearray:
    """Downloads a response into memory, with the encoding that its Content-Encoding names undone."""
    import requests

    report(0.0)
    arrived = bytearray()
    # The file is compressed already. Some servers compress it again, or call the compression an encoding.
    with requests.get(url, headers={"Accept-Encoding": "identity"}, stream=True, timeout=TIMEOUT) as answer:
        answer.raise_for_status()
        expected = answer.raw.length_remaining or file.decoded_size
        for chunk in answer.iter_content(16 * 1024):
            arrived += chunk
            if len(arrived) > MAX_DOWNLOAD_BYTES:
                raise ValueError(f"the answer is larger than {MAX_DOWNLOAD_BYTES // 1_000_000} MB")
            received = answer.raw.tell() or len(arrived)  # `tell` does not count chunked responses
            report(min(0.99, received / expected))
    return arrived


def _pack(content: bytes | bytearray, file: PublishedFile) -> bytes | bytearray:
    """Verifies a response, which may have been unpacked on its way, and returns it gzipped."""
    if hashlib.sha256(content).hexdigest() == file.sha256:
        return gzip.compress(content, compresslevel=6, mtime=0)  # level 9 takes ten times as long
    unpack(io.BytesIO(content), file)
    return content


def _write(path: Path, content: bytes | bytearray) -> None:
    """Writes a file in one step: under its name lies all of it, or what was there before."""
    unfinished = path.with_name(_UNFINISHED + path.name)
    try:
        with open(unfinished, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def _is_sound(file: PublishedFile) -> bool:
    try:
        read(file)
    except DataError:
        return False
    return True
