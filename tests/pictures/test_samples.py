"""The ten drawn garments look like the data set and are recognised."""

import numpy as np
import pytest

from fmnist.config import CLASS_NAMES
from fmnist.pictures.samples import draw_samples
from tests.conftest import predict, published_models


def test_samples_fill_the_picture_as_in_the_data_set():
    samples = draw_samples()
    assert samples.shape == (10, 28, 28) and samples.dtype == np.uint8
    assert not samples.flags.writeable
    for sample in samples:
        rows, columns = np.nonzero(sample > 10)
        height, width = np.ptp(rows) + 1, np.ptp(columns) + 1
        assert max(height, width) >= 26
        assert sample[[0, 0, -1, -1], [0, -1, 0, -1]].max() < 60 or max(height, width) == 28


@pytest.mark.parametrize("model_name", published_models())
def test_each_model_names_at_least_eight(model_name):
    answers = predict(model_name, draw_samples()).argmax(axis=1)
    named = {CLASS_NAMES[i]: CLASS_NAMES[answer] for i, answer in enumerate(answers)}
    assert sum(true == answer for true, answer in named.items()) >= 8, named
