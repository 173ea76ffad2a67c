"""What the benchmark of imitations measures, on shapes whose answers are known."""

import numpy as np
import pytest

from tests.benchmarks import imitations


def square(value=180):
    image = np.zeros((28, 28), np.uint8)
    image[8:20, 8:20] = value
    return image


def stairs():
    image = square()
    image[8:14, 8:14] = 0
    return image


def test_an_even_square():
    found = dict(
        zip((s.__name__ for s in imitations.STATISTICS), imitations.measure([square()])[0], strict=True)
    )
    assert found == {
        "symmetry": 1,
        "filled": 144 / 784,
        "edges": 0,
        "texture": 0,
        "saturated": 0,
        "brightness": 180,
        "spread": 0,
        "parts": 1,
        "aspect": 0,
        "solidity": 1,
    }


def test_a_bite_makes_it_lopsided_and_less_solid():
    assert imitations.symmetry(stairs()) == pytest.approx(72 / 144)
    assert imitations.solidity(stairs()) < 0.9


def test_stripes_have_edges_and_texture_and_spread():
    striped = square()
    striped[8:20:2] = 255 * (striped[8:20:2] > 0)
    assert imitations.texture(striped) > 20 and imitations.spread(striped) == pytest.approx(37.5)
    assert imitations.saturated(striped) == 0.5
    ramp = square() // 180 * np.arange(0, 280, 10, dtype=np.uint8)
    assert imitations.edges(ramp) == pytest.approx(10)


def test_two_parts_and_a_broad_box():
    image = np.zeros((28, 28), np.uint8)
    image[10:14, 2:6] = image[10:14, 20:26] = 99
    assert imitations.parts(image) == 2
    assert imitations.aspect(image) == pytest.approx(np.log(24 / 4))


def test_a_single_pixel_can_be_measured():
    image = np.zeros((28, 28), np.uint8)
    image[3, 4] = 50
    assert np.isfinite(imitations.measure([image])).all()


def test_distances_are_in_standard_deviations():
    random = np.random.default_rng(0)
    photos, made = random.normal(0, 2, (5_000, 2)), random.normal([0, 2], 2, (5_000, 2))
    np.testing.assert_allclose(imitations.compute_distances(photos, made), [0, 1], atol=0.1)
    assert imitations.compute_distances(np.ones((4, 1)), np.ones((4, 1))) == 0


def test_a_forest_tells_what_differs_and_nothing_else(monkeypatch):
    monkeypatch.setattr(imitations, "TREES", 20)
    random = np.random.default_rng(0)
    photos = random.normal(0, 1, (60, 2))
    assert imitations.compute_separability(photos, photos + np.array([3, 0])) > 0.9
    assert 0.3 < imitations.compute_separability(photos, random.normal(0, 1, (120, 2))) < 0.7


def test_sources_have_the_classes_of_the_photos():
    labels = np.repeat(np.arange(10), 30)
    chosen = imitations.choose_sources(labels, np.array([9, 2, 2]), np.random.default_rng(0))
    assert np.bincount(labels[chosen]).tolist() == [0, 0, 8, 0, 0, 0, 0, 0, 0, 4]
