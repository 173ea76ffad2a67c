"""Batches from strangers: caps, hostile names, and every kind of zip that should not be trusted."""

import io
import struct
import zipfile

import numpy as np
import pytest
from PIL import Image

from fmnist import batch
from fmnist.batch import Item, collect
from fmnist.samples import draw_samples


def png(index=0):
    stream = io.BytesIO()
    Image.fromarray(draw_samples()[index]).save(stream, "PNG")
    return stream.getvalue()


def pack(members, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def unpack(content):
    return list(collect([("upload.zip", content)]))


def refusal(content):
    (item,) = unpack(content)
    assert item.name == "upload.zip" and item.content == b""
    return item.reason


def test_loose_files_are_passed_on_in_order():
    files = [("a.png", png(0)), ("b.png", b"not a picture")]
    assert list(collect(files)) == [Item("a.png", png(0)), Item("b.png", b"not a picture")]


def test_the_fifty_first_picture_is_refused_and_the_others_are_not():
    items = list(collect([(f"{n}.png", b"x") for n in range(52)]))
    assert [bool(item.reason) for item in items] == [False] * 50 + [True] * 2
    assert "Only 50 pictures" in items[50].reason


def test_a_zip_among_them_does_not_lift_the_limit():
    items = list(collect([("a.zip", pack([("b.png", png())])), *((f"{n}.png", b"x") for n in range(60))]))
    assert sum(not item.reason for item in items) == 49 and len(items) == 61


def test_a_zip_is_read_in_memory_without_clutter():
    members = [
        ("dir/shoe.png", png(7)),
        ("__MACOSX/._shoe.png", b"x"),
        ("dir/.DS_Store", b"x"),
        ("dir/", b""),
    ]
    assert unpack(pack(members)) == [Item("shoe.png", png(7))]


def test_a_zip_beside_other_files_is_refused_alone():
    items = list(collect([("a.png", png()), ("b.zip", pack([("c.png", png())]))]))
    assert items[0].content and "uploaded alone" in items[1].reason


@pytest.mark.parametrize("name", ["../../etc/passwd.png", "/abs/passwd.png", "..\\..\\passwd.png"])
def test_a_path_in_a_name_is_only_its_last_part(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (item,) = unpack(pack([(name, png())]))
    assert item.name == "passwd.png" and item.content == png()
    assert list(tmp_path.iterdir()) == []


def test_what_a_bomb_says_of_itself_is_enough_to_refuse_it():
    assert "over a hundred times" in refusal(pack([("bomb.png", b"\0" * 60_000_000)]))
    many = pack([(f"{n}.png", b"") for n in range(201)])
    assert "holds 201 files" in refusal(many)


def test_more_than_two_hundred_megabytes_are_refused(monkeypatch):
    monkeypatch.setattr(batch, "MAX_UNPACKED_BYTES", 5_000)
    stored = pack([(f"{n}.png", b"x" * 2_000) for n in range(3)], zipfile.ZIP_STORED)
    assert "Unpacked, the zip has more" in refusal(stored)
    monkeypatch.setattr(batch, "MAX_ZIP_BYTES", 1_000)
    assert "split it" in refusal(stored)


def lie_about_size(content, size):
    """Rewrites the unpacked size of the only member, in both places where a zip tells it."""
    content = bytearray(content)
    struct.pack_into("<I", content, content.index(b"PK\x03\x04") + 22, size)
    struct.pack_into("<I", content, content.index(b"PK\x01\x02") + 24, size)
    return bytes(content)


def test_a_lie_about_the_size_does_not_help(monkeypatch):
    monkeypatch.setattr(batch, "MAX_BYTES", 100_000)
    (item,) = unpack(lie_about_size(pack([("bomb.png", b"\0" * 30_000_000)]), 1_000))
    assert item.reason and not item.content


def test_a_large_member_is_refused_and_the_next_one_answered(monkeypatch):
    monkeypatch.setattr(batch, "MAX_BYTES", 2_000)
    noise = np.random.default_rng(0).bytes(3_000)
    large, small = unpack(pack([("large.png", noise), ("small.png", png())]))
    assert "more than" in large.reason and small.content == png()


def test_an_encrypted_member_is_refused():
    content = bytearray(pack([("secret.png", png())]))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    (item,) = unpack(bytes(content))
    assert "encrypted" in item.reason


def test_overlapping_members_are_refused():
    content = bytearray(pack([("a.png", png(0)), ("b.png", png(1))]))
    second = content.rindex(b"PK\x01\x02")
    struct.pack_into("<I", content, second + 42, 0)  # both point at the first member's data
    assert "overlap" in refusal(bytes(content))


def test_a_zip_inside_a_zip_is_not_opened():
    (item,) = unpack(pack([("inner.zip", pack([("a.png", png())]))]))
    assert "zip inside a zip" in item.reason


@pytest.mark.parametrize("content", [b"PK", b"PK\x03\x04" + b"\0" * 50, pack([("a.png", png())])[:-30]])
def test_a_damaged_zip_is_one_sentence(content):
    assert "damaged" in refusal(content)


def test_an_empty_zip():
    assert "holds no files" in refusal(pack([]))


@pytest.mark.parametrize("compression", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_member_is_refused_whatever_its_compression(compression):
    content = bytearray(pack([("a.png", png())], compression))
    content[50:70] = b"\xff" * 20
    (item,) = unpack(bytes(content))
    assert "damaged inside the zip" in item.reason


def test_an_odd_compression_is_refused():
    content = bytearray(pack([("a.png", png())]))
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        struct.pack_into("<H", content, content.index(mark) + offset, 97)
    (item,) = unpack(bytes(content))
    assert "damaged inside the zip" in item.reason
