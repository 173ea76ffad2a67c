"""Track records and the alarm, from answers chosen by hand; the non-garments themselves."""

import numpy as np

from fmnist import confidence


def test_a_track_record_counts_the_nearest(monkeypatch):
    monkeypatch.setattr(confidence, "NEIGHBOURS", 4)
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


def test_strangeness_is_what_the_directions_cannot_show():
    mean, direction = np.full(784, 100.0), np.r_[1.0, np.zeros(783)]
    space = np.stack([mean, direction])
    images = np.full((3, 784), 100, np.uint8)
    images[1, 0] = 200  # along the direction: nothing is missing
    images[2, 1] = 128  # across it: 28 grey levels in one pixel of 784, whose root is 28
    found = confidence.compute_strangeness(images.reshape(3, 28, 28), space)
    np.testing.assert_allclose(found, [0, 0, 1], atol=1e-4)


def test_the_alarm_separates_and_states_its_errors():
    garments = np.r_[np.zeros(960), np.full(40, 0.9)]
    strangers = np.r_[np.full(80, 0.7), np.full(20, 0.0)]
    alarm = confidence.choose_alarm(np.zeros((2, 784)), garments, strangers)
    assert 0 < alarm.threshold <= 0.7
    assert (alarm.false_alarms, alarm.caught) == (0.04, 0.8)


def test_false_alarms_are_capped():
    random = np.random.default_rng(0)
    garments, strangers = random.uniform(0, 1, 1000), random.uniform(0.2, 1, 1000)
    alarm = confidence.choose_alarm(np.zeros((2, 784)), garments, strangers)
    assert alarm.false_alarms <= confidence.MAX_FALSE_ALARMS


def test_an_alarm_learned_from_garments_tells_noise_from_them(tiny_dataset):
    alarm = confidence.build_alarm(tiny_dataset.train, tiny_dataset.validation, seed=1)
    assert alarm.space.shape == (1 + confidence.DIRECTIONS, 784) and alarm.space.dtype == np.float16
    again = confidence.build_alarm(tiny_dataset.train, tiny_dataset.validation, seed=1)
    np.testing.assert_array_equal(alarm.space, again.space)
    assert alarm.threshold == again.threshold
    assert alarm.is_raised(tiny_dataset.test.images).mean() < 0.1
    noise = np.random.default_rng(0).integers(0, 256, (20, 28, 28), dtype=np.uint8)
    assert alarm.is_raised(noise).all()


def test_strangers_are_repeatable_pictures_of_six_kinds():
    drawn = confidence.draw_strangers(60)
    assert drawn.shape == (60, 28, 28) and drawn.dtype == np.uint8
    assert (drawn.max(axis=(1, 2)) > 60).all()
    assert 20 <= (drawn.max(axis=(1, 2)) < 240).sum() <= 40, "one half is as bright as photos"
    np.testing.assert_array_equal(drawn, confidence.draw_strangers(60))
    assert len(np.unique(drawn.reshape(60, -1), axis=0)) > 50  # a letter may come twice
