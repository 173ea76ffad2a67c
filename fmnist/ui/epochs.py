"""Mistakes and recalls after each epoch, played in the browser; built once for each set of runs.

See `charts` for why that is.
"""

import numpy as np
import streamlit as st

from fmnist import analysis, figures, narration
from fmnist.config import CLASS_NAMES
from fmnist.errors import ArtifactError
from fmnist.ui import cache
from fmnist.ui.charts import NO_BUTTONS
from fmnist.ui.comparison import Shown
from fmnist.ui.messages import show_error
from fmnist.ui.player import STAGE, show_player
from fmnist.ui.tiles import show_legend

EPOCH = "epoch"
"""The name of the epoch in the address."""


def keep_readable(shown: list[Shown]) -> list[Shown]:
    """Returns the runs whose matrices can be read; a red box says of each other why not."""
    kept = []
    for one in shown:
        try:
            _load_confusions(one)
            kept.append(one)
        except ArtifactError as error:
            show_error(error)
    return kept


@st.fragment
def show_course(shown: list[Shown]) -> None:
    """Shows the mistakes and the recalls of runs after each epoch, with a button and a slider to play them.

    The epoch at which the visitor stops is in the address.
    """
    confusions = {one.name: _load_confusions(one) for one in shown}
    longest = max(map(len, confusions.values()))
    epochs = figures.list_epochs(longest)
    chosen = _find_epoch(epochs)
    with st.container(key=STAGE):
        show_player(
            len(shown) + len(CLASS_NAMES),
            epochs,
            narration.list_moments(
                {one.name: one.run.manifest.kept_epoch for one in shown},
                {name: len(matrices) for name, matrices in confusions.items()},
            ),
            str([(one.name, one.colour, one.run.name) for one in shown]),
            start=chosen,
            on_stop=lambda epoch: _write_epoch(epoch, longest),
        )
        st.markdown(narration.describe_epoch(chosen, confusions))
        with st.container(key="matrices"):
            for one in shown:
                with st.container():
                    st.header(one.name)
                    _show_mistakes(one, epochs)
        st.caption(_explain(shown))
        st.header("Recall of each class")
        _show_recalls(shown, epochs)


def _explain(shown: list[Shown]) -> str:
    pictures = max(one.run.manifest.validation.size for one in shown)
    return (
        f"Mistakes among {pictures:,} validation pictures, in percent of the true class; colours go from "
        f"zero to {figures.STRONGEST:.0%} or more, alike everywhere."
    )


def _find_epoch(epochs: list[int]) -> int:
    """Returns the epoch that the address names, or the nearest with a frame; else the last."""
    named = st.query_params.get(EPOCH, "")
    if not (named.isascii() and named.isdigit() and 1 <= int(named[:9]) <= epochs[-1]):
        return epochs[-1]
    return min(epochs, key=lambda epoch: abs(epoch - int(named[:9])))


def _write_epoch(epoch: int, last: int) -> None:
    if epoch < last:
        st.query_params[EPOCH] = str(epoch)
    else:
        st.query_params.pop(EPOCH, None)


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs=cache.BY_MODEL)
def _load_confusions(one: Shown) -> np.ndarray:
    return one.run.load("validation_confusion")


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs=cache.BY_MODEL)
def _show_mistakes(one: Shown, epochs: list[int]) -> None:
    st.plotly_chart(
        figures.plot_mistakes(_load_confusions(one), epochs),
        key=f"mistakes_{one.name}",
        config=NO_BUTTONS,
        alt=f"Confusion matrix of {one.name} after the chosen epoch, mistakes only",
    )


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs=cache.BY_MODEL)
def _show_recalls(shown: list[Shown], epochs: list[int]) -> None:
    """Shows what was learned last and what is unsteady, and ten charts."""
    recalls = {one.name: analysis.compute_recalls(_load_confusions(one)) for one in shown}
    learned = narration.describe_learned({n: analysis.find_learned(r) for n, r in recalls.items()})
    unsteady = narration.describe_unsteady({n: analysis.compute_unsteadiness(r) for n, r in recalls.items()})
    st.markdown(f"{learned}\n\n{unsteady}")
    colours = {one.name: one.colour for one in shown}
    show_legend(colours, known=None)
    lowest = float(np.floor(10 * min(values.min() for values in recalls.values())) / 10)
    with st.container(key="fm-recalls"):
        for label, name in enumerate(CLASS_NAMES):
            st.plotly_chart(
                figures.plot_recall(label, recalls, colours, epochs, lowest),
                key=f"recall_{label}",
                config=NO_BUTTONS,
                alt=f"Recall of {name} after each epoch, by run",
            )
