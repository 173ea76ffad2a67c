"""What the room and its workers say to each other: a header in JSON, then bytes.

Everything that arrives is checked: the other side may have been taken over by what it has read.
"""

import json
from dataclasses import asdict, fields
from typing import BinaryIO

import numpy as np

from fmnist.config import IMAGE_SIZE
from fmnist.pictures.archive import Member
from fmnist.pictures.decoding import WORKING_SIDE
from fmnist.preprocessing import Preparation, Settings, Stage

_MAX_HEADER = 1_000_000  # bytes
_MAX_STAGES = 10
_LENGTH = 4  # bytes in which the length of a header is written


def send(stream: BinaryIO, header: dict, *bodies: bytes | memoryview) -> None:
    """Writes one message."""
    sizes = [len(body) for body in bodies]
    encoded = json.dumps({**header, "sizes": sizes}).encode()
    stream.write(len(encoded).to_bytes(_LENGTH, "big") + encoded)
    for body in bodies:
        stream.write(body)
    stream.flush()


def receive(stream: BinaryIO, max_bytes: int) -> tuple[dict, list[bytes]]:
    """Reads one message of at most `max_bytes`.

    Raises:
        EOFError: If the other side has ended.
        ValueError: If it is no message, or a larger one.
    """
    size = int.from_bytes(_read(stream, _LENGTH), "big")
    if size > _MAX_HEADER:
        raise ValueError("the header is too long")
    header = json.loads(_read(stream, size))
    sizes = header.pop("sizes")
    if not all(isinstance(size, int) and size >= 0 for size in sizes) or sum(sizes) > max_bytes:
        raise ValueError("the message is too long")
    return header, [_read(stream, size) for size in sizes]


def _read(stream, size):
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content


def pack_settings(settings: Settings) -> dict:
    """Writes settings as plain values."""
    return asdict(settings)


def unpack_settings(values: dict) -> Settings:
    """Reads what `pack_settings` wrote."""
    return Settings(**values)


def pack_preparation(preparation: Preparation) -> tuple[dict, list[memoryview]]:
    """Writes a preparation as header and bytes; the last stage's small image is the result."""
    arrays = [preparation.image]
    for stage in preparation.stages:
        arrays += [stage.image, stage.small]
    stages = [
        {"name": stage.name, "sentence": stage.sentence, "shape": stage.image.shape}
        for stage in preparation.stages
    ]
    return {"stages": stages}, [np.ascontiguousarray(array).data.cast("B") for array in arrays]


def unpack_preparation(header: dict, bodies: list[bytes]) -> Preparation:
    """Reads what `pack_preparation` wrote.

    Raises:
        ValueError, KeyError, TypeError: If it did not.
    """
    stages = header["stages"]
    if not 1 <= len(stages) <= _MAX_STAGES:
        raise ValueError("there must be one to ten stages")
    small = (IMAGE_SIZE, IMAGE_SIZE)
    arrays = iter(bodies)
    image = _array(next(arrays), small)
    unpacked = []
    for stage in stages:
        height, width, *colours = (int(side) for side in stage["shape"])
        if not (0 < height <= WORKING_SIDE and 0 < width <= WORKING_SIDE and colours in ([], [3])):
            raise ValueError("a stage is no picture")
        shown = _array(next(arrays), (height, width, *colours))
        unpacked.append(Stage(str(stage["name"]), str(stage["sentence"]), shown, _array(next(arrays), small)))
    return Preparation(image, tuple(unpacked))


def _array(content, shape):
    return np.frombuffer(content, np.uint8).reshape(shape)


def pack_members(members: list[Member]) -> dict:
    """Writes the members of a zip as plain values."""
    return {"members": [asdict(member) for member in members]}


def unpack_members(header: dict, bodies: list[bytes]) -> list[Member]:
    """Reads what `pack_members` wrote.

    Raises:
        ValueError, KeyError, TypeError: If it did not.
    """
    members = [Member(**values) for values in header["members"]]
    for member in members:
        for field in fields(Member):
            value = getattr(member, field.name)
            if type(value) is not field.type or (field.type is int and value < 0):
                raise ValueError(f"{field.name} of a member is wrong")
    return members
