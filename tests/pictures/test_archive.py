"""Zips from strangers: which are read, whatever made them, and every kind that should not be trusted."""

import io
import struct
import tracemalloc
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image

from fmnist.errors import InvalidImageError
from fmnist.pictures import archive
from fmnist.pictures.archive import list_members, unpack_member
from fmnist.pictures.samples import draw_samples


def png(index=0):
    stream = io.BytesIO()
    Image.fromarray(draw_samples()[index]).save(stream, "PNG")
    return stream.getvalue()


def pack(members, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return stream.getvalue()


def unpack(content):
    """Name and bytes of each member, or its reason."""
    found = []
    for member in list_members(content):
        try:
            if member.reason:
                raise InvalidImageError(member.reason)
            found.append((member.name, unpack_member(member.packed(content), **member.packing())))
        except InvalidImageError as error:
            found.append((member.name, str(error)))
    return found


def refusal(content):
    with pytest.raises(InvalidImageError) as refused:
        list_members(content)
    return str(refused.value)


def build(name, content, flags=0, extra=b"", system=0, deflate=True, descriptor=False, comment=b""):
    """Builds a zip of one member by hand, as programs other than Python's zipfile write it.

    Args:
        name: The raw bytes of the name.
        system: The high byte of "version made by": 0 Windows, 3 Unix, 19 macOS.
        descriptor: Whether sizes and checksum follow the data, as streaming programs do.
    """
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(content) + packer.flush() if deflate else content
    method, sizes = 8 * deflate, (zlib.crc32(content), len(packed), len(content))
    flags |= 8 * descriptor
    stamp = (flags, method, 0x6A21, 0x5B78)  # an afternoon in 2025
    first = (0, 0, 0) if descriptor else sizes
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, *stamp, *first, len(name), len(extra)) + name + extra
    data = local + packed + (struct.pack("<4s3L", b"PK\x07\x08", *sizes) if descriptor else b"")
    central = struct.pack(
        "<4s6H3L5H2L",
        *(b"PK\x01\x02", system << 8 | 20, 20, *stamp, *sizes, len(name), len(extra), 0, 0, 0, 0, 0),
    )
    directory = central + name + extra
    counts = (0, 0, 1, 1, len(directory), len(data), len(comment))
    return data + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", *counts) + comment


def unicode_path(raw, name):
    """The extra field in which some programs give a name in UTF-8 beside one in a code page."""
    body = b"\x01" + struct.pack("<L", zlib.crc32(raw)) + name.encode()
    return struct.pack("<2H", 0x7075, len(body)) + body


@pytest.mark.parametrize(
    ("content", "name"),
    [
        # Windows Explorer writes what fits a German system's code page without any flag.
        (build("Jäckchen.png".encode("cp437"), png()), "Jäckchen.png"),
        (build("Jäckchen.png".encode("cp850"), png(), deflate=False), "Jäckchen.png"),
        # macOS writes UTF-8 without the flag, and sizes after the data.
        (build("Mäntelchen ü.png".encode(), png(), system=19, descriptor=True), "Mäntelchen ü.png"),
        # A Japanese Windows writes Shift JIS; what it means cannot be told, and the format says cp437.
        (build("上着.png".encode("cp932"), png()), "上着.png".encode("cp932").decode("cp437")),
        (build("Куртка.png".encode("cp866"), png()), "Куртка.png".encode("cp866").decode("cp437")),
        # 7-Zip and newer systems flag UTF-8; Info-ZIP gives it beside the name.
        (build("上着.png".encode(), png(), flags=0x800), "上着.png"),
        (build(b"????.png", png(), extra=unicode_path(b"????.png", "上着.png"), system=3), "上着.png"),
        # One of another name does not count.
        (build(b"coat.png", png(), extra=unicode_path(b"other.png", "x.png")), "coat.png"),
        (build(b"a\\b\\coat.png", png(), comment=b"packed by hand"), "coat.png"),
    ],
    ids=["Windows", "Windows, stored", "macOS", "Japanese", "Russian", "UTF-8", "Info-ZIP",
         "stale Info-ZIP", "backslashes"],
)  # fmt: skip
def test_zips_of_every_system_are_read(content, name):
    assert unpack(content) == [(name, png())]


def test_clutter_of_systems_is_left_out():
    members = [
        ("dir/shoe.png", png(7)),
        ("__MACOSX/._shoe.png", b"x"),
        ("dir/.DS_Store", b"x"),
        ("dir/", b""),
    ]
    assert unpack(pack(members)) == [("shoe.png", png(7))]


def test_a_zip_with_something_before_it_is_read():
    assert unpack(b"#!/bin/sh\n" * 100 + pack([("bag.png", png(8))])) == [("bag.png", png(8))]


@pytest.mark.parametrize("name", ["../../etc/passwd.png", "/abs/passwd.png", "..\\..\\passwd.png"])
def test_a_path_in_a_name_is_only_its_last_part(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert unpack(pack([(name, png())])) == [("passwd.png", png())]
    assert list(tmp_path.iterdir()) == []


def test_what_a_bomb_says_of_itself_is_enough_to_refuse_it():
    assert "more than 100-fold" in refusal(pack([("bomb.png", b"\0" * 60_000_000)]))
    many = pack([(f"{n}.png", b"") for n in range(201)])
    assert "holds 201 files" in refusal(many)


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_unpacks_without_a_limit_is_not_unpacked(compression):
    """Python's zipfile unpacks these whole, whatever the zip says and however little is asked for."""
    bomb = lie_about_size(pack([("bomb.png", b"\0" * 20_000_000)], compression), 1_000)
    tracemalloc.start()
    ((name, reason),) = unpack(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert name == "bomb.png" and "packed in an unusual way" in reason
    assert peak < 1_000_000


def lie_about_size(content, size):
    """Rewrites the unpacked size of the only member, in both places where a zip tells it."""
    content = bytearray(content)
    struct.pack_into("<I", content, content.index(b"PK\x03\x04") + 22, size)
    struct.pack_into("<I", content, content.index(b"PK\x01\x02") + 24, size)
    return bytes(content)


@pytest.fixture(scope="module")
def packed_noise():
    return pack([("bomb.png", np.random.default_rng(0).bytes(300_000) * 100)])


@pytest.mark.parametrize("size", [0, 1_000, 20_000_000])
def test_a_lie_about_the_size_does_not_help(packed_noise, size):
    content = lie_about_size(packed_noise, size)
    tracemalloc.start()
    ((_, reason),) = unpack(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "damaged inside the zip" in reason
    assert peak < 2 * size + 3 * len(content)


def test_a_directory_is_measured_before_it_is_read():
    """A zip of 49 MB may name a million files; each line of its directory may also be 200 kB long."""
    many = bytearray(pack([(f"{n}", b"") for n in range(3_000)]))
    assert "3,000 files or more" in refusal(bytes(many))
    end = many.rindex(b"PK\x05\x06")
    struct.pack_into("<2H", many, end + 8, 1, 1)  # a lie: the directory is as long as before
    assert "3,000 files or more" in refusal(bytes(many))
    directory = b"PK\x01\x02" + bytes(42)
    huge = directory * 1_000_000 + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 46_000_000, 0, 0)
    tracemalloc.start()
    assert "46,000 files or more" in refusal(huge)
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_a_directory_in_the_64_bit_form_is_measured_too():
    content = pack([("bag.png", png())])
    end = content.rindex(b"PK\x05\x06")
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 9_999, 9_999, 46, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, end, 1)
    assert "9,999 files or more" in refusal(content[:end] + large + locator + content[end:])


def test_more_than_two_hundred_megabytes_are_refused(monkeypatch):
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 5_000)
    stored = pack([(f"{n}.png", b"x" * 2_000) for n in range(3)], zipfile.ZIP_STORED)
    assert "Unpacked, the zip is larger" in refusal(stored)
    monkeypatch.setattr(archive, "MAX_ZIP_BYTES", 1_000)
    assert "split it" in refusal(stored)


def test_a_large_member_is_refused_and_the_next_one_answered(monkeypatch):
    monkeypatch.setattr(archive, "MAX_BYTES", 2_000)
    noise = np.random.default_rng(0).bytes(3_000)
    (_, reason), small = unpack(pack([("large.png", noise), ("small.png", png())]))
    assert "larger than" in reason and small == ("small.png", png())


def test_an_encrypted_member_is_refused():
    content = bytearray(pack([("secret.png", png())]))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    ((_, reason),) = unpack(bytes(content))
    assert "encrypted" in reason


def test_overlapping_members_are_refused():
    content = bytearray(pack([("a.png", png(0)), ("b.png", png(1))]))
    second = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, second + 42, 0)  # both point at the first member's data
    assert "overlap" in refusal(bytes(content))


def test_a_zip_inside_a_zip_is_not_opened():
    ((_, reason),) = unpack(pack([("inner.zip", pack([("a.png", png())]))]))
    assert "zip inside a zip" in reason


@pytest.mark.parametrize("content", [b"PK", b"PK\x03\x04" + b"\0" * 50, pack([("a.png", png())])[:-30]])
def test_a_damaged_zip_is_one_sentence(content):
    assert "damaged" in refusal(content)


def test_an_empty_zip():
    assert "holds no files" in refusal(pack([]))


@pytest.mark.parametrize("where", [50, 1])
def test_a_damaged_member_is_refused(where):
    content = bytearray(pack([("a.png", png())]))
    content[where + 39 : where + 45] = b"\xff" * 6
    ((_, reason),) = unpack(bytes(content))
    assert "damaged inside the zip" in reason


def test_a_stored_member_is_checked_too():
    content = pack([("a.png", png())], zipfile.ZIP_STORED).replace(b"IDAT", b"JDAT")
    ((_, reason),) = unpack(content)
    assert "damaged inside the zip" in reason


def test_an_odd_compression_is_refused():
    content = bytearray(pack([("a.png", png())]))
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", content, content.index(mark) + offset, 97)
    ((_, reason),) = unpack(bytes(content))
    assert "packed in an unusual way" in reason
