"""Many pictures at once: loose files or one zip from strangers, each a picture's bytes or a reason.

Caps are checked here before anything is decoded. Members of a zip are read in memory, never written
to disk; what their names say is only ever shown.

Reference: "Decompression pitfalls" in the documentation of Python's zipfile.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from fmnist.decoding import MAX_BYTES
from fmnist.errors import InvalidImageError
from fmnist.words import display_name

MAX_PICTURES = 50
MAX_ZIP_BYTES = 50_000_000
MAX_MEMBERS = 200
MAX_UNPACKED_BYTES = 200_000_000
MAX_RATIO = 100  # unpacked to packed, of a whole zip
_ZIP_START = b"PK"


@dataclass(frozen=True)
class Item:
    """One picture of a batch: its name for display, and its bytes or why there are none."""

    name: str
    content: bytes = b""
    reason: str = ""


def collect(files: list[tuple[str, bytes]]) -> Iterator[Item]:
    """Lists the pictures of an upload: up to 50 loose files, or one zip.

    Args:
        files: Name and content of each uploaded file.

    Yields:
        An Item for each file or zip member, in order; a refused one carries its reason.
    """
    if len(files) == 1 and files[0][1].startswith(_ZIP_START):
        try:
            yield from _unpack(files[0][1])
        except InvalidImageError as error:
            yield Item(display_name(files[0][0]), reason=str(error))
        return
    for index, (name, content) in enumerate(files):
        if index >= MAX_PICTURES:
            yield Item(display_name(name), reason=f"Only {MAX_PICTURES} pictures are answered at a time.")
        elif content.startswith(_ZIP_START):
            yield Item(display_name(name), reason="A zip must be uploaded alone: remove the other files.")
        else:
            yield Item(display_name(name), content)


def _unpack(content):
    """Yields the pictures of a zip, after checking what it says of itself and again while reading."""
    if len(content) > MAX_ZIP_BYTES:
        raise InvalidImageError(f"The zip has more than {MAX_ZIP_BYTES // 1_000_000} MB: split it.")
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except Exception as error:  # like Pillow, zipfile raises nearly anything on damaged files
        raise InvalidImageError("The zip is damaged and cannot be read: pack it again.") from error
    with archive:
        members = [m for m in archive.infolist() if not m.is_dir() and not _is_clutter(m.filename)]
        _check_members(members, len(content))
        unpacked = 0
        for member in members:
            item = _read_member(archive, member, MAX_UNPACKED_BYTES - unpacked)
            unpacked += len(item.content)
            yield item


def _is_clutter(name):
    """Tells what systems pack along unasked: __MACOSX, .DS_Store and other hidden files."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith((".", "__MACOSX")) for part in parts if part != "..")


def _check_members(members, packed_size):
    if not members:
        raise InvalidImageError("The zip holds no files.")
    if len(members) > MAX_MEMBERS:
        raise InvalidImageError(
            f"The zip holds {len(members):,} files; at most {MAX_MEMBERS} are read: split it."
        )
    total = sum(member.file_size for member in members)
    if total > MAX_UNPACKED_BYTES:
        raise InvalidImageError(
            f"Unpacked, the zip has more than {MAX_UNPACKED_BYTES // 1_000_000} MB: split it."
        )
    if total > MAX_RATIO * packed_size:
        raise InvalidImageError("The zip unpacks to over a hundred times its size, which no pictures do.")
    # Members that share bytes are how a small zip unpacks to a huge one; Python checks this from
    # 3.11.8 on only. A local header has at least 30 bytes before the name and the data.
    end = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < end:
            raise InvalidImageError("Files in the zip overlap, which no honest zip has.")
        end = member.header_offset + 30 + len(member.orig_filename.encode()) + member.compress_size


def _read_member(archive, member, room):
    name = display_name(member.filename)
    if member.flag_bits & 1:
        return Item(name, reason="The file is encrypted: pack it without a password.")
    limit = min(MAX_BYTES, room)
    try:
        with archive.open(member) as stream:
            content = stream.read(limit + 1)  # what a zip says of its sizes may be a lie
    except Exception:  # each compression has errors of its own, and zipfile adds more
        return Item(name, reason="The file is damaged inside the zip: pack it again.")
    if len(content) > limit:
        return Item(name, reason=f"The file has more than {limit // 1_000_000} MB.")
    if content.startswith(_ZIP_START):
        return Item(name, reason="A zip inside a zip is not opened: pack the pictures themselves.")
    return Item(name, content)
