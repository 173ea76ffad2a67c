"""What a training run reports, as plain values; `narration` has the words.

Light: a listener needs no TensorFlow.
"""

from dataclasses import dataclass, field

import numpy as np

from fmnist.artifacts import Run, Trial


@dataclass(frozen=True)
class Resumed:
    """An interrupted training run continues after `epoch` finished epochs."""

    epoch: int


@dataclass(frozen=True)
class Progress:
    """An epoch goes on: `step` of its `steps` batches are done.

    Comes a few times per second, and once all are done, before the validation images are answered.
    """

    epoch: int
    step: int
    steps: int


@dataclass(frozen=True)
class EpochFinished:
    """An epoch has ended.

    Attributes:
        row: Its figures, keys `artifacts.HISTORY_COLUMNS`.
        max_epochs: The epoch after which training ends at the latest.
        is_best: Whether its validation loss is the lowest so far.
        patience_left: Further epochs without improvement after which training stops early.
        seconds_left: The time to `max_epochs` at the speed of the last epochs.
        answers: The served answer to each validation image, uint8 `(n,)`.
        truth: The served probability of each validation image's true class, float16 `(n,)`.
    """

    row: dict[str, float]
    max_epochs: int
    is_best: bool
    patience_left: int
    seconds_left: float
    answers: np.ndarray = field(compare=False)
    truth: np.ndarray = field(compare=False)


@dataclass(frozen=True)
class RunSaved:
    """The training has ended and its run is saved; if a model now points at it, it is published too."""

    run: Run


@dataclass(frozen=True)
class SweepStarted:
    """A sweep begins or goes on.

    Attributes:
        name: Its name.
        trials: How many trials it asks for.
        finished: How many of them are finished already.
        dropped: How many trials leave its table, because it no longer asks for them.
    """

    name: str
    trials: int
    finished: int
    dropped: int


@dataclass(frozen=True)
class TrialProgressed:
    """A trial of a sweep has finished an epoch.

    Attributes:
        trial: Its name.
        row: The epoch's figures, keys `artifacts.HISTORY_COLUMNS`.
        max_epochs: The epoch after which it ends at the latest.
        seconds_left: The time that the rest of the sweep takes at most, at the speed so far.
    """

    trial: str
    row: dict[str, float]
    max_epochs: int
    seconds_left: float


@dataclass(frozen=True)
class TrialFinished:
    """A trial of a sweep is finished and in the table.

    Attributes:
        trial: What it found.
        finished, trials: How many trials are finished, and how many the sweep asks for.
        seconds_left: The time that the rest takes at most, at the speed so far.
    """

    trial: Trial
    finished: int
    trials: int
    seconds_left: float


@dataclass(frozen=True)
class TrialFailed:
    """A trial of a sweep has failed; the others go on."""

    trial: str
    reason: str


@dataclass(frozen=True)
class Lap:
    """How far a recipe has come in a race to a validation accuracy; the last lap of a race is its result.

    Attributes:
        recipe, seed: What is trained.
        epochs: Finished epochs.
        images: Training images seen in them, each as often as it was seen.
        accuracy: Validation accuracy after the last one.
        has_arrived: Whether that is the accuracy asked for, or more.
        training: Seconds for preparing the images of each epoch and learning from them.
        validating: Seconds for evaluating the epochs on validation.
        processor: Processor seconds for both, of all cores together; other programs disturb them little.
        compiling: Seconds for building the network and compiling it, before the first epoch.
    """

    recipe: str
    seed: int
    epochs: int
    images: int
    accuracy: float
    has_arrived: bool
    training: float
    validating: float
    processor: float
    compiling: float

    @property
    def seconds(self) -> float:
        """What the race compares: the time for training and validation, without compiling."""
        return self.training + self.validating

    @property
    def images_per_second(self) -> float:
        """Training images per second of training."""
        return self.images / self.training


SweepEvent = SweepStarted | TrialProgressed | TrialFinished | TrialFailed
Event = Resumed | Progress | EpochFinished | RunSaved
