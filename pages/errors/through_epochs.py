"""Through the epochs: how mistakes came and went while models learned, and what became of each picture."""

import streamlit as st

from fmnist.ui import epochs
from fmnist.ui.choices import kept
from fmnist.ui.comparison import choose_runs
from fmnist.ui.datamap import show_data_map
from fmnist.ui.models import require_models
from fmnist.ui.page import page_header
from fmnist.ui.picture import show_opened
from fmnist.ui.pictures import show_download

VIEWS = ("classes", "single pictures")

page_header(
    "Through the epochs",
    "The mistakes on validation pictures after each pass over the training images: play them, or move the "
    "slider.",
)
models = require_models()
show_download()
row, errors = st.container(horizontal=True, vertical_alignment="bottom", gap="small"), st.container()
with row:
    shown = choose_runs(models, errors)
    with kept("view"):
        view = st.segmented_control(
            "Show", VIEWS, default=VIEWS[0], required=True, key="view", bind="query-params"
        )
    with st.popover("How to read this", type="tertiary", icon=":material/help:"):
        st.markdown(
            "- An **epoch** is one pass over all training images. A run that ended earlier than the others "
            "stays as it was after its last one.\n"
            "- **Validation** pictures are never learned from. So these pictures are recognised and lost "
            "again; nothing that was memorised is forgotten.\n"
            "- **Recall**: the share of a class's pictures that the model recognises.\n"
            "- The **data map** places each picture by the probability of its true class: the mean over "
            "the epochs (up: easy) and how much it varied (right: unsteady). Down at the left are pictures "
            "that were never learned: rare garments, or doubtful labels (Swayamdipta et al. 2020).\n"
            "- Each run is one draw; another seed would give slightly different epochs."
        )
with errors:
    shown = epochs.keep_readable(shown)
if shown and view == VIEWS[0]:
    epochs.show_course(shown)
elif shown:
    st.header("The life of each picture")
    show_data_map(shown, models)
show_opened(models)
