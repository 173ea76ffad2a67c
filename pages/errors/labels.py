"""The court of labels: test pictures whose label the models contradict; the visitor votes on each."""

import streamlit as st

from fmnist import analysis, census, narration
from fmnist.config import CLASS_NAMES
from fmnist.ui import doubts
from fmnist.ui.comparison import choose_several
from fmnist.ui.evidence import judge_models, load_images
from fmnist.ui.models import require_models
from fmnist.ui.page import page_header
from fmnist.ui.picture import show_opened
from fmnist.ui.pictures import show_download

page_header("The court of labels", "Is it the models that are wrong here, or the label? You decide.")
models = require_models()
show_download()

place = st.container()  # a phone has room for the case only, so what else there is stands below it
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    models = choose_several(models)
    reason = st.segmented_control(
        "Contradicted by", list(doubts.REASONS), default="the models", required=True, key="reason",
        bind="query-params",
    )  # fmt: skip
    with st.popover("How to read this", type="tertiary", icon=":material/help:"):
        st.markdown(
            "- **The models**: all chosen models give the same answer, and it is not the label. Cases in "
            "which even the least sure model is sure come first.\n"
            "- **Confident learning**: the models' mean probability of another class reaches what pictures "
            "of that class get on average ([Northcutt et al. 2021](https://arxiv.org/abs/1911.00068)).\n"
            "- **A near twin**: the nearest training picture lies within 20 grey levels (root mean square) "
            "and has another label. No two of the 70,000 pictures are identical.\n"
            "- A doubted label need not be wrong: of those flagged in ten other data sets, about half were "
            "([Northcutt et al. 2021](https://arxiv.org/abs/2103.14749)). Nobody has checked these."
        )
judged = judge_models(models, doubts.PART)
if not judged:
    st.info("No chosen model has answers to the test pictures, so no label is in doubt.")
    st.stop()
models = [model for model in models if model.name in judged]
docket = doubts.build_docket(doubts.REASONS[reason], judged)
st.markdown(narration.describe_docket(len(docket.cases), docket.sure))
if not len(docket.cases):
    st.stop()

votes = doubts.load_votes()
cases = tuple(census.name_picture(doubts.PART, int(case)) for case in docket.cases)
number = doubts.find_case(cases, votes)
with place:
    images = load_images(doubts.PART)
    if images is not None:
        case = int(docket.cases[number])
        shown, ballot = st.container(), st.container()
        label = CLASS_NAMES[census.load_census(doubts.PART).labels[case]]
        with ballot:  # first: until it is there, a key pressed would still vote on the case before
            doubts.show_ballot(cases, number, label, CLASS_NAMES[docket.proposed[case]], votes)
        with shown:
            st.markdown(f"**Case {number + 1:,} of {len(cases):,}**")
            doubts.show_case(models, judged, case, images[case])

st.header("What follows")
own = {name: vote for name, vote in votes.items() if name in cases}
st.markdown(narration.describe_votes_on_labels(own.values()))
doubts.show_outcome(judged, docket, votes)
proposals = {int(each): int(docket.proposed[each]) for each in docket.cases}
st.caption(
    narration.describe_gain_from_votes(analysis.rejudge(judged, {}), analysis.rejudge(judged, proposals))
    + " That is an upper bound: elsewhere about half of such labels were wrong."
)
table = doubts.tabulate_cases(judged, docket, votes)
with st.expander("All cases as a table"):
    st.dataframe(table, hide_index=True)
st.download_button(
    "Download cases and votes as CSV", table.to_csv(index=False), "labels.csv", "text/csv",
    on_click="ignore", icon=":material/download:",
)  # fmt: skip
show_opened(models)
