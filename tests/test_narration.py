"""Sentences from numbers chosen by hand."""

import numpy as np
import pandas as pd

from fmnist import narration
from fmnist.artifacts import ModelEntry
from fmnist.confidence import Alarm, TrackRecord
from fmnist.config import AugmentationPolicy


def history(train, validation, loss=None):
    return pd.DataFrame(
        {
            "epoch": range(1, len(train) + 1),
            "accuracy": train,
            "val_accuracy": validation,
            "val_loss": loss or np.linspace(1, 0.5, len(train)),
            "learning_rate": 0.001,
        }
    )


def test_small_words():
    assert narration.percent(0.9226, 2) == "92.26%"
    assert narration.points(-0.0052) == "−0.52"
    assert (narration.count(1, "epoch"), narration.count(2, "epoch")) == ("1 epoch", "2 epochs")
    assert [narration.duration(s) for s in (45, 720, 3900, 7500)] == [
        "45 seconds",
        "12 minutes",
        "65 minutes",
        "2 h 5 min",
    ]


def test_overfitting_is_named():
    rows = history([0.9, 0.93, 0.97], [0.90, 0.91, 0.909], [0.3, 0.2, 0.25])
    assert narration.describe_overfitting("simple", rows, 2) == (
        "**simple**: validation loss was lowest at epoch 2; 1 more epoch changed training accuracy by +4.0 "
        "points, validation accuracy by −0.1 points and validation loss from 0.20 to 0.25. It overfits: it "
        "grew surer of answers that are wrong on new pictures."
    )


def test_no_overfitting_where_the_loss_stays_level_or_training_ended():
    level = history([0.9, 0.905], [0.9, 0.9], [0.2, 0.21])
    assert "Little overfitting" in narration.describe_overfitting("m", level, 1)
    last = history([0.8, 0.9], [0.8, 0.9])
    assert "might have gone on" in narration.describe_overfitting("m", last, 2)
    last["learning_rate"] = [0.001, 0.00001]
    assert "learning rate had run out" in narration.describe_overfitting("m", last, 2)


def manifest(name, wrong, kept):
    test = {"size": 10_000, "accuracy": 1 - len(wrong) / 10_000, "wrong": wrong}
    return {"model_name": name, "test": test, "kept_epoch": kept}


def test_the_verdict_follows_the_interval():
    base = manifest("simple", list(range(800)), 6)
    better = narration.describe_comparison(base, manifest("augmented", list(range(700)), 30))
    assert better.startswith("**Yes") and "+1.00 points" in better and "mends 100 mistakes" in better
    worse = narration.describe_comparison(base, manifest("augmented", list(range(900)), 30))
    assert worse.startswith("**No") and "makes 100 new ones" in worse
    level = narration.describe_comparison(base, manifest("augmented", list(range(2, 801)), 30))
    assert level.startswith("**Undecided")


def test_answers_say_whether_the_models_agree():
    shoe, bag = np.eye(10)[7], np.eye(10)[8]
    assert narration.describe_answers({"a": shoe}) == "**a** says **sneaker** (100%)."
    assert narration.describe_answers({"a": shoe, "b": shoe}).startswith("Both models say **sneaker**")
    assert narration.describe_answers({"a": shoe, "b": shoe, "c": shoe}).startswith("All 3 models say")
    disagree = narration.describe_answers({"a": shoe, "b": bag})
    assert disagree == "The models disagree: a says **sneaker** (100%), b says **bag** (100%)."


def test_the_reports_figures_are_set_against_each_other():
    entries = [
        ModelEntry("simple", "", "", "", {"test_accuracy": 0.9226}),
        ModelEntry("augmented", "", "", "", {"test_accuracy": 0.9064}),
    ]
    assert "−1.62 points" in narration.describe_report(entries)
    assert narration.describe_report(entries[:1]) == ""


def test_best_epochs_are_the_extremes_not_the_last():
    said = narration.describe_best("loss", {"m": history([0.1] * 3, [0.1] * 3, [0.5, 0.2, 0.3])})
    assert said == "Lowest on validation: 0.200 (m, epoch 2)."


def test_a_second_look_is_told():
    assert "on validation: m 94.50%." in narration.describe_second_look({"m": 0.945})


def test_strengths_in_pixels_and_degrees():
    policy = AugmentationPolicy()
    assert "2.0 pixels" in narration.describe_strength(policy, "translation")
    assert "7.2 degrees" in narration.describe_strength(policy, "rotation")
    assert narration.describe_strength(policy.only("flip"), "zoom") == "switched off."


def test_draws_are_counted():
    answers = {"m": np.eye(10)[[3, 3, 4]]}
    assert narration.describe_draws(answers, {"m": 3}, known=True) == "Right on: **m** 2 of 3."
    assert narration.describe_draws(answers, {"m": 3}, known=False).startswith("Same answer as for")


def test_confusion_in_words():
    confusion = np.diag(np.full(10, 90))
    confusion[6, 0] = 30
    said = narration.describe_confusion(confusion)
    assert said == "900 of 930 right (96.77%). Most often mixed up: shirt taken for t-shirt (30)."
    other = confusion.copy()
    other[6, 0] = 0
    assert "gained most F1 on **t-shirt** (+14.3 points)" in narration.describe_class_changes(
        {"a": confusion, "b": other}
    )


def answers(*tops):
    """One row a step, sure of the class given."""
    return np.eye(10)[list(tops)]


def test_the_step_that_settled_an_answer_is_named():
    stages = ["Your picture", "Ground made black", "Cropped"]
    said = narration.describe_stages(stages, {"simple": answers(8, 8, 1), "robust": answers(1, 1, 1)})
    assert said == (
        "**simple** says trouser since step 3, *cropped*; before it said bag; "
        "**robust** said trouser from the beginning."
    )
    there_and_back = narration.describe_stages(stages, {"simple": answers(1, 8, 1)})
    assert there_and_back == "**simple** says trouser since step 3, *cropped*; before it said bag."


def test_tops_are_listed_one_a_line():
    listed = narration.list_tops({"simple": answers(0)[0], "robust": answers(9)[0]})
    assert listed == "simple: **t-shirt** 100%  \nrobust: **ankle boot** 100%"


def test_differences_are_signed_and_zero_is_never_negative():
    assert [narration.points(d, 1) for d in (0.0052, -0.0052, -0.0002, 0.0)] == [
        "+0.5",
        "−0.5",
        "+0.0",
        "+0.0",
    ]


def test_parts_are_joined_as_in_a_sentence():
    assert [narration.join(list(parts)) for parts in ("a", "ab", "abc")] == ["a", "a and b", "a, b and c"]


def test_a_track_record_in_words():
    record = TrackRecord(low=0.56, high=0.67, right=0.648, count=500)
    assert narration.describe_track_record("simple", record) == (
        "**simple** was right in **65%** of 500 validation answers that were 56% to 67% sure."
    )
    record = TrackRecord(low=0.99, high=1.0, right=0.998, count=500)
    assert "that were about 100% sure" in narration.describe_track_record("simple", record)
    band = {"low": 0.8, "high": 1.0, "photos": 84, "accuracy": 0.85}
    said = narration.describe_track_record("simple", record, band)
    assert said.endswith("about 100% sure; on photos in **85%** of 84 that were 80% to 100% sure.")
    unsure = narration.describe_track_record("simple", record, {**band, "low": 0.0, "high": 0.5})
    assert unsure.endswith("of 84 that were at most 50% sure.")
    none = {**band, "photos": 0, "accuracy": 0.0}
    assert "photos" not in narration.describe_track_record("simple", record, none)


def test_the_alarm_states_its_errors():
    said = narration.describe_alarm(61.2, Alarm(np.zeros((2, 784)), 44.4, 0.05, 0.52))
    for figure in ("61 grey levels", "starts at 44", "false alarm for 5%", "catches 52%"):
        assert figure in said
