"""Home: what this is, the models side by side, and a first answer to "did augmentation help?"."""

import streamlit as st

from fmnist import narration
from fmnist.config import CLASS_NAMES
from fmnist.ui import charts
from fmnist.ui.frame import show_links
from fmnist.ui.models import require_models, show_model_tile
from fmnist.ui.page import page_header
from fmnist.ui.samples import show_sample_answers

page_header(
    "See how a classifier learns",
    "Small neural networks learned to recognise ten kinds of garment in the images of Fashion-MNIST. "
    "See how they learned and where they go wrong, and try them on a picture or a drawing of your own.",
)
models = require_models(to_answer=True)

st.header("The models")
for model, column in zip(models, st.columns(len(models)), strict=True):
    with column.container(border=True):
        show_model_tile(model)
st.caption("Training times depend on what else the machine was doing, so they cannot be compared.")

augmented = [model for model in models[1:] if model.manifest.config.augmentation]
if augmented:
    st.header("Did augmentation help?")
    for model in augmented:
        st.markdown(narration.describe_comparison(models[0], model))
    st.markdown(narration.describe_report([model.entry for model in models]))

st.header("The models' answers to ten drawings")
st.markdown(
    "This program drew these ten garments. They are not in the data set, so no model has seen them before."
)
show_sample_answers(models)

st.header("The network and the data")
layers, split = st.columns([3, 2], gap="large")
with layers:
    st.markdown(narration.describe_networks({model.name: model.manifest.layers for model in models}))
    charts.show_layers(models[0])
with split:
    st.markdown(
        "Each image shows one garment, bright on black, in 28 x 28 grey pixels. Every class has the same "
        "number of images. The models learned from the training images; the validation images decided "
        "when to stop; the test images decided nothing."
    )
    charts.show_split(models[0])
    st.caption(f"Classes: {', '.join(CLASS_NAMES)}.")

st.header("Where to go next")
show_links()
