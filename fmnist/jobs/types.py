"""A job: what was asked for and how far it is, typed, as its two files hold it."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from fmnist.artifacts import Folder, Name
from fmnist.recipes import TrainingConfig

Phase = Literal["queued", "running", "interrupted", "stopped", "finished", "failed"]
FAR = 0.05
"""Training accuracy this far above validation accuracy: the model knows its images by heart."""
UNFINISHED: tuple[Phase, ...] = ("queued", "running", "interrupted")


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked for.

    Attributes:
        name: What the run, and later the model, is to be called.
        recipe: The recipe that the values began with.
        config: All values.
    """

    name: Name
    recipe: Name
    config: TrainingConfig


class Epoch(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a finished epoch, by the names of `artifacts.HISTORY_COLUMNS`.

    Attributes:
        answers: The class index that the model answers to each of the pictures; see `choose_pictures`.
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    learning_rate: float
    seconds: float
    answers: tuple[int, ...] = ()


class State(msgspec.Struct, frozen=True, kw_only=True):
    """How far a job is.

    Attributes:
        phase: As recorded; "running" says only what its worker last wrote.
        since: When it got its place in the queue, in seconds since 1970; the queue's order.
        stage: What is done while it runs.
        step, steps: Batches done in the epoch that runs, and how many it has.
        epochs: The finished epochs, in order.
        run: The name of the run that it became, or None.
        said: A sentence: why it failed, or what became of it.
    """

    phase: Phase
    since: float
    stage: Literal["starting", "training", "saving"] = "starting"
    step: int = 0
    steps: int = 0
    epochs: tuple[Epoch, ...] = ()
    run: Folder | None = None
    said: str = ""


@dataclass(frozen=True)
class Job:
    """A job as it is now.

    Attributes:
        name: Its own name, a time.
        request: What was asked for.
        state: What is recorded, except that its phase is true.
        position: Its place in the queue, from 1; 0 if it does not wait there.
        is_stopping: Whether it has been asked to stop.
        is_damaged: Whether nobody can read any more what was asked for.
    """

    name: str
    request: Request
    state: State
    position: int = 0
    is_stopping: bool = False
    is_damaged: bool = False

    @property
    def phase(self) -> Phase:
        """Whether it waits, runs, was interrupted, or has ended, and how."""
        return self.state.phase

    @property
    def is_unfinished(self) -> bool:
        """Whether it waits, runs or can go on."""
        return self.phase in UNFINISHED

    @property
    def can_go_on(self) -> bool:
        """Whether it may be put in the queue again."""
        return self.phase in ("interrupted", "failed") and not self.is_damaged

    @property
    def kept_epoch(self) -> int:
        """The epoch with the lowest validation loss so far, from 1; 0 before the first."""
        best = min(self.state.epochs, key=lambda epoch: epoch.val_loss, default=None)
        return best.epoch if best else 0

    @property
    def share_done(self) -> float:
        """How much of the running epoch is done, 0 to 1."""
        return self.state.step / self.state.steps if self.state.steps else 0.0

    @property
    def seconds_left(self) -> float:
        """The time until the last epoch ends, at the speed of the last few; 0 before the first has ended."""
        done = self.state.epochs
        recent = done[-3:]
        mean = sum(epoch.seconds for epoch in recent) / max(1, len(recent))
        return mean * (self.request.config.max_epochs - len(done) - self.share_done)

    @property
    def memorises_from(self) -> int:
        """The epoch since which training accuracy is far above validation accuracy; 0 if it is not."""
        first = 0
        for epoch in self.state.epochs:
            first = (first or epoch.epoch) if epoch.accuracy - epoch.val_accuracy > FAR else 0
        return first
