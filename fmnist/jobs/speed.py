"""How long a training will take: measured by a few real steps, in a process of its own, and remembered."""

import subprocess
import sys
import time

import msgspec

from fmnist import artifacts
from fmnist.errors import TrainingError
from fmnist.jobs.start import start
from fmnist.recipes import TrainingConfig

MEASUREMENT = (sys.executable, "-m", "fmnist.training.measure")
"""The program that measures; its argument is a config as JSON."""
_KEPT = 60  # results
_IRRELEVANT = ("seed", "learning_rate", "decay", "decay_patience", "max_epochs", "patience", "learn_alarm")
_measuring: list[subprocess.Popen] = []  # the last one that this server has started


class Speed(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured.

    Attributes:
        seconds_per_epoch: Training and validation together.
        images_per_second: Those that are trained on or answered in an epoch, by that time.
        measured: When, in seconds since 1970.
    """

    seconds_per_epoch: float
    images_per_second: float
    measured: float


def find_speed(config: TrainingConfig) -> Speed | None:
    """Finds what was measured for such a training, if it was."""
    return _load_speeds().get(_identify(config))


def measure(config: TrainingConfig) -> None:
    """Starts a measurement unless one is going on.

    Raises:
        TrainingError: If a training is going on, which would be measured with it, or nothing can be started.
    """
    if is_measuring():
        return
    if artifacts.is_held("worker"):
        raise TrainingError("The time can be measured once nothing trains any more.")
    _measuring[:] = [start((*MEASUREMENT, msgspec.json.encode(config).decode()))]


def is_measuring() -> bool:
    """Whether a measurement is going on."""
    has_begun = any(process.poll() is None for process in _measuring)
    return has_begun or artifacts.is_held("measurement")


def record_speed(config: TrainingConfig, images: int, seconds: float) -> None:
    """Remembers what was measured.

    Args:
        config: Of the training.
        images: In an epoch, those that are trained on and those that are answered.
        seconds: The duration of an epoch.
    """
    speed = Speed(seconds_per_epoch=seconds, images_per_second=images / seconds, measured=time.time())
    speeds = _load_speeds()
    speeds.pop(_identify(config), None)
    kept = [*speeds.items()][1 - _KEPT :]
    content = msgspec.json.encode(dict([*kept, (_identify(config), speed)]))
    artifacts.replace_file(artifacts.speeds_path(), content)


def _load_speeds() -> dict[str, Speed]:
    try:
        return msgspec.json.decode(artifacts.speeds_path().read_bytes(), type=dict[str, Speed])
    except (OSError, msgspec.MsgspecError, ValueError):
        return {}


def _identify(config: TrainingConfig) -> str:
    """Identifies what the time depends on: which transformations there are, but not how strong they are."""
    values = {name: value for name, value in msgspec.to_builtins(config).items() if name not in _IRRELEVANT}
    if values["augmentation"]:
        values["augmentation"] = [name for name, strength in values["augmentation"].items() if strength]
    return msgspec.json.encode(values, order="sorted").decode()
