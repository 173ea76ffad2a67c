"""Classify: what each model says about one picture, and how much to trust it."""

from collections import Counter

import numpy as np

from fmnist.answers import Answers
from fmnist.artifacts import Band
from fmnist.confidence import Alarm, TrackRecord
from fmnist.config import CLASS_NAMES
from fmnist.preprocessing import Fitted, Mask, Masked, Preparation, is_disc, is_tiny
from fmnist.words import count, join, percent

_NEARLY_ALL = 0.75
"""Share of a picture's pattern whose loss leaves nothing to recognise, if no garment was found either: of 288
photos of garments none lost more than 0.57, while noise loses 1.0."""
_ONE_FIGURE = 0.015
"""Confidences closer than this are written as one, because in whole percent they look (nearly) the same."""


def describe_headline(answers: Answers, found_no_garment: bool, is_strange: bool) -> tuple[str, str]:
    """Says in a few words what one picture shows, and with what probability.

    Args:
        answers: To the picture.
        found_no_garment: Whether the preparation found no garment on it.
        is_strange: Whether the alarm says that it is probably none of the ten.

    Returns:
        The class that more than half of the models name, and the mean of all models' probabilities for it;
        or else why there is none, and an empty text.
    """
    if found_no_garment:
        return "no garment found", ""
    if is_strange:
        return "probably none of the ten", ""
    ((top, votes),) = Counter(answers.tops.values()).most_common(1)
    if 2 * votes <= len(answers):
        return "no agreement", ""
    mean = np.mean([probabilities[top] for probabilities in answers.values()])
    return CLASS_NAMES[top], percent(float(mean), 0)


def describe_votes(answers: Answers) -> str:
    """Says who answers what for one picture, without how sure they are: '2 of 3 models say coat; ...'."""
    tops = answers.class_names
    said = [f"{name} says {top}" for name, top in tops.items()]
    if len(tops) == 1:
        return f"{said[0]}."
    ((favourite, votes),) = Counter(tops.values()).most_common(1)
    if answers.agree:
        return f"{'Both' if len(tops) == 2 else f'All {len(tops)}'} models say {favourite}."
    if 2 * votes <= len(tops):
        return f"The models disagree: {', '.join(said)}."
    apart = [line for line, top in zip(said, tops.values(), strict=True) if top != favourite]
    return f"{votes} of {len(tops)} models say {favourite}; {join(apart)}."


def describe_look(partner: str, network: str, preparation: Preparation) -> str:
    """Says who gives the answer that leads, where more of a photo was looked at than 28 x 28 pixels."""
    masked = preparation.find(Masked)
    is_told = masked is not None and masked.mask in (Mask.CHOSEN_BOX, Mask.WHOLE_BOX)
    return f"From {partner} and {network}, which sees {'all of your box' if is_told else 'the photo itself'}."


def describe_evidence(preparation: Preparation) -> str:
    """Says that a picture shows no garment, and how that is known; nothing if it may show one."""
    if is_tiny(preparation):
        return (
            "Too small to recognise. The drawing was enlarged to fill the 28 x 28 image, so it shows no "
            "details. Draw a garment as large as the board."
        )
    if is_disc(preparation):
        return (
            "A disc, not a garment. None of the 70,000 images in the data set is this round, so the "
            "models have never seen anything like it."
        )
    if not preparation.found_no_garment:
        return ""
    fitted = preparation.find(Fitted)
    if fitted is not None and fitted.lost >= _NEARLY_ALL:
        return (
            f"{percent(fitted.lost, 0)} of the picture's light and dark pattern is "
            "lost in the 28 x 28 image, so there is nothing left to recognise."
        )
    return "Nothing stands out from the background, so the whole picture was used."


def list_tops(answers: Answers) -> str:
    """Lists each model's top answer to one picture, one per line."""
    tops, sure = answers.class_names, answers.confidences
    return "  \n".join(f"{name}: **{tops[name]}** {percent(float(sure[name]), 0)}" for name in answers)


def describe_track_record(name: str, record: TrackRecord, on_photos: Band | None = None) -> str:
    """Says how often a model was right when it was about this confident.

    Args:
        name: The model.
        record: How often its validation answers with about this confidence were right.
        on_photos: The band of the figures on photos that the answer falls into, if photos matter here.
    """
    if record.high - record.low < _ONE_FIGURE:
        sure = f"about {percent(record.high, 0)}"
    else:
        sure = f"{percent(record.low, 0)} to {percent(record.high, 0)}"
    said = (
        f"When **{name}** is this confident ({sure}), it is right **{percent(record.right, 0)}** of the time "
        f"on validation images ({record.count} compared)."
    )
    if not on_photos or not on_photos.photos:
        return said
    return f"{describe_band(name, on_photos)} {said.replace(f'When **{name}**', 'When it')}"


def describe_band(name: str, band: Band) -> str:
    """Says how often an answer to a photo was right at such a confidence; the band must hold photos."""
    low, high = percent(band.low, 0), percent(band.high, 0)
    sure = f"{low} to {high}" if band.low else f"up to {high}"
    right, photos = percent(band.accuracy, 0), count(band.photos, "photo")
    return f"On photos, at {sure} confidence, **{name}** is right **{right}** of the time ({photos})."


def describe_alarm(strangeness: float, alarm: Alarm) -> str:
    """Says what "probably none of the ten" means, and how much to trust it."""
    return (
        "**Probably none of the ten garments.** The image differs from anything that can be rebuilt from "
        f"garments by {strangeness:.0f} grey levels per pixel; the warning starts at {alarm.threshold:.0f}. "
        f"{describe_alarm_record(alarm)}"
    )


def describe_alarm_record(alarm: Alarm) -> str:
    """Says how often garments raise the alarm, and how often other things do."""
    return (
        f"The warning is wrong for {percent(alarm.false_alarms, 0)} of real garments (validation images and "
        f"simulated photos) and catches {percent(alarm.caught, 0)} of letters, shapes, scribbles and "
        "patterns."
    )
