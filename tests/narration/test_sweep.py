"""What a sweep says while it runs, word by word."""

import pytest

from fmnist.events import SweepStarted, TrialFailed, TrialFinished, TrialProgressed
from fmnist.narration import describe_sweep_event
from tests.sweeping import build_trial

ROW = {"epoch": 2, "val_loss": 0.25, "val_accuracy": 0.9, "seconds": 4.4}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (SweepStarted("seeds", 10, 3, 0), "sweep seeds: 3 of 10 trials finished"),
        (
            SweepStarted("seeds", 1, 0, 1),
            "sweep seeds: 0 of 1 trial finished; 1 trial it no longer asks for left its table",
        ),
        (
            TrialProgressed("simple-seed1", ROW, 60, 7200),
            "simple-seed1  epoch 2/60  val_loss 0.2500  val_accuracy 0.9000  4 s"
            "  all the rest takes at most 2 h 0 min",
        ),
        (
            TrialProgressed("simple-seed1", ROW, 60, 0),
            "simple-seed1  epoch 2/60  val_loss 0.2500  val_accuracy 0.9000  4 s",
        ),
        (
            TrialFinished(build_trial(), 3, 10, 150.0),
            "finished simple-seed1: validation accuracy 0.7500, loss 0.3333, kept epoch 3 of 3, 6 seconds "
            "(3 of 10; at most 2 minutes left)",
        ),
        (
            TrialFinished(build_trial(), 10, 10, 0.0),
            "finished simple-seed1: validation accuracy 0.7500, loss 0.3333, kept epoch 3 of 3, 6 seconds "
            "(10 of 10)",
        ),
        (TrialFailed("simple-seed1", "It is NaN."), "failed simple-seed1: It is NaN."),
    ],
)
def test_each_event_is_one_line(event, expected):
    assert describe_sweep_event(event) == expected
