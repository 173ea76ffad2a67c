"""What is kept between reruns and sessions. Every cache is bounded; its contents are read-only."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from fmnist import analysis, artifacts, confidence, data, narration
from fmnist.inference import Classifier
from fmnist.pictures.samples import draw_samples
from fmnist.preprocessing import AUTOMATIC, Preparation, Settings
from fmnist.room import shared_room


@dataclass(frozen=True)
class SweepTable:
    """A sweep, with what tells its table from another or later one; see `artifacts.identify_sweep`."""

    identity: str
    sweep: artifacts.Sweep


BY_MODEL: dict[str | type, Callable[[Any], Any]] = {
    artifacts.Model: lambda model: f"{model.run.folder} {model.entry}",
    artifacts.Run: lambda run: str(run.folder),
    SweepTable: lambda table: table.identity,
}
"""How a cache tells models, runs and sweeps apart. A run never changes, but its line in models.json may."""


@st.cache_resource(max_entries=8, show_spinner=False)
def load_model(_entry: artifacts.ModelEntry, identity: str) -> artifacts.Model:
    """Loads a published model; loads it again only when its `artifacts.identify_model` has changed."""
    return artifacts.load_entry(_entry)


@st.cache_resource(max_entries=32, show_spinner=False)
def load_run(name: str, identity: str, expected_sum: str | None = None) -> artifacts.Run:
    """Loads a run; loads it again only when its `artifacts.identify_run` has changed."""
    return artifacts.load_run(name, expected_sum)


@st.cache_resource(max_entries=64, show_spinner=False)
def check_run(_run: artifacts.Run, identity: str) -> None:
    """Checks all files of a run; again only when its `identify` has changed."""
    _run.check()


@st.cache_resource(max_entries=5_000, show_spinner=False)
def summarise_run(name: str, expected_sum: str | None, identity: str) -> narration.RunSummary:
    """Sums up a run, as `load_run` loads it; of sweeps there may be hundreds, whose manifests are large."""
    return narration.summarise_run(artifacts.load_run(name, expected_sum).manifest)


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs=BY_MODEL)
def load_history(run: artifacts.Run) -> pd.DataFrame:
    """Loads the training history of a run: one row per epoch."""
    return run.load_history()


@st.cache_resource(max_entries=16, show_spinner=False)
def load_sweep(name: str, identity: str) -> SweepTable:
    """Loads the table of a sweep; loads it again only when its identity has changed."""
    return SweepTable(identity, artifacts.load_sweep(name))


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=BY_MODEL)
def find_out(
    tables: tuple[SweepTable, ...], before: str, after: str, reported: analysis.Reported | None
) -> analysis.Findings | None:
    """Gathers what sweeps say about two recipes; see `analysis.find_out`."""
    groups = analysis.group_trials(trial for table in tables for trial in table.sweep.trials)
    return analysis.find_out(groups, before, after, reported)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=BY_MODEL)
def load_classifier(model: artifacts.Model) -> Classifier:
    """Loads a model's classifier."""
    return Classifier.from_run(model.run)


@st.cache_resource(max_entries=1, show_spinner="Reading the images …")
def load_test(folder: str) -> data.Split:
    """Loads the 10,000 test images once for all sessions (8 MB, read-only)."""
    return data.load_test()


@st.cache_resource(max_entries=1, show_spinner="Reading the images …")
def load_validation(folder: str) -> data.Split:
    """Loads the 12,000 validation images once for all sessions (9 MB, read-only)."""
    validation = data.load_dataset().validation
    return data.Split(validation.images, validation.labels)


@st.cache_resource(max_entries=1, show_spinner=False)
def load_samples() -> np.ndarray:
    """Draws the ten sample garments once: uint8 `(10, 28, 28)`."""
    return draw_samples()


# Pictures belong to one session, so the cache does too and is dropped with the session.
@st.cache_data(max_entries=8, scope="session", show_spinner="Preparing the picture …")
def prepare_bytes(content: bytes, drawing: bool = False, settings: Settings = AUTOMATIC) -> Preparation:
    """Decodes and prepares an uploaded, photographed or drawn picture, in a worker process."""
    return shared_room().prepare(content, drawing, settings, on_wait=heed_visitor)


def heed_visitor() -> None:
    """Ends the page's run if the visitor has clicked elsewhere or left; waiting alone would not notice."""
    _ = "source" in st.session_state  # any access makes Streamlit check whether the run should stop


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=BY_MODEL)
def load_validation_confidences(model: artifacts.Model) -> np.ndarray:
    """Loads a model's confidence in each of its validation answers: float64 `(12000,)`."""
    return confidence.load_answers(model.run, "validation").max(axis=1)


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=BY_MODEL)
def load_alarm(model: artifacts.Model) -> confidence.Alarm | None:
    """Loads the alarm for images that show no garment, if the model's run has learned one."""
    return confidence.load_alarm(model.run)
