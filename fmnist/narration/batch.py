"""Classify a batch: how many pictures were answered, and where the models agree."""

from collections.abc import Sequence

from fmnist.answers import Answers
from fmnist.words import count


def describe_batch(rows: Sequence[Answers], strange: Sequence[bool]) -> str:
    """Says how many pictures of a batch were answered and on how many the models agree.

    Args:
        rows: The answers to each picture.
        strange: Whether each is probably no garment.
    """
    said = f"{count(len(rows), 'picture')} answered"
    if len(rows[0]) > 1:
        agreed = sum(bool(answers.agree) for answers in rows)
        said += f"; the models agree on **{agreed}** and disagree on **{len(rows) - agreed}**"
    if any(strange):
        said += f". Probably none of the ten garments, whatever the models say: **{sum(strange)}**"
    return f"{said}."
