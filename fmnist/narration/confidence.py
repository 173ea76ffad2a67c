"""How sure, how right: calibration in words, and sets of classes that hold the truth as often as promised."""

from collections.abc import Mapping, Sequence

import numpy as np

from fmnist.artifacts import SetFigures
from fmnist.confidence import SetRecord
from fmnist.config import CLASS_NAMES
from fmnist.evaluation import CALIBRATION_BINS, Reliability
from fmnist.words import count, escape_markdown, join, percent

_LEVEL = 0.002  # confidences that are on average this close to the share of right answers are not off
_SHIRT = CLASS_NAMES.index("shirt")


def describe_calibration(name: str, before: Reliability, after: Reliability, temperature: float) -> str:
    """Says how far confidence and accuracy are apart, before and after calibration.

    Args:
        name: The model.
        before, after: Of the same answers as the network gave them, and as they are shown.
        temperature: What the network's logits are divided by.
    """
    gap = float(np.nansum((before.confidence - before.accuracy) * before.counts) / before.counts.sum())
    if gap > _LEVEL:
        said = f"too sure: on average {100 * gap:.1f} points more confident than right"
    elif gap < -_LEVEL:
        said = f"too modest: on average {-100 * gap:.1f} points less confident than right"
    else:
        said = "on average as confident as right"
    if after.error < before.error:
        effect = f"brings the calibration error from {percent(before.error)} to **{percent(after.error)}**"
    elif after.error > before.error:
        effect = f"raises the calibration error from {percent(before.error)} to **{percent(after.error)}**"
    else:
        effect = f"leaves the calibration error at **{percent(after.error)}**"
    return (
        f"The network of **{escape_markdown(name)}** is {said}. One number, the temperature "
        f"{temperature:.2f} found on validation pictures, {effect} on the test pictures; no answer changes."
    )


def name_bin(number: int) -> str:
    """Names a bin of confidences by its limits: '73% to 80%'."""
    low, high = number / CALIBRATION_BINS, (number + 1) / CALIBRATION_BINS
    return f"{percent(low, 0)} to {percent(high, 0)}"


def describe_bin(number: int, found: Reliability) -> str:
    """Says how many answers of a bin with answers were right."""
    answers, right = int(found.counts[number]), float(found.accuracy[number])
    return (
        f"{count(answers, 'answer')}, {percent(float(found.confidence[number]))} confident on average and "
        f"{percent(right)} right. The mistakes come first, then the least confident."
    )


def describe_sets(name: str, records: Mapping[float, SetRecord]) -> str:
    """Says what sets for each class hold, and how large they are, at the highest of some levels.

    Args:
        name: The model.
        records: For each level, how the sets did on the test pictures.
    """
    level = max(records)
    record = records[level]
    low = int(np.nanargmin(record.coverage))
    large = int(np.nanargmax(record.sizes))
    return (
        f"Promised {percent(level, 0)}: the sets of **{escape_markdown(name)}** hold the truth for "
        f"**{percent(record.covered)}** of the test pictures, with {record.size:.2f} classes on average. "
        f"They hold it least often for {CLASS_NAMES[low]} ({percent(float(record.coverage[low]))}) and are "
        f"largest for {CLASS_NAMES[large]} ({record.sizes[large]:.2f} classes)."
    )


def describe_global_sets(level: float, one: SetRecord, each: SetRecord) -> str:
    """Says what becomes of shirts if one threshold serves all classes.

    Args:
        level: The promise, 0 to 1.
        one: How sets with one threshold for all classes did.
        each: How sets with a threshold for each class did.
    """
    alone, apart = (float(record.coverage[_SHIRT]) for record in (one, each))
    said = (
        f"With one threshold for all classes, a promise of {percent(level, 0)} comes to "
        f"{percent(one.covered)} on average, but to {percent(alone)} for shirts"
    )
    if alone < apart:
        return f"{said}; a threshold for each class makes that {percent(apart)}."
    return f"{said}, no less than with a threshold for each class ({percent(apart)})."


def describe_photo_sets(measured: Mapping[str, SetFigures], photos: int) -> str:
    """Says how often such sets held the truth on photos; that the promise is void if it was not measured.

    Args:
        measured: The figures of each model that has any.
        photos: How many photos were measured.
    """
    if not measured:
        return "The promise holds for pictures like those of the data set. For photos it is void."
    level = next(iter(measured.values())).level
    held = join([f"{percent(f.coverage, 0)} ({escape_markdown(name)})" for name, f in measured.items()])
    return (
        f"For photos, which are unlike the data set, the promise is void: on {count(photos, 'photo')}, sets "
        f"that promise {percent(level, 0)} held the truth for {held}."
    )


def describe_promise(sets: Mapping[str, Sequence[int]], level: float) -> str:
    """Says which classes the truth is among, for a picture like those of the data set.

    Args:
        sets: For each model the class indices of its set, the most probable first.
        level: The promise, 0 to 1.
    """
    return f"{round(100 * level)} times in 100 the truth is {_list_sets(sets)}."


def describe_broken_promise(
    sets: Mapping[str, Sequence[int]], level: float, measured: Mapping[str, SetFigures], photos: int
) -> str:
    """Says the same of a photo, with how often such sets held the truth on photos, if that was measured."""
    listed = _list_sets(sets)
    known = {name: measured[name].coverage for name in sets if name in measured}
    if not known:
        return (
            f"{round(100 * level)} times in 100 the truth would be {listed}, if this were a picture like "
            "those of the data set. For photos it was not measured."
        )
    held = join([f"{percent(share, 0)} ({escape_markdown(name)})" for name, share in known.items()])
    return f"The truth is {listed}: on {count(photos, 'photo')} that was right for {held}."


def _list_sets(sets: Mapping[str, Sequence[int]]) -> str:
    """Lists sets in words: 'among **shirt, coat**', each with its models if they differ."""
    models: dict[frozenset[int], list[str]] = {}
    classes: dict[frozenset[int], str] = {}
    for name, labels in sets.items():
        key = frozenset(labels)  # the same classes in another order are the same set
        models.setdefault(key, []).append(escape_markdown(name))
        classes.setdefault(key, f"**{', '.join(CLASS_NAMES[label] for label in labels)}**")
    among = "among " if any(len(key) > 1 for key in classes) else ""
    if len(classes) == 1:
        return among + next(iter(classes.values()))
    return among + " or ".join(f"{said} ({join(models[key])})" for key, said in classes.items())
