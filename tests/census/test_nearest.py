import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from fmnist.census import find_nearest


@pytest.fixture
def images():
    return np.random.default_rng(1).integers(0, 256, (40, 28, 28), np.uint8)


def test_the_nearest_are_those_of_scikit_learn_with_every_image_also_mirrored(images):
    queries, others = images[:10], images[10:]
    found = find_nearest(queries, others, 4)
    flat = queries.reshape(10, -1)
    distances = np.minimum(
        *(pairwise_distances(flat, pool.reshape(30, -1)) for pool in (others, others[:, :, ::-1]))
    )
    assert (found.positions == distances.argsort(axis=1)[:, :4]).all()
    assert found.distances == pytest.approx(np.sort(distances, axis=1)[:, :4] / 28, abs=0.01)


def test_an_image_that_is_there_mirrored_has_no_distance(images):
    found = find_nearest(images[3:4, :, ::-1], images)
    assert found.positions.tolist() == [[3]]
    assert found.distances[0, 0] == pytest.approx(0, abs=0.1)


def test_says_how_far_it_is(images):
    shares = []
    find_nearest(np.repeat(images, 30, axis=0), images[:2], on_chunk=shares.append)
    assert shares == [1000 / 1200, 1]
