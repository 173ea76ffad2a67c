"""Classify: one picture, every model's answer, how much to trust it, and what the models see."""

import streamlit as st

from fmnist.preprocessing import Settings
from fmnist.ui.answers import load_alarm, show_answers, show_trust
from fmnist.ui.models import choose_models, require_models
from fmnist.ui.page import page_header
from fmnist.ui.photos import show_photo_figures
from fmnist.ui.picture import ask_why, show_why
from fmnist.ui.pictures import choose_source, pick_image, show_download
from fmnist.ui.preparation import choose_settings, show_original, show_strip
from fmnist.ui.second_opinion import choose_look, take_look
from fmnist.ui.share import show_share
from fmnist.ui.verdict import show_waiting

page_header("Classify a picture")
published = require_models(to_answer=True)
# The alarm looks at the image only, so it applies whichever model is selected.
alarm = load_alarm(published)


@st.fragment
def classify() -> None:
    """Lets the visitor pick a picture and shows the answers; a stroke on the board reruns only this."""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        source = choose_source()
        models = choose_models(published)
    choice, column = st.columns(2, gap="large")
    result = column.container(key="fm-answers-and-more")
    why, switches, strip = st.container(), st.container(), st.container()

    def choose(photo: bytes | None) -> Settings:
        with switches:
            st.header("What was done to your picture")
            return choose_settings(photo)

    with choice:
        picked = pick_image(source, choose)
    if picked is None:
        with result:
            show_waiting()
        return
    with switches:
        is_looking = picked.is_photo and choose_look()
    with choice:
        if source in ("Upload", "Camera"):
            show_original(picked.preparation)
    with result:
        look = take_look(published, picked) if is_looking else None
        answers, headline = show_answers(models, picked, alarm, look)
        show_trust(models, answers, picked, alarm, look)
        with st.container(horizontal=True):
            show_share(models, answers, picked, headline)
            is_asked = ask_why(picked.preparation.image, len(models) > 1)
    if is_asked:
        with why:
            st.header("Why?")
            show_why(models, answers, picked.preparation.image, "why")
    if picked.preparation.was_prepared:
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
