"""What a worker does with untrusted bytes: prepare a picture, or list the members of a zip."""

import cv2

from fmnist.errors import InvalidImageError
from fmnist.pictures.archive import list_members, unpack_member
from fmnist.pictures.decoding import decode
from fmnist.pictures.structure import TOO_MUCH_MEMORY, count_work
from fmnist.preprocessing import prepare
from fmnist.room import wire

LARGE_WORK = 50_000_000
"""Pixels to visit; jobs above this run one at a time. A 12-megapixel phone photo has 12 million."""


def do(header: dict, bodies: list[bytes]) -> tuple[dict, list]:
    """Does one job; header and bodies are those that `wire.receive` returns.

    Returns:
        Header and bodies of the answer. The header holds a `reason` if the bytes are refused, and
        `is_large` if the job turns out to be large.
    """
    (content,) = bodies
    try:
        if header["job"] == "list":
            return wire.pack_members(list_members(content)), []
        if header["member"] is not None:
            content = unpack_member(content, **header["member"])
        if not header["is_large"] and count_work(content) > LARGE_WORK:
            return {"is_large": True}, []
        settings = wire.unpack_settings(header["settings"])
        return wire.pack_preparation(prepare(decode(content), header["drawing"], settings))
    except InvalidImageError as error:
        return wire.pack_refusal(error), []
    except MemoryError:
        return wire.pack_refusal(InvalidImageError(TOO_MUCH_MEMORY)), []
    except cv2.error as error:
        if error.code != cv2.Error.StsNoMem:
            raise
        return wire.pack_refusal(InvalidImageError(TOO_MUCH_MEMORY)), []
