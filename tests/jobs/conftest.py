"""Jobs in a folder of their own, and a job in the hands of this very process."""

import dataclasses

import numpy as np
import pytest

from fmnist import jobs
from fmnist.events import EpochFinished
from fmnist.recipes import RECIPES

CONFIG = dataclasses.replace(RECIPES["augmented"].config, max_epochs=4, train_share=0.5, seed=7)
ENDS_AT_ONCE = ("true",)


@pytest.fixture
def own_jobs(tmp_path, monkeypatch):
    """An empty folder for artifacts, and a worker that leaves all jobs alone."""
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path / "artifacts"))
    (tmp_path / "artifacts").mkdir()
    monkeypatch.setattr("fmnist.jobs.start.WORKER", ENDS_AT_ONCE)
    return tmp_path / "artifacts" / ".scratch" / "jobs"


def ask(name="mine", **changes):
    """Puts a job in the queue."""
    return jobs.submit(
        jobs.Request(name=name, recipe="augmented", config=dataclasses.replace(CONFIG, **changes))
    )


def finish_epoch(epoch, loss=1.0, max_epochs=4, patience_left=9, answers=None, **values):
    """What a training reports after an epoch."""
    row = {"epoch": epoch, "loss": loss, "accuracy": 0.5, "val_loss": loss, "val_accuracy": 0.5}
    row |= {"learning_rate": 0.001, "seconds": 2.0, **values}
    answers = np.arange(60, dtype=np.uint8) % 10 if answers is None else answers
    return EpochFinished(row, max_epochs, True, patience_left, 8.0, answers, np.zeros(60, np.float16))
