"""The course of a run: curves written by hand, with the epochs to be found in them."""

import numpy as np
import pandas as pd
import pytest

from fmnist import evaluation
from fmnist.evaluation import Curve


def curve(val_loss, val_accuracy=None, loss=None, kept=1, **attributes):
    epochs = len(val_loss)
    history = pd.DataFrame(
        {
            "epoch": range(1, epochs + 1),
            "loss": loss or np.linspace(1, 0.1, epochs),
            "accuracy": 0.9,
            "val_loss": val_loss,
            "val_accuracy": val_accuracy or 0.9,
            "learning_rate": 0.001,
            "seconds": 30.0,
        }
    )
    return Curve(
        **{"name": "m", "history": history, "kept_epoch": kept, "train_images": 48_000, **attributes}
    )


@pytest.mark.parametrize(
    ("val_loss", "epoch"),
    [
        ([0.5, 0.4, 0.3, 0.31, 0.33, 0.4], 5),  # 3 % above the lowest, then 10 %
        ([0.5, 0.4, 0.3, 0.33, 0.29, 0.35, 0.4], 6),  # a rise that came down again
        ([0.5, 0.4, 0.3, 0.4, 0.31, 0.4], 6),  # also if only nearly
        ([0.3, 0.4, 0.5], 2),
        ([0.5, 0.4, 0.3, 0.4, 0.4, 0.314], None),
        ([0.5, 0.4, 0.3], None),
        ([0.5], None),
        ([0.0, 0.1], 2),
    ],
)
def test_overfitting_begins_where_validation_loss_rises_for_good(val_loss, epoch):
    assert evaluation.find_overfitting(np.linspace(1, 0.1, len(val_loss)), np.array(val_loss)) == epoch
    assert curve(val_loss).overfits_from == epoch


def test_it_is_no_overfitting_if_training_loss_rises_too():
    val_loss = np.array([0.4, 0.3, 0.4, 0.5])
    assert evaluation.find_overfitting(np.array([0.4, 0.3, 0.31, 0.32]), val_loss) is None
    assert evaluation.find_overfitting(np.array([0.4, 0.3, 0.31, 0.29]), val_loss) == 3


def test_the_epochs_of_a_rise_are_those_of_prechelts_generalisation_loss():
    """GL(t) = 100 (E(t) / min E(..t) - 1) > 5, looked back at from the end."""
    random = np.random.default_rng(3)
    for _ in range(100):
        val_loss = random.uniform(0.3, 0.4, 12)
        rises = [100 * (val_loss[t] / val_loss[: t + 1].min() - 1) > 5 for t in range(12)]
        expected = next((t + 1 for t in range(12) if all(rises[t:])), None)
        assert evaluation.find_overfitting(np.linspace(1, 0, 12), val_loss) == expected


def test_training_goes_on_by_epochs_minutes_and_images():
    run = curve([0.5, 0.4, 0.3], train_images=16_000)
    assert run.along("epochs").tolist() == [1, 2, 3]
    assert run.along("minutes").tolist() == [0.5, 1, 1.5]
    assert run.along("images").tolist() == [16, 32, 48]


def test_the_best_epoch_is_the_first_of_equals():
    run = curve([0.5, 0.3, 0.3], [0.8, 0.9, 0.9])
    assert (run.best_epoch("loss"), run.best_epoch("accuracy")) == (2, 2)
    assert run.value("val_loss", 1) == 0.5


def test_two_runs_are_compared_at_the_lowest_loss_and_at_the_highest_accuracy():
    one = curve([0.3, 0.2, 0.4], [0.90, 0.91, 0.94])
    other = curve([0.3, 0.4], [0.93, 0.92])
    assert evaluation.compare_epochs(one, other) == pytest.approx((0.02, -0.01))


def test_the_table_has_each_epoch_of_each_run():
    one = curve([0.3, 0.2, 0.4], [0.90, 0.91, 0.94], kept=2, run="simple-1", model="simple")
    other = curve([0.3], kept=1, run="own-2", train_images=100)
    table = evaluation.tabulate_curves([one, other])
    assert list(table.columns) == [
        *("run", "model", "epoch", "images_seen", "minutes", "loss", "accuracy", "val_loss", "val_accuracy"),
        *("learning_rate", "seconds", "is_kept", "is_best"),
    ]
    assert table["run"].tolist() == ["simple-1"] * 3 + ["own-2"]
    assert table["model"].tolist() == ["simple"] * 3 + [""]
    assert table["images_seen"].tolist() == [48_000, 96_000, 144_000, 100]
    assert table["minutes"].tolist() == [0.5, 1, 1.5, 0.5]
    assert table["is_kept"].tolist() == [False, True, False, True]
    assert table["is_best"].tolist() == [False, False, True, True]
    assert "images_seen" not in one.history, "the history is shared by all visitors"
