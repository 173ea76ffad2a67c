"""Who thinks what, and how far to believe it."""

import numpy as np

from fmnist import narration
from fmnist.answers import Answers
from fmnist.artifacts import Band
from fmnist.confidence import Alarm, TrackRecord
from fmnist.pictures.samples import draw_samples
from fmnist.preprocessing import Origin, Preparation, prepare
from tests.scenes import as_picture, product_shot

SHOE, BAG = np.eye(10)[7], np.eye(10)[8]


def test_votes_say_whether_the_models_agree():
    def votes(**by_model):
        return narration.describe_votes(Answers(by_model))

    assert votes(a=SHOE) == "a says sneaker."
    assert votes(a=SHOE, b=SHOE) == "Both models say sneaker."
    assert votes(a=SHOE, b=SHOE, c=SHOE) == "All 3 models say sneaker."
    assert votes(a=SHOE, b=BAG) == "The models disagree: a says sneaker, b says bag."
    assert votes(a=SHOE, b=BAG, c=SHOE) == "2 of 3 models say sneaker; b says bag."
    half = votes(a=SHOE, b=BAG, c=SHOE, d=BAG)
    assert half == "The models disagree: a says sneaker, b says bag, c says sneaker, d says bag."


def test_the_headline_is_the_majority_with_the_mean_of_all_or_says_why_there_is_none():
    unsure = 0.4 * SHOE + 0.6 * BAG
    most = Answers({"a": SHOE, "b": unsure, "c": SHOE})
    assert narration.describe_headline(most, False, False) == ("sneaker", "80%")
    assert narration.describe_headline(most, False, True) == ("probably none of the ten", "")
    assert narration.describe_headline(most, True, True) == ("no garment found", "")
    assert narration.describe_headline(Answers({"a": SHOE, "b": BAG}), False, False) == ("no agreement", "")
    assert narration.describe_headline(Answers({"a": unsure}), False, False) == ("bag", "60%")


def test_tops_are_listed_one_a_line():
    listed = narration.list_tops(Answers({"simple": np.eye(10)[0], "robust": np.eye(10)[9]}))
    assert listed == "simple: **t-shirt** 100%  \nrobust: **ankle boot** 100%"


def test_a_track_record_in_words():
    record = TrackRecord(low=0.56, high=0.67, right=0.648, count=500)
    assert narration.describe_track_record("simple", record) == (
        "When **simple** is this confident (56% to 67%), it is right **65%** of the time on validation "
        "images (500 compared)."
    )
    record = TrackRecord(low=0.99, high=1.0, right=0.998, count=500)
    assert "is this confident (about 100%), it is right **100%**" in narration.describe_track_record(
        "m", record
    )
    band = Band(low=0.8, high=1.0, photos=84, accuracy=0.85)
    assert narration.describe_track_record("m", record, band) == (
        "On photos, at 80% to 100% confidence, **m** is right **85%** of the time (84 photos). When it is "
        "this confident (about 100%), it is right **100%** of the time on validation images (500 compared)."
    )
    few = Band(low=0.0, high=0.5, photos=1, accuracy=0.85)
    unsure = narration.describe_track_record("m", record, few)
    assert unsure.startswith(
        "On photos, at up to 50% confidence, **m** is right **85%** of the time (1 photo)."
    )
    none = Band(low=0.8, high=1.0, photos=0, accuracy=0.0)
    assert "photos" not in narration.describe_track_record("m", record, none)


def test_confidences_are_one_figure_where_they_are_about_the_same():
    def describe(low, high):
        return narration.describe_track_record("m", TrackRecord(low, high, 0.9, 500))

    assert "(about 91%)" in describe(0.896, 0.91)
    assert "(89% to 91%)" in describe(0.894, 0.91)


def test_the_alarm_states_its_errors():
    assert narration.describe_alarm(61.2, Alarm(np.zeros((2, 784)), 44.4, 0.05, 0.52)) == (
        "**Probably none of the ten garments.** The image differs from anything that can be rebuilt from "
        "garments by 61 grey levels per pixel; the warning starts at 44. The warning is wrong for 5% of real "
        "garments (validation images and simulated photos) and catches 52% of letters, shapes, scribbles and "
        "patterns."
    )


def prepare_array(image):
    return prepare(as_picture(image.astype(np.uint8)))


def test_where_no_garment_is_found_that_is_said_with_its_reason():
    random = np.random.default_rng(0)
    noise = prepare_array(random.integers(0, 256, (400, 400)))
    assert narration.describe_evidence(noise) == (
        "100% of the picture's light and dark pattern is lost in the 28 x 28 image, so "
        "there is nothing left to recognise."
    )
    slope = prepare_array(
        np.add.outer(np.arange(200), np.arange(200)) * 0.5 + random.normal(20, 4, (200, 200))
    )
    assert narration.describe_evidence(slope) == (
        "Nothing stands out from the background, so the whole picture was used."
    )
    assert narration.describe_evidence(prepare(as_picture(product_shot("white", "navy")))) == ""
    box = np.zeros((280, 280))
    box[60:220, 90:190] = 255  # all of one colour, so that there is no pattern to keep
    assert narration.describe_evidence(prepare(as_picture(box.astype(np.uint8)), drawing=True)) == ""
    assert narration.describe_evidence(Preparation.of_ready(draw_samples()[0], Origin.SAMPLE)) == ""
