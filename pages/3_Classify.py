"""Classify: one picture, every model's answer, how far to believe it, and what the models see of it."""

import streamlit as st

from fmnist.ui import components
from fmnist.ui.photos import show_photo_figures
from fmnist.ui.pictures import pick_image, show_download
from fmnist.ui.preparation import choose_settings, show_original_and_result, show_strip

components.page_header(
    "Classify a picture",
    "Choose, photograph or draw one garment. The picture is made to look like those of the data set, "
    "28 x 28 pixels and bright on black, and each model says what it sees.",
)
published = components.require_runs(to_answer=True)
runs = components.choose_runs(published)
# It is of pictures, not of a model's answers: whoever is chosen to answer, it rings.
alarm = components.load_alarm(published)


@st.fragment
def classify() -> None:
    """Picks a picture and answers; a stroke on the board reruns only this."""
    choice, result = st.columns(2, gap="large")
    heading, switches, strip = (st.container() for _ in range(3))

    def choose():
        with switches:
            return choose_settings()

    with choice:
        picked = pick_image(choose)
        if picked is None:
            return
        show_original_and_result(picked.preparation)
    with result:
        components.show_answers(runs, picked, alarm)
    if len(picked.preparation.stages) > 1:
        heading.subheader("What was done to your picture")
        with strip:
            show_strip(runs, picked.preparation)


show_download()
classify()
show_photo_figures(runs)
st.caption(
    "The models know ten garments and nothing else: of a cat they will also say what garment it is. "
    "Your pictures stay on this server while the page is open, and are forgotten within two minutes after "
    "you close it."
)
