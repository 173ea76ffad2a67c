"""Charts, each with the sentence that explains it, built once for each set of models and settings.

A chart costs far more to build than to send. Streamlit replays for every session what a cached function
showed, so that a click only repeats the lookup.
"""

from collections.abc import Hashable, Mapping
from typing import Any

import msgspec
import numpy as np
import pandas as pd
import streamlit as st

from fmnist import figures, narration
from fmnist.artifacts import Model
from fmnist.config import CLASS_NAMES
from fmnist.evaluation import per_class_scores
from fmnist.ui import cache
from fmnist.words import points


@st.cache_resource(max_entries=128, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_history(models: list[Model], metric: str, log_scale: bool, smoothing: float) -> None:
    """Shows one metric, 'loss' or 'accuracy', of every model against the epoch."""
    histories = _load_histories(models)
    kept = {model.name: model.manifest.kept_epoch for model in models}
    st.markdown(narration.describe_best(metric, histories))
    st.plotly_chart(
        figures.plot_history(histories, _colours(models), kept, metric, log_scale, smoothing),
        key=metric,
        alt=f"Training and validation {metric} for each epoch",
    )
    configs = {model.name: model.manifest.config for model in models}
    if metric == "accuracy" and (harder := narration.describe_harder_training(histories, configs)):
        st.caption(harder)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_gap(models: list[Model]) -> None:
    """Shows how much better each model did on its training images, and whether it overfits."""
    histories = _load_histories(models)
    st.markdown(
        "\n".join(
            "- " + narration.describe_overfitting(name, histories[name], model.manifest.kept_epoch)
            for name, model in zip(histories, models, strict=True)
        )
    )
    st.plotly_chart(
        figures.plot_gap(histories, _colours(models)),
        key="gap",
        alt="Training minus validation accuracy for each epoch",
    )


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_epochs(models: list[Model]) -> str:
    """Shows every epoch of every run as a table, and returns the table as CSV."""
    table = pd.concat(_load_histories(models), names=["model"]).reset_index(level=0).reset_index(drop=True)
    st.dataframe(table, hide_index=True, height=300)
    return table.to_csv(index=False)


@st.cache_resource(max_entries=64, show_spinner=False)
def show_confusion(
    name: str, counts: np.ndarray, normalize: str | None, errors_only: bool, largest: float
) -> None:
    """Shows a model's confusion matrix; for the arguments see `figures.plot_confusion`."""
    st.markdown(narration.describe_confusion(counts))
    st.plotly_chart(
        figures.plot_confusion(counts, normalize=normalize, errors_only=errors_only, largest=largest),
        key=f"confusion_{name}",
        alt=f"Confusion matrix of the {name} model",
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def show_class_scores(confusions: dict[str, np.ndarray]) -> None:
    """Shows precision, recall, F1 and support of each class, with the change against the baseline.

    Args:
        confusions: int `(10, 10)` for each model name; the first is the baseline.
    """
    st.markdown(
        "**Precision** is the share of the answers naming this class that are correct. **Recall** is the "
        "share of this class's images that the model recognised. **F1** combines the two. "
        + narration.describe_class_changes(confusions)
    )
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
    images = f"{support.min():,}" if support.nunique() == 1 else f"{support.min():,} or more"
    st.caption(
        f"In percent. Support: {images} images per class. Changes are in percentage points, compared with "
        f"{baseline_name}. Click a heading to sort."
    )


# Answers to a visitor's picture are dropped when the session ends.
@st.cache_resource(max_entries=16, scope="session", show_spinner=False)
def show_probabilities(answers: Mapping[str, np.ndarray], colours: dict[str, str], said: str) -> None:
    """Shows each model's answer to a picture as paired bars; `said` is the same in words."""
    st.plotly_chart(
        figures.plot_probabilities(answers, colours),
        key="probabilities",
        config={"displayModeBar": False},
        alt=said.replace("*", ""),
    )


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


def _load_histories(models: list[Model]) -> dict[str, pd.DataFrame]:
    return {model.name: cache.load_history(model) for model in models}


def _colours(models: list[Model]) -> dict[str, str]:
    return {model.name: model.colour for model in models}


def _signed(change: Any) -> str:
    return points(change / 100, 1)
