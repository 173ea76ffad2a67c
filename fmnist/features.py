"""Each model's features of the training images, computed once and kept in the user's cache.

They lie beside the Keras cache, one file for each run: two .npy arrays, the features in half precision, and
the SHA-256 of both. A file that is damaged, or of another run or other images, is computed again.
"""

import contextlib
import hashlib
import io
import re
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from fmnist import artifacts, data
from fmnist.analysis import find_distances, scale_rows
from fmnist.artifacts import RUN_FILES, Run
from fmnist.errors import FmnistError
from fmnist.inference import Classifier

REFERENCE = 2_000
"""How many of the test images say which distances are usual; with more, the percentiles hardly change."""
THREAD = "features"
"""The name of the threads that compute."""
_CHUNK = 32  # images at a time: as fast as more, and a visitor's answer waits no longer for the processor
_IN_MEMORY = 6  # spaces of 25 MB
_SEED = 20170831  # any fixed number would do
_KEY = 16  # hexadecimal digits
_FILE = re.compile(rf"(.+)-[0-9a-f]{{{_KEY}}}\.(features|part)")


@dataclass(frozen=True, eq=False)
class Space:
    """Where a model sees the training images.

    Attributes:
        rows: float32 `(48000, k)`, the direction of each training image; see `analysis.scale_rows`.
        reference: float32 `(m,)`, ascending: how far test images are from their nearest training image.
    """

    rows: np.ndarray
    reference: np.ndarray


def compute_space(run: Run, dataset: data.Dataset, report: Callable[[float], None]) -> Space:
    """Computes the features of all training images, up to a minute for a model.

    Args:
        run: Of the model; its file must give features.
        dataset: The data set.
        report: Called with the share done, 0 to 1; it may raise to stop.

    Raises:
        ArtifactError: If the model's file gives no features, or is missing or damaged.
    """
    classifier = Classifier.from_run(run)  # not the one that answers visitors, who would wait
    images, tests = dataset.train.images, dataset.test.images
    chosen = np.random.default_rng(_SEED).permutation(len(tests))[:REFERENCE]
    every = len(images) + len(chosen)

    def look(part: np.ndarray, done: int) -> np.ndarray:
        features = []
        for start in range(0, len(part), _CHUNK):
            report((done + start) / every)
            features.append(classifier.compute_features(part[start : start + _CHUNK]))
        return np.concatenate(features)

    rows = scale_rows(look(images, 0))
    reference = find_distances(rows, look(tests[np.sort(chosen)], len(images)))
    report(1.0)
    return Space(rows, reference)


def load_space(run: Run, dataset: data.Dataset) -> Space | None:
    """Loads what `save_space` has kept, or None if it is not there or not sound."""
    try:
        content = _find_file(run, dataset).read_bytes()
        if hashlib.sha256(content[:-32]).digest() != content[-32:]:
            return None
        stream = io.BytesIO(content)
        rows, reference = np.load(stream, allow_pickle=False), np.load(stream, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    fits = rows.dtype == np.float16 and rows.ndim == 2 and len(rows) == len(dataset.train.images)
    if not (fits and reference.dtype == np.float32 and reference.ndim == 1 and len(reference)):
        return None
    rows = scale_rows(rows)
    rows.flags.writeable = reference.flags.writeable = False
    return Space(rows, reference)


def save_space(space: Space, run: Run, dataset: data.Dataset) -> None:
    """Keeps a space in one step, and removes those of runs that no longer exist.

    Raises:
        OSError: If it cannot be written.
    """
    path = _find_file(run, dataset)
    path.parent.mkdir(parents=True, exist_ok=True)
    stream = io.BytesIO()
    np.save(stream, space.rows.astype(np.float16))
    np.save(stream, space.reference)
    content = stream.getvalue()
    # If two programs write at once, the checksum tells whether what they leave is sound.
    artifacts.replace_file(path, content + hashlib.sha256(content).digest(), durable=False)
    others = {*artifacts.list_runs()} - {run.name}
    for kept in path.parent.iterdir():
        named = _FILE.fullmatch(kept.name)
        if named and kept != path and named[1] not in others:
            kept.unlink(missing_ok=True)


def _find_file(run: Run, dataset: data.Dataset) -> Path:
    """The file's name says whose features it holds: the run's, by its model's content and the images."""
    known = f"{run.manifest.files[RUN_FILES['litert'].name]} {dataset.split_sha256} {REFERENCE}"
    return data.cache_dir() / f"{run.name}-{hashlib.sha256(known.encode()).hexdigest()[:_KEY]}.features"


@dataclass
class Task:
    """A space that is being computed, or waits for another.

    Attributes:
        share: How much of it is done, 0 to 1.
        error: Why it could not be computed, or None.
    """

    share: float = 0.0
    error: FmnistError | None = None
    _is_cancelled: threading.Event = field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Ends it soon; what was computed so far is lost."""
        self._is_cancelled.set()

    def report(self, share: float) -> None:
        """Notes how much is done.

        Raises:
            CancelledError: If it is to end.
        """
        self.share = share
        if self._is_cancelled.is_set():
            raise CancelledError


class Shelf:
    """The spaces of several runs in memory, and what computes those that are missing; shared by all visitors.

    One is computed at a time, in a thread of its own: it goes on while visitors do other things.

    Attributes:
        dataset: The images.
    """

    def __init__(self, dataset: data.Dataset):
        """Makes an empty shelf for the features of `dataset.train`."""
        self.dataset = dataset
        self._spaces: dict[str, Space] = {}  # by run, those used last at the end
        self._tasks: dict[str, Task] = {}
        self._lock, self._turn = threading.Lock(), threading.Lock()

    def find(self, run: Run) -> Space | None:
        """Returns a run's space from memory or the user's cache, or None if it must be computed first."""
        with self._lock:
            space = self._spaces.pop(run.name, None) or load_space(run, self.dataset)
            return self._put(run, space) if space else None

    def find_task(self, run: Run) -> Task | None:
        """Returns what computes a run's space, if anything does, or what failed to."""
        return self._tasks.get(run.name)

    def start(self, run: Run) -> Task:
        """Begins to compute a run's space, unless that is under way."""
        with self._lock:
            task = self._tasks.get(run.name)
            if task is None or task.error:
                task = self._tasks[run.name] = Task()
                threading.Thread(target=self._compute, args=(run, task), name=THREAD, daemon=True).start()
            return task

    def _compute(self, run: Run, task: Task) -> None:
        try:
            with self._turn:
                space = compute_space(run, self.dataset, task.report)
            with contextlib.suppress(OSError):  # then it is kept in memory only
                save_space(space, run, self.dataset)
            with self._lock:
                self._put(run, space)
        except FmnistError as error:
            task.error = error
            return
        except CancelledError:
            pass
        except Exception:
            task.error = FmnistError("The features could not be computed; the server's log says why.")
            raise
        self._tasks.pop(run.name, None)

    def _put(self, run: Run, space: Space) -> Space:
        self._spaces[run.name] = space
        while len(self._spaces) > _IN_MEMORY:
            self._spaces.pop(next(iter(self._spaces)))
        return space
