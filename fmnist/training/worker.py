"""Works off the queue of trainings that pages have asked for, one at a time.

Run as `python -m fmnist.training.worker`. It ends when the queue is empty. Two never work at once, and
whatever ends it, its lock goes with it.
"""

import os
import traceback
from functools import cache

from fmnist import artifacts, jobs
from fmnist.data import Dataset, load_dataset
from fmnist.errors import FmnistError
from fmnist.recipes import Recipe

NICENESS = 10
"""How far trainings stand back behind what serves pages."""


def main() -> None:
    """Works until the queue is empty; ends at once if another worker is there."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    is_first = True
    # Whoever queues a job starts a worker only if there is none. So the queue is looked at once more after
    # the lock was given back: a job that came in between would have found it held.
    while is_first or jobs.is_waiting():
        is_first = False
        with artifacts.hold("worker") as is_ours:
            if not is_ours:
                return
            while work_on_next():
                pass


def work_on_next() -> bool:
    """Trains what is first in the queue; returns whether there was anything."""
    with jobs.take_next() as work:
        if work is None:
            return False
        try:
            _train(work)
        except FmnistError as error:
            # The page shows it to everybody, so it may not say where the folder is.
            _fail(work, str(error).replace(str(artifacts.artifacts_dir()), "the folder artifacts"))
        except Exception:
            traceback.print_exc()  # into the worker's log
            _fail(work, "The program made a mistake; worker.log in the folder artifacts says which.")
        return True


def _fail(work: jobs.Work, said: str) -> None:
    try:
        work.fail(said)
    except OSError:  # not even that can be written: the job counts as interrupted, and the others go on
        traceback.print_exc()


def _train(work: jobs.Work) -> None:
    dataset = _load_data()
    work.begin(dataset.validation.images, dataset.validation.labels)
    from fmnist.training.loop import train  # takes seconds, in which the page already shows that it begins

    recipe = Recipe(work.request.name, "", work.request.config)
    run = train(
        recipe,
        dataset,
        work.report,
        resume=work.has_checkpoint,
        publish=False,
        should_stop=work.should_stop,
        place=work.place,
    )
    work.finish(run.name)


@cache
def _load_data() -> Dataset:
    return load_dataset()


if __name__ == "__main__":
    main()
