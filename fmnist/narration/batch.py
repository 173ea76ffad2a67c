"""Classify a batch: how many pictures were answered, and where the models agree."""

from collections.abc import Sequence

from fmnist.answers import Answers
from fmnist.confidence import Alarm
from fmnist.narration.classify import describe_alarm_record
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


def describe_strangers(alarm: Alarm | None) -> str:
    """Says which pictures of a batch count as none of the ten garments.

    Args:
        alarm: The alarm that was asked, if any model has one.
    """
    if not alarm:
        return "None of the ten: no garment stands out from the background."
    return (
        "None of the ten: no garment stands out from the background, or the image is unlike anything that "
        f"can be rebuilt from garments. {describe_alarm_record(alarm)}"
    )
