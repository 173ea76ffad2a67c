"""The random transformations: written-out answers, Keras as an oracle, seeds, and the code for copying."""

import dataclasses

import numpy as np
import pytest
from scipy.stats import ks_2samp

from fmnist.augmentation import (
    TRANSFORMS,
    AugmentationPolicy,
    apply_values,
    augment,
    describe_strength,
    draw_values,
    keras_code,
    list_done,
    list_layers,
)
from fmnist.pictures.samples import draw_samples
from fmnist.recipes import RECIPES

POLICY = AugmentationPolicy(flip=True, translation=0.07, rotation=0.02, zoom=0.07, contrast=0.1)
OFF = AugmentationPolicy(flip=False, translation=0, rotation=0, zoom=0, contrast=0)
STRONG = AugmentationPolicy(flip=True, translation=0.4, rotation=0.5, zoom=0.5, contrast=0.9)
IMAGES = draw_samples()
BOOT = IMAGES[9]
# Garments, and noise up to the border, on which a wrong resampling or fill shows most.
MANY = np.concatenate([np.tile(IMAGES, (10, 1, 1)), np.random.default_rng(3).integers(0, 256, (100, 28, 28))])
MANY = MANY.astype(np.uint8)
# How each transformation's values are called and measured in Keras.
READ_KERAS = {
    "flip": lambda drawn: drawn["flips"].reshape(-1),
    "translation": lambda drawn: drawn["translations"] / 28,
    "rotation": lambda drawn: drawn["angle"] / 360,
    "zoom": lambda drawn: drawn["height_zoom"].reshape(-1),
    "contrast": lambda drawn: drawn["contrast_factor"].reshape(-1),
}


def build_layers(policy):
    """The Keras layers of a policy, by the names of their transformations."""
    import keras

    switched_on = [name for name in TRANSFORMS if getattr(policy, name)]
    layers = [getattr(keras.layers, layer)(**arguments, seed=5) for layer, arguments in list_layers(policy)]
    return dict(zip(switched_on, layers, strict=True))


def draw_with_keras(layer, name, images):
    """What a layer draws for float images `(n, 28, 28, 1)`: in its own form, and as values of ours."""
    drawn = layer.get_random_transformation(images)
    arrays = {key: np.asarray(value) for key, value in drawn.items() if hasattr(value, "numpy")}
    return drawn, READ_KERAS[name](arrays)


def transform(name, image, value):
    (changed,) = apply_values(image[np.newaxis], {name: np.array([value])})
    return changed


def test_a_policy_that_is_off_changes_nothing():
    assert list_layers(OFF) == [] and draw_values(OFF, 0, 10) == {}
    np.testing.assert_array_equal(augment(MANY, OFF, 0), MANY)


@pytest.mark.parametrize(
    ("name", "value"),
    [("flip", False), ("translation", (0, 0)), ("rotation", 0), ("zoom", 1), ("contrast", 1)],
)
def test_a_neutral_value_changes_nothing(name, value):
    values = np.repeat(np.array([value]), len(MANY), axis=0)
    np.testing.assert_array_equal(apply_values(MANY, {name: values}), MANY)


def test_flip_swaps_left_and_right():
    np.testing.assert_array_equal(transform("flip", BOOT, True), BOOT[:, ::-1])


def test_half_of_the_images_are_flipped():
    flips = draw_values(POLICY, 1, 10_000)["flip"]
    assert flips.mean() == pytest.approx(0.5, abs=0.02)


def test_translation_goes_right_and_down_by_whole_pixels_and_uncovers_black():
    bright = np.full((28, 28), 200, np.uint8)
    bright[5, 7] = 9
    expected = np.zeros_like(bright)
    expected[3:, :-2] = 200
    expected[8, 5] = 9  # 3 down, 2 to the left
    np.testing.assert_array_equal(transform("translation", bright, (-2 / 28, 3 / 28)), expected)
    np.testing.assert_array_equal(transform("translation", bright, (-1.6 / 28, 3.4 / 28)), expected)


def test_rotation_is_counter_clockwise_about_the_centre():
    np.testing.assert_array_equal(transform("rotation", BOOT, 0.25), np.rot90(BOOT))
    bar = np.zeros((28, 28), np.uint8)
    bar[2:26, 13:15] = 255
    leaning = transform("rotation", bar, 0.05).astype(float)
    centres = (leaning * np.arange(28)).sum(axis=1)[[5, 22]] / leaning.sum(axis=1)[[5, 22]]
    # 8.5 rows from the middle, tan 18 degrees: the top leans to the left.
    np.testing.assert_allclose(centres, [13.5 - 2.76, 13.5 + 2.76], atol=0.2)


@pytest.mark.parametrize(("name", "value"), [("rotation", 0.125), ("zoom", 1.5)])
def test_what_a_turn_or_zoom_uncovers_is_black(name, value):
    changed = transform(name, np.full((28, 28), 255, np.uint8), value)
    assert changed[0, 0] == 0 and changed[14, 14] == 255


def test_zoom_above_one_makes_smaller_and_below_one_larger():
    square = np.zeros((28, 28), np.uint8)
    square[10:18, 10:18] = 240
    larger = np.zeros_like(square)
    larger[6:22, 6:22] = 240
    soft = np.s_[7:21, 7:21]  # within the edges, which are blurred
    np.testing.assert_array_equal(transform("zoom", square, 0.5)[soft], larger[soft])
    assert transform("zoom", square, 0.5).sum() == pytest.approx(4 * int(square.sum()), rel=0.01)
    smaller = np.zeros_like(square)
    smaller[12:16, 12:16] = 240
    np.testing.assert_array_equal(transform("zoom", square, 2), smaller)


def test_contrast_stretches_about_the_mean_and_is_cut_off():
    half = np.zeros((28, 28), np.uint8)
    half[:, 14:] = 200
    assert np.unique(transform("contrast", half, 0.9)).tolist() == [10, 190]
    assert np.unique(transform("contrast", half, 1.1)).tolist() == [0, 210]
    assert np.unique(transform("contrast", half, 3)).tolist() == [0, 255]


def test_values_are_rounded_not_cut_off():
    half = np.zeros((28, 28), np.uint8)
    half[:, 14:] = 2
    assert np.unique(transform("contrast", half, 1.3)).tolist() == [0, 2]  # 2.3
    assert np.unique(transform("contrast", half, 1.7)).tolist() == [0, 3]  # 2.7


def test_fractions_are_kept_until_the_end():
    values = {"zoom": np.full(10, 1.05), "contrast": np.full(10, 3.0)}
    zoomed = TRANSFORMS["zoom"].apply(IMAGES.astype(np.float32), values["zoom"])
    expected = np.round(TRANSFORMS["contrast"].apply(zoomed, values["contrast"]))
    np.testing.assert_array_equal(apply_values(IMAGES, values), expected)
    rounded_between = apply_values(
        apply_values(IMAGES, {"zoom": values["zoom"]}), values | {"zoom": np.ones(10)}
    )
    assert (rounded_between != expected).any()


def test_the_order_is_the_policys():
    assert [*TRANSFORMS] == [*vars(POLICY)]
    shift_then_turn = transform("rotation", transform("translation", BOOT, (0.25, 0)), 0.25)
    both = {"rotation": np.array([0.25]), "translation": np.array([(0.25, 0)])}  # the other way round
    np.testing.assert_array_equal(apply_values(BOOT[np.newaxis], both)[0], shift_then_turn)
    turn_then_shift = transform("translation", transform("rotation", BOOT, 0.25), (0.25, 0))
    assert (turn_then_shift != shift_then_turn).any()


def test_only_keeps_one_transformation():
    for name in TRANSFORMS:
        alone = POLICY.only(name)
        assert getattr(alone, name) == getattr(POLICY, name)
        assert [*draw_values(alone, 1, 3)] == [name]
    assert POLICY.only("zoom").flip is False


def test_strengths_are_the_largest_changes_and_contrast_is_even_handed():
    values = draw_values(POLICY, 1, 10_000)
    for name, neutral in {"translation": 0, "rotation": 0, "zoom": 1, "contrast": 1}.items():
        changes, strength = values[name] - neutral, getattr(POLICY, name)
        assert -strength <= changes.min() < -0.99 * strength, name
        assert 0.99 * strength < changes.max() <= strength, name
        assert abs(changes.mean()) < 0.03 * strength, name
    right, down = values["translation"].T
    assert abs(np.corrcoef(right, down)[0, 1]) < 0.05


def test_the_same_seed_repeats_and_another_differs():
    first = augment(MANY, POLICY, 7)
    np.testing.assert_array_equal(first, augment(MANY, POLICY, 7))
    assert (first != augment(MANY, POLICY, 8)).any(axis=(1, 2)).mean() > 0.9
    assert (augment(np.repeat(IMAGES[:1], 9, axis=0), POLICY, 7)[0] != first[1:9]).any(axis=(1, 2)).all()


@pytest.mark.parametrize("name", TRANSFORMS)
def test_a_transformation_draws_the_same_whatever_the_others_do(name, monkeypatch):
    expected = draw_values(POLICY, 5, 16)[name]
    np.testing.assert_array_equal(draw_values(POLICY.only(name), 5, 16)[name], expected)
    np.testing.assert_array_equal(draw_values(POLICY, 5, 6)[name], expected[:6])
    monkeypatch.setattr("fmnist.augmentation.policy.TRANSFORMS", dict(reversed(TRANSFORMS.items())))
    np.testing.assert_array_equal(draw_values(POLICY, 5, 16)[name], expected)


def test_no_two_transformations_share_a_stream():
    values = draw_values(AugmentationPolicy(True, 0.1, 0.1, 0.1, 0.1), 5, 1000)
    rows = [*values["translation"].T, values["rotation"], values["zoom"], values["contrast"], values["flip"]]
    assert np.abs(np.corrcoef(rows) - np.eye(6)).max() < 0.15


def test_many_images_are_changed_one_by_one():
    images = np.tile(MANY, (6, 1, 1))[:1003]  # more than are worked on at a time
    images.flags.writeable = False
    values = draw_values(POLICY, 2, len(images))
    together = apply_values(images, values)
    assert together.dtype == np.uint8 and together.shape == images.shape
    for index in (0, 1, 999, 1000, 1002):
        alone = apply_values(
            images[index : index + 1], {name: v[index : index + 1] for name, v in values.items()}
        )
        np.testing.assert_array_equal(alone[0], together[index])
    assert augment(images[:0], POLICY, 2).shape == (0, 28, 28)


def test_training_draws_as_the_preview_does_and_anew_each_epoch(tiny_dataset):
    from fmnist.training.epochs import build_epoch

    def collect(epoch):
        return build_epoch(RECIPES["augmented"].config, tiny_dataset.train, epoch)[0]

    random = np.random.default_rng([RECIPES["augmented"].config.seed, 3])  # the third epoch of the recipe
    shuffled = tiny_dataset.train.images[random.permutation(len(tiny_dataset.train.images))]
    expected = augment(shuffled, RECIPES["augmented"].config.augmentation, int(random.integers(2**30)))
    np.testing.assert_array_equal(collect(3), expected)
    assert (collect(4) != expected).any(axis=(1, 2)).mean() > 0.9


def test_a_policy_is_scaled_in_all_its_strengths_but_the_flip():
    policy = AugmentationPolicy(flip=True, translation=0.07, rotation=0.02, zoom=0.07, contrast=0.1)
    doubled = AugmentationPolicy(flip=True, translation=0.14, rotation=0.04, zoom=0.14, contrast=0.2)
    assert policy.scaled(2) == doubled
    assert policy.scaled(0) == AugmentationPolicy() and policy.scaled(1) == policy
    with pytest.raises(ValueError, match=r"translation must be from 0 to 0\.5"):
        policy.scaled(10)


@pytest.mark.parametrize("strengths", [POLICY, STRONG], ids=["trained", "strong"])
@pytest.mark.parametrize("name", TRANSFORMS)
def test_with_the_same_values_keras_gives_the_same_images(name, strengths):
    (layer,) = build_layers(strengths.only(name)).values()
    images = MANY.astype(np.float32)
    drawn, values = draw_with_keras(layer, name, images[..., np.newaxis])
    expected = layer.transform_images(images[..., np.newaxis], drawn).numpy()[..., 0]
    assert (expected != images).any(axis=(1, 2)).mean() > 0.4, "Keras has changed nothing"
    found = TRANSFORMS[name].apply(images, values)
    np.testing.assert_allclose(found, expected, atol=0.05)  # grey levels


@pytest.mark.parametrize("policy", [POLICY, STRONG], ids=["trained", "strong"])
def test_the_whole_policy_equals_the_code_shown_on_the_page(policy):
    names = {"images": MANY[..., np.newaxis].astype(np.float32)}
    exec(keras_code(policy), names)  # noqa: S102, it is what users will run
    assert names["augmented"].shape == (len(MANY), 28, 28, 1)
    images, values = names["images"], {}
    for name, layer in zip(TRANSFORMS, names["augmentation"].layers, strict=True):
        drawn, values[name] = draw_with_keras(layer, name, images)
        images = layer.transform_images(images, drawn)
    expected = np.clip(np.round(images[..., 0]), 0, 255)
    difference = np.abs(apply_values(MANY, values) - expected)
    assert difference.max() <= 1 and (difference > 0).mean() < 0.001


@pytest.mark.parametrize("strengths", [POLICY, STRONG], ids=["trained", "strong"])
@pytest.mark.parametrize("name", TRANSFORMS)
def test_values_are_distributed_as_in_keras(name, strengths):
    count = 5000
    (layer,) = build_layers(strengths.only(name)).values()
    _, expected = draw_with_keras(layer, name, np.zeros((count, 28, 28, 1), np.float32))
    found = draw_values(strengths, 4, count)[name]
    assert found.shape == expected.shape
    for ours, theirs in zip(np.atleast_2d(found.T), np.atleast_2d(expected.T), strict=True):
        assert ks_2samp(ours, theirs, method="asymp").pvalue > 0.001


def test_the_code_leaves_out_what_is_switched_off():
    assert "RandomZoom(height_factor=0.07, fill_mode='constant', fill_value=0.0)," in keras_code(POLICY)
    assert "Random" not in keras_code(OFF)


def test_what_is_only_on_or_off_has_no_slider():
    for name, transform in TRANSFORMS.items():
        assert (transform.slider is None) == isinstance(getattr(OFF, name), bool)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("flip", "half of the images are mirrored left to right."),
        ("translation", "shifted by up to 11.2 pixels in each direction."),
        ("rotation", "rotated by up to 180.0 degrees either way."),
        ("zoom", "up to 50% larger or smaller."),
        ("contrast", "up to 90% more or less contrast."),
    ],
)
def test_a_strength_in_words(name, said):
    assert describe_strength(STRONG, name) == said
    assert describe_strength(OFF, name) == "switched off."


def test_what_a_policy_does_is_listed_in_order_and_only_what_is_on():
    assert list_done(STRONG) == ["flipped", "shifted", "rotated", "zoomed", "changed in contrast"]
    assert list_done(STRONG.only("zoom")) == ["zoomed"] and list_done(OFF) == []


def test_every_slider_ends_where_the_transformation_still_works():
    for name, transform in TRANSFORMS.items():
        if transform.slider:
            policy = dataclasses.replace(OFF, **{name: transform.slider.largest * transform.slider.unit})
            assert augment(IMAGES, policy, 1).shape == IMAGES.shape and list_layers(policy)
