"""One picture: its label, its neighbours, its life through the epochs, and what the answers depend on."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from fmnist.analysis import LARGEST_SQUARE, PATCH, Life, Occlusion, Square
from fmnist.answers import Answers
from fmnist.config import CLASS_NAMES, IMAGE_SIZE
from fmnist.narration.classify import describe_votes
from fmnist.words import count, join, percent

_FAR = 0.95
"""From this share of nearer test pictures on, neighbours explain little."""
_POINT = 0.005  # changes of a probability below that are nothing worth saying
_THIRDS = (("upper", "middle", "lower"), ("left", "centre", "right"))


def describe_label(answers: Answers, label: int) -> str:
    """Says which models are right about a picture whose label is known."""
    right = [name for name, top in answers.tops.items() if top == label]
    if len(right) == len(answers):
        said = "That is right."
    elif not right:
        said = "That is wrong." if answers.agree else "None of them is right."
    else:
        said = f"{join(right)} {'is' if len(right) == 1 else 'are'} right."
    return f"{describe_votes(answers)} {said}"


def describe_neighbours(name: str, answer: int, labels: np.ndarray) -> str:
    """Says of which classes a model's nearest training pictures are, and whether the answer follows them.

    Args:
        name: The model.
        answer: The class that it names.
        labels: int `(k,)`, the classes of the nearest, k at least 1.
    """
    counted = Counter(CLASS_NAMES[label] for label in labels)
    listed = join([_count_garments(number, garment) for garment, number in counted.most_common()])
    against = "" if answer in labels else f", and no {CLASS_NAMES[answer]} among them"
    return f"**{name}** says {CLASS_NAMES[answer]}. The nearest training pictures are {listed}{against}."


def _count_garments(number: int, garment: str) -> str:
    return count(number, garment) if garment[-1] != "s" or number == 1 else f"{number} {garment}es"


def describe_distance(share: float, judge: str = "to the model") -> str:
    """Says how far the nearest neighbour is, compared with those of test pictures.

    Args:
        share: The share of test pictures that are nearer to theirs, 0 to 1.
        judge: By what a picture that is very far is like no other.
    """
    if share >= _FAR:
        nearer = "all" if share == 1 else percent(min(share, 0.999), 1 if share > 0.99 else 0)
        return (
            f"**Farther than for {nearer} of the test pictures**: {judge}, no training picture is much like "
            "this one, so its neighbours explain little."
        )
    if share > 0.5:
        return f"The nearest is farther than for {percent(share, 0)} of the test pictures."
    return f"The nearest is closer than for {percent(1 - share, 0)} of the test pictures."


def describe_alike(distance: float, share: float) -> str:
    """Says how different the picture most alike by pixels is.

    Args:
        distance: Root mean square over the pixels, in grey levels.
        share: The share of test pictures that are nearer to theirs, 0 to 1.
    """
    return (
        f"By pixels alone, mirrored or not, the nearest differs by {distance:.0f} of 255 grey levels per "
        f"pixel. {describe_distance(share, 'by pixels')}"
    )


def describe_life(name: str, life: Life, label: int) -> str:
    """Says when a model was first right about a picture, and how often that was lost again."""
    garment = CLASS_NAMES[label]
    if life.first_right is None:
        return f"**{name}** never said {garment} in {count(life.epochs, 'epoch')}."
    first = f"**{name}** first said {garment} after epoch {life.first_right} of {life.epochs}"
    if not life.times_lost:
        return f"{first} and never lost it again."
    times = {1: "once", 2: "twice"}.get(life.times_lost, f"{life.times_lost} times")
    end = "right" if life.is_right else "wrong"
    return f"{first}, lost it again {times}, and was {end} after the last epoch."


def describe_without_life(names: Sequence[str]) -> str:
    """Says of which models no answers per epoch were kept."""
    return (
        f"The training of {join(names)} kept no answers after each epoch. Models that are trained now keep "
        "them."
    )


def describe_occlusion(name: str, found: Occlusion, class_index: int) -> str:
    """Says which part of a picture a class's probability depends on most."""
    garment = CLASS_NAMES[class_index]
    if found.before - found.after < _POINT:
        return (
            f"**{name}**: {garment} {percent(found.before, 0)}, from which no patch of {PATCH} × {PATCH} "
            "pixels takes anything away."
        )
    where = locate(found.top + PATCH / 2, found.left + PATCH / 2)
    return (
        f"**{name}**: {garment} {percent(found.before, 0)}. Covering the {where} costs most and leaves "
        f"{percent(found.after, 0)}."
    )


def describe_square(name: str, square: Square | None, answer: int) -> str:
    """Says how small a black square turns a model's answer, or that none does."""
    if square is None:
        return (
            f"**{name}** keeps {CLASS_NAMES[answer]}, whichever square of up to {LARGEST_SQUARE} × "
            f"{LARGEST_SQUARE} pixels is covered."
        )
    where = locate(square.top + square.side / 2, square.left + square.side / 2)
    size = "one pixel" if square.side == 1 else f"{square.side} × {square.side} pixels"
    return (
        f"**{name}**: {size} at the {where} {'turns' if square.side == 1 else 'turn'} "
        f"{CLASS_NAMES[square.before]} into {CLASS_NAMES[square.after]}."
    )


def locate(row: float, column: float) -> str:
    """Names the ninth of an image that a point lies in: 'upper left', 'centre'."""
    down, across = (
        words[min(2, int(3 * place / IMAGE_SIZE))]
        for words, place in zip(_THIRDS, (row, column), strict=True)
    )
    return "centre" if (down, across) == ("middle", "centre") else f"{down} {across}"
