"""The published models on a page: loading them, one tile for each, choosing who answers."""

import numpy as np
import streamlit as st

from fmnist import artifacts
from fmnist.errors import ArtifactError
from fmnist.ui import cache
from fmnist.ui.choices import kept
from fmnist.ui.messages import show_error
from fmnist.words import count, duration, escape_markdown, percent


def require_models(to_answer: bool = False) -> list[artifacts.Model]:
    """Loads all published models; reports each damaged one in a red box and continues with the others.

    Stops the page, saying what to do, if none is left.

    Args:
        to_answer: Whether the page will ask the models about images, so that each must be able to answer.
    """
    models = []
    try:
        for entry in artifacts.list_models():
            try:
                model = cache.load_model(entry, artifacts.identify_model(entry))
                if to_answer:
                    cache.load_classifier(model)
                models.append(model)
            except ArtifactError as error:
                show_error(error)
    except ArtifactError as error:
        show_error(error)
    if not models:
        st.info(
            "No trained model can be read, so there is nothing to show yet. Train one with "
            "`python -m fmnist train simple`, or restore the published ones with "
            "`git checkout -- artifacts`."
        )
        st.stop()
    return models


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_model_tile(model: artifacts.Model) -> None:
    """Shows a model's headline figures next to those of the course report."""
    entry, manifest = model.entry, model.manifest
    test = manifest.test
    low, high = test.accuracy_interval
    st.image(_colour_bar(entry.colour), width="stretch", alt="")
    st.subheader(entry.name)
    st.markdown(escape_markdown(f"{entry.description[:1].upper()}{entry.description[1:]}."))
    accuracy, loss = st.columns(2)
    accuracy.metric("Test accuracy", percent(test.accuracy, 2))
    loss.metric("Test loss", f"{test.loss:.3f}")
    reported = (
        f"Original course report: {percent(entry.report.test_accuracy, 2)} and {entry.report.test_loss:.3f}."
        if entry.report
        else "Not in the original course report."
    )
    st.caption(f"95% interval of the accuracy: {percent(low, 2)} to {percent(high, 2)}. {reported}")
    st.markdown(
        f"{manifest.parameters:,} parameters · {count(manifest.epochs_run, 'epoch')}, weights kept from "
        f"epoch {manifest.kept_epoch} · trained in {duration(manifest.seconds)}"
    )


def _colour_bar(colour: str) -> np.ndarray:
    rgb = [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
    return np.tile(np.array(rgb, np.uint8), (6, 600, 1))


def choose_models(models: list[artifacts.Model]) -> list[artifacts.Model]:
    """Lets the visitor choose all models (default) or one."""
    if len(models) == 1:
        return models
    names = [model.name for model in models]
    with kept("model"):
        chosen = st.segmented_control(
            "Which model answers?", ["all", *names], default="all", required=True,
            label_visibility="collapsed", key="model", bind="query-params",
            format_func=lambda name: "all models" if name == "all" else name,
        )  # fmt: skip
    return [model for model in models if chosen in ("all", model.name)]
