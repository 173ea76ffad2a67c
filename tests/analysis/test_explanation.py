"""What an answer depends on, for models of a few lines whose answers are known by hand."""

import numpy as np

from fmnist.analysis import compute_occlusion, find_smallest_square


def look_at(*pixels):
    """A model that says 3 as surely as some pixels are bright, and 5 otherwise; it counts its questions."""
    asked = []

    def ask(images):
        asked.append(len(images))
        answers = np.zeros((len(images), 10))
        answers[:, 3] = np.mean([images[:, row, column] / 255 for row, column in pixels], axis=0)
        answers[:, 5] = 1 - answers[:, 3]
        return answers

    return ask, asked


WHITE = np.full((28, 28), 255, np.uint8)


def test_only_patches_over_the_pixel_that_counts_cost_anything():
    ask, asked = look_at((9, 20))
    found = compute_occlusion(ask, WHITE, 3)
    # With patches of 4 every 2 pixels, those that cover row 9 begin at 6 and 8, column 20 at 18 and 20.
    assert (found.before, found.after) == (1, 0) and (found.top, found.left) == (6, 18)
    assert found.drops[9, 20] == 1
    assert set(zip(*np.nonzero(found.drops), strict=True)) == {
        (row, column) for row in range(6, 12) for column in range(18, 24)
    }
    assert found.drops[6, 18] == 0.25  # one of the four patches over this pixel covers the other, too
    assert asked == [1 + 13 * 13]


def test_covering_what_speaks_against_a_class_raises_its_probability():
    ask, _ = look_at((9, 20))
    found = compute_occlusion(ask, WHITE, 5)
    assert (found.before, found.after) == (0, 0) and found.drops.min() == -1 and found.drops.max() == 0


def test_a_model_is_not_asked_where_black_covers_black():
    ask, asked = look_at((9, 20))
    image = np.zeros((28, 28), np.uint8)
    image[9, 20] = 255
    found = compute_occlusion(ask, image, 3)
    assert asked == [1 + 4] and (found.before, found.after) == (1, 0) and found.drops.sum() == 16


def test_a_map_has_a_value_for_each_pixel_whatever_patch_and_stride():
    ask, asked = look_at((0, 0))
    found = compute_occlusion(ask, WHITE, 3, patch=1, stride=1)
    assert found.drops.shape == (28, 28) and found.drops.sum() == found.drops[0, 0] == 1
    assert asked == [1 + 28 * 28]


def test_the_smallest_square_is_as_large_as_the_pixels_that_must_go_are_apart():
    ask, asked = look_at((10, 10), (12, 12))
    ask_all, _ = look_at((10, 10))
    assert find_smallest_square(ask_all, WHITE).side == 1
    found = find_smallest_square(ask, WHITE)  # with one pixel covered both classes have one half
    assert (found.side, found.top, found.left) == (3, 10, 10)
    assert (found.before, found.after, found.probability) == (3, 5, 0)
    assert asked == [1, 28**2, 27**2, 26**2]


def test_of_several_squares_the_one_that_leaves_the_least_is_returned():
    def ask(images):
        answers = np.zeros((len(images), 10))
        answers[:, 3] = 0.4 * (images[:, 4, 4] > 0) + 0.5 * (images[:, 20, 20] > 0)
        answers[:, 7] = 1 - answers[:, 3]
        return answers

    found = find_smallest_square(ask, WHITE)
    assert (found.side, found.top, found.left, found.after) == (1, 20, 20, 7)
    assert found.probability == 0.4


def test_none_is_returned_if_no_square_up_to_the_largest_changes_the_answer():
    ask, asked = look_at((0, 0), (27, 27), (0, 27), (27, 0), (14, 14))
    assert find_smallest_square(ask, WHITE, largest=2) is None
    assert asked == [1, 784, 729]
    assert find_smallest_square(ask, np.zeros((28, 28), np.uint8)) is None  # nothing can be covered
