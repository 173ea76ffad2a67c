"""A row of small images, each with every model's answer below it."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from fmnist.answers import Answers
from fmnist.pictures.tiles import draw_pixels
from fmnist.words import percent


def show_tiles(images: np.ndarray, captions: Sequence[str], width: int = 128) -> None:
    """Shows images in a row that wraps, each enlarged without smoothing, with its caption.

    Args:
        images: uint8 `(n, 28, 28)`.
        captions: Markdown, one per image.
        width: The width of an image in screen pixels.
    """
    with st.container(horizontal=True, gap="small"):
        for image, caption in zip(images, captions, strict=True):
            with st.container(width=width, gap=None):
                st.image(draw_pixels(image), width=width, alt=caption)
                st.caption(caption)


def mark_answers(answers: Answers, expected: Mapping[str, np.ndarray], known: bool = True) -> list[str]:
    """Writes a caption for each image: every model's answer, marked if it is the expected one.

    Args:
        answers: To n images.
        expected: int `(n,)` for each model name: the class index that counts.
        known: Whether that is the true class, marked ✓ or ✗; else what the model said before a change,
            marked = or ≠.
    """
    same, other = "✓✗" if known else "=≠"
    lines = [
        [
            f"{name} {same if is_same else other} {top} {percent(confidence, 0)}"
            for is_same, top, confidence in zip(
                answers.tops[name] == expected[name],
                answers.class_names[name],
                answers.confidences[name],
                strict=True,
            )
        ]
        for name in answers
    ]
    return ["  \n".join(caption) for caption in zip(*lines, strict=True)]
