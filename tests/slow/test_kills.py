"""Training killed at random moments: nothing published is lost, and resuming equals not stopping."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from fmnist import artifacts
from fmnist.inference import Classifier
from tests.conftest import ROOT
from tests.effort import part_of

KILLS = part_of(30)


def start(folder):
    """Starts a training and waits until it has imported everything."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.slow.train_tiny"],
        cwd=ROOT,
        env={**os.environ, "FMNIST_ARTIFACTS_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout.readline() == "ready\n"
    return process


def finish(process):
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0, output


def published():
    """What a reader sees: the run's name, its history without times, and its weights."""
    run = artifacts.load_model("augmented").run
    for kind in artifacts.RUN_FILES:
        assert not run.has(kind) or run.read(kind)
    Classifier.from_run(run)
    return run.name, run.load_history().drop(columns="seconds"), run.load_keras().get_weights()


def assert_equal(found, expected):
    assert found[1].equals(expected[1]), "the history differs"
    for weights, others in zip(found[2], expected[2], strict=True):
        np.testing.assert_array_equal(weights, others)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX signal")
def test_killed_at_random_moments(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path / "calm"))
    process = start(tmp_path / "calm")
    started = time.monotonic()
    finish(process)
    duration = time.monotonic() - started
    expected = published()

    folder = tmp_path / "killed"
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
    random = np.random.default_rng(3)
    resumed = 0
    for kill in range(KILLS):
        process = start(folder)
        # Most moments fall into training, some into export and publication, some after the end.
        time.sleep(random.uniform(0, duration))  # a random moment is the point of this test
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=30)
        checkpoint = folder / ".scratch" / "augmented" / "checkpoint.npz"
        resumed += checkpoint.exists()
        if (folder / "models.json").exists():
            assert_equal(published(), expected)
        elif kill % 5 == 4:  # now and then let one finish, so that kills also meet a published run
            finish(start(folder))
            assert_equal(published(), expected)
    finish(start(folder))
    assert_equal(published(), expected)
    print(f"{KILLS} kills within {duration:.1f} s of training each, {resumed} left something to resume")
    assert resumed >= part_of(3), "no kill fell into training: the moments are not random enough"
