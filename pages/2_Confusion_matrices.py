"""Confusion matrices: which garments each model takes for which, and its scores for each class."""

import numpy as np
import streamlit as st

from fmnist import figures, narration
from fmnist.evaluation import normalize_confusion
from fmnist.ui import components

NORMALIZATIONS = {
    "none": ("counts", None),
    "true": ("share of the true class (row)", "true"),
    "pred": ("share of the answers (column)", "pred"),
}
PARTS = {"test": "test pictures", "validation": "validation pictures"}

components.page_header(
    "Confusion matrices",
    "Each row is what a garment really is, each column what the model called it. Right answers lie "
    "on the diagonal; everything off it is a mistake. The "
    "stronger the colour of a cell, the more often it happened.",
)
runs = components.require_runs()

with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
    part = st.segmented_control(
        "Judged on", list(PARTS), format_func=PARTS.get, default="test", required=True, key="part",
        bind="query-params",
    )  # fmt: skip
    normalization = st.segmented_control(
        "Cells show", list(NORMALIZATIONS), format_func=lambda key: NORMALIZATIONS[key][0],
        default="true", required=True, key="normalize", bind="query-params", wrap=True,
    )  # fmt: skip
    errors_only = st.toggle(
        "Errors only", key="errors", bind="query-params",
        help="Blanks the diagonal, so that the colours tell the mistakes apart.",
    )  # fmt: skip
normalize = NORMALIZATIONS[normalization][1]

confusions = {run.entry.name: np.array(run.manifest[part]["confusion_matrix"]) for run in runs}
values = {name: normalize_confusion(counts, normalize) for name, counts in confusions.items()}
off_diagonal = 1 - np.eye(len(figures.CLASS_NAMES)) if errors_only else 1
largest = max(float((matrix * off_diagonal).max()) for matrix in values.values())

for run, column in zip(runs, st.columns(len(runs), gap="medium"), strict=True):
    name = run.entry.name
    with column:
        st.subheader(name)
        st.markdown(narration.describe_confusion(confusions[name]))
        st.plotly_chart(
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
