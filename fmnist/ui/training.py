"""One training: its progress, its curves and the pictures it is asked about, while it runs and afterwards."""

import numpy as np
import streamlit as st

from fmnist import artifacts, figures, jobs, narration
from fmnist.config import CLASS_NAMES, NUM_CLASSES
from fmnist.errors import ArtifactError
from fmnist.ui.messages import act, show_error
from fmnist.ui.tiles import Mark, show_tiles

_NO_BUTTONS = {"displayModeBar": False}


def show_progress(job: jobs.Job, may_change: bool) -> None:
    """Shows which training runs, how far it is, and a way to stop it.

    Args:
        job: As it is now.
        may_change: Whether the visitor may stop it.
    """
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        show_name(job)
        if may_change:
            st.button(
                "Stop", icon=":material/stop:", disabled=job.is_stopping, key=f"stop_{job.name}",
                on_click=act, args=(jobs.stop, job.name), help="The best epoch so far is kept.",
            )  # fmt: skip
    st.progress(job.share_done, narration.describe_progress(job))


def show_name(job: jobs.Job) -> None:
    """Shows what a training is called and what was asked for."""
    st.header(job.request.name, anchor=False, width="content")
    st.markdown(narration.describe_request(job.request), width="stretch")


def show_course(job: jobs.Job) -> None:
    """Shows the curves of a training and the pictures that it is asked about."""
    curves, pictures = st.columns([7, 5], gap="medium")
    with curves:
        _show_curves(job)
        for said in narration.list_warnings(job):
            st.warning(said)
    with pictures:
        st.markdown(narration.describe_pictures(job))
        is_over = job.phase != "running" and job.kept_epoch
        epochs = job.state.epochs[: job.kept_epoch] if is_over else job.state.epochs
        try:
            images = jobs.load_pictures(job.name)
            with st.container(key=f"fm-watched-{job.name}"):
                _show_pictures(images, epochs[-1].answers if epochs else (), find_colour(job.state.run))
        except ArtifactError as error:
            show_error(error)


def find_colour(run: str | None) -> str:
    """Finds the colour of a training: that of the model its run is, or the one that a new model would get.

    Args:
        run: The name of its run, if there is one.

    Returns:
        As #rrggbb.
    """
    try:
        colours = {entry.run: entry.colour for entry in artifacts.list_models()}
    except ArtifactError:
        colours = {}
    free = (colour for colour in artifacts.PALETTE if colour not in colours.values())
    return colours.get(run or "") or next(free, artifacts.PALETTE[0])


def _show_curves(job: jobs.Job) -> None:
    epochs, is_running = job.state.epochs, job.phase == "running"
    for metric in ("accuracy", "loss"):
        _show_curve(
            job.name,
            metric,
            tuple(getattr(epoch, metric) for epoch in epochs),
            tuple(getattr(epoch, f"val_{metric}") for epoch in epochs),
            find_colour(job.state.run),
            job.request.config.max_epochs if is_running else len(epochs),
            job.kept_epoch,
            job.memorises_from if metric == "accuracy" else 0,
        )


# What is shown stays the same for many updates of the progress.
@st.cache_resource(max_entries=64, show_spinner=False)
def _show_curve(
    name: str,
    metric: str,
    training: tuple[float, ...],
    validation: tuple[float, ...],
    colour: str,
    last: int,
    kept: int,
    memorises: int,
) -> None:
    st.plotly_chart(
        figures.plot_progress(metric, training, validation, colour, last, kept, memorises),
        key=f"{metric}_{name}",
        config=_NO_BUTTONS,
        alt=f"Training and validation {metric} after each epoch so far",
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def _show_pictures(images: np.ndarray, answers: tuple[int, ...], colour: str) -> None:
    marks: list[list[Mark]] = [[] for _ in images]
    for place, (answer, found) in enumerate(zip(answers, marks, strict=False)):
        sign = "✓" if answer == place % NUM_CLASSES else "✗"
        found.append(Mark("the model", sign, CLASS_NAMES[answer]))
    titles = [CLASS_NAMES[place % NUM_CLASSES] for place in range(len(images))]
    show_tiles(images, marks, {"the model": colour}, titles)
