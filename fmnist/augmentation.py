"""The random transformations of the augmented model: ONE pipeline for training and preview.

TensorFlow and Keras are imported only when a pipeline is built, so that pages can read a policy
without them.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

TRANSFORMS = ("flip", "translation", "rotation", "zoom", "contrast")
"""The five transformations, in the order in which they are applied."""

# Keras fills what a shift or turn uncovers with a mirror image by default; the data set's ground
# is black, and a mirrored sleeve at the border is no garment.
_BLACK_FILL = {"fill_mode": "constant", "fill_value": 0.0}


@dataclass(frozen=True)
class AugmentationPolicy:
    """How strong each random transformation is; zero or False switches one off.

    Attributes:
        flip: Whether to mirror left and right, for half of the images.
        translation: Largest shift, as a fraction of the side (0.07 is 2 of 28 pixels).
        rotation: Largest turn either way, as a fraction of a full turn (0.02 is 7.2 degrees).
        zoom: Largest change of size either way, as a fraction.
        contrast: Largest change of contrast either way, as a fraction.
    """

    flip: bool = True
    translation: float = 0.07
    rotation: float = 0.02
    zoom: float = 0.07
    contrast: float = 0.1

    def only(self, transform: str) -> "AugmentationPolicy":
        """Returns this policy with every transformation but `transform` switched off."""
        off = {field.name: False if field.name == "flip" else 0.0 for field in fields(self)}
        return replace(AugmentationPolicy(**off), **{transform: getattr(self, transform)})


def layer_specs(policy: AugmentationPolicy) -> list[tuple[str, str, dict]]:
    """Describes the Keras layers of `policy`, in order, without importing Keras.

    Returns:
        A list of (transform, Keras class name, keyword arguments), one for each transformation
        that is switched on. Every argument whose default would be wrong here is spelled out.
    """
    specs = {
        "flip": ("RandomFlip", {"mode": "horizontal"}),
        "translation": (
            "RandomTranslation",
            {
                "height_factor": policy.translation,
                "width_factor": policy.translation,
                # Whole pixels: every resampling blurs, and the pictures to answer are sharp.
                "interpolation": "nearest",
                **_BLACK_FILL,
            },
        ),
        "rotation": ("RandomRotation", {"factor": policy.rotation, **_BLACK_FILL}),
        "zoom": ("RandomZoom", {"height_factor": policy.zoom, **_BLACK_FILL}),
        "contrast": (
            "RandomContrast",
            # A single number would mean "never less contrast": Keras 3.15 makes (0, number) of it.
            {"factor": (policy.contrast, policy.contrast), "value_range": (0, 255)},
        ),
    }
    return [(name, *specs[name]) for name in TRANSFORMS if getattr(policy, name)]


def keras_code(policy: AugmentationPolicy, seed: int) -> str:
    """Returns Python code that builds the layers of `policy` with Keras, for copying."""
    lines = [
        "import keras",
        "",
        "augmentation = keras.Sequential([",
        "    keras.Input((28, 28, 1)),",
    ]
    for transform, class_name, arguments in layer_specs(policy):
        listed = "".join(f"{key}={value!r}, " for key, value in arguments.items())
        layer_seed = seed + TRANSFORMS.index(transform)
        lines.append(f"    keras.layers.{class_name}({listed}seed={layer_seed}),")
    return "\n".join([*lines, "])", "", "augmented = augmentation(images, training=True)"])


def build_augmentation(policy: AugmentationPolicy, seed: int) -> Callable:
    """Builds the random pipeline of `policy`.

    The same seed gives the same sequence of draws, call after call; in a `tf.data` map only if the
    map is sequential. Each transformation has a seed of its own, so that switching one off leaves
    the draws of the others as they were.

    Returns:
        A function from uint8 images `(n, 28, 28)`, 0-255, to a uint8 tensor of the same shape.
        It works on arrays and inside a `tf.data` map.
    """
    import keras
    import tensorflow as tf

    layers = [
        getattr(keras.layers, class_name)(**arguments, seed=seed + TRANSFORMS.index(transform))
        for transform, class_name, arguments in layer_specs(policy)
    ]

    def augment(images):
        values = tf.cast(images, tf.float32)[..., tf.newaxis]
        for layer in layers:
            values = layer(values, training=True)
        # The layers return fractions, which a cast alone would cut off instead of rounding.
        return tf.cast(tf.clip_by_value(tf.round(values[..., 0]), 0, 255), tf.uint8)

    return augment
