"""The training images of each epoch: in random order, transformed, imitated; built ahead where that helps."""

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import msgspec
import numpy as np

from fmnist import synthesis
from fmnist.augmentation import augment
from fmnist.data import Split
from fmnist.recipes import TrainingConfig

Build = Callable[[int], tuple[np.ndarray, np.ndarray]]
"""Builds the images and labels of an epoch, from 1, as `build_epoch` does."""
_KEPT_FREE = 2  # processors, for the training itself
_MOST = 16  # processes; each holds an epoch, and a fast GPU wants no more


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
        processes: How many; by default all processors but two, at most 16, and none if nothing costs time.
    """
    if processes is None:
        processes = min((os.cpu_count() or 1) - _KEPT_FREE, _MOST) if config.imitated_share else 0
    if processes <= 0:
        yield partial(build_epoch, config, split)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "split"
        with open(path, "wb") as stream:
            np.savez(stream, images=split.images, labels=split.labels)
        builders = _Builders(config, split, path, processes)
        try:
            yield builders.build
        finally:
            builders.end()


class _Builders:
    """Processes that build one epoch each, started in the order of the epochs."""

    def __init__(self, config: TrainingConfig, split: Split, path: Path, count: int) -> None:
        self._config, self._split, self._path, self._count = config, split, path, count
        self._running: dict[int, subprocess.Popen[bytes]] = {}

    def build(self, epoch: int) -> tuple[np.ndarray, np.ndarray]:
        for coming in range(epoch, min(epoch + self._count - 1, self._config.max_epochs) + 1):
            if coming not in self._running:
                self._running[coming] = self._start(coming)
        built, _ = self._running.pop(epoch).communicate()
        try:
            return _unpack(io.BytesIO(built))
        except (ValueError, EOFError, zipfile.BadZipFile):  # the system has ended it, perhaps short of memory
            return build_epoch(self._config, self._split, epoch)

    def end(self) -> None:
        for process in self._running.values():
            process.kill()
            process.communicate()
        self._running.clear()

    def _start(self, epoch: int) -> subprocess.Popen[bytes]:
        root = str(Path(__file__).resolve().parents[2])
        task = {"config": self._config, "epoch": epoch, "split": str(self._path)}
        process = subprocess.Popen(  # noqa: S603 (this module)
            (sys.executable, "-m", __name__),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": root},
            start_new_session=True,  # Ctrl-C is for the training
        )
        stream, process.stdin = process.stdin, None
        if stream:
            with contextlib.suppress(BrokenPipeError), stream:
                stream.write(msgspec.json.encode(task))
        return process


def _unpack(content: io.BytesIO | str) -> tuple[np.ndarray, np.ndarray]:
    with np.load(content, allow_pickle=False) as stored:
        return stored["images"], stored["labels"]


def main() -> None:
    """Builds the epoch that stdin names, and writes it to stdout."""
    task = msgspec.json.decode(sys.stdin.buffer.read())
    config = msgspec.convert(task["config"], TrainingConfig)
    images, labels = build_epoch(config, Split(*_unpack(task["split"])), task["epoch"])
    # If the training has been killed, nobody reads this, and the process ends.
    with contextlib.suppress(BrokenPipeError):
        np.savez(sys.stdout.buffer, images=images, labels=labels)


if __name__ == "__main__":
    main()
