"""A job in the hands of the worker: taking it from the queue, and recording what becomes of it."""

import contextlib
import io
import shutil
from collections.abc import Iterator

import msgspec
import numpy as np

from fmnist import artifacts
from fmnist.config import IMAGE_SIZE, NUM_CLASSES
from fmnist.errors import ArtifactError
from fmnist.events import EpochFinished, Event, Progress, Resumed
from fmnist.jobs.files import read_job, write_state
from fmnist.jobs.queue import list_jobs
from fmnist.jobs.types import Epoch, Job, Phase

ROWS = 2
"""Pictures of each class whose answers are recorded."""


@contextlib.contextmanager
def take_next() -> Iterator["Work | None"]:
    """Yields the first job of the queue to work on, and holds it meanwhile; None if none waits."""
    for waiting in list_jobs():
        if waiting.phase != "queued":
            continue
        with artifacts.hold(waiting.name) as is_ours:
            job = read_job(waiting.name, is_ours)
            if is_ours and job and job.phase == "queued" and not job.is_damaged:
                yield Work(job)
                return
    yield None


class Work:
    """What the worker may do with the one job it holds."""

    def __init__(self, job: Job) -> None:
        """Takes a job, which runs from now on."""
        self.request = job.request
        self.place = artifacts.training_place(job.name)
        self._name = job.name
        self._state = job.state
        self._pictures = np.zeros(0, int)
        self._record(durable=True, phase="running", stage="starting", step=0, steps=0, said="")

    @property
    def has_checkpoint(self) -> bool:
        """Whether there is something to go on from."""
        return artifacts.checkpoint_path(artifacts.job_path(self._name, "training")).exists()

    def begin(self, images: np.ndarray, labels: np.ndarray) -> None:
        """Chooses the pictures whose answers are recorded, and keeps them beside the job.

        Args:
            images: The validation images, uint8 `(n, 28, 28)`.
            labels: Their classes, `(n,)`.
        """
        self._pictures = choose_pictures(labels)
        stream = io.BytesIO()
        np.save(stream, images[self._pictures], allow_pickle=False)
        artifacts.replace_file(artifacts.job_path(self._name, "pictures"), stream.getvalue())
        if not self.has_checkpoint:
            self._record(epochs=())

    def should_stop(self) -> bool:
        """Whether somebody has asked for an end."""
        return artifacts.job_path(self._name, "stop").exists()

    def report(self, event: Event) -> None:
        """Records an event of the training."""
        match event:
            case Resumed(epoch):
                self._record(epochs=self._state.epochs[:epoch])
            case Progress(_, step, steps):
                self._record(stage="training", step=step, steps=steps)
            case EpochFinished():
                answers = tuple(map(int, event.answers[self._pictures]))
                finished = Epoch(**event.row, answers=answers)  # type: ignore[arg-type]  # keys: the columns
                is_last = finished.epoch >= event.max_epochs or event.patience_left <= 0
                self._record(
                    epochs=(*self._state.epochs, finished), step=0, stage="saving" if is_last else "training"
                )

    def finish(self, run: str) -> None:
        """Records that a run came of it, because it has ended or somebody has asked for an end."""
        self._end("stopped" if self.should_stop() else "finished", run=run)

    def fail(self, said: str) -> None:
        """Records, in a sentence, why nothing came of it: it failed, or was stopped too early.

        What has failed keeps its checkpoint, since the reason may be a full disk.
        """
        if self.should_stop() and not self._state.epochs:
            self._end("stopped", said=said)
        else:
            self._record(durable=True, phase="failed", said=said)

    def _end(self, phase: Phase, **result: str) -> None:
        self._record(durable=True, phase=phase, **result)
        shutil.rmtree(artifacts.job_path(self._name, "training"), ignore_errors=True)
        artifacts.job_path(self._name, "stop").unlink(missing_ok=True)

    def _record(self, durable: bool = False, **changes: object) -> None:
        self._state = msgspec.structs.replace(self._state, **changes)
        write_state(self._name, self._state, durable)


def choose_pictures(labels: np.ndarray) -> np.ndarray:
    """Chooses validation images to watch: always the same, the first of every class, then the second ones.

    Args:
        labels: The classes of the validation images, `(n,)`.

    Returns:
        Positions, int `(20,)`; the class of the one at place i is i modulo 10.
    """
    firsts = [np.flatnonzero(labels == label)[:ROWS] for label in range(NUM_CLASSES)]
    return np.stack(firsts, axis=1).ravel()


def load_pictures(name: str) -> np.ndarray:
    """Loads the pictures whose answers a job records: uint8 `(20, 28, 28)`; none before it has begun.

    Raises:
        ArtifactError: If the file is damaged.
    """
    shape = (ROWS * NUM_CLASSES, IMAGE_SIZE, IMAGE_SIZE)
    try:
        content = artifacts.job_path(name, "pictures").read_bytes()
    except OSError:
        return np.zeros((0, *shape[1:]), np.uint8)
    try:
        return artifacts.parse_array(content).astype(np.uint8).reshape(shape)
    except ValueError as error:
        raise ArtifactError("The pictures of this training are damaged: start it again.") from error
