"""What a training run reports, as plain values; `narration` has the words.

Light: a listener needs no TensorFlow.
"""

from dataclasses import dataclass

from fmnist.artifacts import Run


@dataclass(frozen=True)
class Resumed:
    """An interrupted training run continues after `epoch` finished epochs."""

    epoch: int


@dataclass(frozen=True)
class EpochFinished:
    """An epoch has ended.

    Attributes:
        row: Its figures, keys `artifacts.HISTORY_COLUMNS`.
        max_epochs: The epoch after which training ends at the latest.
        is_best: Whether its validation loss is the lowest so far.
        patience_left: Further epochs without improvement after which training stops early.
        seconds_left: The time to `max_epochs` at the speed of the last epochs.
    """

    row: dict[str, float]
    max_epochs: int
    is_best: bool
    patience_left: int
    seconds_left: float


@dataclass(frozen=True)
class RunSaved:
    """The training has ended and its run is saved; if a model now points at it, it is published too."""

    run: Run


Event = Resumed | EpochFinished | RunSaved
