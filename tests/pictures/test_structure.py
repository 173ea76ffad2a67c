"""Files whose structure would keep a decoder busy are refused before it starts; honest ones are counted."""

import io
import struct
import zlib

import pytest
from PIL import Image

from fmnist.errors import InvalidImageError
from fmnist.pictures.decoding import decode
from fmnist.pictures.samples import draw_samples
from fmnist.pictures.structure import count_work

GARMENT = Image.fromarray(draw_samples()[4]).resize((200, 200)).convert("RGB")


def encode(image, format, **options):
    stream = io.BytesIO()
    image.save(stream, format, **options)
    return stream.getvalue()


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def repeat_scans(picture, count):
    """Repeats the first scan of a progressive JPEG, tables and all; its size in pixels is set to 8,000."""
    content = bytearray(encode(picture, "JPEG", progressive=True))
    frame = content.index(b"\xff\xc2")
    struct.pack_into(">2H", content, frame + 5, 8_000, 8_000)
    first = content.index(b"\xff\xda")
    second = content.index(b"\xff", first + 14)
    while content[second + 1] == 0:
        second = content.index(b"\xff", second + 1)
    return bytes(content[:first] + content[first:second] * count + b"\xff\xd9")


def refusal(content):
    with pytest.raises(InvalidImageError) as refused:
        decode(content)
    return str(refused.value)


@pytest.mark.parametrize("count", [30, 5_000])
def test_scans_that_repeat_are_refused(count):
    """Each visits all pixels again: 300 kB of these occupied a core for half a minute."""
    assert "scans, which no camera" in refusal(repeat_scans(GARMENT, count))


def test_an_honest_progressive_jpeg_is_large_work_for_each_of_its_scans():
    assert count_work(encode(GARMENT, "JPEG", progressive=True)) == 10 * 200 * 200
    assert count_work(encode(GARMENT, "JPEG")) == 200 * 200
    for format in ("PNG", "GIF", "BMP", "WEBP"):
        assert count_work(encode(GARMENT, format)) == 0


def test_a_progressive_jpeg_in_four_colours_needs_too_much_memory():
    heavy = Image.new("CMYK", (9_000, 7_000))
    assert "more memory than is safe" in refusal(encode(heavy, "JPEG", progressive=True, subsampling=0))
    assert count_work(encode(heavy, "JPEG", subsampling=0)) == 63_000_000


@pytest.mark.parametrize("piece", [segment(0xE1, b"Exif\0\0"), segment(0xFE, b""), b"\xff\xe5\0\2"])
def test_a_jpeg_of_a_million_segments_is_refused(piece):
    content = encode(GARMENT, "JPEG")
    assert "thousands of pieces" in refusal(content[:2] + piece * 1_000_000 + content[2:])


def test_an_honest_number_of_segments_is_read():
    content = encode(GARMENT, "JPEG")
    many = segment(0xE1, b"Exif\0\0" + bytes(60_000)) * 32 + segment(0xEB, bytes(60_000)) * 100
    assert decode(content[:2] + many + content[2:]).original_size == (200, 200)


def test_what_a_phone_appends_is_not_counted():
    content = encode(GARMENT, "JPEG")
    assert decode(content + segment(0xDA, b"") * 100_000).original_size == (200, 200)


def test_a_png_of_a_million_chunks_is_refused():
    content = encode(GARMENT, "PNG")
    chunk = struct.pack(">I", 0) + b"teSt" + struct.pack(">I", zlib.crc32(b"teSt"))
    assert "more than 50,000 pieces" in refusal(content[:33] + chunk * 1_000_000 + content[33:])
    assert decode(content[:33] + chunk * 20_000 + content[33:]).original_size == (200, 200)


def test_a_gif_of_comments_is_refused():
    content = encode(GARMENT, "GIF")
    first = 13 + (3 << (content[10] & 7) + 1)
    comment = b"!\xfe" + (b"\xff" + bytes(255)) * 20_000 + b"\0"
    assert "comments" in refusal(content[:first] + comment + content[first:])
    short = b"!\xfe" + (b"\xff" + bytes(255)) * 200 + b"\0"
    assert decode(content[:first] + short + content[first:]).original_size == (200, 200)


@pytest.mark.parametrize(
    "start", [b"\xff\xd8", b"\xff\xd8\xff\xc2\0", b"\x89PNG", b"GIF8", b"GIF89a\0\0\0\0\xf7", b""]
)
def test_what_is_cut_short_is_counted_and_left_to_the_decoder(start):
    assert count_work(start) == 0
