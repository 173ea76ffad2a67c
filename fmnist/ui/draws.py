"""Random versions of an image, and the models' answers to them."""

import numpy as np
import streamlit as st

from fmnist.answers import Answers
from fmnist.artifacts import Model
from fmnist.augmentation import AugmentationPolicy, augment
from fmnist.ui import cache
from fmnist.ui.answers import answer
from fmnist.ui.tiles import mark_answers, show_tiles


# Changing one strength leaves the versions of the other transformations as they are. The image may be made
# from a visitor's own picture, so the cache belongs to the session.
@st.cache_resource(max_entries=24, scope="session", show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_draws(
    models: list[Model],
    image: np.ndarray,
    policy: AugmentationPolicy,
    seed: int,
    count: int,
    expected: dict[str, int],
    known: bool,
) -> Answers:
    """Shows random versions of an image with every model's answer, marking those that changed.

    Args:
        models: Those that `require_models` found able to answer.
        image: uint8 `(28, 28)`.
        policy: How strongly each transformation may change it.
        seed: The same seed draws the same versions.
        count: How many versions.
        expected: For each model name the class index that counts.
        known: Whether that is the true class; see `mark_answers`.

    Returns:
        Every model's answers to the versions.
    """
    images = augment(np.repeat(image[np.newaxis], count, axis=0), policy, seed)
    answers = answer(models, images)
    unchanged = {name: np.full(count, index) for name, index in expected.items()}
    show_tiles(images, mark_answers(answers, unchanged, known), width=150)
    return answers
