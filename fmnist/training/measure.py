"""Measures how long an epoch takes on this machine: `python -m fmnist.training.measure CONFIG`, as JSON.

It really trains for a moment, on so few images that it takes seconds, and throws the result away.
"""

import dataclasses
import os
import sys

import msgspec

from fmnist import artifacts, jobs
from fmnist.data import Dataset, Split, load_dataset, take_share
from fmnist.events import EpochFinished, Event
from fmnist.recipes import TrainingConfig
from fmnist.training.worker import NICENESS

_STEPS = 30  # per epoch


def main() -> None:
    """Measures the speed of a training and remembers it for the page."""
    config = msgspec.json.decode(sys.argv[1], type=TrainingConfig)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    with artifacts.hold("measurement") as is_ours:
        if is_ours:
            jobs.record_speed(config, *measure(config, load_dataset()))


def measure(config: TrainingConfig, dataset: Dataset) -> tuple[int, float]:
    """Measures how long an epoch takes.

    Training and validation images are both cut down to the same share, so that the time grows with it.

    Returns:
        The images of a whole epoch, those it trains on and those it validates on, and its seconds.
    """
    from fmnist.training.loop import fit

    train = take_share(dataset.train, config.train_share)
    images = len(train.images)
    share = min(1.0, _STEPS * config.batch_size / images)
    small = dataclasses.replace(dataset, train=_cut(train, share), validation=_cut(dataset.validation, share))
    seconds: list[float] = []

    def listen(event: Event) -> None:
        if isinstance(event, EpochFinished):
            seconds.append(event.row["seconds"])

    # The first epoch also compiles the network.
    fit(dataclasses.replace(config, train_share=1.0, max_epochs=2, patience=2), small, listen)
    whole = images + len(dataset.validation.images)
    return whole, seconds[-1] * images / len(small.train.images)


def _cut(split: Split, share: float) -> Split:
    count = max(1, round(share * len(split.images)))
    return Split(split.images[:count], split.labels[:count])


if __name__ == "__main__":
    main()
