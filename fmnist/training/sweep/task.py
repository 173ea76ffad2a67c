"""What passes between the driver of a sweep and the process that trains one of its trials."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fmnist.artifacts import Trial
from fmnist.recipes import TrainingConfig
from fmnist.training.sweep.grid import Plan, PlannedTrial, write_overrides

TRIAL = "fmnist.training.trial"
"""The module that trains a trial: as a process of its own, or by its `run_trial`."""


@dataclass(frozen=True)
class Task:
    """One trial to train, as plain values that JSON can hold.

    Attributes:
        sweep, trial: The names of the sweep and of the trial.
        key: The SHA-256 of the configuration and of the data's split.
        recipe, strength, overrides, config: See `PlannedTrial`; the overrides are JSON.
        split_sha256: The split of the data set that it must be trained on.
        test: Whether to ask the test set, too.
        run: Whether to leave a run.
    """

    sweep: str
    trial: str
    key: str
    recipe: str
    strength: float | None
    overrides: str
    config: TrainingConfig
    split_sha256: str
    test: bool
    run: bool


@dataclass(frozen=True)
class EpochDone:
    """A trial has finished an epoch; `row` has the keys HISTORY_COLUMNS."""

    trial: str
    row: dict[str, float]


@dataclass(frozen=True)
class Finished:
    """A trial is finished and kept on this machine's disk."""

    trial: Trial


@dataclass(frozen=True)
class Failed:
    """A trial has failed, for a reason that is one sentence."""

    trial: str
    reason: str


Report = EpochDone | Finished | Failed
Engine = Callable[[list[Task]], Iterator[Report]]
"""Trains tasks, several at a time, and reports each one's end; closing the iterator stops what still runs."""


def build_task(plan: Plan, trial: PlannedTrial, split_sha256: str) -> Task:
    """Builds the task for one trial of a sweep."""
    return Task(
        plan.name,
        trial.name,
        trial.compute_key(split_sha256),
        trial.recipe,
        trial.strength,
        write_overrides(trial),
        trial.config,
        split_sha256,
        plan.test,
        plan.runs,
    )
