"""Track records from answers chosen by hand, and the answers they are read from."""

import numpy as np
import pytest

from fmnist import artifacts, confidence, evaluation
from tests.conftest import BASELINE


def test_a_track_record_counts_the_nearest(monkeypatch):
    monkeypatch.setattr("fmnist.confidence.track_record.NEIGHBOURS", 4)
    validation = np.array([0.99, 0.6, 0.61, 0.62, 0.63, 0.3])
    record = confidence.find_track_record(0.615, validation, wrong=[0, 2, 5])
    assert (record.low, record.high, record.right, record.count) == (0.6, 0.63, 0.75, 4)


def test_of_equally_near_answers_the_first_count():
    confidences = np.random.default_rng(0).integers(0, 50, 2_000) / 50
    wrong = np.flatnonzero(np.arange(2_000) % 3 == 0)
    for asked in (0.0, 0.31, 0.5, 1.0):
        nearest = np.argsort(np.abs(confidences - asked), kind="stable")[: confidence.NEIGHBOURS]
        record = confidence.find_track_record(asked, confidences, wrong)
        assert record.low == confidences[nearest].min() and record.high == confidences[nearest].max()
        np.testing.assert_allclose(record.right, 1 - np.isin(nearest, wrong).mean())


@pytest.mark.parametrize("part", ["validation", "test"])
def test_answers_are_loaded_at_the_temperature_of_the_run(part):
    run = artifacts.load_model(BASELINE).run
    stored, served = run.load_probabilities(part), confidence.load_answers(run, part)
    np.testing.assert_array_equal(served, evaluation.apply_temperature(stored, run.manifest.temperature))
    assert not np.allclose(served, stored, atol=1e-3)
