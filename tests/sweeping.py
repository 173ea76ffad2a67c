"""Trials and plans of sweeps for tests, and a trial that costs nothing: `python -m tests.sweeping`.

The latter obeys the rules of `fmnist.training.trial` in a process of its own, without Keras; see `ACTS`.
"""

import json
import os
import signal
import sys
import time

import msgspec

from fmnist import artifacts
from fmnist.training.sweep.grid import parse_plan
from fmnist.training.sweep.task import Task


def build_trial(trial="simple-seed1", key="a" * 64, epochs=3, **changes) -> artifacts.Trial:
    """A finished trial of a few epochs, each better than the one before, unless `changes` say otherwise."""
    history = tuple(
        artifacts.EpochRow(
            epoch=number,
            loss=1 / number,
            accuracy=0.5,
            val_loss=1 / number,
            val_accuracy=number / (epochs + 1),
            learning_rate=0.001,
            seconds=2.0,
        )
        for number in range(1, epochs + 1)
    )
    values = {
        "trial": trial,
        "key": key,
        "recipe": "simple",
        "strength": None,
        "train_share": 1.0,
        "seed": 1,
        "overrides": "{}",
        "history": history,
        "kept_epoch": epochs,
        "epochs_run": epochs,
        "val_loss": 1 / epochs,
        "val_accuracy": epochs / (epochs + 1),
        "best_val_accuracy": epochs / (epochs + 1),
        "best_accuracy_epoch": epochs,
        "validation_answers": bytes([0, 9, 3]),
        "seconds": 2.0 * epochs,
        "images_per_second": 100.0,
        "backend": "tensorflow 2.21.0, CPU",
    }
    return artifacts.Trial(**values | changes)


def fill_trial(task: Task, **changes) -> artifacts.Trial:
    """A finished trial of a task, with test figures if it asks for them."""
    names = ("trial", "key", "recipe", "strength", "overrides")
    told = {name: getattr(task, name) for name in names}
    test = {"test_accuracy": 0.5, "test_loss": 1.5} if task.test else {}
    return build_trial(**told, **test, seed=task.config.seed, train_share=task.config.train_share, **changes)


def build_plan(grid="recipe = 'simple'\nseeds = [1, 2, 3]", name="ours", **options):
    """A plan with one grid, such as `build_plan("recipe = 'simple'\\nseeds = [1]", test=True)`."""
    head = [f"{key} = {json.dumps(value)}" for key, value in {"name": name, **options}.items()]
    return parse_plan("\n".join([*head, "[[grid]]", grid]))


def _crash(task):
    print("nearly there", file=sys.stderr)
    raise ValueError("too bad")


def _hang(task):
    print(f"pid {os.getpid()}", file=sys.stderr, flush=True)
    time.sleep(600)


ACTS = {
    2: lambda task: print(json.dumps({"failed": "The model's answers became NaN."})),
    3: _crash,
    4: lambda task: os.kill(os.getpid(), signal.SIGKILL),
    5: lambda task: None,  # ends well, but leaves nothing
    6: _hang,
}
"""What a trial does instead of finishing, by its seed."""


if __name__ == "__main__":
    task = msgspec.json.decode(sys.stdin.buffer.readline(), type=Task)
    limit = os.environ.get("OMP_NUM_THREADS", "none")
    print("a line that is no report", flush=True)
    for row in fill_trial(task).history:
        print(json.dumps(msgspec.structs.asdict(row)), flush=True)
    if task.config.seed in ACTS:
        ACTS[task.config.seed](task)
        sys.exit(0 if task.config.seed == 5 else 1)
    with artifacts.trial_workspace(task.sweep, task.trial) as folder:
        artifacts.keep_trial(folder, task.sweep, fill_trial(task, backend=f"threads {limit}"), None)
