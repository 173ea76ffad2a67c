"""The models' answers to our own drawn garments."""

import numpy as np
import streamlit as st

from fmnist.artifacts import Model
from fmnist.config import CLASS_NAMES
from fmnist.ui import cache
from fmnist.ui.answers import answer
from fmnist.ui.tiles import mark_answers, show_legend, show_tiles


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_sample_answers(models: list[Model]) -> None:
    """Shows every model's answer to each of our drawn garments, and how many are correct."""
    samples = cache.load_samples()
    answers = answer(models, samples)
    right = np.arange(len(samples))
    colours = {model.name: model.colour for model in models}
    show_legend(colours)
    show_tiles(samples, mark_answers(answers, dict.fromkeys(answers, right)), colours, CLASS_NAMES)
    hits = {name: (tops == right).sum() for name, tops in answers.tops.items()}
    counted = ", ".join(f"{name} {number} of {len(samples)}" for name, number in hits.items())
    st.caption(f"Correct: {counted}.")
