"""Track records and the alarm, from answers chosen by hand; the non-garments themselves."""

import numpy as np

from fmnist import confidence


def answers(*tops):
    """Answers whose highest probability is as given."""
    rows = np.full((len(tops), 10), (1 - np.array(tops))[:, None] / 9)
    rows[:, 3] = tops
    return rows


def test_a_track_record_counts_the_nearest(monkeypatch):
    monkeypatch.setattr(confidence, "NEIGHBOURS", 4)
    validation = answers(0.99, 0.6, 0.61, 0.62, 0.63, 0.3)
    record = confidence.find_track_record(0.615, validation, wrong=[0, 2, 5])
    assert (record.low, record.high, record.right, record.count) == (0.6, 0.63, 0.75, 4)


def test_doubt_is_entropy_and_grows_with_disagreement():
    sure, other, lost = np.eye(10)[[3]], np.eye(10)[[5]], np.full((1, 10), 0.1)
    np.testing.assert_allclose(confidence.compute_doubt([sure, sure]), 0, atol=1e-9)
    np.testing.assert_allclose(confidence.compute_doubt([lost]), 0.5)
    torn = (sure + other) / 2
    np.testing.assert_allclose(confidence.compute_doubt([torn, torn]), np.log10(2) / 2)
    # As unsure on the whole, but because they contradict each other.
    np.testing.assert_allclose(confidence.compute_doubt([sure, other]), np.log10(2))


def test_the_alarm_separates_and_states_its_errors():
    garments = np.r_[np.zeros(990), np.full(10, 0.9)]
    strangers = np.r_[np.full(80, 0.7), np.full(20, 0.0)]
    alarm = confidence.choose_alarm(garments, strangers)
    assert 0 < alarm.threshold <= 0.7
    assert (alarm.false_alarms, alarm.caught) == (0.01, 0.8)


def test_false_alarms_are_capped():
    random = np.random.default_rng(0)
    garments, strangers = random.uniform(0, 1, 1000), random.uniform(0.2, 1, 1000)
    assert confidence.choose_alarm(garments, strangers).false_alarms <= confidence.MAX_FALSE_ALARMS


def test_strangers_are_repeatable_pictures_of_six_kinds():
    drawn = confidence.draw_strangers(60)
    assert drawn.shape == (60, 28, 28) and drawn.dtype == np.uint8
    assert (drawn.max(axis=(1, 2)) > 100).all()
    np.testing.assert_array_equal(drawn, confidence.draw_strangers(60))
    assert len(np.unique(drawn.reshape(60, -1), axis=0)) > 50  # a letter may come twice
