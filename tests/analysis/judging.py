"""Answers written by hand, as a model would have judged them."""

import numpy as np

from fmnist.analysis import Judged
from fmnist.census import load_census
from fmnist.config import NUM_CLASSES


def answer(labels, answers, confidence=0.91, name="model", part="test") -> Judged:
    """A model that gives one class of each picture this confidence, the others the rest in equal parts."""
    answers = np.asarray(answers)
    sure = np.broadcast_to(confidence, answers.shape)
    probabilities = np.repeat((1 - sure)[:, None] / (NUM_CLASSES - 1), NUM_CLASSES, axis=1)
    probabilities[np.arange(len(answers)), answers] = sure
    return Judged(name, part, np.asarray(labels), probabilities)


def answer_census(part="test", wrong=(), name="model") -> Judged:
    """A model that is right on all pictures of a part, except that it says the next class on some."""
    labels = load_census(part).labels
    answers = labels.astype(int)
    answers[list(wrong)] = (answers[list(wrong)] + 1) % NUM_CLASSES
    return answer(labels, answers, name=name, part=part)
