"""What pages on errors look at: every model's answers beside the labels, and the images where they are."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from fmnist import analysis, data
from fmnist.analysis import Judged
from fmnist.artifacts import Model, Run
from fmnist.errors import ArtifactError, DataError, OtherPicturesError
from fmnist.ui import cache
from fmnist.ui.messages import show_error
from fmnist.ui.pictures import load_test_pictures, offer_download
from fmnist.words import escape_markdown

PARTS = {"test pictures": "test", "validation pictures": "validation"}
"""What a visitor reads, also in the address; what the code calls it."""


def choose_part() -> str:
    """Lets the visitor choose which pictures models are judged on: 'test' (default) or 'validation'."""
    chosen = st.segmented_control(
        "Judged on", list(PARTS), default=next(iter(PARTS)), required=True, key="part", bind="query-params"
    )
    return PARTS[chosen]


@st.cache_resource(max_entries=24, show_spinner=False, hash_funcs=cache.BY_MODEL)
def load_judged(run: Run, part: str, name: str) -> Judged:
    """Loads a run's answers beside the labels; see `analysis.judge`."""
    return analysis.judge(run, part, name)


_LOG = ("validation_truth", "validation_answers")


def has_epoch_log(run: Run) -> bool:
    """Whether a run kept its answers to the validation images after each epoch; older ones did not."""
    return all(map(run.has, _LOG))


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs=cache.BY_MODEL)
def load_epoch_log(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Loads the true class's probability and the answer after each epoch: `(epochs, 12000)` each."""
    truth, answers = map(run.load, _LOG)
    return truth, answers


def judge_models(models: Sequence[Model], part: str) -> Mapping[str, Judged]:
    """Loads each model's answers by its name; says of one that cannot be judged why not, and leaves it out.

    Args:
        models: Published models.
        part: 'validation' or 'test'.
    """
    judged = {}
    for model in models:
        try:
            judged[model.name] = load_judged(model.run, part, model.name)
        except OtherPicturesError as error:
            st.info(escape_markdown(str(error)))
        except ArtifactError as error:
            show_error(error)
    return judged


def load_images(part: str) -> np.ndarray | None:
    """Loads the images of a part: uint8 `(n, 28, 28)`, in split order, read-only.

    Where the data set is not on this machine, says so, offers the download and returns None; the page must
    call `show_download` of `fmnist.ui.pictures` before, outside any fragment.

    Args:
        part: 'validation' or 'test'.
    """
    if part == "test":
        test = load_test_pictures()
        return None if test is None else test.images
    try:
        if data.is_present():
            return cache.load_validation(str(data.data_dir())).images
        st.info("The validation images are not on this machine yet.")
    except DataError as error:
        show_error(error)
    offer_download()
    return None
