"""Answers of two made-up models, written by hand."""

import numpy as np

from fmnist.analysis import Judged


def judge_by_hand(name, labels, answers, confidences=0.6, part="test"):
    """What a model answered, with its confidence in each answer; the rest is spread evenly."""
    labels, answers = np.asarray(labels, np.uint8), np.asarray(answers)
    confidences = np.broadcast_to(np.asarray(confidences, float), labels.shape)
    probabilities = np.repeat(((1 - confidences) / 9)[:, None], 10, axis=1)
    probabilities[np.arange(len(labels)), answers] = confidences
    return Judged(name, part, labels, probabilities)


def judge_counts(both_right, newly_wrong, fixed, both_wrong, names=("a", "b"), other=False):
    """Two models with so many pictures in each set; where both are wrong they agree, unless `other`."""
    sets = [(0, 0)] * both_right + [(0, 1)] * newly_wrong + [(1, 0)] * fixed
    sets += [(1, 2 if other else 1)] * both_wrong
    first, second = zip(*sets, strict=True)
    labels = np.zeros(len(sets), int)
    return judge_by_hand(names[0], labels, first), judge_by_hand(names[1], labels, second)
