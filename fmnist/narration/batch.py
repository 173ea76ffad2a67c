"""Classify a batch: how many pictures were answered, where the models agree, and how often they are right."""

from collections.abc import Sequence

from fmnist.answers import Answers
from fmnist.confidence import Alarm
from fmnist.narration.classify import describe_alarm_record
from fmnist.words import count, escape_markdown, join, percent

_EXAMPLES = 3  # unknown labels that are named
_LABEL_LENGTH = 40  # characters


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


def describe_left_out(left_out: int, total: int, limit: int, limit_in_zip: int) -> str:
    """Says how many pictures of an upload are beyond the limit, and how to have more answered.

    Args:
        left_out, total: How many pictures were left out, and how many came.
        limit, limit_in_zip: How many pictures are answered at a time, loose and in a zip.
    """
    return (
        f"{left_out:,} of {count(total, 'picture')} {'was' if left_out == 1 else 'were'} left out: at most "
        f"{limit} are answered at a time. Put them into one zip to have up to {limit_in_zip} answered."
    )


def describe_unopened(unopened: int, costly: int) -> str:
    """Says how many pictures were not opened, because `costly` others took too long."""
    return (
        f"{count(unopened, 'more picture')} {'was' if unopened == 1 else 'were'} not opened, because "
        f"{costly} pictures of this batch had already taken too long: remove those and upload the rest again."
    )


def describe_right(rows: Sequence[Answers], true_classes: Sequence[int | None], what: str = "picture") -> str:
    """Says how often each model is right on the pictures whose class is known; nothing if none is.

    Args:
        rows: The answers to each picture.
        true_classes: The class index of each; None where it is unknown.
        what: A word for them.
    """
    known = [
        (answers.tops, index) for answers, index in zip(rows, true_classes, strict=True) if index is not None
    ]
    if not known:
        return ""
    right = {name: sum(int(tops[name]) == index for tops, index in known) for name in rows[0].names}
    shares = [
        f"{name} **{number} of {len(known)}** ({percent(number / len(known), 0)})"
        for name, number in right.items()
    ]
    whose = f"{what if len(known) == 1 else f'{len(known)} {what}s'} whose class is"
    return f"Right answers on the {whose} known: {join(shares)}."


def describe_label_faults(file: str, unknown: Sequence[str], unmatched: int) -> str:
    """Says what is wrong in a labels file; nothing if it is all right.

    Args:
        file: Its name.
        unknown: Labels that are none of the ten classes, from a stranger.
        unmatched: How many lines name no picture.
    """
    said = []
    if unknown:
        others = len(unknown) - _EXAMPLES
        examples = [f'"{escape_markdown(label[:_LABEL_LENGTH])}"' for label in unknown[:_EXAMPLES]]
        is_are = "is none" if len(unknown) == 1 else "are none"
        more = [f"{others:,} more"] if others > 0 else []
        said.append(f"{join([*examples, *more])} {is_are} of the ten classes")
    if unmatched:
        said.append(
            f"{count(unmatched, 'line')} {'names' if unmatched == 1 else 'name'} no picture of this batch"
        )
    return f"In {escape_markdown(file)}, {join(said)}." if said else ""


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
