"""The training images and each model's features of them; computing what is missing, with progress."""

from collections.abc import Sequence

import streamlit as st

from fmnist import data
from fmnist.artifacts import Model
from fmnist.errors import DataError
from fmnist.features import Shelf, Space
from fmnist.ui.messages import show_error
from fmnist.ui.pictures import offer_download
from fmnist.words import count

_SECONDS = 60  # for a model, on two shared cores


@st.cache_resource(max_entries=1, show_spinner="Reading the images …")
def _load_shelf(folder: str) -> Shelf:
    return Shelf(data.load_dataset())


def find_shelf(missing: str) -> Shelf | None:
    """Loads the data set; where it is not on this machine, says so, offers the download and returns None.

    The page must call `show_download` of `fmnist.ui.pictures` before, outside any fragment.

    Args:
        missing: What cannot be shown without it.
    """
    try:
        if data.is_present():
            return _load_shelf(str(data.data_dir()))
        st.info(f"The data set is not on this machine yet, and without it there are no {missing}.")
    except DataError as error:
        show_error(error)
    offer_download("download_for_picture")  # beside that of a gallery
    return None


def require_spaces(shelf: Shelf, models: Sequence[Model]) -> dict[str, Space]:
    """Finds where models see the training images; offers to compute what is missing, or shows its progress.

    Args:
        shelf: The shelf.
        models: Those whose files give features.

    Returns:
        The spaces that are there, by the models' names.
    """
    spaces = {model.name: space for model in models if (space := shelf.find(model.run))}
    missing = [model for model in models if model.name not in spaces]
    tasks = {model.name: task for model in missing if (task := shelf.find_task(model.run))}
    for task in tasks.values():
        if task.error:
            show_error(task.error)
    running = [model for model in missing if model.name in tasks and not tasks[model.name].error]
    if running:
        _watch(shelf, running)
    elif missing:
        st.markdown(
            "To find neighbours, each model first looks at all "
            f"{len(shelf.dataset.train.labels):,} training pictures. That takes about {_SECONDS} seconds for "
            "each model, once on this machine."
        )
        st.button(
            f"Let {count(len(missing), 'model')} look", icon=":material/visibility:", key="look",
            on_click=_start, args=(shelf, missing),
        )  # fmt: skip
    return spaces


def _start(shelf: Shelf, models: Sequence[Model]) -> None:
    for model in models:
        shelf.start(model.run)


@st.fragment(run_every=1.0)
def _watch(shelf: Shelf, models: Sequence[Model]) -> None:
    """Shows how far the features of models are; shows the page again whenever those of one are there."""
    tasks = {model.name: task for model in models if (task := shelf.find_task(model.run)) and not task.error}
    if len(tasks) < len(models):
        st.rerun()
    for name, task in tasks.items():
        waits = " (waits for its turn)" if not task.share else ""
        st.progress(task.share, f"{name} looks at the training pictures: {task.share:.0%}{waits}")
    if st.button("Cancel", key="cancel_look"):
        for task in tasks.values():
            task.cancel()
