import numpy as np
import pytest

from fmnist.census import MEASURES, measure_images


def measure(image):
    return {name: float(values[0]) for name, values in measure_images(image[None]).items()}


def test_a_block_that_fills_the_left_half_with_its_bulk_on_the_right():
    image = np.zeros((28, 28), np.uint8)
    image[:, :10] = 50
    image[:, 10:14] = 200
    found = measure(image)
    assert found["brightness"] == pytest.approx((10 * 50 + 4 * 200) / 14)
    assert found["filled"] == pytest.approx(0.5)
    bulk = (50 * sum(range(10)) + 200 * sum(range(10, 14))) / (50 * 10 + 200 * 4)
    assert found["facing"] == pytest.approx(2 * (bulk - 6.5) / 13)
    assert found["symmetry"] == 0
    # 13 steps across in each row, one of them by 150; 14 columns with 27 steps down by nothing.
    assert found["texture"] == pytest.approx(28 * 150 / (28 * 13 + 27 * 14))


def test_mirroring_turns_the_facing_round_and_nothing_else():
    image = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    there, back = measure(image), measure(image[:, ::-1])
    assert back.pop("facing") == pytest.approx(-there.pop("facing"), abs=1e-6)
    assert back == pytest.approx(there)


@pytest.mark.parametrize("level", [0, 255])
def test_an_even_image_has_measures_too(level):
    found = measure(np.full((28, 28), level, np.uint8))
    assert list(found) == list(MEASURES)
    assert found == pytest.approx(
        {"brightness": level, "filled": level / 255, "facing": 0, "symmetry": level / 255, "texture": 0},
        abs=1e-6,
    )
