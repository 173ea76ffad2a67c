"""The safe door: right pixels for every kind of picture, one clear sentence for everything else."""

import io
import struct
import zlib

import numpy as np
import pillow_heif
import pytest
from PIL import Image, TiffImagePlugin  # noqa: F401, registers TIFF so that refusing it means something

from fmnist.errors import InvalidImageError
from fmnist.pictures.decoding import MAX_BYTES, decode
from tests.conftest import ROOT

pillow_heif.register_heif_opener()  # to write HEIC
CORPUS = ROOT.parent / "shared" / "corpus"
RAMP = np.tile(np.arange(0, 256, 8, dtype=np.uint8), (24, 1))  # 24 high, 32 wide, dark to bright


def encode(image, format="PNG", **options):
    stream = io.BytesIO()
    if isinstance(image, np.ndarray):
        image = Image.fromarray(image)
    image.save(stream, format, **options)
    return stream.getvalue()


def png(width, height, bit_depth, colour_type, rows, *chunks):
    """Builds a PNG by hand, for kinds that Pillow cannot write."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, bit_depth, colour_type, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows))
    parts = [(b"IHDR", header), *chunks, (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def grey(picture):
    return np.asarray(picture.image.convert("L")).astype(int)


@pytest.mark.parametrize("format", ["PNG", "GIF", "BMP", "WEBP", "JPEG", "HEIF", "AVIF"])
def test_every_allowed_format(format):
    best = {
        "WEBP": {"lossless": True},
        "JPEG": {"quality": 100},
        "HEIF": {"quality": -1},
        "AVIF": {"quality": 100},
    }
    options = best.get(format, {})
    picture = decode(encode(RAMP, format, **options))
    assert picture.original_size == (32, 24) and picture.alpha is None
    assert np.abs(grey(picture) - RAMP).max() <= 2


def test_sixteen_bit_grey_is_scaled_not_clipped():
    picture = decode(encode(RAMP.astype(np.uint16) * 257))
    np.testing.assert_array_equal(grey(picture), RAMP)


def test_sixteen_bit_grey_with_a_transparent_value():
    row = struct.pack(">4H", 0, 20_000, 40_000, 65_535)
    picture = decode(png(4, 1, 16, 0, [row], (b"tRNS", struct.pack(">H", 20_000))))
    assert picture.alpha.tolist() == [[255, 0, 255, 255]]
    assert grey(picture).tolist() == [[0, 255, round(40_000 / 257), 255]]


@pytest.mark.parametrize(("bit_depth", "row", "key"), [(4, b"\x05", 5), (2, b"\x10", 1), (1, b"\x40", 1)])
def test_a_transparent_grey_of_few_bits(bit_depth, row, key):
    """Two pixels: 0, then the transparent one. Pillow compares the key with scaled pixels."""
    picture = decode(png(2, 1, bit_depth, 0, [row], (b"tRNS", struct.pack(">H", key))))
    assert picture.alpha.tolist() == [[255, 0]]
    assert grey(picture).tolist() == [[0, 255]]


def test_a_transparent_colour_of_sixteen_bits():
    row = struct.pack(">6H", 0, 0, 0, 0x1234, 0x5678, 0x9ABC)
    key = struct.pack(">3H", 0x1234, 0x5678, 0x9ABC)
    assert decode(png(2, 1, 16, 2, [row], (b"tRNS", key))).alpha.tolist() == [[255, 0]]


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA"])
def test_transparency_is_composited_on_white_and_kept(mode):
    image = Image.new("RGBA", (4, 4), (0, 0, 0, 255))
    image.putpixel((1, 2), (0, 0, 0, 0))
    content = encode(image.convert("LA")) if mode == "LA" else encode(image)
    if mode == "PA":
        content = encode(image.quantize(4), "PNG")
    picture = decode(content)
    assert picture.alpha[2, 1] == 0 and picture.alpha[0, 0] == 255
    assert grey(picture)[2, 1] == 255 and grey(picture)[0, 0] == 0


def test_an_opaque_alpha_channel_is_no_mask():
    assert decode(encode(Image.new("RGBA", (4, 4), (9, 9, 9, 255)))).alpha is None


@pytest.mark.parametrize("orientation", range(10))
def test_every_exif_orientation_ends_upright(orientation):
    image = Image.fromarray(np.uint8([[10, 60, 110], [160, 210, 250]]).repeat(8, 0).repeat(8, 1))
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the stored picture is the upright one turned back
    stored = image.transpose(Image.Transpose(undo[orientation])) if orientation in undo else image
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = decode(encode(stored, "JPEG", exif=exif, quality=100, subsampling=0))
    assert picture.original_size == (24, 16)
    assert np.abs(grey(picture) - np.asarray(image)).max() <= 6


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_exif_is_ignored():
    assert decode(encode(RAMP, "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\xff")).original_size == (32, 24)


def test_cmyk_and_multi_picture_jpegs():
    red = Image.new("CMYK", (8, 8), (0, 255, 255, 0))
    colour = np.asarray(decode(encode(red, "JPEG")).image)[4, 4]
    assert colour[0] > 200 and max(colour[1:]) < 60
    several = encode(Image.fromarray(RAMP), "MPO", save_all=True, append_images=[Image.new("L", (32, 24))])
    assert np.abs(grey(decode(several)) - RAMP).mean() < 3


def test_the_first_frame_of_an_animation():
    frames = [Image.new("L", (8, 8), value) for value in (40, 200)]
    for format in ("GIF", "PNG"):
        content = encode(frames[0], format, save_all=True, append_images=frames[1:])
        assert grey(decode(content))[0, 0] == 40


def test_large_pictures_are_reduced():
    assert decode(encode(Image.new("RGB", (6000, 4000)), "JPEG")).image.size == (640, 427)
    thin = decode(encode(Image.new("1", (1, 20_000))))
    assert thin.image.size == (1, 640) and thin.original_size == (1, 20_000)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"hello", "not a picture"),
        (b"%PDF-1.7 and so on", "a PDF document"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"\0\0\0\x20ftypheic\0\0\0\0", "damaged"),
        (b"\0\0\0\x20ftypavif\0\0\0\0", "damaged"),
        (b"\0\0\0\x20ftypisom\0\0\0\0", "a video or a raw photo, which cannot be read here: use PNG, JPEG"),
        (encode(RAMP, "TIFF"), "TIFF"),
        (encode(RAMP)[:-60], "damaged"),
        (encode(RAMP, "JPEG")[:200], "damaged"),
        (encode(RAMP)[:60] + b"\xff" + encode(RAMP)[61:], "damaged"),
        (encode(Image.new("1", (5000, 5000))), "5000 x 5000 pixels"),
        (encode(Image.new("1", (20_001, 1))), "20001 x 1 pixels"),
        (encode(Image.new("1", (13_000, 13_000))), "more than can be read"),
        (b"\xff" * (MAX_BYTES + 1), "at most 25 MB"),
        (encode(Image.new("RGBA", (4, 4))), "fully transparent"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refusals_say_why_in_one_sentence(content, said):
    with pytest.raises(InvalidImageError, match=said) as refusal:
        decode(content)
    assert "\n" not in str(refusal.value) and str(refusal.value).endswith(".")


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpora are not on this machine")
def test_the_corpora():
    files = [path for path in CORPUS.rglob("*") if path.suffix in (".png", ".jpg")]
    assert len(files) > 190
    for path in files:
        if path.name.startswith("x"):
            with pytest.raises(InvalidImageError):
                decode(path.read_bytes())
        else:
            assert max(decode(path.read_bytes()).image.size) <= 640, path
