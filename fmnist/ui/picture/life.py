"""The life of a validation picture: each model's answers after each epoch."""

from collections.abc import Sequence

import streamlit as st

from fmnist import analysis, census, figures, narration
from fmnist.artifacts import Model
from fmnist.census import Picture
from fmnist.config import CLASS_NAMES
from fmnist.errors import ArtifactError
from fmnist.ui.charts import NO_BUTTONS
from fmnist.ui.evidence import has_epoch_log, load_epoch_log
from fmnist.ui.messages import show_error


def show_life(models: Sequence[Model], picture: Picture) -> None:
    """Shows what each model said about a picture after each epoch, where its run kept that."""
    if picture.part != "validation":
        st.markdown(
            "Training keeps the answers after each epoch for validation pictures only; test pictures are "
            "answered once, at the end."
        )
        return
    label = int(census.load_census(picture.part).labels[picture.index])
    truths, answers = {}, {}
    able = [model for model in models if has_epoch_log(model.run)]
    for model in able:
        try:
            every_truth, every_answer = load_epoch_log(model.run)
        except ArtifactError as error:
            show_error(error)
            continue
        truths[model.name] = every_truth[:, picture.index].astype(float)
        answers[model.name] = every_answer[:, picture.index]
    if truths:
        lives = [
            narration.describe_life(name, analysis.life_of(truths[name], answers[name], label), label)
            for name in truths
        ]
        st.markdown("  \n".join(lives))
        st.plotly_chart(
            figures.plot_life(truths, answers, label, list(truths)), key="life", config=NO_BUTTONS,
            alt=" ".join(lives).replace("**", ""),
        )  # fmt: skip
        st.caption(
            f"The stronger the colour, the more probable was {CLASS_NAMES[label]} after that epoch. "
            "A cross: the model named another class. No model learned from this picture."
        )
    if without := [model.name for model in models if model not in able]:
        st.markdown(narration.describe_without_life(without))
