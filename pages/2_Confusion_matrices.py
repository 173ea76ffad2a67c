"""Confusion matrices: which garments each model takes for which, and its scores for each class."""

import numpy as np
import streamlit as st

from fmnist import figures, narration
from fmnist.evaluation import normalize_confusion
from fmnist.ui import components

# What a visitor reads, also in the address bar, and what the code calls it.
NORMALIZATIONS = {"counts": None, "share of row": "true", "share of column": "pred"}
PARTS = {"test pictures": "test", "validation pictures": "validation"}

components.page_header(
    "Confusion matrices",
    "Each row is what a garment really is, each column what the model called it. Right answers lie "
    "on the diagonal; everything off it is a mistake. The "
    "stronger the colour of a cell, the more often it happened.",
)
runs = components.require_runs()

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
        help="A row holds all pictures of one garment, a column all answers of one name.",
    )
    errors_only = st.toggle(
        "Errors only", key="errors", bind="query-params",
        help="Blanks the diagonal, so that the colours tell the mistakes apart.",
    )  # fmt: skip
normalize = NORMALIZATIONS[shown]

confusions = {run.entry.name: np.array(run.manifest[PARTS[part]]["confusion_matrix"]) for run in runs}
values = {name: normalize_confusion(counts, normalize) for name, counts in confusions.items()}
off_diagonal = 1 - np.eye(len(figures.CLASS_NAMES)) if errors_only else 1
largest = max(float((matrix * off_diagonal).max()) for matrix in values.values())

for start in range(0, len(runs), 2):  # three in a row would be too small to read
    # New columns for each row: on a phone columns stand below one another, and the order should stay.
    for run, column in zip(runs[start : start + 2], st.columns(2, gap="medium"), strict=False):
        name = run.entry.name
        column.subheader(name)
        column.markdown(narration.describe_confusion(confusions[name]))
        column.plotly_chart(
            figures.plot_confusion(
                values[name], confusions[name], normalize is not None, errors_only, largest
            ),
            key=f"confusion_{name}",
            alt=f"Confusion matrix of the {name} model",
        )
st.caption(
    "All matrices share one colour scale, from zero to "
    + (f"{largest:.0%}." if normalize else f"{largest:,.0f} pictures.")
)

st.header("Scores for each class")
st.markdown(
    "**Precision**: of all pictures given this name, how many deserved it. **Recall**: of all "
    "pictures of this garment, how many were found. **F1** joins the two. "
    + narration.describe_class_changes(confusions)
)
components.show_class_scores(confusions)
