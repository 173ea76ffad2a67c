"""Random versions of an image, and the models' answers to them."""

import numpy as np
import streamlit as st

from fmnist.answers import Answers
from fmnist.artifacts import Model
from fmnist.augmentation import AugmentationPolicy, augment
from fmnist.ui import cache
from fmnist.ui.answers import answer


# Changing one strength leaves the versions of the other transformations as they are. The image may be made
# from a visitor's own picture, so the cache belongs to the session.
@st.cache_resource(max_entries=24, scope="session", show_spinner=False, hash_funcs=cache.BY_MODEL)
def answer_draws(
    models: list[Model], image: np.ndarray, policy: AugmentationPolicy, seed: int, count: int
) -> tuple[np.ndarray, Answers]:
    """Draws random versions of an image and asks every model about them.

    Args:
        models: Those that `require_models` found able to answer.
        image: uint8 `(28, 28)`.
        policy: How strongly each transformation may change it.
        seed: The same seed draws the same versions.
        count: How many versions.

    Returns:
        The versions, uint8 `(count, 28, 28)`, and the answers to them.
    """
    images = augment(np.repeat(image[np.newaxis], count, axis=0), policy, seed)
    return images, answer(models, images)
