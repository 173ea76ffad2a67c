"""A grid of small images, each with a mark for every model's answer below it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from fmnist import figures
from fmnist.answers import Answers
from fmnist.pictures.tiles import encode_pixels
from fmnist.ui.markup import Element, element, show_element
from fmnist.words import percent

# Of the expected and of another answer, where the true class is known and where it is not.
_SIGNS = {True: ("✓", "✗"), False: ("=", "≠")}
_WORDS = {"✓": "right", "✗": "wrong", "=": "unchanged", "≠": "changed"}


class Mark(NamedTuple):
    """One model's answer to one image.

    Attributes:
        model: The model's name.
        sign: ✓ or ✗ where the true class is known, else = or ≠.
        answer: The class and the confidence, as in "shirt 55%".
    """

    model: str
    sign: str
    answer: str


def mark_answers(
    answers: Answers, expected: Mapping[str, np.ndarray | int], known: bool = True
) -> list[tuple[Mark, ...]]:
    """Marks each model's answer to each image as the expected one or another.

    Args:
        answers: To n images.
        expected: For each model name the class index that counts, one for all images or int `(n,)`.
        known: Whether that is the true class, marked ✓ or ✗; else what the model said before a change,
            marked = or ≠.

    Returns:
        For each of the n images every model's mark, in the order of the models.
    """
    same, other = _SIGNS[known]
    by_model = [
        [
            Mark(name, same if is_same else other, f"{top} {percent(confidence, 0)}")
            for is_same, top, confidence in zip(
                answers.tops[name] == expected[name],
                answers.class_names[name],
                answers.confidences[name],
                strict=True,
            )
        ]
        for name in answers
    ]
    return list(zip(*by_model, strict=True))


def say_marks(marks: Sequence[Mark]) -> str:
    """Says marks in words, as in "simple t-shirt 62%, wrong; robust shirt 55%, right"."""
    return "; ".join(f"{mark.model} {mark.answer}, {_WORDS[mark.sign]}" for mark in marks)


def show_legend(colours: Mapping[str, str], known: bool | None = True) -> None:
    """Says which mark stands for which model, and what the sign of a missed image means.

    Args:
        colours: Each model's colour by its name, as #rrggbb.
        known: As in `mark_answers`; None where no image is marked.
    """
    lines = [element("li", name, **_glyph(colour)) for name, colour in colours.items()]
    if known is not None:
        _, other = _SIGNS[known]
        lines.append(element("li", "not recognised" if known else "another answer", data_sign=other))
    show_element(element("ul", *lines, class_="fm-legend"))


def show_tiles(
    images: np.ndarray,
    marks: Sequence[Sequence[Mark]],
    colours: Mapping[str, str],
    titles: Sequence[str] = (),
) -> None:
    """Shows images in a grid that wraps, each enlarged without smoothing above its marks.

    An expected answer is a small tick; only another one is written out, so that it stands out. Each model has
    its own line, so that all tiles are of one height, whatever the answers are.

    Args:
        images: uint8 `(n, 28, 28)`.
        marks: What `mark_answers` returns for them; nothing for each if no model was asked.
        colours: Each model's colour by its name, as #rrggbb.
        titles: A title for each image, shown below it; none by default.
    """
    names = titles or [f"Version {number}" for number in range(1, len(images) + 1)]
    tiles = [
        _build_tile(image, marked, colours, name, bool(titles))
        for image, marked, name in zip(images, marks, names, strict=True)
    ]
    show_element(element("div", *tiles, class_="fm-tiles"))


def show_picture(image: np.ndarray, alt: str) -> None:
    """Shows one small image, uint8 `(28, 28)`, as large as a tile."""
    show_element(element("img", src=encode_pixels(image), alt=alt, class_="fm-picture"))


def _build_tile(
    image: np.ndarray, marks: Sequence[Mark], colours: Mapping[str, str], name: str, titled: bool
) -> Element:
    said = say_marks(marks)
    picture = element("img", src=encode_pixels(image), alt=f"{name}: {said}." if said else name)
    title = [element("figcaption", name)] if titled else []
    lines = [_build_line(mark, colours[mark.model]) for mark in marks]
    # A screen reader has heard them in the picture's description.
    marked = [element("div", *lines, class_="fm-marks", aria_hidden="true")] if lines else []
    return element("figure", picture, *title, *marked)


def _build_line(mark: Mark, colour: str) -> Element:
    if mark.sign in "✓=":
        return element("div", class_="fm-mark", data_sign=mark.sign, **_glyph(colour))
    return element("div", mark.answer, class_="fm-mark fm-other", data_sign=mark.sign, **_glyph(colour))


def _glyph(colour: str) -> dict[str, str]:
    """Returns what look.css draws a model's glyph from."""
    return {"data_glyph": figures.find_marker(colour).glyph, "style": f"--fm-colour: {colour}"}
