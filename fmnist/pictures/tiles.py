"""Pictures ready to be shown: small ones enlarged pixel by pixel, any size fitted into a square."""

import base64
import io

import numpy as np
from PIL import Image


def draw_pixels(image: np.ndarray) -> str:
    """Writes a small picture as SVG, in which every pixel is shown as a square, at any size.

    `st.image` would enlarge, compress, unpack, shrink and compress an array, which takes a millisecond.
    """
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    height, width = image.shape[:2]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" image-rendering="pixelated" '
        f'href="data:image/png;base64,{base64.b64encode(stream.getvalue()).decode()}"/></svg>'
    )


def letterbox(image: np.ndarray, side: int) -> np.ndarray:
    """Fits a picture of any size into a square, on grey, so that pictures in a row line up."""
    side *= 2  # sharp on fine screens
    height, width = image.shape[:2]
    scale = side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    # The pixels of a small picture are meant to be seen.
    sampling = Image.Resampling.NEAREST if scale > 4 else Image.Resampling.LANCZOS
    picture = Image.fromarray(image).convert("RGB").resize(size, sampling)
    square = Image.new("RGB", (side, side), (128, 128, 128))
    square.paste(picture, ((side - size[0]) // 2, (side - size[1]) // 2))
    return np.asarray(square)
