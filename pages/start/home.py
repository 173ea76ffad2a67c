"""Home: a board to draw on with every model's answer, three doors, and the figures in short."""

import streamlit as st

from fmnist import narration
from fmnist.config import CLASS_NAMES
from fmnist.ui import charts, experiments
from fmnist.ui.answers import load_alarm, show_answers
from fmnist.ui.frame import show_contents, show_doors
from fmnist.ui.models import require_models, show_model_tile
from fmnist.ui.page import page_header
from fmnist.ui.pictures import pick_drawing
from fmnist.ui.samples import show_sample_answers
from fmnist.ui.verdict import show_waiting
from fmnist.words import percent

TILES = 3  # models side by side

page_header(
    "See how a classifier learns",
    "Draw. Small neural networks, trained on images of ten garments, say what they see.",
)
models = require_models(to_answer=True)
alarm = load_alarm(models)


@st.fragment
def play() -> None:
    """Shows the board and the answers; a stroke reruns only this."""
    board, answers = st.columns([2, 4], gap="large")
    with board:
        picked = pick_drawing()
    with answers.container(key="fm-answers"):
        if picked is None:
            show_waiting()
        else:
            show_answers(models, picked, alarm)


play()
show_doors()
with st.container(horizontal=True):
    for model in models:
        st.metric(f"{model.name}, test accuracy", percent(model.manifest.test.accuracy, 2), width="content")
augmented = [model for model in models[1:] if model.manifest.config.augmentation]
if augmented:
    found = experiments.find_out(experiments.load_tables(quiet=True), models)
    verdict = (
        narration.describe_gain_briefly(found)
        if found
        else narration.describe_verdict(models[0], augmented[0])
    )
    st.markdown(f"**Did augmentation help?** {verdict}")
    with st.expander("The evidence"):
        if found:
            st.markdown(narration.describe_gain(found))
            st.markdown(narration.describe_choice_of_epoch(found))
            st.markdown(narration.describe_report_explained(found))
        for model in augmented:
            st.markdown(narration.describe_comparison(models[0], model))
        st.markdown(narration.describe_report([model.entry for model in models]))

with st.expander("The models"):
    for first in range(0, len(models), TILES):
        for model, column in zip(models[first:], st.columns(min(TILES, len(models))), strict=False):
            with column.container(border=True):
                show_model_tile(model)
    st.caption("Training times depend on what else the machine was doing, so they cannot be compared.")
with st.expander("Their answers to ten drawings"):
    st.markdown("This program drew these ten garments. No model has seen them before.")
    show_sample_answers(models)
with st.expander("The network"):
    st.markdown(narration.describe_networks({model.name: model.manifest.layers for model in models}))
    charts.show_layers(models[0])
with st.expander("The data"):
    st.markdown(
        "Each image shows one garment, bright on black, in 28 x 28 grey pixels. Every class has the same "
        "number of images. The models learned from the training images; the validation images decided "
        "when to stop; the test images decided nothing."
    )
    charts.show_split(models[0])
    st.caption(f"Classes: {', '.join(CLASS_NAMES)}.")
show_contents()
