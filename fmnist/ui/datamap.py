"""The data map of a run: a point for each picture, and lists of the most telling ones as galleries."""

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from fmnist import analysis, census, figures, narration
from fmnist.analysis import DataMap
from fmnist.artifacts import Model
from fmnist.errors import ArtifactError
from fmnist.ui import cache
from fmnist.ui.charts import NO_BUTTONS
from fmnist.ui.choices import kept
from fmnist.ui.clicks import read_click
from fmnist.ui.comparison import Shown
from fmnist.ui.evidence import has_epoch_log, judge_models, load_epoch_log, load_judged
from fmnist.ui.gallery import show_gallery
from fmnist.ui.messages import show_error
from fmnist.ui.picture import open_picture

_LISTS: dict[str, Callable[[DataMap], np.ndarray]] = {
    "hard to learn": analysis.list_hard,
    "unsteady": analysis.list_unsteady,
    "learned, then lost": analysis.list_lost,
}
_MEANINGS = {
    "hard to learn": "Wrong after more than half of the epochs, the least probable first.",
    "unsteady": "Right and then wrong again at least twice, the most often lost first.",
    "learned, then lost": "Right at least once, but not at the end; the longest right first.",
}
_MAP = "data_map"
_PART = "validation"


@st.fragment
def show_data_map(shown: Sequence[Shown], models: Sequence[Model]) -> None:
    """Shows the data map of one of the runs, and its lists; says which runs have none, and why.

    Args:
        shown: The runs on the page.
        models: All published models, whose answers stand below each picture.
    """
    logged = [one for one in shown if has_epoch_log(one.run)]
    without = {one.name: one.run.manifest.recipe for one in shown if one not in logged}
    if without:
        st.info(narration.describe_without_log(without))
    if not logged:
        return
    one = _choose_run(logged)
    try:
        found = _map_run(one)
    except ArtifactError as error:
        show_error(error)
        return
    st.markdown(narration.describe_map(found))
    _show_map(one, len(found.mean))
    listed = _choose_list()
    st.caption(_MEANINGS[listed])
    show_gallery(
        "data_map_gallery",
        _PART,
        _LISTS[listed](found),
        judge_models(models, _PART),
        {model.name: model.colour for model in models},
        empty="No picture is like that in this run.",
    )


def _choose_run(logged: Sequence[Shown]) -> Shown:
    if len(logged) == 1:
        return logged[0]
    names = [one.name for one in logged]
    with kept("map"):
        if st.session_state.get("map", names[0]) not in names:
            st.session_state["map"] = names[0]
        chosen = st.segmented_control(
            "Map of", names, default=names[0], required=True, key="map", bind="query-params"
        )
    return next(one for one in logged if one.name == chosen)


def _choose_list() -> str:
    with kept("list"):
        return st.segmented_control(
            "Pictures", list(_LISTS), default=next(iter(_LISTS)), required=True, key="list",
            bind="query-params", wrap=True,
        )  # fmt: skip


def _show_map(one: Shown, size: int) -> None:
    """Shows the map; a click on a point opens the picture."""
    figure, points = _draw_map(one)
    click = read_click(_MAP)
    if click and click.data and 0 <= click.data[0] < size:
        open_picture(census.name_picture(_PART, click.data[0]))
        st.rerun()
    with st.container(key=_MAP):
        st.plotly_chart(
            figure,
            key="map_of_pictures",
            config=NO_BUTTONS,
            alt="Each validation picture by mean and spread of the probability of its true class",
        )
    said = "A click on a point opens the picture; the lists below show the most telling ones."
    st.caption(" ".join([said, narration.describe_thinned(points, size)]))


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=cache.BY_MODEL)
def _map_run(one: Shown) -> DataMap:
    """Maps the pictures of a run; its answers must be to the pictures of the data set."""
    labels = load_judged(one.run, _PART, one.name).labels
    return analysis.map_data(*load_epoch_log(one.run), labels)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=cache.BY_MODEL)
def _draw_map(one: Shown) -> tuple[go.Figure, int]:
    """Draws the map of a run; returns it with the number of its points."""
    found = _map_run(one)
    positions = figures.thin_out(found.mean, found.spread)
    return figures.plot_data_map(dataclasses.asdict(found), positions, one.colour), len(positions)
