"""How sure, how right: calibration, the most confident mistakes, and sets that hold the truth as promised."""

import streamlit as st

from fmnist.ui.choices import kept
from fmnist.ui.evidence import judge_models
from fmnist.ui.models import require_models
from fmnist.ui.page import page_header
from fmnist.ui.picture import show_opened
from fmnist.ui.pictures import show_download
from fmnist.ui.reliability import show_reliability
from fmnist.ui.sets import show_sets

page_header(
    "How sure, how right",
    "A probability is worth something if answers at 90% are right nine times in ten. On test pictures, "
    "one model at a time.",
)
models = require_models()
show_download()
names = [model.name for model in models]
with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
    with kept("of"):
        chosen = st.segmented_control(
            "Model", names, default=names[0], required=True, key="of", bind="query-params", wrap=True
        )
    with st.popover("How to read this", type="tertiary", icon=":material/help:"):
        st.markdown(
            "- **Confidence**: the probability of the class that the model names. On the dotted line, "
            "answers are right as often as they are confident; below it the model is too sure.\n"
            "- **Calibration** divides the network's outputs by one number, the temperature, before they "
            "become probabilities (Guo et al. 2017). It changes confidences, never an answer.\n"
            "- **Calibration error**: how far confidence and accuracy are apart, on average over the bins.\n"
            "- **Prediction set**: all classes that are probable enough. The threshold of each class is set "
            "so that, of new pictures like those of the data set, the promised share of each class has the "
            "truth in its set (split conformal prediction)."
        )
model = models[names.index(chosen)]
judged = judge_models(models, "test")
show_reliability(model, judged, {one.name: one.colour for one in models})
if model.name in judged:
    st.header("Sets that hold the truth")
    show_sets(model, judged[model.name])
show_opened(models)
