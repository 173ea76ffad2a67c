"""A job's two files: read without trust, and with the truth about its phase."""

import time

import msgspec

from fmnist import artifacts
from fmnist.jobs.types import Epoch, Job, Request, State
from fmnist.recipes import TrainingConfig

_DAMAGED = "Its files are damaged: remove it, and start the training again."


def read_job(name: str, is_ours: bool = False) -> Job | None:
    """Reads a job with its true phase.

    Args:
        name: Its own name.
        is_ours: Whether the caller holds its lock, so that nobody else can be at work on it.

    Returns:
        The job, or None if there is none of that name, or no longer.
    """
    try:
        content = artifacts.job_path(name, "request").read_bytes()
    except OSError:
        return None
    state = _read_state(name)
    if state.phase == "running" and (is_ours or not artifacts.is_held(name)):
        state = _read_state(name)  # it may have ended meanwhile, and only then let go of its lock
        if state.phase == "running":
            state = msgspec.structs.replace(state, phase="interrupted")
    is_stopping = artifacts.job_path(name, "stop").exists()
    try:
        return Job(name, msgspec.json.decode(content, type=Request), state, is_stopping=is_stopping)
    except (msgspec.MsgspecError, ValueError):
        request = Request(name="damaged", recipe="damaged", config=TrainingConfig())
        failed = State(phase="failed", since=state.since, said=_DAMAGED)
        return Job(name, request, failed, is_damaged=True)


def _read_state(name: str) -> State:
    """Reads what is recorded. A damaged record is that of a job which somebody worked on and nobody ended."""
    try:
        return msgspec.json.decode(artifacts.job_path(name, "state").read_bytes(), type=State)
    except (OSError, msgspec.MsgspecError, ValueError):
        return State(phase="running", since=0.0)


def write_state(name: str, state: State, durable: bool = True) -> None:
    """Records how far a job is; only its holder may, see `artifacts.hold`.

    Args:
        name: Its own name.
        state: All that is to be recorded.
        durable: Whether it must survive a loss of power, which takes longer.
    """
    content = msgspec.json.encode(state)
    artifacts.replace_file(artifacts.job_path(name, "state"), content, durable)


def queue_now(epochs: tuple[Epoch, ...] = ()) -> State:
    """Builds the state of a job that goes to the end of the queue now, after some finished epochs."""
    return State(phase="queued", since=time.time(), epochs=epochs)
