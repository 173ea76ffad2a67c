"""The training pictures nearest to a picture: as each model sees them, and by pixels."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from fmnist import analysis, census, narration
from fmnist.answers import Answers, top_predictions
from fmnist.artifacts import Model
from fmnist.config import CLASS_NAMES
from fmnist.data import Split
from fmnist.features import Shelf, Space
from fmnist.pictures.tiles import encode_pixels
from fmnist.ui import cache
from fmnist.ui.markup import Element, element, show_element
from fmnist.ui.picture.shelf import require_spaces
from fmnist.words import join, percent


def show_neighbours(models: Sequence[Model], answers: Answers, image: np.ndarray, shelf: Shelf) -> None:
    """Shows the training pictures nearest to a picture, for each model and by pixels.

    Args:
        models: Those that answered and can be asked.
        answers: To the picture.
        image: uint8 `(28, 28)`.
        shelf: With the training images.
    """
    able = [model for model in models if cache.load_classifier(model).has_features]
    spaces = require_spaces(shelf, able)
    for model in able:
        if model.name in spaces:
            _show_row(model, answers[model.name], image, spaces[model.name], shelf.dataset.train)
    if unable := [model.name for model in models if model not in able]:
        st.caption(
            f"No neighbours for {join(unable)}: older model files give no features. "
            "`python -m fmnist export-again` adds them."
        )
    _show_alike(image, shelf.dataset.train)
    with st.popover("How to read this", type="tertiary", icon=":material/help:"):
        st.markdown(
            "Before its last step a model turns each picture into 128 numbers. The nearest are "
            "those whose numbers point in the most similar direction (cosine). They show what the model "
            "takes for alike, and help people more than coloured maps do "
            "([Nguyen et al. 2021](https://arxiv.org/abs/2105.14944)).\n\n"
            "How far is far: the distance to the nearest is compared with those of 2,000 test pictures to "
            "theirs. Neighbours of a picture that is like nothing in the training data explain nothing."
        )


def _show_row(model: Model, probabilities: np.ndarray, image: np.ndarray, space: Space, train: Split) -> None:
    (feature,) = cache.load_classifier(model).compute_features(image[np.newaxis])
    found = analysis.find_nearest(space.rows, feature)
    answer, runner_up = top_predictions(probabilities, 2)
    other = analysis.find_nearest(space.rows, feature, 1, among=train.labels == runner_up.class_index)
    share = analysis.rank_distance(float(found.distances[0]), space.reference)
    said = narration.describe_neighbours(model.name, answer.class_index, train.labels[found.positions])
    st.markdown(f"{said} {narration.describe_distance(share)}")
    tiles = _build_tiles(train, found.positions, answer.class_index)
    last = _build_tiles(train, other.positions, answer.class_index)
    choice = f"nearest {runner_up.class_name}, its second choice ({percent(runner_up.probability, 0)})"
    _show_tiles(tiles, element("div", *last, element("small", choice), class_="fm-runner-up"))


def _show_alike(image: np.ndarray, train: Split) -> None:
    found = analysis.find_alike(train.images, image)
    usual = np.sort(census.load_census("test").distance)
    share = analysis.rank_distance(float(found.distances[0]), usual)
    st.markdown(narration.describe_alike(float(found.distances[0]), share))
    _show_tiles(_build_tiles(train, found.positions, None))


def _build_tiles(train: Split, positions: np.ndarray, answer: int | None) -> list[Element]:
    """Builds a tile for each training picture; those of another class than the answer stand out."""
    return [
        element(
            "figure",
            element(
                "img",
                src=encode_pixels(train.images[position]),
                alt=f"Training picture {position}: {CLASS_NAMES[train.labels[position]]}",
            ),
            element("figcaption", CLASS_NAMES[train.labels[position]]),
            class_="fm-apart" if answer is not None and train.labels[position] != answer else None,
        )
        for position in positions
    ]


def _show_tiles(tiles: list[Element], *after: Element) -> None:
    row = element("div", *tiles, class_="fm-nearest")
    show_element(element("div", row, *after, class_="fm-neighbours"))
