"""The training images of each epoch: in random order, transformed, imitated; built ahead where that helps."""

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing.connection import Connection

import numpy as np

from fmnist import synthesis
from fmnist.augmentation import augment
from fmnist.data import Split
from fmnist.recipes import TrainingConfig

Build = Callable[[int], tuple[np.ndarray, np.ndarray]]
"""Builds the images and labels of an epoch, from 1, as `build_epoch` does."""
_KEPT_FREE = 2  # processors, for the training itself


def build_epoch(config: TrainingConfig, split: Split, epoch: int) -> tuple[np.ndarray, np.ndarray]:
    """Builds the training images of one epoch; they depend on the seed and the epoch only.

    Returns:
        uint8 images `(n, 28, 28)` and labels `(n,)`, in random order and, if the recipe says so, randomly
        transformed.
    """
    random = np.random.default_rng([config.seed, epoch])
    order = random.permutation(len(split.images))
    images, labels = split.images[order], split.labels[order]
    if config.imitated_share:
        images = synthesis.imitate(images, labels, config.imitated_share, random)
    if config.augmentation:
        images = augment(images, config.augmentation, seed=int(random.integers(2**30)))
    return images, labels


@contextlib.contextmanager
def build_ahead(config: TrainingConfig, split: Split, processes: int | None = None) -> Iterator[Build]:
    """Offers a function that builds epochs, the coming ones in processes of their own.

    A GPU trains an epoch in a tenth of the time that one processor takes to imitate its photos. The images
    are the same as without the processes.

    Args:
        config, split: As for `build_epoch`.
        processes: How many; by default all processors but two, and none if nothing costs time.
    """
    if processes is None:
        processes = (os.cpu_count() or 1) - _KEPT_FREE if config.imitated_share else 0
    if processes <= 0:
        yield partial(build_epoch, config, split)
        return
    builders = _Builders(config, split, processes)
    try:
        yield builders.build
    finally:
        builders.end()


class _Builders:
    """Processes that build one epoch each, started in the order of the epochs."""

    def __init__(self, config: TrainingConfig, split: Split, count: int) -> None:
        self._config, self._split, self._count = config, split, count
        self._running: dict[int, tuple[multiprocessing.process.BaseProcess, Connection]] = {}

    def build(self, epoch: int) -> tuple[np.ndarray, np.ndarray]:
        for coming in range(epoch, min(epoch + self._count - 1, self._config.max_epochs) + 1):
            if coming not in self._running:
                self._running[coming] = self._start(coming)
        process, results = self._running.pop(epoch)
        try:
            return results.recv()
        except (EOFError, OSError):  # the system has ended it, perhaps for lack of memory
            return build_epoch(self._config, self._split, epoch)
        finally:
            results.close()
            process.join()

    def end(self) -> None:
        for process, results in self._running.values():
            process.kill()
            process.join()
            results.close()
        self._running.clear()

    def _start(self, epoch: int) -> tuple[multiprocessing.process.BaseProcess, Connection]:
        spawn = multiprocessing.get_context("spawn")  # a fork of a process with threads may hang
        results, mine = spawn.Pipe(duplex=False)
        process = spawn.Process(
            target=_build_and_send, args=(mine, self._config, self._split, epoch), daemon=True
        )
        process.start()
        mine.close()  # so that the end of the process is the end of the pipe
        return process, results


def _build_and_send(results: Connection, config: TrainingConfig, split: Split, epoch: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the training decides when to stop
    # If the training has been killed, nobody reads this, and the process ends.
    with contextlib.suppress(BrokenPipeError):
        results.send(build_epoch(config, split, epoch))
