"""Training curves: how loss and accuracy moved, epoch by epoch, and where each model was kept."""

import pandas as pd
import streamlit as st

from fmnist import figures, narration
from fmnist.errors import ArtifactError
from fmnist.ui import components
from fmnist.ui.messages import show_error

components.page_header(
    "Training curves",
    "An epoch is one pass over all training pictures. After each, the model was tried on validation "
    "pictures it had not learned from. While both lines improve it learns; where only the dashed "
    "training line does, it memorises. A star marks the epoch whose weights were kept: the one with the "
    "lowest validation loss.",
)
runs = components.require_runs()
histories = {}
for run in runs:
    try:
        histories[run.entry.name] = run.load_history()
    except ArtifactError as error:
        show_error(error)
if not histories:
    st.stop()
runs = [run for run in runs if run.entry.name in histories]
colours = {run.entry.name: run.entry.colour for run in runs}
kept = {run.entry.name: run.manifest["kept_epoch"] for run in runs}

with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
    log_scale = st.toggle("Logarithmic scale for the loss", key="log", bind="query-params")
    smoothing = st.slider(
        "Smoothing (0 shows the raw curves)", 0.0, 0.95, 0.0, 0.05, key="smoothing",
        bind="query-params", width=300,
        help="A moving average; the raw curve stays visible, faint. Smoothing hides extremes.",
    )  # fmt: skip

for metric, column in zip(("loss", "accuracy"), st.columns(2, gap="medium"), strict=True):
    with column:
        st.subheader(metric.capitalize())
        st.markdown(narration.describe_best(metric, histories))
        st.plotly_chart(
            figures.plot_history(histories, colours, kept, metric, log_scale and metric == "loss", smoothing),
            key=metric,
            alt=f"{metric} of training and validation for each epoch",
        )

mirrored = {
    run.entry.name: run.manifest["validation"]["accuracy"]
    for run in runs
    if run.manifest["config"].get("photo_share")
}
if mirrored:
    st.caption(narration.describe_second_look(mirrored))

st.subheader("Overfitting")
st.markdown(
    "\n".join(
        f"- {narration.describe_overfitting(name, history, kept[name])}"
        for name, history in histories.items()
    )
)
st.plotly_chart(
    figures.plot_gap(histories, colours), key="gap",
    alt="Training minus validation accuracy for each epoch",
)  # fmt: skip
st.caption(
    "Above zero a model does better on the pictures it learned from than on new ones. A model "
    "whose training pictures are made harder at random, or which drops values at random while it learns, "
    "may run below zero."
)

st.subheader("The numbers")
table = pd.concat(histories, names=["model"]).reset_index(level=0).reset_index(drop=True)
st.dataframe(table, hide_index=True, height=300)
st.download_button(
    "Download as CSV", table.to_csv(index=False), "training_history.csv", "text/csv",
    on_click="ignore", icon=":material/download:",
)  # fmt: skip
