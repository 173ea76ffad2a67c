"""Augmentation: what was done in training, and whether the models still know the picture."""

from collections.abc import Mapping, Sequence

from fmnist.answers import Answers
from fmnist.words import join


def describe_draws(answers: Answers, expected: Mapping[str, int], known: bool) -> str:
    """Says for how many random versions each model gave the expected answer.

    Args:
        answers: To the n versions.
        expected: The class index that counts, for each model name.
        known: Whether it is the picture's true class, not just the answer before the change.
    """
    parts = [
        f"**{name}** {(tops == expected[name]).sum()}/{len(tops)}" for name, tops in answers.tops.items()
    ]
    return f"{'Correct' if known else 'Answer unchanged'}: {', '.join(parts)}."


def describe_policies(done: Mapping[str, Sequence[str]]) -> str:
    """Says for each model that was trained on transformed pictures what was done to them, if there is any.

    Args:
        done: For each such model what was done, as `augmentation.list_done` lists it.
    """
    said = [
        f"**{name}** never saw the same picture twice: each time it was {join(words)} at random."
        for name, words in done.items()
        if words
    ]
    return " ".join(said) or "None of the models shown here was trained with these transformations."
