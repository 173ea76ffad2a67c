"""Confusion matrices: which garments each model mixes up, and its scores for each class."""

import numpy as np
import streamlit as st

from fmnist import figures
from fmnist.ui import charts
from fmnist.ui.models import require_models
from fmnist.ui.page import page_header

# What a visitor reads, also in the address bar, and what the code calls it.
NORMALIZATIONS = {"counts": None, "share of row": "true", "share of column": "pred"}
PARTS = {"test pictures": "test", "validation pictures": "validation"}

page_header(
    "Confusion matrices",
    "Each row is a true class, each column the class that the model named. Correct answers lie on the "
    "diagonal; everything else is a mistake. The stronger the colour of a cell, the more often it happened.",
)
models = require_models()

with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
    part = st.segmented_control(
        "Judged on", list(PARTS), default="test pictures", required=True, key="part", bind="query-params"
    )
    shown = st.segmented_control(
        "Cells show",
        list(NORMALIZATIONS),
        default="share of row",
        required=True,
        key="normalize",
        bind="query-params",
        help="A row holds all images of one class, a column all answers that name one class.",
    )
    errors_only = st.toggle(
        "Errors only",
        key="errors",
        bind="query-params",
        help="Hides the diagonal, so that the colours show which mistakes are the most frequent.",
    )
normalize = NORMALIZATIONS[shown]

confusions = {model.name: np.array(model.manifest.metrics(PARTS[part]).confusion_matrix) for model in models}
largest = figures.find_largest(confusions.values(), normalize=normalize, errors_only=errors_only)

for start in range(0, len(models), 2):  # three in a row would be too small to read
    # New columns for each row: on a phone columns stand below one another, and the order should stay.
    for model, column in zip(models[start : start + 2], st.columns(2, gap="medium"), strict=False):
        name = model.name
        with column:
            st.subheader(name)
            charts.show_confusion(name, confusions[name], normalize, errors_only, largest)
st.caption(
    "All matrices share one colour scale, from zero to "
    + (f"{largest:.0%}." if normalize else f"{largest:,.0f} images.")
)

st.header("Scores for each class")
charts.show_class_scores(confusions)
