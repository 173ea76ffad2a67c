"""Passing on an answer as a picture."""

from collections.abc import Sequence

import streamlit as st

from fmnist import figures
from fmnist.answers import Answers
from fmnist.artifacts import Model
from fmnist.pictures.card import Chip, draw_card
from fmnist.ui.pictures import PickedImage


def show_share(models: Sequence[Model], answers: Answers, picked: PickedImage, headline: str) -> None:
    """Offers the answer as a picture to download, which is drawn on demand.

    Args:
        models: Those that answered.
        answers: To the picture.
        picked: The picture.
        headline: What the answer begins with.
    """

    def draw() -> bytes:
        chips = [
            Chip(
                model.name,
                model.colour,
                figures.find_marker(model.colour).symbol,
                str(answers.class_names[model.name]),
                float(answers.confidences[model.name]),
            )
            for model in models
        ]
        return draw_card(
            picked.preparation.original, picked.preparation.image, headline, chips, st.context.url or ""
        )

    st.download_button(
        "Share as a picture", draw, "fashion-mnist.png", "image/png",
        on_click="ignore", icon=":material/image:",
    )  # fmt: skip
