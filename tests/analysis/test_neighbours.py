"""The nearest training images: against scikit-learn, against every pair, and by hand."""

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from fmnist.analysis import find_alike, find_distances, find_nearest, rank_distance, scale_rows


@pytest.fixture
def features():
    return np.maximum(np.random.default_rng(1).normal(size=(5_000, 32)), 0)  # as after a ReLU


def test_the_nearest_by_cosine_are_those_of_scikit_learn(features):
    rows = scale_rows(features)
    assert rows.dtype == np.float32
    oracle = NearestNeighbors(n_neighbors=8, metric="cosine", algorithm="brute").fit(features)
    for wanted in np.random.default_rng(2).normal(size=(20, 32)):
        distances, positions = oracle.kneighbors(wanted[np.newaxis])
        found = find_nearest(rows, 7 * wanted)
        np.testing.assert_array_equal(found.positions, positions[0])
        np.testing.assert_allclose(found.distances, distances[0], atol=1e-6)


def test_half_precision_hardly_moves_a_distance(features):
    oracle = NearestNeighbors(n_neighbors=1, metric="cosine", algorithm="brute").fit(features)
    asked = features[:50] + 0.1
    found = find_distances(scale_rows(scale_rows(features).astype(np.float16)), asked)  # as it is kept
    np.testing.assert_allclose(found, np.sort(oracle.kneighbors(asked)[0][:, 0]), atol=5e-5)


def test_only_those_asked_for_are_searched(features):
    rows, among = scale_rows(features), np.zeros(len(features), bool)
    among[[7, 4_001, 30]] = True
    found = find_nearest(rows, features[4_001], among=among)
    assert found.positions[0] == 4_001 and sorted(found.positions) == [7, 30, 4_001]
    assert find_nearest(rows, features[0], among=~among & among).positions.tolist() == []


def test_of_equally_near_ones_the_first_are_named():
    rows = scale_rows(np.array([[1.0, 0.0], [0.0, 1.0]] * 20))
    assert find_nearest(rows, np.array([0.0, 2.0]), 3).positions.tolist() == [1, 3, 5]


def test_features_of_zeros_are_no_division_by_zero():
    rows = scale_rows(np.array([[0.0, 0.0], [3.0, 4.0]]))
    np.testing.assert_allclose(rows, [[0, 0], [0.6, 0.8]], atol=1e-3)
    assert find_nearest(rows, np.zeros(2)).distances.tolist() == [1, 1]


def test_the_rank_of_a_distance_is_the_share_of_nearer_ones():
    reference = np.array([0.1, 0.2, 0.2, 0.4])
    assert [rank_distance(distance, reference) for distance in (0.05, 0.2, 0.3, 9)] == [0, 0.25, 0.75, 1]


def test_the_most_alike_are_found_by_comparing_every_pixel_of_every_pair():
    random = np.random.default_rng(3)
    images = random.integers(0, 256, (4_500, 28, 28), np.uint8)
    asked = random.integers(0, 256, (28, 28), np.uint8)
    apart = images.astype(float) - np.stack([asked, asked[:, ::-1]])[:, np.newaxis]
    distances = np.sqrt((apart**2).mean(axis=(2, 3))).min(axis=0)
    found = find_alike(images, asked)
    np.testing.assert_array_equal(found.positions, np.argsort(distances)[:8])
    np.testing.assert_allclose(found.distances, np.sort(distances)[:8], rtol=1e-4)


def test_a_mirrored_image_is_alike_and_a_brighter_one_is_as_far_as_it_is_brighter():
    image = np.zeros((28, 28), np.uint8)
    image[:, 3:9] = 200
    images = np.stack([image + 30, np.full_like(image, 255), image[:, ::-1], image + 10])
    found = find_alike(images, image, 3)
    assert found.positions.tolist() == [2, 3, 0] and found.distances.round(1).tolist() == [0, 10, 30]
