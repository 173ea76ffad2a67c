"""Compare two models: which pictures the second fixes and breaks, and whether that may be chance."""

import streamlit as st

from fmnist import analysis, narration
from fmnist.errors import ArtifactError
from fmnist.ui import changes
from fmnist.ui.evidence import choose_part, judge_models, load_judged
from fmnist.ui.gallery import show_gallery
from fmnist.ui.models import require_models
from fmnist.ui.page import page_header
from fmnist.ui.pair import choose_pair
from fmnist.ui.picture import show_opened
from fmnist.ui.pictures import show_download
from fmnist.ui.slices import choose_slice
from fmnist.words import escape_markdown

page_header(
    "Compare two models",
    "Both answer the same pictures: what does the second get right that the first does not?",
)
show_download()
models = require_models()
row, errors = st.container(horizontal=True, vertical_alignment="bottom", gap="small"), st.container()
with row:
    sides = choose_pair(models, errors)
    part = choose_part()
    kind = choose_slice(is_small=True)
    with st.popover("How to read this", type="tertiary", icon=":material/help:"):
        st.markdown(
            "- **Fixed**: the first model is wrong, the second right. **Newly wrong**: the other way round.\n"
            "- Pictures that both get right, or both wrong, say nothing about which is better. **McNemar's "
            "test** looks at the others only: if both models were equally good, each of these would be the "
            "toss of a fair coin. It says how often so uneven a split would come up.\n"
            "- The **95% interval** is of the difference of the accuracies on the same pictures.\n"
            "- Both speak about two sets of weights. Whether a recipe is better takes several seeds.\n"
            "- Validation pictures chose the epoch whose weights were kept, so scores on them are slightly "
            "optimistic."
        )
if sides is None:
    st.stop()
if sides[0].run.name == sides[1].run.name:
    st.info("Both are the same set of weights. Choose another model to compare it with.")
    st.stop()
try:
    a, b = (load_judged(side.run, part, side.name) for side in sides)
except ArtifactError as error:  # as for runs on other data, of which nothing is damaged
    st.info(escape_markdown(str(error)))
    st.stop()

pair = analysis.compare(a, b, analysis.compute_mask(kind, part, judge_models(models, part)) if kind else None)
if kind:
    st.caption(narration.describe_kind(kind.label, pair))
    if not pair.size:
        st.stop()
said, counted = st.columns([3, 2], gap="medium")
luck = changes.compare_luck(sides)
with said:
    changes.show_verdict(pair, luck)
with counted:
    st.header("Which pictures changed")
    chosen = changes.choose_set(pair)
st.header(changes.name_set(pair, chosen))
st.markdown(f"{narration.describe_set(pair, chosen)}.")
show_gallery(
    "changed", part, pair.select(chosen), {judged.name: judged for judged in (pair.a, pair.b)},
    {side.name: side.colour for side in sides}, empty=narration.describe_empty_set(pair, chosen),
)  # fmt: skip

cells, classes = st.columns(2, gap="medium")
with cells:
    st.header("Answer by answer")
    changes.show_cells(pair)
with classes:
    st.header("Class by class")
    changes.show_classes(pair, sides)
with st.expander("Recall and F1 of each class"):
    changes.show_class_table(pair)

st.header("Keep it")
changes.show_downloads(pair, sides, luck, kind.label if kind else "")
show_opened(models)
