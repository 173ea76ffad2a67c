"""Pictures ready to be shown: small ones enlarged pixel by pixel, any size fitted into a square."""

import base64
import io

import numpy as np
from PIL import Image

_OUTLINE = (255, 140, 0)  # orange, as in the maps of what counts


def encode_pixels(image: np.ndarray) -> str:
    """Writes a small picture, grey or RGB, as an address that holds it, for an `img`.

    `st.image` would enlarge, compress, unpack, shrink and compress an array, which takes a millisecond.
    """
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    return f"data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"


def encode_photo(image: np.ndarray, side: int) -> str:
    """Writes a picture of any size, RGB, as an address that holds it, at most `side` pixels long."""
    if max(image.shape) < side / 4:
        return encode_pixels(image)
    picture = Image.fromarray(image)
    picture.thumbnail((side, side))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=90)
    return f"data:image/jpeg;base64,{base64.b64encode(stream.getvalue()).decode()}"


def letterbox(image: np.ndarray, side: int, ground: str = "#808080") -> np.ndarray:
    """Fits a picture of any size into a square, on a colour, so that pictures in a row line up."""
    side *= 2  # sharp on fine screens
    height, width = image.shape[:2]
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    # The pixels of a small picture are meant to be seen.
    sampling = Image.Resampling.NEAREST if scale > 4 else Image.Resampling.LANCZOS
    picture = Image.fromarray(image).convert("RGB").resize(size, sampling)
    square = Image.new("RGB", (side, side), ground)
    square.paste(picture, ((side - size[0]) // 2, (side - size[1]) // 2))
    return np.asarray(square)


def outline_square(image: np.ndarray, top: int, left: int, side: int) -> np.ndarray:
    """Covers a square of an image with black and outlines it.

    Args:
        image: uint8 `(28, 28)`.
        top, left: The first row and column of the square, in pixels of the image.
        side: In pixels.

    Returns:
        uint8 `(224, 224, 3)`: eight pixels for one, the outline two wide.
    """
    scale, wide = 8, 2
    covered = image.copy()
    covered[top : top + side, left : left + side] = 0
    shown = np.repeat(covered.repeat(scale, axis=0).repeat(scale, axis=1)[..., np.newaxis], 3, axis=2)
    first_row, first, last_row, last = (scale * place for place in (top, left, top + side, left + side))
    inner = shown[first_row + wide : last_row - wide, first + wide : last - wide].copy()
    shown[first_row:last_row, first:last] = _OUTLINE
    shown[first_row + wide : last_row - wide, first + wide : last - wide] = inner
    return shown
