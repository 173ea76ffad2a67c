"""The one safe door: from the bytes of any picture to an upright picture, or one clear error message.

Every picture that comes in (upload, camera, drawing board, command line) goes through `decode`.
Nothing else in the project hands foreign bytes to Pillow.
"""

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageFile

from fmnist.errors import InvalidImageError
from fmnist.pictures.heif import AVIF, HEIC, find_kind, load_decoder
from fmnist.pictures.structure import MAX_HEIF_PIXELS, TOO_MUCH_MEMORY, count_work

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")  # and, by a decoder that is loaded when needed, HEIC and AVIF
MAX_BYTES = 25_000_000
MAX_SIDE = 20_000  # pixels
MAX_JPEG_PIXELS = 64_000_000  # a 48-megapixel phone photo, read at reduced size
MAX_OTHER_PIXELS = 16_000_000  # the other formats cannot be read at reduced size
_MAX_PIXELS = {
    **dict.fromkeys(("JPEG", "MPO"), MAX_JPEG_PIXELS),
    **dict.fromkeys((HEIC, AVIF), MAX_HEIF_PIXELS),
}
WORKING_SIDE = 640  # the longest side of what is handed on

# The outer wall, in case a size check below is ever bypassed.
Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS

_ORIENTATION = 0x0112  # the EXIF tag; Pillow's table of all tags takes 2 ms to import
_IS_UPRIGHT = 1  # as an EXIF orientation
# How to turn pictures with any other orientation upright; unknown ones count as upright.
_UPRIGHT_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIDEWAYS = [_UPRIGHT_TURNS[orientation] for orientation in (5, 6, 7, 8)]

_DAMAGED = "The picture is damaged or incomplete and cannot be read: save or send it again."
_KNOWN_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF")  # of the five formats

# The first bytes of files that people try and that are not on the list.
_KNOWN_STRANGERS = {
    b"%PDF": "a PDF document",
    b"8BPS": "a Photoshop file",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"PK\x03\x04": "a zip archive",
    b"<svg": "an SVG drawing",
    b"<?xml": "an XML or SVG file",
    b"<!DO": "a web page",
    b"<htm": "a web page",
}
_KIND_NAMES = {HEIC: "a HEIC photo", AVIF: "an AVIF picture", None: "a video or a raw photo"}
_HEIC_ADVICE = (
    "share or export the photo as JPEG. For new photos an iPhone has Settings > Camera > Formats > "
    "Most Compatible"
)


@dataclass(frozen=True)
class Picture:
    """An upright picture of at most 640 x 640 pixels.

    Attributes:
        image: PIL image, mode "L" or "RGB", transparent parts composited on white.
        alpha: uint8 `(height, width)`, 255 where the picture is opaque, or None if it is opaque everywhere.
        original_size: (width, height) of the stored picture in pixels, after turning it upright.
    """

    image: Image.Image
    alpha: np.ndarray | None
    original_size: tuple[int, int]


def decode(content: bytes) -> Picture:
    """Reads a PNG, JPEG, GIF, BMP, WEBP, HEIC or AVIF picture from strangers.

    Takes the first frame, turns it upright according to its EXIF orientation, reduces it to at most
    640 x 640 pixels, scales 16-bit grey to 8 bits and composites transparency on white.

    Raises:
        InvalidImageError: If `content` is not such a picture, is damaged or is too large.

    Reference: Pillow's security handbook; formats and limits follow its recommendations.
    """
    if not content:
        raise InvalidImageError("The file is empty: choose another picture.")
    if len(content) > MAX_BYTES:
        raise InvalidImageError(
            f"The file has {len(content) / 1e6:.0f} MB, but at most {MAX_BYTES // 1_000_000} MB are "
            "read: save a smaller copy and try that."
        )
    try:
        return _decode(content)
    except InvalidImageError:
        raise
    except MemoryError as error:
        raise InvalidImageError(TOO_MUCH_MEMORY) from error
    # Damaged files make Pillow raise nearly anything: OSError, ValueError, SyntaxError,
    # NotImplementedError and more were seen. No input may raise anything but our own error.
    except Exception as error:
        lacks_memory = "memory" in str(error).lower()  # the decoders of HEIC and AVIF raise no MemoryError
        raise InvalidImageError(TOO_MUCH_MEMORY if lacks_memory else _DAMAGED) from error


def _decode(content: bytes) -> Picture:
    count_work(content)
    image: Image.Image = _open(content)
    stored_size = image.size
    is_jpeg = image.format in ("JPEG", "MPO")  # phones store several JPEGs in one file as MPO
    _check_size(image.size, _MAX_PIXELS.get(image.format or "", MAX_OTHER_PIXELS))
    if image.format == "PNG":
        # Loading skips some checksums; verifying reads them all, but needs an image of its own.
        with _open(content) as copy:
            copy.verify()
    if is_jpeg:
        image.draft(None, (WORKING_SIDE, WORKING_SIDE))
    size_to_load = image.size
    image.load()
    if image.size != size_to_load:  # a HEIC picture larger than its boxes say
        raise InvalidImageError(_DAMAGED)
    turn = _UPRIGHT_TURNS.get(_orientation(image))
    image = _to_eight_bits(image, content)
    image.thumbnail((WORKING_SIDE, WORKING_SIDE), Image.Resampling.LANCZOS)
    if turn is not None:
        image = image.transpose(turn)
    if turn in _SIDEWAYS:
        stored_size = stored_size[::-1]
    alpha = None
    if image.mode == "RGBA":
        opacity = np.asarray(image.getchannel("A"))
        if not opacity.any():
            raise InvalidImageError("The picture is fully transparent: there is nothing to see.")
        if opacity.min() < 255:
            alpha = opacity
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image).convert("RGB")
    return Picture(image, alpha, stored_size)


def _open(content: bytes) -> ImageFile.ImageFile:
    kind = find_kind(content)
    if kind and not load_decoder(kind):
        raise InvalidImageError(_not_supported(content))
    try:
        image = Image.open(io.BytesIO(content), formats=[kind] if kind else FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_large("more than 128 million") from error
    except MemoryError:
        raise
    except Exception as error:
        raise InvalidImageError(_DAMAGED if kind else _not_supported(content)) from error
    if kind:
        image.info.pop("xmp", None)  # where there is no other orientation, Pillow would take this one
    return image


def _not_supported(content: bytes) -> str:
    if content.startswith(_KNOWN_STARTS):
        return _DAMAGED
    start = content[:16].lstrip(b"\xef\xbb\xbf \t\r\n")
    what = next((name for magic, name in _KNOWN_STRANGERS.items() if start.startswith(magic)), None)
    kind = find_kind(content)
    if content[4:8] == b"ftyp":
        what = _KIND_NAMES[kind]
    said = f"This is {what}, which cannot" if what else "This file is not a picture that can"
    advice = _HEIC_ADVICE if kind == HEIC else "use PNG, JPEG, GIF, BMP or WEBP"
    return f"{said} be read here: {advice}."


def _check_size(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if max(size) > MAX_SIDE or width * height > max_pixels:
        raise _too_large(f"{width} x {height}")


def _too_large(size: str) -> InvalidImageError:
    return InvalidImageError(
        f"The picture has {size} pixels, which is more than can be read safely: save a smaller "
        "copy (2,000 x 2,000 pixels is plenty) and try that."
    )


def _orientation(image: Image.Image) -> int:
    try:
        return image.getexif().get(_ORIENTATION, _IS_UPRIGHT)
    except Exception:  # broken metadata is not a reason to refuse a readable picture
        return _IS_UPRIGHT


def _to_eight_bits(image: Image.Image, content: bytes) -> Image.Image:
    """Converts any mode to "L", "RGB" or "RGBA", applying every kind of transparency."""
    transparent = image.info.get("transparency")
    if image.mode.startswith("I"):  # 16-bit grey, which Pillow's own conversion clips to white
        values = np.asarray(image).astype(np.int64)
        grey = Image.fromarray((np.clip(values, 0, 65535) / 257).round().astype(np.uint8))
        if transparent is None:
            return grey
        return _with_alpha(grey, values != transparent)
    if image.format == "PNG" and transparent is not None and image.mode in ("1", "L", "RGB"):
        return _apply_colour_key(image, transparent, bit_depth=content[24])
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in ("L", "RGB"):
        return image  # converting would copy it, and a large HEIC picture leaves no room for that
    return image.convert("L" if image.mode == "1" else "RGB")


def _apply_colour_key(image: Image.Image, key: Any, bit_depth: int) -> Image.Image:
    """Makes the one colour `key` transparent.

    PNG gives the key at the file's bit depth, while Pillow has already scaled the pixels to 8 bits, so the
    two cannot be compared directly.
    """

    def to_eight_bits(value: int) -> int:
        if bit_depth == 16:
            return value >> 8
        return round((value & (2**bit_depth - 1)) * 255 / (2**bit_depth - 1))

    if image.mode == "RGB":
        pixels = np.asarray(image)
        opaque = (pixels != [to_eight_bits(value) for value in key]).any(axis=-1)
        return _with_alpha(image, opaque)
    grey = image.convert("L")
    return _with_alpha(grey, np.asarray(grey) != to_eight_bits(key))


def _with_alpha(image: Image.Image, opaque: np.ndarray) -> Image.Image:
    image = image.convert("RGBA")
    image.putalpha(Image.fromarray(np.where(opaque, 255, 0).astype(np.uint8)))
    return image
