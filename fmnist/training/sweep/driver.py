"""Runs a sweep: decides which trials are left, hands them to an engine, and keeps the table up to date.

Whatever kills it, the same call goes on: finished trials are in the table or in their workspaces, and each
workspace has the checkpoint of its trial.
"""

import time
from collections.abc import Callable

import msgspec

from fmnist import artifacts
from fmnist.events import SweepEvent, SweepStarted, TrialFailed, TrialFinished, TrialProgressed
from fmnist.training.sweep.grid import Plan
from fmnist.training.sweep.task import Engine, EpochDone, Failed, Finished, Task, build_task


def run_sweep(
    plan: Plan, split_sha256: str, engine: Engine, on_event: Callable[[SweepEvent], None] = lambda event: None
) -> list[str]:
    """Trains all trials of a sweep that are not finished.

    Args:
        plan: What is asked.
        split_sha256: Identifies the split of the data set.
        engine: What trains the trials.
        on_event: Called whenever there is something to tell.

    Returns:
        The names of the trials that have failed.

    Raises:
        TrainingError: If another process runs the same sweep.
        ArtifactError: If the sweep's table is damaged.
    """
    with artifacts.sweep_workspace(plan.name):
        tasks = [build_task(plan, trial, split_sha256) for trial in plan.trials]
        before = artifacts.load_sweep(plan.name).trials if plan.name in artifacts.list_sweeps() else ()
        finished = _find_finished(tasks, before)
        pending = [task for task in tasks if task.trial not in finished]
        artifacts.save_plan(plan.name, plan.text)
        _save(tasks, finished)
        keys = {task.key for task in tasks}
        dropped = sum(trial.key not in keys for trial in before)
        on_event(SweepStarted(plan.name, len(tasks), len(finished), dropped))
        return _train(tasks, pending, finished, engine, on_event) if pending else []


def _train(
    tasks: list[Task],
    pending: list[Task],
    finished: dict[str, artifacts.Trial],
    engine: Engine,
    on_event: Callable[[SweepEvent], None],
) -> list[str]:
    failed: list[str] = []
    clock = _Clock(pending)
    reports = engine(pending)
    try:
        for report in reports:
            match report:
                case EpochDone(name, row):
                    left = clock.count_epoch(name, int(row["epoch"]))
                    on_event(TrialProgressed(name, row, clock.tasks[name].config.max_epochs, left))
                case Finished(trial):
                    finished[trial.trial] = trial
                    _save(tasks, finished)
                    left = clock.finish(trial.trial, trial.epochs_run)
                    on_event(TrialFinished(trial, len(finished), len(tasks), left))
                case Failed(name, reason):
                    failed.append(name)
                    clock.finish(name)
                    on_event(TrialFailed(name, reason))
    finally:
        reports.close()  # type: ignore[attr-defined]
    return failed


def _find_finished(tasks: list[Task], before: tuple[artifacts.Trial, ...]) -> dict[str, artifacts.Trial]:
    """Finds what is finished of `tasks`, by name: in the table under any name, or in a workspace."""
    by_key = {trial.key: trial for trial in before}
    finished = {}
    for task in tasks:
        for trial in (by_key.get(task.key), artifacts.load_trial(task.sweep, task.trial)):
            if trial and trial.key == task.key and (trial.test_accuracy is not None or not task.test):
                finished[task.trial] = _name_as_asked(trial, task)
                break
    return finished


def _name_as_asked(trial: artifacts.Trial, task: Task) -> artifacts.Trial:
    """The same result under the name that the file gives it now; test figures only where they are asked."""
    trial = msgspec.structs.replace(trial, trial=task.trial, recipe=task.recipe, strength=task.strength)
    trial = msgspec.structs.replace(trial, overrides=task.overrides)
    return trial if task.test else msgspec.structs.replace(trial, test_accuracy=None, test_loss=None)


def _save(tasks: list[Task], finished: dict[str, artifacts.Trial]) -> None:
    names = tuple(task.trial for task in tasks)
    trials = tuple(finished[name] for name in names if name in finished)
    artifacts.save_sweep(artifacts.Sweep(tasks[0].sweep, names, trials))


class _Clock:
    """Estimates the time left from the epochs so far, each counted by its share of the data."""

    def __init__(self, pending: list[Task]) -> None:
        self.tasks = {task.trial: task for task in pending}
        self._started = time.monotonic()
        self._left = {task.trial: task.config.max_epochs for task in pending}
        self._counted = dict.fromkeys(self.tasks, 0)

    def count_epoch(self, name: str, epoch: int) -> float:
        """Counts an epoch; returns the seconds that all the rest takes at most."""
        self._left[name] = self.tasks[name].config.max_epochs - epoch
        self._counted[name] += 1
        return self._estimate()

    def finish(self, name: str, epochs: int = 0) -> float:
        """Counts a trial's end, which may come early; returns the seconds left."""
        self._left[name] = 0
        self._counted[name] = self._counted[name] or epochs  # some engines report no epochs
        return self._estimate()

    def _estimate(self) -> float:
        done, left = self._weigh(self._counted), self._weigh(self._left)
        return (time.monotonic() - self._started) * left / done if done else 0.0

    def _weigh(self, epochs: dict[str, int]) -> float:
        return sum(number * self.tasks[name].config.train_share for name, number in epochs.items())
