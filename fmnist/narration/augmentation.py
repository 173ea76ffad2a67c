"""Augmentation: what was done in training, and whether the models still recognise the image."""

from collections.abc import Mapping, Sequence

from fmnist.answers import Answers
from fmnist.words import join


def describe_draws(answers: Answers, expected: Mapping[str, int], known: bool) -> str:
    """Says for how many random versions each model gave the expected answer.

    Args:
        answers: To the n versions.
        expected: The class index that counts, for each model name.
        known: Whether that is the true class, not just the answer before the change.
    """
    number = len(next(iter(answers.tops.values())))
    parts = [f"**{name}** {(tops == expected[name]).sum()}" for name, tops in answers.tops.items()]
    return f"{'Recognised' if known else 'Answer unchanged'}: {join(parts)} of {number}."


def describe_policies(done: Mapping[str, Sequence[str]]) -> str:
    """Says how the training images of each model were transformed, if they were.

    Args:
        done: For each model trained with a policy, what `augmentation.list_done` lists.
    """
    said = [
        f"**{name}** never saw the same image twice: it was {join(words)} at random each time."
        for name, words in done.items()
        if words
    ]
    return " ".join(said) or "None of the models shown here was trained with these transformations."
