"""What an answer depends on: which part of the image, and how small a change turns it.

Both only ask the model again about images of which a part is covered with black, the data set's ground.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Ask = Callable[[np.ndarray], np.ndarray]
"""Images, uint8 `(n, 28, 28)`, in; probabilities, float `(n, 10)`, out."""

PATCH = 4
"""The side of the patch that covers a part of the image, in pixels."""
STRIDE = 2
"""How far the patch moves at a time, in pixels."""
LARGEST_SQUARE = 8
"""The largest side of a square that is tried, in pixels."""


@dataclass(frozen=True, eq=False)
class Occlusion:
    """How the probability of a class changes when a patch covers a part of the image.

    Attributes:
        before: That probability for the image as it is.
        drops: float `(28, 28)`: how much of it is lost if this pixel is covered, the mean over the patches
            that cover it; below zero where the probability rises.
        top: The first row of the patch that costs most.
        left: Its first column.
        after: The probability with that patch.
    """

    before: float
    drops: np.ndarray
    top: int
    left: int
    after: float


@dataclass(frozen=True)
class Square:
    """The smallest black square that turns an answer.

    Attributes:
        side: In pixels.
        top: Its first row.
        left: Its first column.
        before: The class that the model names without the square.
        after: The class that it names with the square.
        probability: What is left of the probability of `before`.
    """

    side: int
    top: int
    left: int
    before: int
    after: int
    probability: float


def compute_occlusion(
    ask: Ask, image: np.ndarray, class_index: int, patch: int = PATCH, stride: int = STRIDE
) -> Occlusion:
    """Covers one part of an image after the other and asks how much of a class's probability is lost.

    Args:
        ask: Asks the model; called once.
        image: uint8 `(28, 28)`.
        class_index: Of the class.
        patch: The side of the patch that covers, in pixels.
        stride: How far it moves at a time, in pixels.

    Reference: Zeiler and Fergus 2014, "Visualizing and understanding convolutional networks".
    """
    corners = [
        (top, left)
        for top in range(0, image.shape[0] - patch + 1, stride)
        for left in range(0, image.shape[1] - patch + 1, stride)
    ]
    # On black a black patch changes nothing, so the model need not be asked.
    asked = [(top, left) for top, left in corners if image[top : top + patch, left : left + patch].any()]
    covered = [_cover(image, top, left, patch) for top, left in asked]
    before, *answers = np.asarray(ask(np.stack([image, *covered])))[:, class_index].astype(float)
    answered = dict(zip(asked, answers, strict=True))
    after = [answered.get(corner, before) for corner in corners]
    total, times = np.zeros(image.shape), np.zeros(image.shape)
    for (top, left), left_over in zip(corners, after, strict=True):
        place = np.s_[top : top + patch, left : left + patch]
        total[place] += before - left_over
        times[place] += 1
    worst = int(np.argmin(after))
    return Occlusion(
        float(before),
        np.divide(total, times, out=np.zeros_like(total), where=times > 0),
        *corners[worst],
        float(after[worst]),
    )


def find_smallest_square(ask: Ask, image: np.ndarray, largest: int = LARGEST_SQUARE) -> Square | None:
    """Finds the smallest black square that makes a model name another class.

    Of the positions of that size the one that leaves the old answer the lowest probability is returned.

    Args:
        ask: Asks the model; called once, then once for each side.
        image: uint8 `(28, 28)`.
        largest: The largest side to try, in pixels.

    Returns:
        The square, or None if none up to that size changes the answer.
    """
    before = int(np.asarray(ask(image[np.newaxis]))[0].argmax())
    for side in range(1, largest + 1):
        corners = [
            (top, left)
            for top in range(image.shape[0] - side + 1)
            for left in range(image.shape[1] - side + 1)
            if image[top : top + side, left : left + side].any()  # on black a black square changes nothing
        ]
        if not corners:
            continue
        answers = np.asarray(ask(np.stack([_cover(image, top, left, side) for top, left in corners])))
        turned = np.flatnonzero(answers.argmax(axis=1) != before)
        if len(turned):
            best = turned[answers[turned, before].argmin()]
            top, left = corners[best]
            return Square(side, top, left, before, int(answers[best].argmax()), float(answers[best, before]))
    return None


def _cover(image: np.ndarray, top: int, left: int, side: int) -> np.ndarray:
    covered = image.copy()
    covered[top : top + side, left : left + side] = 0
    return covered
