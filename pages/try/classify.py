"""Classify: one picture, every model's answer, how much to trust it, and what the models see."""

import streamlit as st

from fmnist.preprocessing import Settings
from fmnist.ui.answers import load_alarm, show_answers
from fmnist.ui.models import choose_models, require_models
from fmnist.ui.page import page_header
from fmnist.ui.photos import show_photo_figures
from fmnist.ui.pictures import pick_image, show_download
from fmnist.ui.preparation import choose_settings, show_original_and_result, show_strip

page_header(
    "Classify a picture",
    "Choose, photograph or draw one garment. It becomes a 28 x 28 image, and each model says what it sees.",
)
published = require_models(to_answer=True)
# The alarm looks at the image only, so it applies whichever model is selected.
alarm = load_alarm(published)


@st.fragment
def classify() -> None:
    """Lets the visitor pick a picture and shows the answers; a stroke on the board reruns only this."""
    choice, result = st.columns(2, gap="large")
    heading, switches, strip = (st.container() for _ in range(3))

    def choose() -> Settings:
        with switches:
            return choose_settings()

    with result:
        models = choose_models(published)
    with choice:
        picked = pick_image(choose)
        if picked is None:
            return
        show_original_and_result(picked.preparation)
    with result:
        show_answers(models, picked, alarm)
    if picked.preparation.was_prepared:
        heading.subheader("What was done to your picture")
        with strip:
            show_strip(models, picked.preparation)


show_download()
classify()
show_photo_figures(published)
st.caption(
    "The models only know ten garments. Show them a cat and they will still name one. "
    "Your pictures stay on this server while the page is open and are deleted within two minutes after "
    "you close it."
)
