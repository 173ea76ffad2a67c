"""Preparing a picture: what each stage is called, what it did, and when the answers settled."""

from collections.abc import Sequence

import numpy as np

from fmnist.answers import Answers
from fmnist.preprocessing import (
    AsItIs,
    Cropped,
    Facts,
    Fitted,
    Light,
    Lit,
    Mask,
    Masked,
    Origin,
    Preparation,
    Received,
)
from fmnist.words import percent

ORIGINAL, RESULT = "Your picture", "28 x 28"
"""What the first and the last stage of a preparation are called."""

_NAMES: dict[type[Facts], str] = {
    Received: ORIGINAL,
    AsItIs: RESULT,
    Masked: "Cut out",
    Lit: "Grey and bright",
    Cropped: "Cropped",
    Fitted: RESULT,
}
_MASKS = {
    Mask.STROKES: "Everything you drew counts as garment.",
    Mask.TRANSPARENCY: "The transparent parts of the picture were treated as background.",
    Mask.EVEN_GROUND: "The background has one even colour and was made black.",
    Mask.BORDER_COLOURS: (
        "Whatever looks like the border of the picture was treated as background and made black."
    ),
    Mask.CHOSEN_BOX: "Only your box was searched for the garment; everything else was made black.",
    Mask.WHOLE_BOX: "Everything in your box counts as garment; what lies outside it was made black.",
    Mask.UNASKED: "The background was kept, so everything counts as garment.",
    Mask.NOTHING_DIFFERS: "Hardly anything differs from the background, so everything counts as garment.",
    Mask.NOTHING_STANDS_OUT: "No garment stands out from the background, so everything counts as garment.",
    Mask.FROM_MIDDLE: "Whatever looks like the middle of the picture was treated as garment.",
    Mask.DIFFERING: "Whatever differs from the colours at the border was treated as garment.",
    Mask.ONE_COLOUR: "Only the part of one colour in the middle was treated as garment, not who wears it.",
}
_ORIGINS = {
    Origin.VISITOR: "A grey 28 x 28 image already",
    Origin.SAMPLE: "Drawn by this program at 28 x 28",
    Origin.DATA_SET: "An image from the data set",
}
_KEPT = (Mask.UNASKED, Mask.NOTHING_DIFFERS, Mask.NOTHING_STANDS_OUT)
_SWAPPED = "Light and dark were swapped"


def name_stage(facts: Facts) -> str:
    """Returns the heading of a stage of the preparation."""
    if isinstance(facts, Masked) and facts.mask in _KEPT:
        return "Background kept"
    return _NAMES[type(facts)]


def describe_stage(facts: Facts) -> str:
    """Says in a sentence or two what a stage of the preparation did."""
    match facts:
        case Received():
            return _describe_received(facts)
        case AsItIs():
            done = "light and dark were swapped" if facts.swapped else "used as it is"
            return f"{_ORIGINS[facts.origin]}; {done}."
        case Masked():
            return _describe_mask(facts)
        case Lit():
            return _describe_light(facts)
        case Cropped():
            return (
                "Cropped to the garment, which is now as large as possible." if facts.cut else "Not cropped."
            )
        case Fitted():
            return _describe_loss(facts)


def describe_result(preparation: Preparation) -> str:
    """Says what the last stage of a preparation did."""
    return describe_stage(preparation.stages[-1].facts)


def _describe_received(facts: Received) -> str:
    turned = f", turned by {90 * facts.turns} degrees" if facts.turns else ""
    return f"As received: {facts.width} x {facts.height} pixels{turned}."


def _describe_mask(facts: Masked) -> str:
    if not facts.outline:
        return _MASKS[facts.mask]
    if facts.mask is Mask.STROKES:
        return "You drew an outline."
    return f"{_MASKS[facts.mask]} What is left is an outline."


def _describe_light(facts: Lit) -> str:
    match facts.light:
        case Light.GREY:
            return f"{_SWAPPED}." if facts.swapped else "Colours became grey."
        case Light.WHITE:
            return f"White on black, as in the data set.{_describe_details(facts)}"
        case Light.FILLED:
            return (
                "The outline was filled, because garments are solid: white on black, as in the data set."
                f"{_describe_details(facts)}"
            )
        case Light.DIFFERENCE:
            brightened = " A dim garment was brightened." if facts.raised else ""
            return (
                "The more a pixel differs from the background, the brighter it is; on white, this swaps "
                f"light and dark.{brightened}"
            )
        case Light.LEVELLED:
            said = (
                f"{_SWAPPED}, as the authors of the data set did."
                if facts.swapped
                else "The garment is brighter than the background already."
            )
            return f"{said} The brightness was set to that of the data set."


def _describe_details(facts: Lit) -> str:
    return " What you drew dark stays dark." if facts.detailed else ""


def _describe_loss(facts: Fitted) -> str:
    if facts.merged <= 1:
        return "Centred; no detail was lost."
    return (
        f"Each pixel now stands for about {facts.merged:.{0 if facts.merged >= 10 else 1}f}; "
        f"{percent(facts.lost, 0)} of the contrast is lost, prints, buttons and seams first."
    )


def describe_others(count: int) -> str:
    """Says why a photo is cut out in several ways; `count` includes the one in the strip."""
    return (
        f"A mask is often wrong, but seldom in the same way twice. So this photo is cut out in {count} ways, "
        "and what counts is the mean of a model's answers to all of them. The strip shows the first way."
    )


def describe_stages(names: Sequence[str], answers: Answers) -> str:
    """Says after which step of the preparation each model settled on its answer.

    Args:
        names: The names of the steps, in order.
        answers: To each step, as if preparation ended there.
    """
    said = []
    for name, tops in answers.class_names.items():
        changed = np.flatnonzero(tops[:-1] != tops[-1])
        final = tops[-1]
        if not len(changed):
            said.append(f"**{name}** said {final} from the start")
        else:
            step = changed[-1] + 1
            said.append(
                f"**{name}** changed from {tops[step - 1]} to {final} at step {step + 1}, "
                f"*{names[step].lower()}*"
            )
    return f"{'; '.join(said)}."
