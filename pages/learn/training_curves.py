"""Training curves: how loss and accuracy moved, epoch by epoch, and where each model was kept."""

import streamlit as st

from fmnist import narration
from fmnist.errors import ArtifactError
from fmnist.ui import cache, charts
from fmnist.ui.messages import show_error
from fmnist.ui.models import require_models
from fmnist.ui.page import page_header

page_header(
    "Training curves",
    "An epoch is one pass over all training images. After each one, the model was checked on validation "
    "images it had not learned from. While both lines improve, the model is learning; when only the dashed "
    "(training) line does, it is memorising. A star marks the epoch with the lowest validation loss, whose "
    "weights were kept.",
)
models = []
for model in require_models():
    try:
        cache.load_history(model)
        models.append(model)
    except ArtifactError as error:
        show_error(error)
if not models:
    st.stop()

with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
    log_scale = st.toggle("Logarithmic scale for the loss", key="log", bind="query-params")
    smoothing = st.slider(
        "Smoothing (0 shows the raw curves)", 0.0, 0.95, 0.0, 0.05, key="smoothing",
        bind="query-params", width=300,
        help="A moving average; the raw curve stays faintly visible. Smoothing hides extremes.",
    )  # fmt: skip

for metric, column in zip(("loss", "accuracy"), st.columns(2, gap="medium"), strict=True):
    with column:
        st.subheader(metric.capitalize())
        charts.show_history(models, metric, log_scale and metric == "loss", smoothing)

mirrored = {
    model.name: model.manifest.validation.accuracy
    for model in models
    if model.manifest.config.serving == "mirror_mean"
}
if mirrored:
    st.caption(narration.describe_second_look(mirrored))

st.subheader("Overfitting")
charts.show_gap(models)
st.caption(
    "Above zero, a model does better on its training images than on new ones. With augmentation or dropout "
    "the curve can dip below zero, because training is then deliberately harder."
)

st.subheader("The numbers")
csv = charts.show_epochs(models)
st.download_button(
    "Download as CSV", csv, "training_history.csv", "text/csv", on_click="ignore", icon=":material/download:"
)
