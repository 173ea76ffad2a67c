"""Sentences about training curves, from histories chosen by hand."""

import numpy as np
import pandas as pd
import pytest

from fmnist import narration
from fmnist.augmentation import AugmentationPolicy
from fmnist.recipes import TrainingConfig


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


def test_overfitting_is_named():
    rows = history([0.9, 0.93, 0.97], [0.90, 0.91, 0.909], [0.3, 0.2, 0.25])
    assert narration.describe_overfitting("simple", rows, 2) == (
        "**simple**: validation loss was lowest at epoch 2; 1 more epoch changed training accuracy by +4.0 "
        "points, validation accuracy by −0.1 points and validation loss from 0.20 to 0.25. The model "
        "overfits: it became more confident in wrong answers on images it had not seen."
    )


@pytest.mark.parametrize(("last", "overfits"), [(0.21, False), (0.219, False), (0.221, True), (0.3, True)])
def test_a_loss_that_ends_a_tenth_above_its_lowest_is_overfitting(last, overfits):
    said = narration.describe_overfitting("m", history([0.9, 0.905], [0.9, 0.9], [0.2, last]), 1)
    assert ("The model overfits" in said, "hardly overfits" in said) == (overfits, not overfits)


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (0.001, "more epochs might have improved it further"),
        (0.00006, "more epochs might have improved it further"),
        (0.00004, "as planned: the learning rate had decayed to almost zero"),
    ],
)
def test_training_that_ended_at_its_best_had_run_out_or_might_have_gone_on(rate, said):
    last = history([0.8, 0.9], [0.8, 0.9])
    last["learning_rate"] = [0.001, rate]
    expected = (
        f"**m**: validation loss was lowest at epoch 2, the final epoch{':' if rate > 5e-5 else ','} {said}."
    )
    assert narration.describe_overfitting("m", last, 2) == expected


def test_best_epochs_are_the_extremes_not_the_last():
    rows = history([0.1] * 3, [0.8, 0.9, 0.85], [0.5, 0.2, 0.3])
    assert narration.describe_best("loss", {"m": rows}) == "Lowest validation loss: 0.200 (m, epoch 2)."
    said = narration.describe_best("accuracy", {"m": rows, "n": rows[:1]})
    assert said == "Highest validation accuracy: 90.00% (m, epoch 2) and 80.00% (n, epoch 1)."


def test_a_second_look_is_said_with_what_it_reaches():
    assert narration.describe_second_look({"m": 0.945, "n": 0.9}) == (
        "Some models average their answers for an image and its mirror image, which gives a validation "
        "accuracy of 94.50% (m) and 90.00% (n). The curves above show the answers to the image alone."
    )


def test_training_below_validation_is_explained_where_it_is_seen():
    def history(accuracy, val_accuracy):
        return pd.DataFrame({"accuracy": [0.5, accuracy], "val_accuracy": [0.6, val_accuracy]})

    hard, plain = history(0.86, 0.94), history(0.99, 0.93)

    def explain(config):
        said = narration.describe_harder_training(
            {"a": hard, "b": plain}, {"a": config, "b": TrainingConfig()}
        )
        start, _, reason = said.partition(", because ")
        assert start == "**a** scores lower on training images than on validation images"
        return reason

    changed = "its training images are changed at random"
    off = "parts of its network are switched off at random"
    purpose = "training is made harder on purpose"
    assert explain(TrainingConfig(augmentation=AugmentationPolicy())) == f"{purpose}: {changed}."
    assert explain(TrainingConfig(imitated_share=0.5)) == f"{purpose}: {changed}."
    assert explain(TrainingConfig(dropout=0.2)) == f"{purpose}: {off}."
    assert explain(TrainingConfig(dropout=0.2, imitated_share=0.5)) == f"{purpose}: {changed} and {off}."
    assert purpose not in explain(TrainingConfig(label_smoothing=0.1))
    assert narration.describe_harder_training({"b": plain}, {"b": TrainingConfig()}) == ""
