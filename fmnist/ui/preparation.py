"""From a picture to what the models see: each step, its effect on the answers, and the switches."""

from typing import Any

import numpy as np
import streamlit as st

from fmnist import narration
from fmnist.artifacts import Model
from fmnist.pictures.tiles import letterbox
from fmnist.preprocessing import AUTOMATIC, GROUNDS, Masked, Preparation, Settings
from fmnist.ui.answers import answer
from fmnist.ui.box import find_box, forget_box, show_box

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


def choose_settings(photo: bytes | None = None) -> Settings:
    """Shows a switch for each decision in the preparation; they start at the automatic choice.

    Args:
        photo: The file, if it is one on which `show_original` lets the visitor draw a box.
    """
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
        turns = _TURNS.index(turn)
        box = None if photo is None else find_box(photo, turns)
        settings = Settings(ground, background, crop, turns, _FILLS[fill], box)
        if settings != AUTOMATIC:
            st.button("Back to automatic", key="automatic", on_click=_reset, type="tertiary")
    return settings


def _reset() -> None:
    # Assigned, not removed: the browser would keep the old position of a switch the server forgot.
    st.session_state.update(_AUTOMATIC)
    forget_box()


def show_original(preparation: Preparation) -> None:
    """Shows an uploaded picture or a photo as it came; where a mask was made, a box can be drawn on it."""
    if preparation.find(Masked):
        show_box(preparation.original)
    elif preparation.was_prepared:
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
    if preparation.others:
        with st.popover("Cut out in other ways", icon=":material/content_cut:"):
            _show_others(models, preparation)


def _show_others(models: list[Model], preparation: Preparation) -> None:
    """Shows what models see of a photo, cut out in each way, and what they say to each."""
    st.markdown(narration.describe_others(len(preparation.images)))
    answers = answer(models, preparation.images)
    said = [preparation.find(Masked), *(other.facts for other in preparation.others)]
    with st.container(horizontal=True, gap="medium"):
        for number, facts in enumerate(said):
            done = narration.describe_stage(facts) if facts else ""
            with st.container(width=160, gap="small"):
                st.image(letterbox(preparation.images[number], 160), width=160, alt=done)
                st.markdown(narration.list_tops(answers.row(number)))
                st.caption(done)
