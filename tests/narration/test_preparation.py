"""What a visitor reads of each stage of the preparation."""

import numpy as np
import pytest

from fmnist import narration
from fmnist.answers import Answers
from fmnist.preprocessing import (
    AsItIs,
    Cropped,
    Fitted,
    Light,
    Lit,
    Mask,
    Masked,
    Origin,
    Preparation,
    Received,
)


@pytest.mark.parametrize(
    ("facts", "name", "sentence"),
    [
        (Received(0, 300, 400), "Your picture", "As received: 300 x 400 pixels."),
        (Received(3, 300, 400), "Your picture", "As received: 300 x 400 pixels, turned by 270 degrees."),
        (AsItIs(Origin.VISITOR), "28 x 28", "A grey 28 x 28 image already; used as it is."),
        (
            AsItIs(Origin.VISITOR, swapped=True),
            "28 x 28",
            "A grey 28 x 28 image already; light and dark were swapped.",
        ),
        (AsItIs(Origin.SAMPLE), "28 x 28", "Drawn by this program at 28 x 28; used as it is."),
        (AsItIs(Origin.DATA_SET), "28 x 28", "An image from the data set; used as it is."),
        (Masked(Mask.STROKES, outline=True), "Cut out", "You drew an outline."),
        (
            Masked(Mask.EVEN_GROUND, outline=True),
            "Cut out",
            "The background has one even colour and was made black. What is left is an outline.",
        ),
        (
            Masked(Mask.NOTHING_STANDS_OUT),
            "Background kept",
            "No garment stands out from the background, so everything counts as garment.",
        ),
        (
            Masked(Mask.CHOSEN_BOX),
            "Cut out",
            "Only your box was searched for the garment; everything else was made black.",
        ),
        (
            Masked(Mask.WHOLE_BOX),
            "Cut out",
            "Everything in your box counts as garment; what lies outside it was made black.",
        ),
        (Lit(Light.GREY), "Grey and bright", "Colours became grey."),
        (Lit(Light.GREY, swapped=True), "Grey and bright", "Light and dark were swapped."),
        (Lit(Light.WHITE), "Grey and bright", "White on black, as in the data set."),
        (
            Lit(Light.FILLED),
            "Grey and bright",
            "The outline was filled, because garments are solid: white on black, as in the data set.",
        ),
        (
            Lit(Light.DIFFERENCE, raised=True),
            "Grey and bright",
            "The more a pixel differs from the background, the brighter it is; on white, this swaps light "
            "and dark. A dim garment was brightened.",
        ),
        (
            Lit(Light.LEVELLED),
            "Grey and bright",
            "The garment is brighter than the background already. The brightness was set to that of the data "
            "set.",
        ),
        (
            Lit(Light.LEVELLED, swapped=True),
            "Grey and bright",
            "Light and dark were swapped, as the authors of the data set did. The brightness was set to that "
            "of the data set.",
        ),
        (
            Cropped(cut=True),
            "Cropped",
            "Cropped to the garment, which is now as large as possible.",
        ),
        (Cropped(cut=False), "Cropped", "Not cropped."),
        (
            Fitted(119.6, 0.336),
            "28 x 28",
            "Each pixel now stands for about 120; 34% of the contrast is lost, prints, buttons and seams "
            "first.",
        ),
        (
            Fitted(1.31, 0.0),
            "28 x 28",
            "Each pixel now stands for about 1.3; 0% of the contrast is lost, prints, buttons and seams "
            "first.",
        ),
        (Fitted(0.51, 0.0), "28 x 28", "Centred; no detail was lost."),
    ],
    ids=str,
)
def test_a_stage_in_words(facts, name, sentence):
    assert (narration.name_stage(facts), narration.describe_stage(facts)) == (name, sentence)


@pytest.mark.parametrize("mask", Mask)
def test_every_mask_has_a_sentence_and_the_name_says_whether_the_background_went(mask):
    said = narration.describe_stage(Masked(mask))
    assert said.endswith(".")
    kept = narration.name_stage(Masked(mask)) == "Background kept"
    assert kept == ("so everything counts as garment" in said)


def test_the_result_is_what_the_last_stage_did():
    ready = Preparation.of_ready(np.zeros((28, 28), np.uint8), Origin.SAMPLE)
    assert narration.describe_result(ready) == "Drawn by this program at 28 x 28; used as it is."


def answers(*tops):
    """One row a step, sure of the class given."""
    return np.eye(10)[list(tops)]


def test_the_step_that_settled_an_answer_is_named():
    names = ["Your picture", "Cut out", "Cropped"]
    said = narration.describe_stages(names, Answers({"simple": answers(8, 8, 1), "robust": answers(1, 1, 1)}))
    assert said == (
        "**simple** changed from bag to trouser at step 3, *cropped*; **robust** said trouser from the start."
    )
    there_and_back = narration.describe_stages(names, Answers({"simple": answers(1, 8, 1)}))
    assert there_and_back == "**simple** changed from bag to trouser at step 3, *cropped*."
