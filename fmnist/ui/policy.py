"""The sliders of the augmentation policy and the seed box."""

import secrets

import streamlit as st

from fmnist.artifacts import Run
from fmnist.augmentation import AugmentationPolicy

MAX_SEED = 999_999
_SLIDERS = {  # transform: label, unit of the slider in the policy's fractions, largest value, step
    "translation": ("Shift, at most (% of the side)", 1 / 100, 50.0, 1.0),
    "rotation": ("Rotation, at most (degrees)", 1 / 360, 180.0, 1.8),
    "zoom": ("Zoom, at most (%)", 1 / 100, 50.0, 1.0),
    "contrast": ("Contrast, at most (%)", 1 / 100, 90.0, 1.0),
}


def trained_policy(runs: list[Run]) -> AugmentationPolicy:
    """Returns the policy the first augmented model was trained with, else the default one."""
    policies = [run.manifest["config"].get("augmentation") for run in runs]
    trained = [AugmentationPolicy(**policy) for policy in policies if policy]
    return trained[0] if trained else AugmentationPolicy()


def choose_policy(trained: AugmentationPolicy) -> AugmentationPolicy:
    """Shows a slider for each transformation, starting at the trained policy."""
    flip = st.toggle("Flip left and right", trained.flip, key="flip", bind="query-params")
    chosen = {"flip": flip}
    for transform, (label, unit, largest, step) in _SLIDERS.items():
        value = st.slider(
            label, 0.0, largest, round(getattr(trained, transform) / unit, 1), step,
            format="%g", key=transform, bind="query-params",
        )  # fmt: skip
        chosen[transform] = round(value * unit, 4)
    policy = AugmentationPolicy(**chosen)
    with st.container(horizontal=True, vertical_alignment="center"):
        if policy == trained:
            st.badge("Same as in training", icon=":material/check:", color="green")
        else:
            st.badge("Changed: not what the model was trained with", color="orange")
            st.button("Back to the trained policy", on_click=_reset, type="tertiary")
    return policy


def _reset():
    for key in ("flip", *_SLIDERS):
        st.session_state.pop(key, None)


def choose_seed() -> int:
    """Shows a seed box and a button for a new one; the same seed shows the same pictures again."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = st.number_input("Seed", 0, MAX_SEED, 1, key="seed", bind="query-params", width=160)
        st.button("New seed", icon=":material/casino:", on_click=_new_seed)
    return seed


def _new_seed():
    # From the system: Python's own generator may have been seeded by a library.
    st.session_state["seed"] = secrets.randbelow(MAX_SEED + 1)
