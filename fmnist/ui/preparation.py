"""From a picture to what the models see: each step, its effect on the answers, and the switches."""

from typing import Any

import numpy as np
import streamlit as st

from fmnist import narration
from fmnist.artifacts import Model
from fmnist.pictures.tiles import letterbox
from fmnist.preprocessing import AUTOMATIC, GROUNDS, Preparation, Settings
from fmnist.ui.answers import answer

_FILLS = {"auto": None, "fill": True, "leave": False}
_TURNS = ("0°", "90°", "180°", "270°")
_LARGE = 280  # pixels wide, as the drawing board
_AUTOMATIC: dict[str, Any] = {
    "background": True,
    "crop": True,
    "turn": _TURNS[0],
    "ground": "auto",
    "fill": "auto",
}


def choose_settings() -> Settings:
    """Shows a switch for each decision in the preparation; they start at the automatic choice."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        background = st.toggle(
            "Remove the background",
            _AUTOMATIC["background"],
            key="background",
            help="Off: everything in the picture counts as garment.",
        )
        crop = st.toggle("Crop to the garment", _AUTOMATIC["crop"], key="crop")
        turn = st.segmented_control(
            "Turn clockwise", _TURNS, default=_AUTOMATIC["turn"], required=True, key="turn"
        )
        ground = st.segmented_control(
            "The garment lies on", GROUNDS, default=_AUTOMATIC["ground"], required=True, key="ground",
            help="On a light ground, light and dark are swapped; on a dark one they are not.",
        )  # fmt: skip
        fill = st.segmented_control(
            "Outlines", list(_FILLS), default=_AUTOMATIC["fill"], required=True, key="fill",
            help="Garments are filled shapes. With auto, what looks like an outline is filled, except the "
            "loop of a handle.",
        )  # fmt: skip
        settings = Settings(ground, background, crop, _TURNS.index(turn), _FILLS[fill])
        if settings != AUTOMATIC:
            st.button("Back to automatic", key="automatic", on_click=_reset, type="tertiary")
    return settings


def _reset() -> None:
    # Assigned, not removed: the browser would keep the old position of a switch the server forgot.
    st.session_state.update(_AUTOMATIC)


def show_original(preparation: Preparation) -> None:
    """Shows the picture as it came, if it is not the image that the models get already."""
    if preparation.was_prepared:
        st.image(letterbox(preparation.original, _LARGE), width=_LARGE, alt=narration.ORIGINAL)


def show_strip(models: list[Model], preparation: Preparation) -> None:
    """Shows each stage, what it did, and what every model would answer if the preparation ended there."""
    stages = preparation.stages
    names = [narration.name_stage(stage.facts) for stage in stages]
    st.markdown("**Step by step**, and what each model would say if the preparation ended there:")
    answers = answer(models, np.stack([stage.small for stage in stages]))
    with st.container(horizontal=True, gap="medium"):
        for number, (name, stage) in enumerate(zip(names, stages, strict=True)):
            done = narration.describe_stage(stage.facts)
            with st.container(width=160, gap="small"):
                st.markdown(f"**{number + 1}. {name}**")
                st.image(letterbox(stage.image, 160), width=160, alt=f"{name}: {done}")
                st.markdown(narration.list_tops(answers.row(number)))
                st.caption(done)
    st.markdown(narration.describe_stages(names, answers))
