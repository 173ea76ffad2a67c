"""What the models say to one picture, at one glance: a headline, a chip per model, bars for the classes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fmnist import figures
from fmnist.answers import Answers
from fmnist.artifacts import Model
from fmnist.config import CLASS_NAMES
from fmnist.pictures.tiles import encode_pixels
from fmnist.ui.markup import Element, element, show_element
from fmnist.words import percent

SHOWN = 5  # classes with bars; the others have little to say


@dataclass(frozen=True)
class Voice:
    """Somebody who answers besides the models: the name, the colour as CSS has it, and the marker."""

    name: str
    colour: str
    glyph: str


def show_verdict(
    models: Sequence[Model | Voice], answers: Answers, image: np.ndarray | None, words: Sequence[str]
) -> None:
    """Shows the image that the models got and, beside it, what they say.

    Args:
        models: Those that answered, the models and others.
        answers: To the image.
        image: uint8 `(28, 28)`, or None where it is not on this machine.
        words: The headline, its probability or an empty text, and sentences.
    """
    headline, share, *sentences = words
    chips = [
        element(
            "li",
            _glyph(model),
            f"{model.name} ",
            element("b", str(answers.class_names[model.name])),
            f" {percent(float(answers.confidences[model.name]), 0)}",
            class_="fm-chip",
        )
        for model in models
    ]
    picture = []
    if image is not None:
        picture = [element("img", src=encode_pixels(image), alt="28 x 28 pixels: all that the models get")]
    show_element(
        element(
            "div",
            *picture,
            element(
                "div",
                element("h2", f"{headline} ", element("span", share)),
                *(element("p", sentence) for sentence in sentences),
                element("ul", *chips, class_="fm-chips"),
            ),
            class_="fm-verdict",
        )
    )


def show_waiting() -> None:
    """Shows where the answer will appear."""
    show_element(element("p", "The answer appears here.", class_="fm-waiting"))


def rank_classes(answers: Answers) -> list[int]:
    """Ranks the classes by the highest probability that any model gives them: class indices."""
    return [int(index) for index in np.argsort(-np.max(list(answers.values()), axis=0), kind="stable")]


def show_bars(models: Sequence[Model | Voice], answers: Answers, classes: Sequence[int]) -> None:
    """Shows each model's probability of some classes as bars, as a table.

    Args:
        models: Those that answered.
        answers: To one image.
        classes: Class indices, in the order of the rows.
    """
    rows = [
        element(
            "tr",
            element("th", CLASS_NAMES[index], scope="row"),
            element("td", *(_draw_bar(model, float(answers[model.name][index])) for model in models)),
        )
        for index in classes
    ]
    head = element("tr", element("th", "Class", scope="col"), element("th", "Probability", scope="col"))
    show_element(
        element("table", element("thead", head), element("tbody", *rows), class_="fm-bars"),
    )


def _draw_bar(model: Model | Voice, probability: float) -> Element:
    return element(
        "div",
        _glyph(model),
        element("span", f"{model.name} ", class_="fm-unread"),
        element("i", style=f"width: {70 * probability:.1f}%; background: {model.colour}"),
        percent(probability, 0),
        title=f"{model.name}: {percent(probability, 2)}",
    )


def _glyph(model: Model | Voice) -> Element:
    """The model's marker in its colour, for the eye only."""
    glyph = model.glyph if isinstance(model, Voice) else figures.find_marker(model.colour).glyph
    return element("span", glyph, class_="fm-glyph", style=f"color: {model.colour}", aria_hidden="true")
