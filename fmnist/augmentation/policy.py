"""How strong each random transformation is: drawn, applied, as Keras layers, and in words."""

from dataclasses import asdict, dataclass, replace

import numpy as np

from fmnist.augmentation.transforms import TRANSFORMS

_CHUNK = 1000  # images per step, to save memory


@dataclass(frozen=True)
class AugmentationPolicy:
    """The strength of each random transformation in TRANSFORMS; zero or False switches one off.

    All are off by default, so that older runs, which lack a newer transformation, are read as without it.

    Attributes:
        flip: Whether to mirror half of the images left to right.
        translation: Largest shift, as a fraction of the side (0.07 is 2 of 28 pixels).
        rotation: Largest rotation either way, as a fraction of a full turn (0.02 is 7.2 degrees).
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

    def scaled(self, factor: float) -> "AugmentationPolicy":
        """Returns this policy `factor` times as strong; a factor above zero leaves the flip as it is.

        Raises:
            ValueError: If a strength would lie beyond the slider's range.
        """
        return replace(
            self,
            **{
                name: strength and factor > 0 if isinstance(strength, bool) else factor * strength
                for name, strength in asdict(self).items()
            },
        )

    def __post_init__(self) -> None:
        """Raises ValueError for a strength beyond the slider's range."""
        for name, transform in TRANSFORMS.items():
            largest = transform.slider.unit * transform.slider.largest if transform.slider else 1
            strength = getattr(self, name)
            if not 0 <= strength <= largest + 1e-9:
                raise ValueError(f"{name} must be from 0 to {largest:g}, received {strength:g}")


def augment(images: np.ndarray, policy: AugmentationPolicy, seed: int) -> np.ndarray:
    """Transforms images at random; the seed decides how.

    Args:
        images: uint8 `(n, 28, 28)`, 0-255; not changed.
        policy: The strength of each transformation.
        seed: Zero or more.

    Returns:
        uint8 `(n, 28, 28)`, in the same order.
    """
    return apply_values(images, draw_values(policy, seed, len(images)))


def draw_values(policy: AugmentationPolicy, seed: int, count: int) -> dict[str, np.ndarray]:
    """Draws the random values for `count` images, for each transformation that is switched on.

    Each transformation has its own random stream, which depends on the seed and its name only: switching
    another one off, or adding one, does not change its values.

    Returns:
        One array of `count` values for each transformation; see its `apply` for their meaning.
    """
    return {
        name: TRANSFORMS[name].draw(strength, count, np.random.default_rng([seed, *name.encode()]))
        for name, strength in _list_strengths(policy)
    }


def apply_values(images: np.ndarray, values: dict[str, np.ndarray]) -> np.ndarray:
    """Transforms images with given values, as `draw_values` returns them; nothing here is random.

    Fractions of grey levels are kept between transformations and rounded once, at the end.

    Args:
        images: uint8 `(n, 28, 28)`, 0-255; not changed.
        values: An array of n values for each transformation to apply.

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
    """Lists what `policy` does to an image, in order, each as a participle such as "flipped"."""
    return [TRANSFORMS[name].done for name, _ in _list_strengths(policy)]


def list_short(policy: AugmentationPolicy) -> list[str]:
    """Lists the transformations of `policy` in order, each with its strength in two words at most."""
    return [TRANSFORMS[name].short(strength) for name, strength in _list_strengths(policy)]


def describe_strength(policy: AugmentationPolicy, name: str) -> str:
    """Describes the strength of one transformation in a policy."""
    strength = getattr(policy, name)
    return f"{TRANSFORMS[name].describe(strength) if strength else 'switched off'}."


def keras_code(policy: AugmentationPolicy) -> str:
    """Returns Python code, for copying, that builds the layers of `policy` with Keras."""
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
