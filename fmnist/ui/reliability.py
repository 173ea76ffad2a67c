"""How sure and how right a model is: the diagram, and the pictures behind each of its bins."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from fmnist import analysis, figures, narration
from fmnist.analysis import Judged
from fmnist.artifacts import Model
from fmnist.confidence import load_answers
from fmnist.evaluation import Reliability, compute_reliability, sort_into_bins
from fmnist.ui import cache
from fmnist.ui.charts import NO_BUTTONS
from fmnist.ui.choices import kept
from fmnist.ui.clicks import read_click
from fmnist.ui.gallery import show_gallery

_DIAGRAM = "reliability"
_BIN = "bin"
_MISTAKES = "most confident mistakes"


@st.fragment
def show_reliability(model: Model, judged: Mapping[str, Judged], colours: Mapping[str, str]) -> None:
    """Shows a model's reliability diagram and the pictures of the chosen bin.

    Args:
        model: The model.
        judged: The models' answers to the test pictures, by name, without those that answered others.
        colours: Each model's colour, as #rrggbb.
    """
    figure, before, after = _draw(model)
    st.markdown(narration.describe_calibration(model.name, before, after, model.manifest.temperature))
    click = read_click(_DIAGRAM)
    if click and click.data and click.data[0] in np.flatnonzero(after.counts):
        st.session_state[_BIN] = narration.name_bin(click.data[0])
    with st.container(key=_DIAGRAM):
        st.plotly_chart(
            figure,
            key="diagram",
            config=NO_BUTTONS,
            alt=f"Share of right answers against confidence, before and after calibration of {model.name}",
        )
    st.caption("Bars around the points: 95% intervals. A click on a point or a bar shows its pictures below.")
    if model.name in judged:
        _show_pictures(judged, model.name, colours, after)


def _show_pictures(
    judged: Mapping[str, Judged], name: str, colours: Mapping[str, str], after: Reliability
) -> None:
    """Shows the pictures of a bin, or the most confident mistakes; the visitor chooses which."""
    st.header("The pictures")
    bins = {narration.name_bin(number): int(number) for number in np.flatnonzero(after.counts)[::-1]}
    chosen = _choose_bin(list(bins))
    own = judged[name]
    if chosen in bins:
        st.caption(narration.describe_bin(bins[chosen], after))
        positions = analysis.sort_by_disagreement(own, sort_into_bins(own.confidences) == bins[chosen])
    else:
        wrong = np.flatnonzero(~own.is_right)
        positions = wrong[np.argsort(-own.confidences[wrong], kind="stable")]
    show_gallery(
        "reliability_gallery",
        own.part,
        positions,
        judged,
        colours,
        empty=f"There is no such picture: {name} makes no mistake.",
    )


def _choose_bin(bins: list[str]) -> str:
    """Lets the visitor choose a bin, or the most confident mistakes."""
    options = [_MISTAKES, *bins]
    with kept(_BIN):
        if st.session_state.get(_BIN, _MISTAKES) not in options:  # a bin of another model
            st.session_state[_BIN] = _MISTAKES
        return st.selectbox(
            "Pictures of answers that were this confident", options, key=_BIN, bind="query-params"
        )


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=cache.BY_MODEL)
def _draw(model: Model) -> tuple[go.Figure, Reliability, Reliability]:
    """Draws a model's diagram on the test pictures; returns it with what it shows."""
    is_right = np.ones(model.manifest.test.size, bool)
    is_right[list(model.manifest.test.wrong)] = False
    raw = model.run.load_probabilities("test")
    before, after = (
        compute_reliability(probabilities.max(axis=1), is_right)
        for probabilities in (raw, load_answers(model.run, "test"))
    )
    return figures.plot_reliability(before, after, model.colour), before, after
