"""What is said of pictures that show no garment, by the published models and their alarm."""

import numpy as np
import pytest

from fmnist import artifacts, confidence, narration
from fmnist.config import CLASS_NAMES
from fmnist.inference import Classifier
from fmnist.pictures.decoding import decode
from fmnist.pictures.outlines import draw_outline
from fmnist.pictures.samples import draw_samples
from fmnist.preprocessing import Fitted, is_disc, is_tiny, measure_roundness, prepare
from tests.conftest import find_model, has_alarm
from tests.preprocessing.boards import DETAIL, ERASED, area, disc, draw_board, draw_by_hand, stroke
from tests.scenes import as_picture

NOISE = np.random.default_rng(0).integers(0, 256, (400, 400), dtype=np.uint8)
SCRIBBLE = np.random.default_rng(3).integers(20, 260, (10, 2))
LETTER = stroke([(60, 250), (140, 30), (220, 250)], 22), stroke([(92, 165), (188, 165)], 22)
MOUTH = [(90, 175), (115, 195), (140, 200), (165, 195), (190, 175)]


def dot(width):
    return draw_board(stroke([(140, 140), (141, 140)], width))


def smiley(grey):
    eyes = area(disc(100, 110, 15), grey), area(disc(180, 110, 15), grey)
    return draw_board(area(disc(140, 140, 110)), *eyes, stroke(MOUTH, 10, grey))


SMILEY_OF_LINES = draw_board(
    stroke(disc(140, 140, 100), 22), area(disc(105, 115, 13)), area(disc(175, 115, 13)), stroke(MOUTH, 14)
)
NOTHING, TINY, ROUND = "100% of the picture", "Too small to recognise.", "A disc, not a garment."

# What is shown, whether it is a drawing, how the evidence begins, whether the alarm is raised, and what the
# models say.
SAID = {
    "noise": (NOISE, False, NOTHING, False, {"bag", "t-shirt"}),
    "a dot of the narrowest brush": (dot(8), True, TINY, False, {"bag", "coat"}),
    "a dot of the usual brush": (dot(22), True, TINY, False, {"bag"}),
    "a dot of the widest brush": (dot(40), True, TINY, False, {"bag"}),
    "a disc": (draw_board(area(disc(140, 140, 100))), True, ROUND, False, {"bag"}),
    "a circle": (draw_board(stroke(disc(140, 140, 100), 22)), True, ROUND, False, {"bag"}),
    "a smiley of white lines": (SMILEY_OF_LINES, True, ROUND, False, {"bag"}),
    "a smiley with dark eyes": (smiley(DETAIL), True, ROUND, True, {"bag"}),
    "a smiley with erased eyes": (smiley(ERASED), True, "", True, {"t-shirt", "shirt", "bag"}),
    "a letter": (draw_board(*LETTER), True, "", True, {"bag", "coat"}),
    "a scribble": (draw_board(stroke(SCRIBBLE, 22)), True, "", True, {"ankle boot", "sandal", "shirt"}),
    # No warning is given: they are as smooth as a garment, and not as round as a disc.
    "a short stroke": (draw_board(stroke([(110, 138), (170, 152)], 22)), True, "", False, {"bag", "sneaker"}),
    "an egg": (draw_board(area(disc(140, 140, 100) * [0.8, 1])), True, "", False, {"bag"}),
}


@pytest.mark.parametrize(("picture", "drawing", "evidence", "alarmed", "answers"), SAID.values(), ids=SAID)
def test_what_is_said_of_what_is_no_garment(picture, drawing, evidence, alarmed, answers):
    preparation = prepare(as_picture(picture), drawing=drawing)
    said = narration.describe_evidence(preparation)
    assert said.startswith(evidence) and bool(said) == bool(evidence)
    images = preparation.image[np.newaxis]
    alarm = confidence.load_alarm(find_model(has_alarm).run)
    assert alarm.is_raised(images)[0] == alarmed
    models = artifacts.load_models()
    tops = {int(Classifier.from_run(model.run).predict_proba(images).argmax()) for model in models}
    assert {CLASS_NAMES[top] for top in tops} == answers


def is_said_to_be_none(preparation):
    return is_tiny(preparation) or is_disc(preparation)


def test_no_image_of_the_data_set_is_as_round_as_a_disc(dataset):
    drawn_disc = prepare(as_picture(SAID["a disc"][0]), drawing=True).image
    images = np.concatenate([dataset.train.images, dataset.validation.images, dataset.test.images])
    assert len(images) == 70_000
    assert measure_roundness(images).max() < 0.92 and measure_roundness(drawn_disc) > 0.95
    for silhouette in images[::500]:
        enlarged = np.repeat(np.repeat(255 * (silhouette > 40).astype(np.uint8), 10, 0), 10, 1)
        assert not is_said_to_be_none(prepare(as_picture(enlarged), drawing=True))


@pytest.mark.parametrize("width", [8, 22, 40])
def test_no_garment_drawn_is_said_to_be_none(width):
    for garment in CLASS_NAMES:
        assert not is_said_to_be_none(prepare(decode(draw_outline(garment, width)), drawing=True))
        assert not is_said_to_be_none(prepare(as_picture(draw_by_hand(garment, width)), drawing=True))
    assert measure_roundness(draw_samples()).max() < 0.9


def test_what_is_small_in_an_upload_is_not_judged_by_the_board():
    small = prepare(as_picture(dot(22)))
    assert small.find(Fitted).merged < 1 and not is_said_to_be_none(small)
