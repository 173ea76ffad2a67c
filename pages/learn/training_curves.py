"""Training curves: how loss and accuracy moved, and after which epoch each run was kept."""

import streamlit as st

from fmnist import figures, narration
from fmnist.ui import curves, player
from fmnist.ui.clicks import read_click
from fmnist.ui.comparison import choose_runs
from fmnist.ui.frame import go_to, show_link
from fmnist.ui.models import require_models
from fmnist.ui.page import page_header

page_header(
    "Training curves",
    "After each pass over the training images: how well each model did on them (dashed) and on new images "
    "(solid).",
)
models = require_models()
row, errors = st.container(horizontal=True, vertical_alignment="bottom", gap="small"), st.container()
with row:
    shown = choose_runs(models, errors)
    is_animated = st.toggle("Watch it learn", key="watch", bind="query-params")
    with st.popover("How to read this", type="tertiary", icon=":material/help:"):
        st.markdown(
            "- An **epoch** is one pass over all training images.\n"
            "- **Validation** images are set aside; no model learns from them. After each epoch they show "
            "how well the model does on new images.\n"
            "- **Accuracy** is the share of images answered correctly. **Loss** also counts confidence: the "
            "higher the probability of the true class, the lower the loss. Its unit is the **nat**: 0 is "
            "perfect, and guessing among ten classes costs 2.3.\n"
            "- While both lines improve, the model learns. When only the dashed line does, the model "
            "memorises its training images: **overfitting**. It sets in where validation loss rises more "
            "than 5% above its lowest value for good, while training loss goes on falling.\n"
            "- The **seed** decides the random start and order of training. Each model was trained once; "
            "another seed would give slightly different curves."
        )
if not shown:
    st.stop()
if click := read_click(player.STAGE, mouse_only=True):
    go_to("Epochs", epoch=str(click.number + 1))
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    view = curves.choose_view(is_animated)

glyphs = " ".join(figures.find_marker(one.colour).glyph for one in shown)
st.caption(
    f"Solid: validation. Dashed: training. {glyphs} filled: the epoch whose weights were kept, that with the "
    "lowest validation loss; large and hollow: the best value; small and hollow: the end of training."
)
show_link("Epochs", "See the mistakes after each epoch; a click on a curve leads to its epoch", "animation")
if view.axis == "minutes":
    st.caption("Times on different machines, or on one that did other work too, cannot be compared.")
with st.container(key=player.STAGE):
    if view.is_animated:
        curves.show_player(shown, view)
    for metric, column in zip(("loss", "accuracy"), st.columns(2, gap="medium"), strict=True):
        with column:
            st.header(metric.capitalize())
            curves.show_history(shown, metric, view)

mirrored = {
    one.name: one.run.manifest.validation.accuracy
    for one in shown
    if one.run.manifest.config.serving == "mirror_mean"
}
if mirrored:
    st.caption(narration.describe_second_look(mirrored))

st.header("The epoch that was kept")
curves.show_choice(shown)

for title, show, column in zip(
    ("Overfitting", "Learning rate"),
    (curves.show_gap, curves.show_learning_rate),
    st.columns(2, gap="medium"),
    strict=True,
):
    with column:
        st.header(title)
        show(shown, view.axis)

table = st.expander("All epochs as a table", key="table", on_change="rerun", bind="query-params")
if table.open:
    with table:
        st.download_button(
            "Download as CSV",
            curves.show_epochs(shown),
            "training_history.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
