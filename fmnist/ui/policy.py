"""The switches for the augmentation policy, one for each transformation in the table, and the seed box."""

import secrets
from typing import Any

import streamlit as st

from fmnist.artifacts import Model
from fmnist.augmentation import TRANSFORMS, AugmentationPolicy, Transform

MAX_SEED = 999_999


def trained_policies(models: list[Model]) -> dict[str, AugmentationPolicy]:
    """Returns the policy of each model that was trained with one, by the model's name."""
    policies = {model.name: model.manifest.config.augmentation for model in models}
    return {name: policy for name, policy in policies.items() if policy}


def choose_policy(
    trained: AugmentationPolicy | None,
    same: str = "As in training",
    back: str = "Back to the training settings",
) -> AugmentationPolicy:
    """Shows a switch for each transformation; they start at the trained policy, or off without one.

    Args:
        trained: The policy to start at.
        same: What to say as long as nothing is changed.
        back: The label of the button that undoes all changes.
    """
    start = find_positions(trained)
    sliders = {name: transform for name, transform in TRANSFORMS.items() if transform.slider}
    halves = st.columns(2)
    chosen: dict[str, Any] = {}
    for number, (name, transform) in enumerate(sliders.items()):
        with halves[2 * number // len(sliders)]:
            chosen[name] = _choose_strength(name, transform, start[name])
    with st.container(horizontal=True, vertical_alignment="center"):
        for name in start:
            if name not in sliders:
                chosen[name] = _choose_strength(name, TRANSFORMS[name], start[name])
        policy = AugmentationPolicy(**chosen)
        if trained is not None:
            _show_difference(policy == trained, start, same, back)
    return policy


def find_positions(policy: AugmentationPolicy | None) -> dict[str, Any]:
    """Finds the positions of all switches, by their keys, that stand for a policy, or for none."""
    return {
        name: _from_strength(transform, getattr(policy, name, 0)) for name, transform in TRANSFORMS.items()
    }


def _choose_strength(name: str, transform: Transform, start: float) -> float:
    if transform.slider is None:
        return st.toggle(transform.label, bool(start), key=name, bind="query-params")
    chosen = st.slider(
        transform.label, 0.0, transform.slider.largest, start, transform.slider.step,
        format="%g", key=name, bind="query-params",
    )  # fmt: skip
    return round(chosen * transform.slider.unit, 4)


def _from_strength(transform: Transform, strength: float) -> float:
    """Returns the position of a transformation's switch for a strength in the policy."""
    return round(strength / transform.slider.unit, 1) if transform.slider else bool(strength)


def _show_difference(is_same: bool, start: dict[str, Any], same: str, back: str) -> None:
    """Says whether the policy is the one to start at; if not, offers to go back to it."""
    if is_same:
        st.badge(same, icon=":material/check:", color="green")
    else:
        st.badge("Changed", color="orange")
    # Always there, so that nothing moves. Assigned, not removed: the browser would keep the old position of a
    # slider that the server forgot.
    st.button(back, on_click=st.session_state.update, args=(start,), type="tertiary", disabled=is_same)


def choose_seed() -> int:
    """Shows a seed box and a button for a new seed; the same seed shows the same versions again."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = st.number_input("Seed", 0, MAX_SEED, 1, key="seed", bind="query-params", width=160)
        st.button("New seed", icon=":material/casino:", on_click=_new_seed)
    return seed


def _new_seed() -> None:
    # From the system: Python's own generator may have been seeded by a library.
    st.session_state["seed"] = secrets.randbelow(MAX_SEED + 1)
