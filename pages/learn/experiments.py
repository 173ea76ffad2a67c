"""Luck and strength: what many trainings say together that a single one cannot."""

import streamlit as st

from fmnist import narration
from fmnist.ui import experiments
from fmnist.ui.models import require_models
from fmnist.ui.page import page_header
from fmnist.words import escape_markdown, join

_ALL = "all sweeps"

page_header("Luck and strength", "One training is one draw. These were repeated with other random seeds.")
models = require_models()
tables = experiments.load_tables()
if not tables:
    names = join([f"**{escape_markdown(model.name)}**" for model in models])
    st.info(
        f"Each model was trained once here ({names}), so nobody knows how much is luck. Ask for several "
        "seeds in a file and run `python -m fmnist sweep FILE.toml`; its table appears here."
    )
    st.stop()

with st.container(horizontal=True, vertical_alignment="center", gap="small"):
    chosen = st.selectbox(
        "Sweep", [_ALL, *(table.sweep.name for table in tables)], key="sweep", bind="query-params",
        label_visibility="collapsed", width=220,
    )  # fmt: skip
    with st.popover("How to read this", type="tertiary", icon=":material/help:"):
        st.markdown(
            "- A **seed** decides the random start, the order of the images and the random changes. Runs "
            "that differ in nothing else show what luck can do.\n"
            "- A **95% interval** is Welch's for the difference of two means over seeds. If it includes "
            "zero, the seeds do not decide.\n"
            "- **Kept weights** are those with the lowest validation loss. A run's **best epoch** is the one "
            "with the highest validation accuracy; the more epochs, the luckier the best of them.\n"
            "- **Stopped after** an epoch: what would have been kept by then. A run that ended earlier keeps "
            "what it has, so every seed counts everywhere. Bands reach from the lowest to the highest seed.\n"
            "- **Strength**: flips stay, all other changes are multiplied; 0 is none, 1 is ours.\n"
            "- The report's accuracies are of test images, the strengths here are judged on validation "
            "images. So what is compared is the **difference** that augmentation makes."
        )
shown = tuple(table for table in tables if chosen in (_ALL, table.sweep.name))
unfinished = [said for table in shown if (said := narration.describe_completeness(table.sweep))]
if unfinished:
    st.warning(" ".join(unfinished) + " Everything below is about those.")

found = experiments.find_out(shown, models) if chosen == _ALL else None
if found:
    st.header("Did augmentation help?")
    experiments.show_gain(shown, models, found)
    st.header("It depends on when training stops")
    experiments.show_stopping(shown, models, found)
    st.header("How strong is too strong?")
    experiments.show_report_explained(shown, models, found)
    st.header("How much is luck?")
    experiments.show_luck(shown, models, found)
else:
    experiments.show_groups(shown, models)

with st.expander("Mean and spread of every group"):
    experiments.show_spreads(shown)
    st.caption("On validation, in percent and points. Answered differently: by two seeds, on average.")
with st.expander("All trials as a table"):
    csv = experiments.show_trials(shown)
    st.download_button(
        "Download as CSV", csv, "trials.csv", "text/csv", on_click="ignore", icon=":material/download:"
    )
with st.expander("The commands that made them, and go on with them"):
    experiments.show_plans(shown)
trials = [trial for table in shown for trial in table.sweep.trials]
st.caption(narration.describe_backends(trials, models[0].manifest.versions))
