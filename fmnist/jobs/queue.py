"""The queue: asking for a training, stopping it, letting it go on, removing it.

Everything here may happen in several servers at once, and while a worker works.
"""

import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from fmnist import artifacts
from fmnist.errors import TrainingError
from fmnist.jobs.files import queue_now, read_job, write_state
from fmnist.jobs.start import start_worker
from fmnist.jobs.types import Job, Request
from fmnist.recipes import RECIPES

MAX_UNFINISHED = 10
"""How many jobs may wait, run or be interrupted at a time."""
_KEPT = 20  # ended jobs in the list; their runs are kept in any case
_NEEDED = 300_000_000  # bytes for a checkpoint, its replacement and the run, several times over
_PATIENCE = 1.0  # seconds to wait for somebody who may only be looking
_STARTING = 5.0  # seconds that a worker needs at most to take its lock
_GONE = "That training is no longer in the list: reload the page."
_BUSY = "That training is just being started or ended: try again in a few seconds."


def list_jobs() -> list[Job]:
    """Lists all jobs as they are now: what runs, then the queue in order, then the others, newest first."""
    found = [job for name in artifacts.list_job_names() if (job := read_job(name))]
    running = [job for job in found if job.phase == "running"]
    waiting = sorted((job for job in found if job.phase == "queued"), key=lambda job: job.state.since)
    others = [job for job in reversed(found) if job.phase not in ("running", "queued")]
    return [*running, *(replace(job, position=n) for n, job in enumerate(waiting, 1)), *others]


def find_job(name: str) -> Job:
    """Finds a job by its own name.

    Raises:
        TrainingError: If there is none.
    """
    job = read_job(name)
    if job is None:
        raise TrainingError(_GONE)
    return job


def is_waiting() -> bool:
    """Whether any job waits in the queue."""
    return any(job.phase == "queued" for job in list_jobs())


def is_standing_still() -> bool:
    """Whether jobs wait although nobody takes them, as after the worker was killed."""
    now = time.time()
    waits = any(job.phase == "queued" and now - job.state.since > _STARTING for job in list_jobs())
    return waits and not artifacts.is_held("worker")


def submit(request: Request) -> str:
    """Puts a training at the end of the queue and starts the worker if none is there.

    Returns:
        The job's own name.

    Raises:
        TrainingError, ArtifactError: If the name is not a good one, too many jobs wait, or the disk is full.
    """
    artifacts.check_name(request.name)
    if request.name in RECIPES:
        raise TrainingError(f"{request.name} is the name of a recipe: choose a name of your own.")
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
    try:
        with artifacts.hold("queue"):
            artifacts.remove_leftovers()
            jobs = list_jobs()
            if sum(job.is_unfinished for job in jobs) >= MAX_UNFINISHED:
                raise TrainingError(
                    f"{MAX_UNFINISHED} trainings wait or were interrupted: remove one of them first."
                )
            if shutil.disk_usage(artifacts.artifacts_dir()).free < _NEEDED:
                raise TrainingError(
                    f"The disk of this server is nearly full: free {_NEEDED // 1_000_000} MB first."
                )
            for job in [job for job in jobs if not job.is_unfinished][_KEPT - 1 :]:
                forget(job.name)
            artifacts.make_job(name, msgspec.json.encode(request), msgspec.json.encode(queue_now()))
    except OSError as error:
        raise TrainingError(f"The training cannot be queued ({error.strerror or 'no reason'}).") from error
    start_worker()
    return name


def stop(name: str) -> None:
    """Asks a training to stop: its best epoch so far becomes a run. What only waits leaves the queue.

    Raises:
        TrainingError: If it cannot be asked.
    """
    job = find_job(name)
    if job.phase == "queued":
        forget(name)
    elif job.phase == "running":
        try:
            artifacts.job_path(name, "stop").touch()
        except OSError as error:
            raise TrainingError(_GONE) from error


def resume(name: str) -> None:
    """Puts an interrupted or failed training at the end of the queue; it goes on after its last whole epoch.

    Nothing happens if it is there already.

    Raises:
        TrainingError: If it is no longer in the list, or somebody works on it.
    """
    with artifacts.hold(name, _PATIENCE) as is_ours:
        job = read_job(name, is_ours)
        if job is None:
            raise TrainingError(_GONE)
        if not job.can_go_on:
            return
        if not is_ours:
            raise TrainingError(_BUSY)
        artifacts.job_path(name, "stop").unlink(missing_ok=True)
        write_state(name, queue_now(job.state.epochs))
    start_worker()


def forget(name: str) -> None:
    """Removes a job that does not run, with its checkpoint; a run that it became stays.

    Raises:
        TrainingError: If somebody works on it.
    """
    with artifacts.hold(name, _PATIENCE) as is_ours:
        if read_job(name, is_ours) is None:
            return
        if not is_ours:
            raise TrainingError(_BUSY)
        try:
            artifacts.remove_job(name)
        except OSError as error:
            raise TrainingError(f"It cannot be removed ({error.strerror or 'no reason'}).") from error
