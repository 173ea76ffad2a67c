"""What a training tells while it runs, as plain values; `narration` has the words.

Light: whoever only listens needs no TensorFlow.
"""

from dataclasses import dataclass

from fmnist.artifacts import Run


@dataclass(frozen=True)
class Resumed:
    """An interrupted training goes on after `epoch` finished epochs."""

    epoch: int


@dataclass(frozen=True)
class EpochFinished:
    """An epoch has ended.

    Attributes:
        row: Its figures, keys `artifacts.HISTORY_COLUMNS`.
        max_epochs: The epoch after which training ends at the latest.
        is_best: Whether no epoch before had a lower validation loss.
        patience_left: Epochs without improvement after which training ends early.
        seconds_left: What it takes to `max_epochs` at the speed of the last epochs.
    """

    row: dict[str, float]
    max_epochs: int
    is_best: bool
    patience_left: int
    seconds_left: float


@dataclass(frozen=True)
class RunSaved:
    """The training has ended and its run is saved; published if a model points at it now."""

    run: Run


Event = Resumed | EpochFinished | RunSaved
