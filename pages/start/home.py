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
    "Small neural networks learned to tell ten kinds of garment apart from the 70,000 pictures of "
    "Fashion-MNIST. Here you can watch how they learned, see where they err, and try them on a "
    "picture or a drawing of your own.",
)
models = require_models(to_answer=True)

st.header("The models")
for model, column in zip(models, st.columns(len(models)), strict=True):
    with column.container(border=True):
        show_model_tile(model)

augmented = [model for model in models[1:] if model.manifest.config.augmentation]
if augmented:
    st.header("Did augmentation help?")
    for model in augmented:
        st.markdown(narration.describe_comparison(models[0], model))
    st.markdown(narration.describe_report([model.entry for model in models]))

st.header("What they say of ten drawn garments")
st.markdown(
    "These pictures were drawn by this program, not taken from the data set, so none of the models "
    "has seen them."
)
show_sample_answers(models)

st.header("The network and the data")
layers, split = st.columns([3, 2], gap="large")
with layers:
    st.markdown(narration.describe_networks({model.name: model.manifest.layers for model in models}))
    charts.show_layers(models[0])
with split:
    st.markdown(
        "Each picture is grey, 28 x 28 pixels, one garment bright on black, and every class has "
        "equally many. The models learned from the training pictures; the validation pictures "
        "decided when to stop; the test pictures decided nothing."
    )
    charts.show_split(models[0])
    st.caption(f"Classes: {', '.join(CLASS_NAMES)}.")

st.header("Where to go next")
show_links()
