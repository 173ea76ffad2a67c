"""The random transformations: ONE table for training, preview, Keras code, switches and words."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from fmnist.config import IMAGE_SIZE

# By default Keras fills what a shift or rotation uncovers with a mirror image, but the data set's ground is
# black, and a mirrored sleeve at the border is not a garment.
_BLACK_FILL = {"fill_mode": "constant", "fill_value": 0.0}


@dataclass(frozen=True)
class Slider:
    """How a person sets a strength.

    Attributes:
        unit: The strength in the policy that 1 on the slider stands for.
        largest: The end of the slider, which begins at zero.
        step: The smallest change.
    """

    unit: float
    largest: float
    step: float


@dataclass(frozen=True)
class Transform:
    """One random transformation of images.

    Attributes:
        label: The label of its slider or switch.
        slider: How its strength is set; None if it is only on or off.
        done: What it does to an image, as a participle, as in "it was flipped".
        describe: Turns a strength above zero into words, as in "shifted by up to 2 pixels".
        short: Does so in two words at most, for tables.
        draw: Draws one value per image, from a strength, a number of images and a random generator.
        apply: Turns float32 images `(n, 28, 28)`, 0-255, and their values into float32 images of the same
            shape, not rounded.
        layer: The Keras class that does the same.
        arguments: Turns a strength into the keyword arguments of that class; spells out every one whose
            default would be wrong here.
    """

    label: str
    slider: Slider | None
    done: str
    describe: Callable[[float], str]
    short: Callable[[float], str]
    draw: Callable[[float, int, "np.random.Generator"], np.ndarray]  # quoted: `predict` loads no np.random
    apply: Callable[[np.ndarray, np.ndarray], np.ndarray]
    layer: str
    arguments: Callable[[float], dict]


def _flip(images: np.ndarray, mirrored: np.ndarray) -> np.ndarray:
    """Mirrors left and right where `mirrored`, bool `(n,)`, says so."""
    return np.where(mirrored[:, np.newaxis, np.newaxis], images[:, :, ::-1], images)


def _translate(images: np.ndarray, shifts: np.ndarray) -> np.ndarray:
    """Shifts by `shifts`, fractions of the side `(n, 2)`, right and down, rounded to whole pixels."""
    # Whole pixels, because resampling blurs, while the images to classify are sharp.
    offsets = -shifts * images.shape[:0:-1]
    return _warp(images, np.broadcast_to(np.eye(2), (len(images), 2, 2)), offsets, cv2.INTER_NEAREST)


def _rotate(images: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """Rotates counter-clockwise by `turns`, fractions of a full turn `(n,)`."""
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
        lambda strength: "half of the images are mirrored left to right",
        lambda strength: "flip",
        lambda strength, count, random: random.random(count) < 0.5,
        _flip,
        "RandomFlip",
        lambda strength: {"mode": "horizontal"},
    ),
    "translation": Transform(
        "Shift up to (% of the side)",
        Slider(unit=1 / 100, largest=50.0, step=1.0),
        "shifted",
        lambda strength: f"shifted by up to {strength * IMAGE_SIZE:.1f} pixels in each direction",
        lambda strength: f"shift {100 * strength:.3g}%",
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
        "Rotation up to (degrees)",
        Slider(unit=1 / 360, largest=180.0, step=1.8),
        "rotated",
        lambda strength: f"rotated by up to {360 * strength:.1f} degrees either way",
        lambda strength: f"rotation {360 * strength:.3g}°",
        lambda strength, count, random: random.uniform(-strength, strength, count),
        _rotate,
        "RandomRotation",
        lambda strength: {"factor": strength, **_BLACK_FILL},
    ),
    "zoom": Transform(
        "Zoom up to (%)",
        Slider(unit=1 / 100, largest=50.0, step=1.0),
        "zoomed",
        lambda strength: f"up to {strength:.0%} larger or smaller",
        lambda strength: f"zoom {100 * strength:.3g}%",
        lambda strength, count, random: random.uniform(1 - strength, 1 + strength, count),
        _zoom,
        "RandomZoom",
        lambda strength: {"height_factor": strength, **_BLACK_FILL},
    ),
    "contrast": Transform(
        "Contrast change up to (%)",
        Slider(unit=1 / 100, largest=90.0, step=1.0),
        "changed in contrast",
        lambda strength: f"up to {strength:.0%} more or less contrast",
        lambda strength: f"contrast {100 * strength:.3g}%",
        lambda strength, count, random: random.uniform(1 - strength, 1 + strength, count),
        _change_contrast,
        "RandomContrast",
        # A single number would never lower the contrast: Keras 3.15 turns it into (0, number).
        lambda strength: {"factor": (strength, strength), "value_range": (0, 255)},
    ),
}
"""The transformations by their names in a policy, in the order in which they are applied."""
