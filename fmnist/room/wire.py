"""The messages between the room and its workers: a header in JSON, then bytes.

Everything that arrives is checked, because a picture may have taken over the other side.
"""

import json
from dataclasses import asdict, fields
from enum import StrEnum
from typing import Any, BinaryIO

import numpy as np

from fmnist.config import IMAGE_SIZE
from fmnist.errors import InvalidImageError, NothingToSeeError
from fmnist.pictures.archive import Member
from fmnist.pictures.decoding import MAX_SIDE, WORKING_SIDE
from fmnist.preprocessing import WAYS, Facts, Mask, Masked, Preparation, Settings, Stage

_MAX_HEADER = 1_000_000  # bytes
_MAX_REASON = 500  # characters
_KINDS = {kind.__name__: kind for way in WAYS for kind in way}
_RANGES = {"turns": (0, 3), "width": (1, MAX_SIDE), "height": (1, MAX_SIDE), "merged": (0, MAX_SIDE**2)}
_OTHERS = (Mask.FROM_MIDDLE, Mask.DIFFERING, Mask.ONE_COLOUR)
_SHARE = (0, 1)  # the range of all other numbers
_LENGTH = 4  # bytes that hold the length of a header


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
        ValueError: If it is not a message, or a larger one.
    """
    size = int.from_bytes(_read(stream, _LENGTH), "big")
    if size > _MAX_HEADER:
        raise ValueError("the header is too long")
    header = json.loads(_read(stream, size))
    if not isinstance(header, dict):
        raise ValueError("the header is not a table")
    sizes = header.pop("sizes")
    if not all(isinstance(size, int) and size >= 0 for size in sizes) or sum(sizes) > max_bytes:
        raise ValueError("the message is too long")
    return header, [_read(stream, size) for size in sizes]


def _read(stream: BinaryIO, size: int) -> bytes:
    content = stream.read(size)
    if len(content) < size:
        raise EOFError
    return content


def pack_settings(settings: Settings) -> dict:
    """Writes settings as plain values."""
    return asdict(settings)


def unpack_settings(values: dict) -> Settings:
    """Reads what `pack_settings` wrote."""
    box = values.get("box")
    return Settings(**{**values, "box": None if box is None else tuple(box)})  # JSON knows no tuples


def pack_refusal(error: InvalidImageError) -> dict:
    """Writes why a picture is refused."""
    return {"reason": str(error), "is_empty": isinstance(error, NothingToSeeError)}


def unpack_refusal(header: dict) -> InvalidImageError | None:
    """Reads what `pack_refusal` wrote; returns None if nothing was refused."""
    if "reason" not in header:
        return None
    kind = NothingToSeeError if header.get("is_empty") is True else InvalidImageError
    return kind(str(header["reason"])[:_MAX_REASON])


def pack_preparation(preparation: Preparation) -> tuple[dict, list[memoryview]]:
    """Writes a preparation as header and bytes."""
    everything = preparation.stages + preparation.others
    stages = [
        {"kind": type(stage.facts).__name__, "facts": asdict(stage.facts), "shape": stage.image.shape}
        for stage in everything
    ]
    arrays = [array for stage in everything for array in (stage.image, stage.small)]
    return {"stages": stages, "others": len(preparation.others)}, [
        np.ascontiguousarray(array).data.cast("B") for array in arrays
    ]


def unpack_preparation(header: dict, bodies: list[bytes]) -> Preparation:
    """Reads what `pack_preparation` wrote.

    Raises:
        ValueError, KeyError, TypeError: If the message is anything else.
    """
    parts = zip(header["stages"], bodies[::2], bodies[1::2], strict=True)
    everything = tuple(_unpack_stage(stage, image, small) for stage, image, small in parts)
    count = header["others"]
    if type(count) is not int or not 0 <= count <= len(_OTHERS):
        raise ValueError("there are too many other ways")
    stages, others = everything[: len(everything) - count], everything[len(everything) - count :]
    if tuple(type(stage.facts) for stage in stages) not in WAYS:
        raise ValueError("the stages are not those of a preparation")
    if stages[-1].image.shape != (IMAGE_SIZE, IMAGE_SIZE):
        raise ValueError("the last stage is not 28x28")
    if not all(isinstance(other.facts, Masked) and other.facts.mask in _OTHERS for other in others):
        raise ValueError("the other ways are not masks")
    return Preparation(stages, others)


def _unpack_stage(stage: dict[str, Any], image: bytes, small: bytes) -> Stage:
    height, width, *colours = shape = stage["shape"]
    sides_are_right = all(type(side) is int and 0 < side <= WORKING_SIDE for side in (height, width))
    if not sides_are_right or colours not in ([], [3]):
        raise ValueError("a stage is not a picture")
    facts = _unpack_facts(_KINDS[stage["kind"]], stage["facts"])
    return Stage(facts, _array(image, shape), _array(small, (IMAGE_SIZE, IMAGE_SIZE)))


def _unpack_facts(kind: type[Facts], values: dict[str, Any]) -> Facts:
    if set(values) != {field.name for field in fields(kind)}:
        raise ValueError("facts are missing or unknown")
    checked: dict[str, Any] = {
        field.name: _unpack_fact(field.name, field.type, values[field.name]) for field in fields(kind)
    }
    return kind(**checked)


def _unpack_fact(name: str, kind: Any, value: Any) -> Any:
    """Checks the kind and the range of one fact; NaN is never in range."""
    if issubclass(kind, StrEnum):
        return kind(value)
    if type(value) is not kind:
        raise TypeError(f"{name} has the wrong kind")
    low, high = _RANGES.get(name, _SHARE)
    if not low <= value <= high:
        raise ValueError(f"{name} is out of range")
    return value


def _array(content: bytes, shape: tuple[int, ...]) -> np.ndarray:
    return np.frombuffer(content, np.uint8).reshape(shape)


def pack_members(members: list[Member]) -> dict:
    """Writes the members of a zip as plain values."""
    return {"members": [asdict(member) for member in members]}


def unpack_members(header: dict, bodies: list[bytes]) -> list[Member]:
    """Reads what `pack_members` wrote.

    Raises:
        ValueError, KeyError, TypeError: If the message is anything else.
    """
    members = [Member(**values) for values in header["members"]]
    for member in members:
        for field in fields(Member):
            value = getattr(member, field.name)
            if type(value) is not field.type or (field.type is int and value < 0):
                raise ValueError(f"{field.name} of a member is wrong")
    return members
