"""All that is known of one picture of the data set."""

from collections.abc import Sequence

import streamlit as st

from fmnist import census, narration
from fmnist.answers import Answers
from fmnist.artifacts import Model
from fmnist.census import Picture
from fmnist.config import CLASS_NAMES
from fmnist.errors import ArtifactError
from fmnist.ui import cache
from fmnist.ui.evidence import judge_models
from fmnist.ui.messages import show_error
from fmnist.ui.picture.life import show_life
from fmnist.ui.picture.shelf import find_shelf
from fmnist.ui.picture.why import show_why
from fmnist.ui.verdict import rank_classes, show_bars, show_verdict

_SHOWN = 3  # classes with bars, so that the neighbours are in view


def show_picture_story(picture: Picture, models: Sequence[Model]) -> None:
    """Shows a picture, its label, every model's answer, and on demand why and how it came about.

    The page must call `show_download` of `fmnist.ui.pictures` before, outside any fragment.

    Args:
        picture: Which one.
        models: Published models; one that cannot be judged is left out, with a sentence.
    """
    judged = judge_models(models, picture.part)
    models = [model for model in models if model.name in judged]
    if not models:
        return
    label = int(census.load_census(picture.part).labels[picture.index])
    answers = Answers({name: one.probabilities[picture.index] for name, one in judged.items()})
    shelf = find_shelf("pictures to be seen")
    image = None
    if shelf is not None:
        parts = {"test": shelf.dataset.test, "validation": shelf.dataset.validation}
        image = parts[picture.part].images[picture.index]
    title = f"{picture.part.capitalize()} picture {picture.index:,}."
    words = (f"Label: {CLASS_NAMES[label]}", "", f"{title} {narration.describe_label(answers, label)}")
    verdict, bars = st.columns(2, gap="large")
    with verdict:
        show_verdict(models, answers, image, words)
    with bars:
        ranked = rank_classes(answers)
        show_bars(models, answers, ranked[:_SHOWN])
        with st.popover("All ten classes", type="tertiary"):
            show_bars(models, answers, ranked)
    if image is None:
        show_life(models, picture)
        return
    able = _find_able(models)
    show_why(able, answers, image, "why", {"Through the epochs": lambda: show_life(models, picture)})


def _find_able(models: Sequence[Model]) -> list[Model]:
    """Returns the models that can be asked again; says of each other one why not."""
    able = []
    for model in models:
        try:
            cache.load_classifier(model)
            able.append(model)
        except ArtifactError as error:
            show_error(error)
    return able
