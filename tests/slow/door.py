"""Sends files through the same door as the pages, in a process of its own; prints what it cost.

`python -m tests.slow.door [FOLDER...]` reads every file below the folders, a generated set of bombs,
odd pictures and hostile zips, and 2,000 mutations found by hypothesis. Only two outcomes are allowed:
a 28x28 image, or a FmnistError of one sentence. Anything else ends the process with a traceback.
"""

import contextlib
import io
import json
import re
import resource
import struct
import sys
import time
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pillow_heif
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from PIL import Image

from fmnist.errors import InvalidImageError
from fmnist.pictures.batch import collect
from fmnist.pictures.decoding import decode
from fmnist.pictures.samples import draw_samples
from fmnist.preprocessing import prepare

pillow_heif.register_heif_opener()  # to write HEIC
warnings.simplefilter("ignore")  # Pillow warns about odd metadata; only the outcome counts here
slowest = (0.0, "")
outcomes = {"answered": 0, "refused": 0}


def send(name, content):
    """Sends one file in, as a picture and, if it may be one, as a zip."""
    global slowest
    started = time.monotonic()
    for item in collect([(name, content)]).items:
        try:
            image = prepare(decode(item.unpack())).image
            if image.shape != (28, 28) or image.dtype != np.uint8 or not image.any():
                raise AssertionError(f"{name}: no picture came out")
            outcomes["answered"] += 1
        except InvalidImageError as error:
            if "\n" in str(error) or not str(error).endswith("."):
                raise AssertionError(f"{name}: not one sentence: {error}") from error
            outcomes["refused"] += 1
    slowest = max(slowest, (time.monotonic() - started, name))


def encode(image, format="PNG", **options):
    """Encodes a PIL image."""
    stream = io.BytesIO()
    image.save(stream, format, **options)
    return stream.getvalue()


def pictures():
    """Yields (name, content) of every kind of picture that has ever been trouble."""
    garment = Image.fromarray(draw_samples()[4]).resize((200, 200))
    for mode in ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "I;16"):
        image = garment.convert("RGBA").quantize(16) if mode == "PA" else garment.convert(mode)
        yield f"mode {mode}", encode(image)
    yield "P with a transparent colour", encode(garment.convert("P"), transparency=0)
    yield "L with a transparent grey", encode(garment, transparency=0)
    yield "RGB with a transparent colour", encode(garment.convert("RGB"), transparency=(0, 0, 0))
    for format in ("JPEG", "GIF", "BMP", "WEBP", "HEIF", "AVIF"):
        yield format, encode(garment, format)
    yield "CMYK", encode(garment.convert("CMYK"), "JPEG")
    yield "progressive", encode(garment, "JPEG", progressive=True)
    yield "MPO", encode(garment, "MPO", save_all=True, append_images=[garment])
    for format in ("GIF", "PNG", "WEBP", "HEIF", "AVIF"):
        yield f"animated {format}", encode(garment, format, save_all=True, append_images=[garment] * 20)
    for orientation in (*range(10), 65_535):
        exif = Image.Exif()
        exif[0x0112] = orientation
        for format in ("JPEG", "HEIF", "AVIF"):
            yield f"orientation {orientation} of {format}", encode(garment, format, exif=exif.tobytes())
    for size in ((1, 1), (1, 20_000), (20_000, 1), (2, 3), (4_000, 4_000), (4_001, 4_000), (20_001, 1)):
        for value in (0, 1):
            image = Image.new("1", size, value)
            image.putpixel((size[0] // 2, size[1] // 2), 1 - value)
            yield f"{size} of {value}", encode(image)
    yield "bomb of 169 megapixels", encode(Image.new("1", (13_000, 13_000)))
    yield "palette of 16 megapixels", encode(Image.new("P", (4_000, 4_000)), transparency=0)
    yield "colours of 16 megapixels", encode(Image.new("RGBA", (4_000, 4_000), (9, 9, 9, 9)))
    yield "JPEG of 48 megapixels", encode(Image.new("RGB", (8_000, 6_000), "navy"), "JPEG")
    yield "JPEG of 63 megapixels", encode(Image.new("RGB", (9_000, 7_000), "navy"), "JPEG", progressive=True)
    yield "JPEG of 81 megapixels", encode(Image.new("L", (9_000, 9_000)), "JPEG")
    for value in (0, 127, 255):
        yield f"even {value}", encode(Image.new("L", (300, 200), value))
    for format in ("TIFF", "ICO", "PPM", "TGA", "EPS", "PDF", "DDS", "PCX"):
        yield format, encode(garment.convert("RGB"), format)
    whole = [encode(garment, format) for format in ("PNG", "JPEG", "WEBP", "GIF", "HEIF", "AVIF")]
    random = np.random.default_rng(0)
    for number in range(200):
        content = whole[number % len(whole)]
        yield f"truncated {number}", content[: random.integers(len(content))]
    for name, content in (("nothing", b""), ("noise", random.bytes(100_000)), ("text", b"hello " * 1_000)):
        yield name, content


def zips():
    """Yields (name, content) of hostile zips."""

    def pack(members):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members:
                archive.writestr(name, content)
        return bytearray(stream.getvalue())

    garment = encode(Image.fromarray(draw_samples()[8]))
    yield "good zip", pack([("bag.png", garment)])
    yield "zip bomb", pack([("bomb.png", b"\0" * 150_000_000)])
    yield "70,000 members", pack((f"{number}", b"") for number in range(70_000))
    yield "zip slip", pack([("../../../tmp/slip.png", garment), ("/etc/slip.png", garment)])
    yield "nested zip", pack([("inner.zip", bytes(pack([("bag.png", garment)])))])
    encrypted = pack([("bag.png", garment)])
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[encrypted.index(mark) + offset] |= 1
    yield "encrypted", encrypted
    overlapping = pack([("a.png", garment), ("b.png", garment)])
    struct.pack_into("<I", overlapping, overlapping.rindex(b"PK\x01\x02") + 42, 0)
    yield "overlapping", overlapping
    random = np.random.default_rng(1)
    base = pack([("bag.png", garment), ("again.png", garment)])
    for number in range(300):
        mutated = base.copy()
        mutated[random.integers(len(mutated))] = random.integers(256)
        yield f"mutated zip {number}", mutated
        yield f"truncated zip {number}", base[: random.integers(len(base))]


def peak_mb():
    """The most memory this process has held, in MB."""
    with contextlib.suppress(OSError), open("/proc/self/status") as status:
        # getrusage would also count what the parent held when it started this process.
        return int(re.search(r"VmHWM:\s+(\d+)", status.read())[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


BASES = [content for _, content in pictures() if 100 < len(content) < 20_000]


@seed(1)
@settings(max_examples=2_000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def mutate(data):
    """Changes, removes or inserts up to eight bytes of a picture."""
    content = bytearray(data.draw(st.sampled_from(BASES)))
    for _ in range(data.draw(st.integers(1, 8))):
        where = data.draw(st.integers(0, len(content) - 1))
        change = data.draw(st.sampled_from(["set", "cut", "put"]))
        if change == "cut" and len(content) > 1:
            del content[where]
        elif change == "put":
            content.insert(where, data.draw(st.integers(0, 255)))
        else:
            content[where] = data.draw(st.integers(0, 255))
    send("mutation", bytes(content))


if __name__ == "__main__":
    for folder in sys.argv[1:]:
        for path in sorted(Path(folder).rglob("*")):
            if path.is_file():
                send(path.name, path.read_bytes())
    for name, content in (*pictures(), *zips()):
        send(name, bytes(content))
    mutate()
    cost = {"slowest_s": slowest[0], "slowest": slowest[1], "peak_mb": peak_mb()}
    print(json.dumps({**outcomes, **cost}))
