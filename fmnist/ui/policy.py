"""The sliders of the augmentation policy and the seed box."""

import secrets

import streamlit as st

from fmnist.artifacts import Run
from fmnist.config import AugmentationPolicy

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
    start = {"flip": trained.flip}
    start |= {name: round(getattr(trained, name) / unit, 1) for name, (_, unit, *_) in _SLIDERS.items()}
    chosen = {"flip": st.toggle("Flip left and right", start["flip"], key="flip", bind="query-params")}
    for transform, (label, unit, largest, step) in _SLIDERS.items():
        value = st.slider(
            label, 0.0, largest, start[transform], step, format="%g", key=transform, bind="query-params"
        )
        chosen[transform] = round(value * unit, 4)
    policy = AugmentationPolicy(**chosen)
    with st.container(horizontal=True, vertical_alignment="center"):
        if policy == trained:
            st.badge("Same as in training", icon=":material/check:", color="green")
        else:
            st.badge("Changed: not what the model was trained with", color="orange")
            # Assigned, not dropped: the browser would keep a slider that the server has forgotten as it was.
            st.button(
                "Back to the trained policy", on_click=st.session_state.update, args=(start,), type="tertiary"
            )
    return policy


def choose_seed() -> int:
    """Shows a seed box and a button for a new one; the same seed shows the same pictures again."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = st.number_input("Seed", 0, MAX_SEED, 1, key="seed", bind="query-params", width=160)
        st.button("New seed", icon=":material/casino:", on_click=_new_seed)
    return seed


def _new_seed():
    # From the system: Python's own generator may have been seeded by a library.
    st.session_state["seed"] = secrets.randbelow(MAX_SEED + 1)
