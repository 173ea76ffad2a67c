"""What is kept between reruns and sessions. Every cache is bounded; what it holds is read-only."""

import ctypes
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from fmnist import artifacts, confidence, data
from fmnist.inference import Classifier
from fmnist.pictures.samples import draw_samples
from fmnist.preprocessing import AUTOMATIC, Preparation, Settings
from fmnist.room import shared_room

_M_ARENA_MAX = -8  # from glibc's malloc.h


BY_MODEL: dict[str | type, Callable[[Any], Any]] = {
    artifacts.Model: lambda model: f"{model.run.folder} {model.entry}"
}
"""How a cache tells models apart: a run never changes, its line in models.json may."""


@st.cache_resource(max_entries=1, show_spinner=False)
def share_heaps() -> None:
    """Lets all threads share two heaps, once for each start of the dashboard.

    glibc gives up to eight heaps per processor to the threads of the visitors, and each keeps what a
    picture once needed. Reference: mallopt(3), M_ARENA_MAX.
    """
    if sys.platform == "linux":
        set_option = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none, and needs none
        if set_option:
            set_option(_M_ARENA_MAX, 2)


@st.cache_resource(max_entries=8, show_spinner=False)
def load_model(_entry: artifacts.ModelEntry, identity: str) -> artifacts.Model:
    """Loads a published model, again only when `artifacts.identify_model` says that it is another."""
    return artifacts.load_entry(_entry)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=BY_MODEL)
def load_history(model: artifacts.Model) -> pd.DataFrame:
    """Loads the training history of a model: one row per epoch."""
    return model.run.load_history()


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=BY_MODEL)
def load_classifier(model: artifacts.Model) -> Classifier:
    """Loads what answers images for a model."""
    return Classifier.from_run(model.run)


@st.cache_resource(max_entries=1, show_spinner="Reading the test pictures …")
def load_test(folder: str) -> data.Split:
    """Loads the 10,000 test pictures once for all sessions (8 MB, read-only)."""
    return data.load_test()


@st.cache_resource(max_entries=1, show_spinner=False)
def load_samples() -> np.ndarray:
    """Draws the ten sample garments once: uint8 `(10, 28, 28)`."""
    return draw_samples()


# A session's pictures are its own: the cache is too, and forgets them with the session.
@st.cache_data(max_entries=8, scope="session", show_spinner="Preparing the picture …")
def prepare_bytes(content: bytes, drawing: bool = False, settings: Settings = AUTOMATIC) -> Preparation:
    """Decodes and prepares an uploaded, photographed or drawn picture, in a worker process."""
    return shared_room().prepare(content, drawing, settings, on_wait=heed_visitor)


def heed_visitor() -> None:
    """Ends the run of a page whose visitor has clicked on or left: waiting alone would not notice."""
    _ = "source" in st.session_state  # Streamlit looks for such a wish whenever it is asked for something


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=BY_MODEL)
def load_validation_confidences(model: artifacts.Model) -> np.ndarray:
    """Loads how confident a model is of its answers to the validation images: float64 `(12000,)`."""
    return confidence.load_answers(model.run, "validation").max(axis=1)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=BY_MODEL)
def load_alarm(model: artifacts.Model) -> confidence.Alarm | None:
    """Loads what flags pictures of no garment, if the model's run has learned it."""
    return confidence.load_alarm(model.run)
