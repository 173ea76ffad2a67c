"""Trains a trial of a sweep on tiny data with the tiny network: `python -m tests.tiny_trial`.

All else is the real process, `python -m fmnist.training.trial`, or the real `run_trial` in a worker of Ray.
With TINY_TRIAL_LOG, each epoch is told in that file and takes a moment, so that a kill can meet it.
"""

import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import pytest

from fmnist.events import EpochFinished
from fmnist.training import trial
from tests.tiny import build_tiny_dataset, use_tiny_network

_run_trial = trial.run_trial


def run_trial(task, dataset, folder, on_event=lambda event: None):
    """Trains as the real one does, slower, and tells who has finished which epoch."""

    def follow(event):
        if isinstance(event, EpochFinished) and (path := os.environ.get("TINY_TRIAL_LOG")):
            with open(path, "a") as log:
                log.write(f"{task.trial} {os.getpid()} {event.row['epoch']}\n")
            time.sleep(0.2)
        on_event(event)

    return _run_trial(task, dataset, folder, follow)


use_tiny_network(pytest.MonkeyPatch())
trial.load_dataset = build_tiny_dataset
trial.run_trial = run_trial

if __name__ == "__main__":
    sys.exit(trial.main())
