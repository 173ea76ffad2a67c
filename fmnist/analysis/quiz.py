"""A quiz: the same few pictures for everybody with the same seed, and scores on them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from fmnist.analysis.judged import Judged
from fmnist.evaluation import compute_wilson

QUESTIONS = 20
SEEDS = 10_000
"""How many quizzes there are; seeds go from 0 to one less."""


class Share(NamedTuple):
    """How many of how many are right, with the 95 % Wilson interval of the share, 0 to 1."""

    right: int
    size: int
    low: float
    high: float

    @property
    def accuracy(self) -> float:
        """The share that is right, 0 to 1."""
        return self.right / self.size


def score(right: int, size: int) -> Share:
    """Builds a share with its interval; `size` is above 0."""
    low, high = compute_wilson(right, size)
    return Share(right, size, float(low), float(high))


CROWD = score(835, 1_000)
"""People without training, three for each of 1,000 random test pictures, who labelled by majority.

Reference: Xiao, Rasul and Vollgraf 2017, arXiv 1708.07747, and the data set's README.
"""


def list_fooling(judged: Mapping[str, Judged]) -> np.ndarray:
    """Lists the pictures that at least one model gets wrong: int `(k,)`, ascending positions."""
    return np.flatnonzero(~np.all([each.is_right for each in judged.values()], axis=0))


def draw_quiz(seed: int, pool: np.ndarray) -> np.ndarray:
    """Draws the pictures of a quiz.

    Args:
        seed: 0 or more. The same one draws the same pictures from the same pool, for ever.
        pool: int `(n,)`, the positions to draw from.

    Returns:
        int `(k,)`, QUESTIONS different positions, or all if there are fewer.
    """
    # RandomState, because its stream is frozen for ever (NEP 19), while Generator's may change.
    return np.random.RandomState(seed).permutation(pool)[:QUESTIONS]


def score_quiz(
    pictures: np.ndarray, guesses: Sequence[int], judged: Mapping[str, Judged], labels: np.ndarray
) -> tuple[Share, dict[str, Share]]:
    """Scores a visitor and the models on the pictures of a quiz.

    Args:
        pictures: int `(k,)`, positions.
        guesses: The visitor's class for each of them.
        judged: By name the models' answers.
        labels: int `(n,)`.

    Returns:
        The visitor's share and, by name, each model's.
    """
    size = len(pictures)
    return (
        score(int((np.asarray(guesses) == labels[pictures]).sum()), size),
        {name: score(int(each.is_right[pictures].sum()), size) for name, each in judged.items()},
    )
