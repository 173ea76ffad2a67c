"""Confusion matrices: which garments each model mixes up, which pictures these are, scores for each class."""

import streamlit as st

from fmnist import figures
from fmnist.ui import charts, confusion
from fmnist.ui.comparison import choose_several
from fmnist.ui.evidence import choose_part
from fmnist.ui.models import require_models
from fmnist.ui.page import page_header
from fmnist.ui.picture import show_opened
from fmnist.ui.pictures import show_download
from fmnist.ui.reveal import show_revealed

# What a visitor reads, also in the address bar; what the code calls it; what a cell then shows.
NORMALIZATIONS = {
    "counts": (None, "how many pictures of the true class got this answer"),
    "share of true class": (
        "true",
        "the share of all pictures of the true class; a row, with the diagonal, adds up to 100%",
    ),
    "share of predicted class": (
        "pred",
        "the share of all answers naming this class; a column, with the diagonal, adds up to 100%",
    ),
}

page_header("Confusion matrices")
with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    st.markdown(
        "Each row is a true class, each column the class that the model named: every mistake has its cell. "
        "Click one to see its pictures.",
        width="content",
    )
    with st.popover("How to read this", type="tertiary", icon=":material/help:"):
        st.markdown(
            "Find the row of what the picture shows, then the column of what the model said. Correct answers "
            "lie on the diagonal from top left to bottom right; everything else is a mistake. The stronger "
            "the colour, the more often it happened. Point at a cell for its count and its share; click it "
            "for its pictures.\n\n"
            "Test pictures were never used in training. Validation pictures chose the epoch whose weights "
            "were kept, so scores on them are slightly optimistic."
        )
published = require_models()
show_download()

with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    models = choose_several(published)
    part = choose_part()
    shown = st.segmented_control(
        "Cells show", list(NORMALIZATIONS), default="share of true class", required=True, key="normalize",
        bind="query-params", wrap=True,
        help="If 100 of 1,000 shirts are taken for a t-shirt, that is 10% of the true class, shirt. If the "
             "model says “t-shirt” 1,250 times in all, the same 100 are 8% of the predicted class, t-shirt.",
    )  # fmt: skip
    within = confusion.restrict(published, part)
normalize, meaning = NORMALIZATIONS[shown]

confusions = confusion.count_answers(models, part, within)
colours = {model.name: model.colour for model in models}

# On a phone the list is read first; on a wide screen look.css puts it last.
with st.container(key="mixed_up"):
    with st.container(key="mistakes"):
        st.header("Most frequent mistakes")
        confusion.show_mistakes(confusions, colours)
    matrices = st.container(key="matrices")
    with st.container(horizontal=True, vertical_alignment="center"):
        explained = st.container()
        errors_only = st.toggle(
            "Errors only", value=True, key="errors", bind="query-params", width="content",
            help="Leaves the diagonal blank, so that the colours show which mistakes are the most frequent.",
        )  # fmt: skip
        as_table = st.toggle(
            "As tables", key="table", bind="query-params", width="content",
            help="Tables of buttons instead of heat maps, for the keyboard and for screen readers.",
        )  # fmt: skip
        st.download_button(
            "CSV", lambda: confusion.write_csv(confusions), "confusion_matrices.csv", "text/csv",
            on_click="ignore", icon=":material/download:", type="tertiary",
        )  # fmt: skip
    largest = figures.find_largest(confusions.values(), normalize=normalize, errors_only=errors_only)
    explained.caption(
        f"Each cell shows {meaning}. The colours go from zero to "
        + (f"{largest:.0%}" if normalize else f"{largest:,.0f} pictures")
        + (", alike in all matrices." if len(models) > 1 else ".")
    )
    view = confusion.View(normalize, errors_only, as_table, largest)
    for name, counts in confusions.items():
        with matrices, st.container():
            st.header(name)
            confusion.show_matrix(name, counts, view)
    with st.container(key=confusion.PICTURES):
        st.header("Which pictures?")
        confusion.show_pictures(models, part, confusions, within)
show_revealed()

st.header("Scores for each class")
charts.show_class_scores(confusions)
show_opened(models)
