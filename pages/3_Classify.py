"""Classify: one picture, every model's answer, and what the models really see of it."""

import streamlit as st

from fmnist.ui import components
from fmnist.ui.pictures import pick_image

components.page_header(
    "Classify a picture",
    "Choose, photograph or draw one garment. The picture is made to look like those of the data set, "
    "28 x 28 pixels and bright on black, and each model says what it sees.",
)
runs = components.choose_runs(components.require_runs(to_answer=True))


@st.fragment
def classify() -> None:
    """Picks a picture and answers; a stroke on the board reruns only this."""
    choice, result = st.columns(2, gap="large")
    with choice:
        picked = pick_image()
    if picked is None:
        return
    with result:
        components.show_answers(runs, picked)
    st.subheader("What the models see")
    stages = picked.preparation.stages
    first, last = stages[0], stages[-1]
    if first is last:
        st.markdown(f"All the models get are these 28 x 28 numbers from 0 to 255. {last.sentence}")
        components.show_stages([last], width=320, numbered=False)
        return
    st.markdown(f"All the models get is the picture on the right, 28 x 28 numbers. {last.sentence}")
    components.show_stages([first, last], width=320, numbered=False)
    st.markdown("**Step by step**, from your picture to theirs:")
    components.show_stages(stages, width=168)


classify()
st.caption(
    "The models know ten garments and nothing else: of a cat they will also say what garment it is. "
    "Pictures stay in this browser session and are forgotten with it."
)
