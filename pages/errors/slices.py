"""Which kinds of pictures: how well each model does on dark, large or unusual ones, or on one class."""

import numpy as np
import streamlit as st

from fmnist import analysis, narration
from fmnist.ui import slices
from fmnist.ui.comparison import choose_several
from fmnist.ui.evidence import choose_part, judge_models
from fmnist.ui.frame import show_link
from fmnist.ui.gallery import show_gallery
from fmnist.ui.models import require_models
from fmnist.ui.page import page_header
from fmnist.ui.picture import show_opened
from fmnist.ui.pictures import show_download

KINDS = {"looks": ("looks", "data"), "class": ("class",)}

page_header(
    "Which kinds of pictures",
    "One accuracy hides many: a model may be weak on dark, on large or on unusual pictures.",
)
models = require_models()
show_download()

with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    chosen = choose_several(models)
    part = choose_part()
    kinds = KINDS[
        st.segmented_control(
            "Pictures by", list(KINDS), default="looks", required=True, key="by", bind="query-params"
        )
    ]
    with st.popover("How to read this", type="tertiary", icon=":material/help:"):
        st.markdown(
            "- Each **quarter** is the lowest or highest by one measure. Its limit was set on the validation "
            f"pictures. Kinds with fewer than {analysis.FEWEST} pictures are left out.\n"
            "- **Facing** compares the bulk with the middle; **busy** means large steps between neighbouring "
            "pixels; **distance to training** is that to the nearest of the 48,000 training pictures, by "
            "pixels. **Near twins** have one within 15 grey levels.\n"
            "- Kinds differ in their **mix of classes**: most large garments are hard ones, such as shirts. "
            "The grey tick is what the model's accuracy on each class gives for that mix. Left of it, the "
            "kind itself is hard.\n"
            "- Of so many comparisons some look large by chance. The **p-values** are corrected for that "
            "(Benjamini and Hochberg 1995); they speak of these weights, not of the recipe."
        )

judged = judge_models(models, part)
models = [model for model in models if model.name in judged]
colours = {model.name: model.colour for model in chosen if model.name in judged}
if not colours:
    st.info("No chosen model has answers to these pictures, so there is nothing to compare.")
    st.stop()
scored = slices.score_slices(models, part, list(colours), judged)

chart, details = st.columns([3, 2], gap="medium")
shown_scores = [scores for scores in scored if scores.slice.kind in kinds]
with chart:
    slices.show_chart(shown_scores, colours)
    with st.expander("As a table"):
        slices.show_table(shown_scores)
    st.download_button(
        "Download as CSV", slices.tabulate_slices(scored).to_csv(index=False), "slices.csv", "text/csv",
        on_click="ignore", icon=":material/download:",
    )  # fmt: skip
with details:
    shown = slices.choose_slice("Look closer: choose here, or a point in the chart")
    if shown is None:
        st.markdown("Choose a kind of pictures to see which of them are mistaken.")
    else:
        mask = analysis.compute_mask(shown, part, judged)
        scores = next((scores for scores in scored if scores.slice == shown), None)
        if scores is None:
            st.markdown(narration.describe_small_slice(int(mask.sum()), analysis.FEWEST))
        else:
            st.markdown(narration.describe_slice(scores, len(mask)))
            slices.show_scores(scores)
        with st.container(horizontal=True, gap="small"):
            show_link("Confusion_matrices", "Their confusion matrices", "grid_on", slice=shown.key)
            show_link("Compare", "Compare models on them", "compare_arrows", slice=shown.key)
        own = {name: judged[name] for name in colours}
        doubt = np.max([each.disagreement * ~each.is_right for each in own.values()], axis=0)
        wrong = np.flatnonzero(mask & (doubt > 0))
        st.header("Mistakes, the most certain first", anchor=False)
        show_gallery(
            "of_slice", part, wrong[np.argsort(-doubt[wrong], kind="stable")], own, colours,
            empty="No chosen model mistakes any of them.",
        )  # fmt: skip
show_opened(models)
