"""Train a model: set up a training, watch it, and publish what came of it."""

import streamlit as st

from fmnist import data, jobs
from fmnist.ui.messages import pass_on_outcome, show_outcome
from fmnist.ui.page import page_header
from fmnist.ui.permission import is_read_only
from fmnist.ui.pictures import offer_download, show_download
from fmnist.ui.queue import show_ended, show_queue
from fmnist.ui.setup import add_setup, choose_request, show_start
from fmnist.ui.training import show_course, show_progress

EVERY = 1.5  # seconds between two looks at the training

page_header(
    "Train a model",
    "Choose what to train, press Start, and watch a network learn. It goes on when you close this page.",
)
may_change = not is_read_only()
show_outcome()
show_download()
found = jobs.list_jobs()
running = [job for job in found if job.phase == "running"]
waiting = [job for job in found if job.phase == "queued"]
others = [job for job in found if job not in running + waiting]

if not may_change:
    st.info("This server only shows: training is switched off here.")
else:
    with add_setup(not found):
        request = choose_request()
        if data.is_present():
            show_start(request)
        else:
            st.info("The images to train on are not on this machine yet.")
            offer_download()


def list_milestones(listed: list[jobs.Job]) -> list[object]:
    """Lists what decides everything on the page but the progress within an epoch."""
    phases = [(job.name, job.phase, job.state.stage, len(job.state.epochs)) for job in listed]
    return [*phases, jobs.is_standing_still()]


def follow() -> None:
    """Shows the progress within an epoch; at each milestone the whole page follows, curves and all."""
    now = jobs.list_jobs()
    if list_milestones(now) != milestones:
        st.rerun()
    pass_on_outcome()
    for job in now:
        if job.phase == "running":
            show_progress(job, may_change)


milestones = list_milestones(found)
# Only this is drawn anew all the time, so that nothing flickers and a curve can be pointed at.
st.fragment(follow, run_every=EVERY if running or waiting else None)()
for job in running:
    show_course(job)
show_queue(waiting, may_change)
if others and not running:
    show_ended(others.pop(0), may_change)
if others:
    st.header("Earlier trainings", anchor=False)
for job in others:
    label = f"{job.request.name}: {job.phase}"
    with st.expander(label, key=f"ended_{job.name}", on_change="rerun") as earlier:
        if earlier.open:
            show_ended(job, may_change)
