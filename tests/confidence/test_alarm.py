"""The alarm: what it measures, how its threshold is chosen, and that it is loaded as it was learned."""

import numpy as np
import pytest

from fmnist import artifacts, confidence, synthesis
from tests.conftest import BASELINE, find_model, has_alarm


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


@pytest.mark.slow
def test_an_alarm_learned_from_garments_tells_noise_from_them(tiny_dataset):
    alarm = confidence.build_alarm(tiny_dataset.train, tiny_dataset.validation, seed=1)
    assert alarm.space.shape == (1 + confidence.DIRECTIONS, 784) and alarm.space.dtype == np.float16
    again = confidence.build_alarm(tiny_dataset.train, tiny_dataset.validation, seed=1)
    np.testing.assert_array_equal(alarm.space, again.space)
    assert alarm.threshold == again.threshold
    assert alarm.is_raised(tiny_dataset.test.images).mean() < 0.1
    noise = np.random.default_rng(0).integers(0, 256, (20, 28, 28), dtype=np.uint8)
    assert alarm.is_raised(noise).all()


def test_the_published_alarm_is_loaded_with_its_record():
    alarm = confidence.load_alarm(find_model(has_alarm).run)
    assert alarm.space.shape == (1 + confidence.DIRECTIONS, 784)
    assert alarm.is_raised(synthesis.draw_strangers()).mean() == pytest.approx(alarm.caught)


def test_a_run_without_an_alarm_has_none():
    assert confidence.load_alarm(artifacts.load_model(BASELINE).run) is None
