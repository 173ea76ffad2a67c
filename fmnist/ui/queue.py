"""The trainings that wait, and those that have ended: what can be done with them."""

from collections.abc import Sequence

import streamlit as st

from fmnist import artifacts, jobs, narration
from fmnist.errors import ArtifactError, TrainingError
from fmnist.ui.frame import show_link
from fmnist.ui.messages import act, show_error
from fmnist.ui.training import show_course, show_name


def show_queue(waiting: Sequence[jobs.Job], may_change: bool) -> None:
    """Shows what waits, in order, with a way to remove it; says so if nobody takes it."""
    if not waiting:
        return
    st.header("The queue", anchor=False)
    if jobs.is_standing_still():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning("The queue stands still, because the program that trains was ended.")
            if may_change:
                st.button(
                    "Start the queue", icon=":material/play_arrow:", on_click=act, args=(jobs.start_worker,)
                )
    for job in waiting:
        with st.container(horizontal=True, vertical_alignment="center", key=f"fm-waiting-{job.name}"):
            said = f"{job.position}. **{job.request.name}**: {narration.describe_request(job.request)}"
            st.markdown(said, width="stretch")
            if may_change:
                _show_remove(job)


def show_ended(job: jobs.Job, may_change: bool) -> None:
    """Shows a training that does not run, and what can be done with it and with its run."""
    with st.container(horizontal=True, vertical_alignment="center"):
        show_name(job)
    if job.phase == "failed":
        show_error(TrainingError(job.state.said))
    else:
        st.markdown(narration.describe_end(job))
    with st.container(horizontal=True, vertical_alignment="center"):
        if job.can_go_on and may_change:
            st.button(
                "Go on" if job.state.epochs else "Start again", icon=":material/play_arrow:", type="primary",
                key=f"resume_{job.name}", on_click=act, args=(jobs.resume, job.name),
            )  # fmt: skip
        if job.state.run:
            _show_run(job, job.state.run, may_change)
        if may_change:
            _show_remove(job)
    if job.state.epochs:
        show_course(job)


def _show_remove(job: jobs.Job) -> None:
    st.button(
        "Remove", icon=":material/close:", type="tertiary", key=f"remove_{job.name}", on_click=act,
        args=(jobs.forget, job.name),
        help="From this list, with what would be needed to go on. A run that was saved stays.",
    )  # fmt: skip


def _show_run(job: jobs.Job, run: str, may_change: bool) -> None:
    """Shows what can be done with the run that a training became."""
    if run not in artifacts.list_runs():
        st.markdown("Its run has been deleted.", width="content")
        return
    try:
        entries = artifacts.list_models()
    except ArtifactError:  # there are no models yet
        entries = []
    names = [entry.name for entry in entries if entry.run == run]
    if may_change and not names:
        _show_publish(job, run, [entry.name for entry in entries])
    for name in names[:1]:
        st.markdown(f"Published as **{name}**.", width="content")
        show_link("Classify", "Classify a picture with it", "photo_camera", model=name)
    show_link("Training_curves", "See its curves", "show_chart", runs=run)
    show_link("Runs", "All runs", "table_rows")


def _show_publish(job: jobs.Job, run: str, taken: Sequence[str]) -> None:
    with st.popover("Publish as a model …", icon=":material/publish:"):
        name = st.text_input(
            "Name of the model", _find_free(job.request.name, taken), max_chars=40, key=f"name_{job.name}"
        ).strip()
        st.caption("All pages then show it beside the others.")
        is_sure = name not in taken or st.checkbox(
            f"Replace the published model {name}", key=f"replace_{job.name}_{name}"
        )
        # Not in a callback, which would get the name from before it was typed.
        is_pressed = st.button("Publish", type="primary", disabled=not is_sure, key=f"publish_{job.name}")
        if is_pressed and is_sure:
            act(_publish, job, run, name)
            st.rerun()


def _find_free(name: str, taken: Sequence[str]) -> str:
    """Finds a name that no published model has: the given one, or the same with a number."""
    others = (f"{name[:36]}-{number}" for number in range(2, 1000))
    return next(free for free in (name, *others) if free not in taken)


def _publish(job: jobs.Job, run: str, name: str) -> None:
    artifacts.check_name(name)
    found = artifacts.load_run(run)
    found.check()
    artifacts.point(name, found, narration.describe_model(job.request))
