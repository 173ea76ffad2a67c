"""The random transformations: ONE table for training, preview, Keras code, switches and words.

Random values are drawn first and applied second; applying them is deterministic, and with the same
values the Keras layers give the same images to within one grey level. NumPy and OpenCV only, so that a
page can draw without TensorFlow.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import cv2
import numpy as np

from fmnist.config import IMAGE_SIZE

_CHUNK = 1000  # images worked on at a time, to save memory
# Keras fills what a shift or turn uncovers with a mirror image by default; the data set's ground
# is black, and a mirrored sleeve at the border is no garment.
_BLACK_FILL = {"fill_mode": "constant", "fill_value": 0.0}


@dataclass(frozen=True)
class Slider:
    """How a person sets a strength.

    Attributes:
        unit: What one on the slider is in the policy.
        largest: Where the slider ends; it begins at zero.
        step: The smallest change.
    """

    unit: float
    largest: float
    step: float


@dataclass(frozen=True)
class Transform:
    """One random transformation of images.

    Attributes:
        label: What stands at its slider or switch.
        slider: How its strength is set; None if it is only on or off.
        done: What it does to a picture in one participle, as in "it was flipped".
        describe: From a strength above zero to words on it, as in "shifted by up to 2 pixels".
        draw: From a strength, a number of images and a random generator to one value per image.
        apply: From float32 images `(n, 28, 28)`, 0-255, and their values to float32 images of the
            same shape, not rounded.
        layer: The Keras class that does the same.
        arguments: From a strength to the keyword arguments of that class; spells out every one whose
            default would be wrong here.
    """

    label: str
    slider: Slider | None
    done: str
    describe: Callable[[float], str]
    draw: Callable[[float, int, np.random.Generator], np.ndarray]
    apply: Callable[[np.ndarray, np.ndarray], np.ndarray]
    layer: str
    arguments: Callable[[float], dict]


def _flip(images: np.ndarray, mirrored: np.ndarray) -> np.ndarray:
    """Mirrors left and right where `mirrored`, bool `(n,)`, says so."""
    return np.where(mirrored[:, np.newaxis, np.newaxis], images[:, :, ::-1], images)


def _translate(images: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Shifts by `shifts`, fractions of the side `(n, 2)`, right and down, rounded to whole pixels."""
    # Whole pixels: every resampling blurs, and the pictures to answer are sharp.
    offsets = -shifts * images.shape[:0:-1]
    return _warp(images, np.broadcast_to(np.eye(2), (len(images), 2, 2)), offsets, cv2.INTER_NEAREST)


def _rotate(images: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """Turns counter-clockwise by `turns`, fractions of a full turn `(n,)`."""
    cosines, sines = np.cos(2 * np.pi * turns), np.sin(2 * np.pi * turns)
    return _warp_around_centre(images, np.array([[cosines, -sines], [sines, cosines]]).transpose(2, 0, 1))


def _zoom(images: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Divides the size by `factors` `(n,)`: above 1 a garment becomes smaller."""
    return _warp_around_centre(images, factors[:, np.newaxis, np.newaxis] * np.eye(2))


def _change_contrast(images: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """Multiplies the distance from each image's mean by `factors` `(n,)`, cut off at 0 and 255."""
    means = images.mean(axis=(1, 2), keepdims=True)
    factors = factors[:, np.newaxis, np.newaxis].astype(np.float32)
    return np.clip((images - means) * factors + means, 0, 255)


def _warp_around_centre(images: np.ndarray, matrices: np.ndarray) -> np.ndarray:
    centre = (np.array(images.shape[:0:-1]) - 1) / 2
    return _warp(images, matrices, centre - matrices @ centre, cv2.INTER_LINEAR)


def _warp(images: np.ndarray, matrices: np.ndarray, offsets: np.ndarray, interpolation: int) -> np.ndarray:
    """Looks up each pixel (x, y) of the result at `matrices @ (x, y) + offsets`; outside is black."""
    warped = np.empty(images.shape, np.float32)
    affine = np.concatenate([matrices, offsets[:, :, np.newaxis]], axis=2)
    for image, lookup, result in zip(images, affine, warped, strict=True):
        cv2.warpAffine(image, lookup, image.shape[::-1], result, interpolation | cv2.WARP_INVERSE_MAP)
    return warped


TRANSFORMS = {
    "flip": Transform(
        "Flip left and right",
        None,
        "flipped",
        lambda strength: "half of the pictures are mirrored left to right",
        lambda strength, count, random: random.random(count) < 0.5,
        _flip,
        "RandomFlip",
        lambda strength: {"mode": "horizontal"},
    ),
    "translation": Transform(
        "Shift, at most (% of the side)",
        Slider(unit=1 / 100, largest=50.0, step=1.0),
        "shifted",
        lambda strength: f"shifted by up to {strength * IMAGE_SIZE:.1f} pixels in each direction",
        lambda strength, count, random: random.uniform(-strength, strength, (count, 2)),
        _translate,
        "RandomTranslation",
        lambda strength: {
            "height_factor": strength,
            "width_factor": strength,
            "interpolation": "nearest",
            **_BLACK_FILL,
        },
    ),
    "rotation": Transform(
        "Rotation, at most (degrees)",
        Slider(unit=1 / 360, largest=180.0, step=1.8),
        "turned",
        lambda strength: f"turned by up to {360 * strength:.1f} degrees either way",
        lambda strength, count, random: random.uniform(-strength, strength, count),
        _rotate,
        "RandomRotation",
        lambda strength: {"factor": strength, **_BLACK_FILL},
    ),
    "zoom": Transform(
        "Zoom, at most (%)",
        Slider(unit=1 / 100, largest=50.0, step=1.0),
        "zoomed",
        lambda strength: f"up to {strength:.0%} larger or smaller",
        lambda strength, count, random: random.uniform(1 - strength, 1 + strength, count),
        _zoom,
        "RandomZoom",
        lambda strength: {"height_factor": strength, **_BLACK_FILL},
    ),
    "contrast": Transform(
        "Contrast, at most (%)",
        Slider(unit=1 / 100, largest=90.0, step=1.0),
        "changed in contrast",
        lambda strength: f"up to {strength:.0%} more or less contrast",
        lambda strength, count, random: random.uniform(1 - strength, 1 + strength, count),
        _change_contrast,
        "RandomContrast",
        # A single number would mean "never less contrast": Keras 3.15 makes (0, number) of it.
        lambda strength: {"factor": (strength, strength), "value_range": (0, 255)},
    ),
}
"""The transformations by their names in a policy, in the order in which they are applied."""


@dataclass(frozen=True)
class AugmentationPolicy:
    """How strong each random transformation in TRANSFORMS is; zero or False switches one off.

    All are off by default, so that an older run is not taken for one with a transformation it never knew.

    Attributes:
        flip: Whether to mirror left and right, for half of the images.
        translation: Largest shift, as a fraction of the side (0.07 is 2 of 28 pixels).
        rotation: Largest turn either way, as a fraction of a full turn (0.02 is 7.2 degrees).
        zoom: Largest change of size either way, as a fraction.
        contrast: Largest change of contrast either way, as a fraction.
    """

    flip: bool = False
    translation: float = 0.0
    rotation: float = 0.0
    zoom: float = 0.0
    contrast: float = 0.0

    def only(self, transform: str) -> "AugmentationPolicy":
        """Returns this policy with every transformation but `transform` switched off."""
        off = {name: type(strength)() for name, strength in asdict(self).items() if name != transform}
        return replace(self, **off)

    def __post_init__(self) -> None:
        """Raises ValueError for a strength that no slider can show."""
        for name, transform in TRANSFORMS.items():
            largest = transform.slider.unit * transform.slider.largest if transform.slider else 1
            strength = getattr(self, name)
            if not 0 <= strength <= largest + 1e-9:
                raise ValueError(f"{name} must be from 0 to {largest:g}, received {strength:g}")


def augment(images: np.ndarray, policy: AugmentationPolicy, seed: int) -> np.ndarray:
    """Transforms images at random; the seed decides how.

    Args:
        images: uint8 `(n, 28, 28)`, 0-255; stays as it is.
        policy: How strongly.
        seed: Zero or more.

    Returns:
        uint8 `(n, 28, 28)`, in the same order.
    """
    return apply_values(images, draw_values(policy, seed, len(images)))


def draw_values(policy: AugmentationPolicy, seed: int, count: int) -> dict[str, np.ndarray]:
    """Draws the random values of `count` images, for each transformation that is switched on.

    Each transformation has a random stream of its own, which the seed and its name decide: switching
    another off, or adding one, leaves its values as they were.

    Returns:
        One array of `count` values for each transformation; see its `apply` for their meaning.
    """
    return {
        name: TRANSFORMS[name].draw(strength, count, np.random.default_rng([seed, *name.encode()]))
        for name, strength in _list_strengths(policy)
    }


def apply_values(images: np.ndarray, values: dict[str, np.ndarray]) -> np.ndarray:
    """Transforms images by given values, as `draw_values` returns them; nothing here is random.

    Fractions of grey levels are kept from one transformation to the next and rounded once, at the end.

    Args:
        images: uint8 `(n, 28, 28)`, 0-255; stays as it is.
        values: For each transformation to apply an array of n values.

    Returns:
        uint8 `(n, 28, 28)`, in the same order.
    """
    result = np.empty_like(images)
    for start in range(0, len(images), _CHUNK):
        chunk = np.s_[start : start + _CHUNK]
        changed = images[chunk].astype(np.float32)
        for name, transform in TRANSFORMS.items():
            if name in values:
                changed = transform.apply(changed, values[name][chunk])
        result[chunk] = np.clip(np.round(changed), 0, 255)
    return result


def list_layers(policy: AugmentationPolicy) -> list[tuple[str, dict]]:
    """Describes the Keras layers of `policy`, in order, without importing Keras.

    Returns:
        A list of (Keras class name, keyword arguments), one for each transformation that is on.
    """
    return [
        (TRANSFORMS[name].layer, TRANSFORMS[name].arguments(strength))
        for name, strength in _list_strengths(policy)
    ]


def list_done(policy: AugmentationPolicy) -> list[str]:
    """Lists what `policy` does to a picture, in order, each as a participle such as "flipped"."""
    return [TRANSFORMS[name].done for name, _ in _list_strengths(policy)]


def describe_strength(policy: AugmentationPolicy, name: str) -> str:
    """Says in words how strong one transformation of a policy is."""
    strength = getattr(policy, name)
    return f"{TRANSFORMS[name].describe(strength) if strength else 'switched off'}."


def keras_code(policy: AugmentationPolicy) -> str:
    """Returns Python code that builds the layers of `policy` with Keras, for copying."""
    layers = [
        f"    keras.layers.{layer}({', '.join(f'{key}={value!r}' for key, value in arguments.items())}),"
        for layer, arguments in list_layers(policy)
    ]
    return "\n".join(
        [
            "import keras",
            "",
            "augmentation = keras.Sequential([",
            "    keras.Input((28, 28, 1)),",
            *layers,
            "])",
            "",
            "augmented = augmentation(images, training=True)",
        ]
    )


def _list_strengths(policy: AugmentationPolicy) -> list[tuple[str, float]]:
    return [(name, getattr(policy, name)) for name in TRANSFORMS if getattr(policy, name)]
