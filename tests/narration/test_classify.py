"""Who thinks what, and how far to believe it."""

import numpy as np

from fmnist import narration
from fmnist.answers import Answers
from fmnist.artifacts import Band
from fmnist.confidence import Alarm, TrackRecord
from fmnist.pictures.samples import draw_samples
from fmnist.preprocessing import Origin, Preparation, prepare
from tests.scenes import as_picture, product_shot


def test_answers_say_whether_the_models_agree():
    shoe, bag = np.eye(10)[7], np.eye(10)[8]
    assert narration.describe_answers(Answers({"a": shoe})) == "**a** says **sneaker** (100%)."
    assert narration.describe_answers(Answers({"a": shoe, "b": shoe})).startswith(
        "Both models say **sneaker**"
    )
    assert narration.describe_answers(Answers({"a": shoe, "b": shoe, "c": shoe})).startswith(
        "All 3 models say"
    )
    disagree = narration.describe_answers(Answers({"a": shoe, "b": bag}))
    assert disagree == "The models disagree: a says **sneaker** (100%), b says **bag** (100%)."
    majority = narration.describe_answers(Answers({"a": shoe, "b": bag, "c": shoe}))
    assert majority == "2 of 3 models say **sneaker** (a 100%, c 100%); b says **bag** (100%)."
    half = narration.describe_answers(Answers({"a": shoe, "b": bag, "c": shoe, "d": bag}))
    assert half.startswith("The models disagree: a says **sneaker** (100%), b says")


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
    assert narration.describe_track_record("m", record, band).endswith(
        "(500 compared). On photos, at 80% to 100% confidence, it is right **85%** of the time (84 photos)."
    )
    few = Band(low=0.0, high=0.5, photos=1, accuracy=0.85)
    unsure = narration.describe_track_record("m", record, few)
    assert unsure.endswith("On photos, at up to 50% confidence, it is right **85%** of the time (1 photo).")
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
        "**No garment found.** 100% of the picture's light and dark pattern is lost in the 28 x 28 image, so "
        "there is nothing left to recognise."
    )
    slope = prepare_array(
        np.add.outer(np.arange(200), np.arange(200)) * 0.5 + random.normal(20, 4, (200, 200))
    )
    assert narration.describe_evidence(slope) == (
        "**No garment found.** Nothing stands out from the background, so the whole picture was used."
    )
    assert narration.describe_evidence(prepare(as_picture(product_shot("white", "navy")))) == ""
    box = np.zeros((280, 280))
    box[60:220, 90:190] = 255  # all of one colour, so that there is no pattern to keep
    assert narration.describe_evidence(prepare(as_picture(box.astype(np.uint8)), drawing=True)) == ""
    assert narration.describe_evidence(Preparation.of_ready(draw_samples()[0], Origin.SAMPLE)) == ""


def test_answers_without_a_garment_are_forced():
    answers = Answers({"a": np.eye(10)[7], "b": np.eye(10)[8]})
    assert narration.describe_forced_answers(answers) == (
        "Each model has to name one of the ten garments all the same: a sneaker (100%), b bag (100%)."
    )
