"""The second opinion on a photo: the switch, the question, and what there is to know about it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist import artifacts
from fmnist.answers import Answers
from fmnist.artifacts import Model
from fmnist.errors import ArtifactError
from fmnist.photos import COMBINED, SECOND_OPINION
from fmnist.second_opinion import SecondOpinion, load_second_opinion, make_views
from fmnist.ui import cache
from fmnist.ui.choices import kept
from fmnist.ui.messages import show_error
from fmnist.ui.pictures import PickedImage
from fmnist.ui.verdict import Voice

# Those of no model: the colour of the text, and a grey that shows on light and on dark.
_LEADING, _OTHER = "currentColor", "#8A8F98"
_VOICES = {
    COMBINED: Voice(COMBINED, _LEADING, "\N{BULLSEYE}"),
    SECOND_OPINION: Voice(SECOND_OPINION, _OTHER, "\N{FISHEYE}"),
}


@dataclass(frozen=True)
class Look:
    """What a look at the photo itself adds.

    Attributes:
        answers: Of the combination, if there is one, then of the second opinion alone: float `(10,)` each.
        partner: The name of the model in the combination, or None.
        network: What the second opinion is called.
        learned_from: The photos from which it has learned, in a few words.
    """

    answers: Answers
    partner: str | None
    network: str
    learned_from: str

    @property
    def voices(self) -> list[Voice]:
        """Who answers, in order."""
        return [_VOICES[name] for name in self.answers]


def choose_look() -> bool:
    """Lets the visitor switch the second opinion off; returns whether it is wanted."""
    with kept("opinion"):
        return st.toggle(
            "Look at the photo itself", True, key="opinion", bind="query-params",
            help="The models see 28 x 28 pixels. On photos a second network, which has learned from "
            "ImageNet, sees the middle of the photo and the garment that was found, in colour. Drawings and "
            "images of the data set are never shown to it.",
        )  # fmt: skip


def take_look(models: Sequence[Model], picked: PickedImage) -> Look | None:
    """Asks the second opinion about a photo.

    Args:
        models: All published models; the one in the combination is asked even where the visitor did not
            choose it.
        picked: The picture.

    Returns:
        What it says, or None if there is no second opinion, or the picture is no photo.
    """
    if not (picked.is_photo and picked.preparation.is_photo):
        return None
    opinion = load_opinion(artifacts.identify_second_opinion())
    if opinion is None:
        return None
    try:
        views = opinion.ask_views(make_views(picked.preparation))
        said = {SECOND_OPINION: views.mean(axis=0)}
        partner = opinion.find_partner(models)
        if partner is not None:
            own = cache.load_classifier(partner).predict_means([picked.preparation.images])
            said = {COMBINED: opinion.combine(own, views[np.newaxis])[0], **said}
    except ArtifactError as error:
        show_error(error)
        return None
    return Look(
        Answers(said), partner.name if partner else None, opinion.manifest.name, opinion.manifest.learned_from
    )


def load_opinion(identity: str) -> SecondOpinion | None:
    """Returns the published second opinion, or None if there is none; if it is damaged, says so as well.

    Args:
        identity: What `artifacts.identify_second_opinion` returned.
    """
    try:
        return _load(identity)
    except ArtifactError as error:
        show_error(error)
        return None


@st.cache_resource(max_entries=2, show_spinner="Loading the second opinion …")
def _load(identity: str) -> SecondOpinion | None:
    return load_second_opinion()
