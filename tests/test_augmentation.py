"""The random pipeline: identity, bounds, repeatability, and the code shown for copying."""

import numpy as np
import pytest

from fmnist.augmentation import TRANSFORMS, AugmentationPolicy, build_augmentation, keras_code, layer_specs
from fmnist.samples import draw_samples

OFF = AugmentationPolicy(flip=False, translation=0, rotation=0, zoom=0, contrast=0)
IMAGES = draw_samples()


def test_a_policy_that_is_off_changes_nothing():
    assert layer_specs(OFF) == []
    np.testing.assert_array_equal(build_augmentation(OFF, 0)(IMAGES).numpy(), IMAGES)


def test_the_order_is_the_documented_one():
    assert [name for name, *_ in layer_specs(AugmentationPolicy())] == list(TRANSFORMS)


def test_the_same_seed_repeats_and_another_differs():
    first = build_augmentation(AugmentationPolicy(), 7)(IMAGES).numpy()
    np.testing.assert_array_equal(first, build_augmentation(AugmentationPolicy(), 7)(IMAGES).numpy())
    assert (first != build_augmentation(AugmentationPolicy(), 8)(IMAGES).numpy()).any()


def test_a_sequential_map_equals_the_direct_call():
    import tensorflow as tf

    augment = build_augmentation(AugmentationPolicy(), 7)
    direct = [augment(IMAGES).numpy() for _ in range(3)]
    again = build_augmentation(AugmentationPolicy(), 7)
    mapped = tf.data.Dataset.from_tensor_slices(np.stack([IMAGES] * 3)).map(again)
    for expected, found in zip(direct, mapped, strict=True):
        assert found.dtype == tf.uint8
        np.testing.assert_array_equal(expected, found.numpy())


def test_flip_is_horizontal_only():
    flipped = build_augmentation(OFF.__class__(**{**OFF.__dict__, "flip": True}), 3)(IMAGES).numpy()
    same = (flipped == IMAGES).all(axis=(1, 2))
    mirrored = (flipped == IMAGES[:, :, ::-1]).all(axis=(1, 2))
    assert (same | mirrored).all() and mirrored.any() and not same.all()


def test_translation_is_by_whole_pixels_uncovers_black_and_stays_in_bounds():
    images = np.repeat(np.pad(IMAGES[8:9, 4:24, 4:24], ((0, 0), (4, 4), (4, 4))), 64, axis=0)
    moved = build_augmentation(AugmentationPolicy().only("translation"), 1)(images).numpy()
    shifts = [(dy, dx) for dy in range(-2, 3) for dx in range(-2, 3)]  # 0.07 of 28 is 1.96
    seen = set()
    for image in moved:
        fits = [shift for shift in shifts if (np.roll(images[0], shift, (0, 1)) == image).all()]
        assert fits, "not a shift by whole pixels of at most two"
        seen.add(fits[0])
    assert len(seen) > 10
    bright = np.full((64, 28, 28), 255, np.uint8)
    assert build_augmentation(AugmentationPolicy().only("translation"), 1)(bright).numpy().min() == 0


def test_contrast_stays_within_its_factor():
    half = np.zeros((64, 28, 28), np.uint8)
    half[:, :, 14:] = 200
    changed = build_augmentation(AugmentationPolicy().only("contrast"), 1)(half).numpy().astype(int)
    spread = changed[:, 0, 27] - changed[:, 0, 0]
    assert 170 <= spread.min() < 198 and 190 < spread.max() <= 211  # 0.9 to 1.1 times, cut off at 0


@pytest.mark.parametrize("transform", TRANSFORMS)
def test_switching_the_others_off_keeps_the_draws_of_one(transform):
    alone = AugmentationPolicy().only(transform)
    assert [name for name, *_ in layer_specs(alone)] == [transform]
    assert keras_code(alone, 5).splitlines()[4] in keras_code(AugmentationPolicy(), 5)


def test_the_code_shown_does_what_is_shown():
    names = {"images": IMAGES[..., np.newaxis].astype(np.float32)}
    exec(keras_code(AugmentationPolicy(), 11), names)  # noqa: S102, it is what users will run
    copied = np.clip(np.round(names["augmented"][..., 0]), 0, 255).astype(np.uint8)
    np.testing.assert_array_equal(copied, build_augmentation(AugmentationPolicy(), 11)(IMAGES).numpy())


def test_zoom_goes_both_ways():
    square = np.zeros((64, 28, 28), np.uint8)
    square[:, 9:19, 9:19] = 255
    zoomed = build_augmentation(AugmentationPolicy().only("zoom"), 1)(square).numpy()
    areas = zoomed.sum(axis=(1, 2)) / square[0].sum()
    assert areas.min() < 0.95 and areas.max() > 1.05 and np.abs(areas - 1).max() < 0.2


def test_rotation_goes_both_ways():
    bar = np.zeros((64, 28, 28), np.uint8)
    bar[:, 2:26, 13:15] = 255
    turned = build_augmentation(AugmentationPolicy().only("rotation"), 1)(bar).numpy().astype(float)
    columns = np.arange(28)
    lean = ((turned[:, 2:5] - turned[:, 23:26]).sum(axis=1) * columns).sum(axis=1)
    assert lean.min() < 0 < lean.max()
