import numpy as np
import pytest

from fmnist import census
from fmnist.census import (
    PARTS,
    Picture,
    find_nearest,
    load_census,
    measure_images,
    name_picture,
    parse_picture,
)


@pytest.mark.parametrize("part", PARTS)
def test_the_shipped_table_tells_of_every_image(part):
    table = load_census(part)
    assert np.bincount(table.labels).tolist() == [PARTS[part] // 10] * 10
    assert (table.nearest >= 0).all() and (table.nearest < 48_000).all()
    assert (table.distance > 0).all(), "no image lies in two parts of the data set"


@pytest.mark.dataset
@pytest.mark.parametrize("part", PARTS)
def test_the_shipped_table_is_that_of_the_data_set(part, dataset):
    table, split = load_census(part), getattr(dataset, part)
    assert (table.labels == split.labels).all()
    sample = slice(0, None, 97)
    for name, values in measure_images(split.images[sample]).items():
        assert table.measures[name][sample] == pytest.approx(values, rel=1e-3, abs=1e-3), name
    found = find_nearest(split.images[:20], dataset.train.images)
    assert (table.nearest[:20] == found.positions[:, 0]).all()
    assert table.distance[:20] == pytest.approx(found.distances[:, 0], rel=1e-3)
    assert (table.nearest_label == dataset.train.labels[table.nearest]).all()


def test_a_table_of_other_images_is_not_written():
    images = np.random.default_rng(0).integers(0, 256, (12, 28, 28), np.uint8)
    labels = np.zeros(12, np.uint8)
    taken = census.take_census("test", images, labels, images, labels)
    with pytest.raises(ValueError, match="not those of the data set"):
        census.save_census({"test": taken})


def test_a_picture_has_a_name_that_leads_back_to_it():
    assert name_picture("test", 1234) == "test-1234"
    assert parse_picture("test-1234") == Picture("test", 1234)
    assert parse_picture("validation-11999") == Picture("validation", 11_999)
    assert Picture("test", 1234).name == "test-1234"


@pytest.mark.parametrize(
    "text",
    ["", "test", "test-", "test-10000", "validation-12000", "train-1", "test-01", "test--1", "test-1 "],
)
def test_other_texts_name_no_picture(text):
    assert parse_picture(text) is None
