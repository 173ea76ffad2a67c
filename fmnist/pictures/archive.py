"""A zip from strangers: its contents, and the bytes of one member at a time; never written to disk.

Only ordinary zips are read: stored or deflated members, no password, one level. The directory is measured
before it is read, and the sizes that a zip declares are trusted only as limits.

Reference: APPNOTE.TXT, the .ZIP file format specification, sections 4.3, 4.4.4 and appendix D;
"Decompression pitfalls" in the documentation of Python's zipfile.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from fmnist.errors import InvalidImageError
from fmnist.pictures.decoding import MAX_BYTES
from fmnist.words import display_name

ZIP_START = b"PK"
MAX_ZIP_BYTES = 50_000_000
MAX_MEMBERS = 200  # files that may be pictures
MAX_ENTRIES = 2_000  # including folders and files that operating systems add
MAX_UNPACKED_BYTES = 200_000_000
MAX_RATIO = 100  # unpacked size to packed size, for the whole zip
_PATH_LENGTH = 200  # characters that are kept, from the end

_DAMAGED = "The zip is damaged and cannot be read: pack it again."
_MEMBER_DAMAGED = "The file is damaged inside the zip: pack it again."
_END = struct.Struct("<4s4H2LH")  # of the end of central directory record
_LOCAL_HEADER = 30  # bytes, before the name
_UTF_8_NAME, _ENCRYPTED = 0x800, 0x1  # bits of the flags
_UNICODE_PATH = 0x7075  # the extra field with a name in UTF-8


@dataclass(frozen=True)
class Member:
    """A file in a zip: its name for display and where its bytes are, or why it is not read.

    Attributes:
        start, packed_size: Where its packed bytes lie within the zip.
        deflated: Whether they are deflated; otherwise they are stored unchanged.
        size, checksum: The number of unpacked bytes, and their CRC-32.
        reason: Why it is not read, as a sentence; else empty.
        path: Its name with its folders, as it stands in the zip; not safe to show.
    """

    name: str
    start: int = 0
    packed_size: int = 0
    deflated: bool = False
    size: int = 0
    checksum: int = 0
    reason: str = ""
    path: str = ""

    def packed(self, content: bytes) -> bytes:
        """Cuts the packed bytes out of the zip."""
        return content[self.start : self.start + self.packed_size]

    def packing(self) -> dict:
        """Returns the arguments with which `unpack_member` unpacks them."""
        return {"deflated": self.deflated, "size": self.size, "checksum": self.checksum}


def list_members(content: bytes) -> list[Member]:
    """Lists the files of a zip that may be pictures, in the order of its directory.

    Raises:
        InvalidImageError: If the zip is damaged, or exceeds one of the limits.
    """
    if len(content) > MAX_ZIP_BYTES:
        raise InvalidImageError(f"The zip is larger than {MAX_ZIP_BYTES // 1_000_000} MB: split it.")
    if (entries := _count_entries(content)) > MAX_ENTRIES:
        raise _too_many(entries)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = archive.infolist()
    except Exception as error:  # like Pillow, zipfile raises nearly anything on damaged files
        raise InvalidImageError(_DAMAGED) from error
    if len(found) > MAX_ENTRIES:  # the declared number may have been a lie
        raise _too_many(len(found))
    infos = [info for info in found if not info.is_dir() and not _is_clutter(_name(info))]
    if not infos:
        raise InvalidImageError("The zip holds no files.")
    if len(infos) > MAX_MEMBERS:
        raise _too_many(len(infos))
    _check_sizes(infos, len(content))
    starts = _find_starts(content, infos)
    return [_describe(info, starts[info.header_offset]) for info in infos]


def unpack_member(packed: bytes, deflated: bool, size: int, checksum: int) -> bytes:
    """Unpacks one member, never to more bytes than the zip declares.

    Args:
        packed: What `Member.packed` returns.
        deflated, size, checksum: As in Member.

    Raises:
        InvalidImageError: If it is damaged, or a zip itself.
    """
    content = packed
    if deflated:
        try:
            content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size + 1)
        except zlib.error as error:
            raise InvalidImageError(_MEMBER_DAMAGED) from error
    if len(content) != size or zlib.crc32(content) != checksum:
        raise InvalidImageError(_MEMBER_DAMAGED)
    if content.startswith(ZIP_START):
        raise InvalidImageError("A zip inside a zip is not opened: pack the pictures themselves.")
    return content


def _count_entries(content: bytes) -> int:
    """Counts the directory's entries from its size, before it is read: each takes at least 46 bytes."""
    position = content.rfind(b"PK\x05\x06", -(_END.size + 0xFFFF))
    if position < 0 or position + _END.size > len(content):
        raise InvalidImageError(_DAMAGED)
    _, _, _, _, entries, size, _, _ = _END.unpack_from(content, position)
    large = content.rfind(b"PK\x06\x06", max(0, position - 0xFFFF), position)
    if large >= 0 and content[position - 20 : position - 16] == b"PK\x06\x07":  # in the 64-bit form
        entries, size = struct.unpack_from("<2Q", content.ljust(large + 56, b"\0"), large + 32)
    return max(entries, min(size, len(content)) // 1_000)  # long names and extras count as more


def _too_many(count: int) -> InvalidImageError:
    return InvalidImageError(
        f"The zip holds {count:,} files or more, but at most {MAX_MEMBERS} are read: split it."
    )


def _name(info: zipfile.ZipInfo) -> str:
    """Reads a member's name as the format says: UTF-8 if flagged or in an extra field, else code page 437.

    macOS writes UTF-8 without the flag, and text in another code page is hardly ever valid UTF-8 by chance.
    """
    if info.flag_bits & _UTF_8_NAME:
        return info.filename
    raw = _raw_name(info)
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<2H", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and field[1:5] == zlib.crc32(raw).to_bytes(4, "little"):
            raw = field[5:]
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return info.filename


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF_8_NAME else "cp437")


def _is_clutter(name: str) -> bool:
    """Whether an operating system added the file unasked: __MACOSX, .DS_Store and other hidden files."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part.startswith((".", "__MACOSX")) for part in parts if part != "..")


def _check_sizes(infos: list[zipfile.ZipInfo], packed_size: int) -> None:
    total = sum(info.file_size for info in infos)
    if total > MAX_UNPACKED_BYTES:
        raise InvalidImageError(
            f"Unpacked, the zip is larger than {MAX_UNPACKED_BYTES // 1_000_000} MB: split it."
        )
    if total > MAX_RATIO * packed_size:
        raise InvalidImageError(
            "The zip expands more than 100-fold, which pictures never do; it was not opened."
        )


def _find_starts(content: bytes, infos: list[zipfile.ZipInfo]) -> dict[int, int]:
    """Finds where each member's bytes begin, by the offset of its header, and checks that none overlap.

    Overlapping members let a small zip unpack to a huge one; Python itself checks this only since 3.11.8.
    """
    starts, end = {}, 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        header = content[info.header_offset : info.header_offset + _LOCAL_HEADER]
        if len(header) < _LOCAL_HEADER or not header.startswith(b"PK\x03\x04"):
            raise InvalidImageError(_DAMAGED)
        if info.header_offset < end:
            raise InvalidImageError("Files inside the zip overlap, so it was not opened.")
        start = info.header_offset + _LOCAL_HEADER + sum(struct.unpack_from("<2H", header, 26))
        starts[info.header_offset], end = start, start + info.compress_size
    return starts


def _describe(info: zipfile.ZipInfo, start: int) -> Member:
    path = _name(info)[-_PATH_LENGTH:]
    name = display_name(_name(info))
    if info.flag_bits & _ENCRYPTED:
        return Member(name, reason="The file is encrypted: pack it without a password.", path=path)
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # Other methods unpack without any limit on memory.
        said = "The file is packed in an unusual way: pack it as an ordinary zip."
        return Member(name, reason=said, path=path)
    if info.file_size > MAX_BYTES:
        return Member(name, reason=f"The file is larger than {MAX_BYTES // 1_000_000} MB.", path=path)
    deflated = info.compress_type == zipfile.ZIP_DEFLATED
    return Member(name, start, info.compress_size, deflated, info.file_size, info.CRC, path=path)
