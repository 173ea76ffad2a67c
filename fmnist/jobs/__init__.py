"""Trainings that pages start: asked for, in a queue, one at a time in a process of its own, and true to life.

Light: a server that queues and shows trainings needs no Keras. The training itself is
`python -m fmnist.training.worker`, which takes its work from here.

What is recorded is never believed alone: a job runs as long as the process that works on it holds its lock,
which the system releases however that process ends. So a job whose worker was killed is interrupted at once,
whoever looks, and can go on from its checkpoint.
"""

from fmnist.jobs.queue import (
    MAX_UNFINISHED,
    find_job,
    forget,
    is_standing_still,
    is_waiting,
    list_jobs,
    resume,
    stop,
    submit,
)
from fmnist.jobs.speed import Speed, find_speed, is_measuring, measure, record_speed
from fmnist.jobs.start import start_worker
from fmnist.jobs.types import Epoch, Job, Request
from fmnist.jobs.work import Work, choose_pictures, load_pictures, take_next

__all__ = [
    "MAX_UNFINISHED",
    "Epoch",
    "Job",
    "Request",
    "Speed",
    "Work",
    "choose_pictures",
    "find_job",
    "find_speed",
    "forget",
    "is_measuring",
    "is_standing_still",
    "is_waiting",
    "list_jobs",
    "load_pictures",
    "measure",
    "record_speed",
    "resume",
    "start_worker",
    "stop",
    "submit",
    "take_next",
]
