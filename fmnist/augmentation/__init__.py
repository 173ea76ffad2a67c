"""The random transformations of training images, in NumPy and OpenCV.

Random values are drawn first and applied second; applying them is deterministic, and with the same
values the Keras layers give the same images to within one grey level. No TensorFlow, so that a page can
draw.
"""

from fmnist.augmentation.policy import (
    AugmentationPolicy,
    apply_values,
    augment,
    describe_strength,
    draw_values,
    keras_code,
    list_done,
    list_layers,
    list_short,
)
from fmnist.augmentation.transforms import TRANSFORMS, Transform

__all__ = [
    "TRANSFORMS",
    "AugmentationPolicy",
    "Transform",
    "apply_values",
    "augment",
    "describe_strength",
    "draw_values",
    "keras_code",
    "list_done",
    "list_layers",
    "list_short",
]
