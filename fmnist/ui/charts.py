"""Charts, each with the sentence that explains it, built once for each set of models and settings.

A chart costs far more to build than to send. Streamlit replays for every session what a cached function
showed, so that a click only repeats the lookup.
"""

from collections.abc import Hashable
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import streamlit as st

from fmnist import narration
from fmnist.artifacts import Model
from fmnist.config import CLASS_NAMES
from fmnist.evaluation import per_class_scores
from fmnist.ui import cache
from fmnist.words import points

NO_BUTTONS = {"displayModeBar": False}  # eight stops of the keyboard per chart, of no use without dragging


@st.cache_resource(max_entries=8, show_spinner=False)
def show_class_scores(confusions: dict[str, np.ndarray]) -> None:
    """Shows precision, recall, F1 and support of each class, with the change against the baseline.

    Args:
        confusions: int `(10, 10)` for each model name; the first is the baseline.
    """
    with st.popover("F1, precision and recall", type="tertiary", icon=":material/help:"):
        st.markdown(
            "**Precision**: of all answers naming this class, the share that is correct.\n\n**Recall**: of "
            "all pictures of this class, the share that the model recognised.\n\n**F1** is the harmonic mean "
            "of the two: high only if both are."
        )
    if said := narration.describe_class_changes(confusions):
        st.markdown(said)
    scores = {name: per_class_scores(confusion) for name, confusion in confusions.items()}
    (baseline_name, baseline), *others = scores.items()
    support = baseline["support"]
    metrics = ("f1", "precision", "recall")
    for metric, tab in zip(metrics, st.tabs([name.capitalize() for name in metrics]), strict=True):
        table = pd.DataFrame({baseline_name: 100 * baseline[metric]})
        changes: list[Hashable] = []
        for name, other in others:
            table[name] = 100 * other[metric]
            change = "change" if len(others) == 1 else f"change, {name}"
            table[change] = table[name] - table[baseline_name]
            changes.append(change)
        styled = table.style.format("{:.1f}").format(_signed, subset=changes)
        with tab:
            st.dataframe(styled, height="content")
    images = f"{support.min():,}" if support.nunique() == 1 else f"{support.min():,} to {support.max():,}"
    compared = f" Changes in points, compared with {baseline_name}." if others else ""
    st.caption(f"In percent, from {images} pictures per class.{compared}")


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_layers(model: Model) -> None:
    """Shows the layers of a run's network as a table."""
    table = pd.DataFrame(map(msgspec.structs.asdict, model.manifest.layers))
    table["output_shape"] = [" x ".join(map(str, shape)) for shape in table["output_shape"]]
    st.dataframe(
        table, hide_index=True, height="content",
        column_config={"name": "Layer", "type": "Type", "output_shape": "Output shape",
                       "parameters": st.column_config.NumberColumn("Parameters", format="localized")},
    )  # fmt: skip


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_split(model: Model) -> None:
    """Shows how many images a run used for training, validation and test, as a table."""
    sizes = msgspec.structs.asdict(model.manifest.split_sizes)
    parts = {"train": "Training", "validation": "Validation", "test": "Test"}
    st.dataframe(
        pd.DataFrame(
            {
                "Part": [parts[part] for part in sizes],
                "Images": sizes.values(),
                "Per class": [size // len(CLASS_NAMES) for size in sizes.values()],
            }
        ),
        hide_index=True,
        column_config={
            column: st.column_config.NumberColumn(format="localized") for column in ("Images", "Per class")
        },
    )


def _signed(change: Any) -> str:
    return points(change / 100, 1)
