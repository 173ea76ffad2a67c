"""Maps over an image and the life of a picture, read back by value."""

import numpy as np

from fmnist import figures


def test_a_map_shows_points_over_the_image_on_a_scale_around_zero_with_the_patch():
    image = np.arange(784, dtype=np.uint8).reshape(28, 28)
    changes = np.zeros((28, 28))
    changes[3, 5] = -0.25
    picture, layer = (figure := figures.plot_map(image, changes, 0.5, (3, 4, 4))).data
    np.testing.assert_array_equal(picture.z, image)
    assert layer.z[3, 5] == -25 and (layer.zmin, layer.zmax) == (-50, 50)
    (square,) = figure.layout.shapes
    assert (square.x0, square.x1, square.y0, square.y1) == (3.5, 7.5, 2.5, 6.5)
    assert layer.colorscale[1] == (0.5, "rgba(128, 128, 128, 0)"), "where nothing changes, the image shows"
    assert not figures.plot_map(image, changes, 0.5).layout.shapes


def test_a_life_has_a_row_for_each_model_and_crosses_at_wrong_answers():
    truths = {"simple": np.array([0.2, 0.9]), "robust": np.array([0.5, 0.6, 0.7])}
    answers = {"simple": np.array([6, 4]), "robust": np.array([4, 4, 6])}
    rows, crosses = figures.plot_life(truths, answers, 4, ["simple", "robust"]).data
    np.testing.assert_allclose(rows.z, [[20, 90, np.nan], [50, 60, 70]])
    assert list(rows.x) == [1, 2, 3] and list(rows.y) == ["simple", "robust"]
    assert list(zip(crosses.x, crosses.y, strict=True)) == [(1, "simple"), (3, "robust")]
    assert rows.customdata[0].tolist() == ["shirt", "coat", ""]
