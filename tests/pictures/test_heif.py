"""HEIC and AVIF: upright exactly once, in 8 bits, sized before they are decoded, refused in one sentence."""

import builtins
import io
import random
import struct
import subprocess
import sys

import numpy as np
import pillow_heif
import pytest
from PIL import Image, features

from fmnist.errors import InvalidImageError
from fmnist.pictures.decoding import decode
from fmnist.pictures.heif import AVIF, HEIC, find_kind
from fmnist.pictures.structure import HEIF_WORK, TOO_MUCH_MEMORY, count_work
from tests.conftest import ROOT

pillow_heif.register_heif_opener()  # to write HEIC
KINDS = [HEIC, AVIF]
UPRIGHT = np.uint8([[10, 60, 110], [160, 210, 250]]).repeat(32, 0).repeat(32, 1)
# How the stored picture is turned; the upright one is that turned back.
STORED = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}


def encode(image, kind, **options):
    stream = io.BytesIO()
    image.save(stream, kind, **{"quality": 95, **options})
    return stream.getvalue()


def grey(picture):
    return np.asarray(picture.image.convert("L")).astype(int)


def refusal(content):
    with pytest.raises(InvalidImageError) as refused:
        decode(content)
    said = str(refused.value)
    assert said.endswith(".") and "\n" not in said
    return said


def replace_sizes(content, width, height):
    """Changes all sizes that the boxes tell of; the coded picture stays as it is."""
    content, position = bytearray(content), 0
    while (position := content.find(b"ispe", position + 1)) > 0:
        struct.pack_into(">2I", content, position + 8, width, height)
    return bytes(content)


def test_this_installation_reads_both():
    assert features.check("avif") and pillow_heif.libheif_info()["decoders"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_turned_picture_ends_upright_exactly_once(kind, orientation):
    """The encoders turn EXIF's orientation into boxes, as phones write both."""
    stored = Image.fromarray(UPRIGHT)
    if orientation in STORED:
        stored = stored.transpose(Image.Transpose(STORED[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = decode(encode(stored, kind, exif=exif.tobytes()))
    assert picture.original_size == (96, 64)
    assert np.abs(grey(picture) - UPRIGHT).mean() < 4


@pytest.mark.parametrize("kind", KINDS)
def test_the_boxes_turn_a_picture_and_the_metadata_does_not(kind):
    """HEIF says that EXIF and XMP must not turn it, however they disagree with the boxes."""
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encode(Image.fromarray(UPRIGHT), kind, exif=exif.tobytes())
    turn = content.index(b"irot") + 4
    without = content[:turn] + b"\0" + content[turn + 1 :]  # by no quarter turn
    assert without != content and decode(content).original_size == (64, 96)
    assert decode(without).original_size == (96, 64)
    xmp = b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    content = encode(Image.fromarray(UPRIGHT), AVIF, xmp=xmp)
    assert xmp in content and decode(content).original_size == (96, 64)


def test_ten_bits_are_scaled_not_clipped():
    ramp = np.tile(np.linspace(0, 65_472, 96, dtype=np.uint16), (64, 1))
    stream = io.BytesIO()
    pillow_heif.encode("L;16", (96, 64), ramp.tobytes(), stream, quality=-1)
    assert pillow_heif.open_heif(stream.getvalue(), convert_hdr_to_8bit=False).info["bit_depth"] == 10
    assert np.abs(grey(decode(stream.getvalue())) - ramp / 257).max() <= 3


@pytest.mark.parametrize("kind", KINDS)
def test_transparency_is_composited_on_white_and_kept(kind):
    image = Image.new("RGBA", (64, 64), (0, 0, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, 32, 64))
    picture = decode(encode(image, kind))
    assert picture.alpha[:, :28].max() < 8 and picture.alpha[:, 36:].min() > 247
    assert grey(picture)[:, :28].min() > 240 and grey(picture)[:, 36:].max() < 16
    assert "fully transparent" in refusal(encode(Image.new("RGBA", (64, 64), (0, 0, 0, 0)), kind))


@pytest.mark.parametrize("kind", KINDS)
def test_the_main_picture_of_several_is_read(kind):
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("black", "white", "white")]
    content = encode(frames[0], kind, save_all=True, append_images=frames[1:])
    assert grey(decode(content)).max() < 8


@pytest.mark.parametrize("kind", KINDS)
def test_a_bomb_is_refused_before_it_is_decoded(kind, monkeypatch):
    content = encode(Image.fromarray(UPRIGHT), kind)
    monkeypatch.setattr(Image, "open", None)  # not even opened
    assert refusal(replace_sizes(content, 30_000, 30_000)) == TOO_MUCH_MEMORY
    assert refusal(replace_sizes(content, 2**32 - 1, 2**32 - 1)) == TOO_MUCH_MEMORY


@pytest.mark.parametrize("size", [(8, 8), (0, 0), (96, 65), (7_000, 7_000), (1, 2**32 - 1)])
def test_a_heic_picture_that_lies_about_its_size_is_refused(size):
    assert refusal(replace_sizes(encode(Image.fromarray(UPRIGHT), HEIC), *size))


def test_an_avif_picture_is_as_large_as_it_says():
    """Its decoder scales what is coded to that."""
    content = encode(Image.fromarray(UPRIGHT), AVIF)
    assert decode(replace_sizes(content, 48, 32)).original_size == (48, 32)
    for size in ((0, 0), (1, 2**32 - 1)):
        assert refusal(replace_sizes(content, *size))


@pytest.mark.parametrize("kind", KINDS)
def test_more_than_a_side_may_have_is_refused(kind):
    """Thin enough to pass as little work."""
    assert refusal(replace_sizes(encode(Image.fromarray(UPRIGHT), kind), 40_000, 1_000))


@pytest.mark.parametrize("kind", KINDS)
def test_work_is_counted_from_the_boxes(kind):
    content = encode(Image.fromarray(UPRIGHT), kind)
    assert count_work(content) == HEIF_WORK * 96 * 64
    assert count_work(content[:40]) == 0


def test_boxes_without_end_are_refused():
    many = b"\0\0\0\x10ftypheic\0\0\0\0" + struct.pack(">I4s", 8, b"free") * 100_000
    assert "more than 50,000 pieces" in refusal(many)
    nested = b"".join(struct.pack(">I4s", 0, b"ipco") for _ in range(100_000))
    assert "more than 50,000 pieces" in refusal(b"\0\0\0\x10ftypavif\0\0\0\0" + nested)


@pytest.mark.parametrize("kind", KINDS)
def test_truncated_and_damaged_files_are_refused_or_read(kind):
    noise = np.random.default_rng(0).integers(0, 256, (64, 96, 3), dtype=np.uint8)
    content = encode(Image.fromarray(noise), kind)
    for length in (12, 40, 200, len(content) // 2):
        assert refusal(content[:length])
    chance = random.Random(1)
    for _ in range(150):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(600 if chance.random() < 0.7 else len(content))] = chance.randrange(256)
        try:
            decode(bytes(damaged))
        except InvalidImageError as error:
            assert str(error).endswith(".") and "\n" not in str(error)


def test_lack_of_memory_is_told_from_damage(monkeypatch):
    def fail(*arguments, **options):
        raise RuntimeError("Memory allocation error: Unspecified")

    monkeypatch.setattr(Image.Image, "thumbnail", fail)
    assert refusal(encode(Image.fromarray(UPRIGHT), HEIC)) == TOO_MUCH_MEMORY


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", HEIC),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", HEIC),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", AVIF),
        (b"\0\0\0\x14ftypmif1\0\0\0\0mif1avif", HEIC),  # the last brand is beyond the end of the box
        (b"\0\0\0\x18ftypavis\0\0\0\0avifmsf1", AVIF),
        (b"\0\0\0\x18ftypmsf1\0\0\0\0avismsf1", AVIF),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp41", None),
        (b"\xff\xff\xff\xffftypmif1" + b"heic" * 9, HEIC),
        (b"ftyp", None),
        (b"", None),
    ],
)
def test_the_kind_is_read_from_the_brands(start, kind):
    assert find_kind(start) == kind


def test_without_its_package_a_heic_photo_is_refused_with_a_way_to_share_it(monkeypatch):
    importing = builtins.__import__

    def refuse(name, *arguments, **options):
        if name == "pillow_heif":
            raise ImportError(name)
        return importing(name, *arguments, **options)

    content = encode(Image.fromarray(UPRIGHT), HEIC)
    monkeypatch.setattr(builtins, "__import__", refuse)
    said = refusal(content)
    assert said.startswith(
        "This is a HEIC photo, which cannot be read here: share or export the photo as JPEG."
    )
    assert said.endswith("Most Compatible.")
    assert decode(encode(Image.fromarray(UPRIGHT), "PNG", quality=None)).original_size == (96, 64)


def test_other_pictures_do_not_load_its_package():
    script = (
        "import io, sys; from PIL import Image; from fmnist.pictures.decoding import decode;"
        "stream = io.BytesIO(); Image.new('L', (9, 9)).save(stream, 'PNG'); decode(stream.getvalue());"
        "print('pillow_heif' in sys.modules, 'PIL.AvifImagePlugin' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert said.stdout.split() == ["False", "False"]
