"""Classify: one picture, every model's answer, and what the models really see of it."""

import streamlit as st

from fmnist.ui import components
from fmnist.ui.pictures import pick_image

components.page_header(
    "Classify a picture",
    "Choose, photograph or draw one garment. The picture is made to look like those of the data set, "
    "28 x 28 pixels and bright on black, and each model says what it sees.",
)
runs = components.choose_runs(components.require_runs())


@st.fragment
def classify() -> None:
    """Picks a picture and answers; a stroke on the board reruns only this."""
    choice, result = st.columns([2, 3], gap="large")
    with choice:
        picked = pick_image()
    if picked is None:
        return
    with result:
        components.show_answers(runs, picked)
    st.subheader("What the models see")
    st.markdown("From left to right, what was done to the picture; the last one is all they get.")
    components.show_stages(picked.preparation.stages)


classify()
st.caption(
    "The models know ten garments and nothing else: of a cat they will also say what garment it is. "
    "Pictures stay in this browser session and are forgotten with it."
)
