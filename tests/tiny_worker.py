"""Works off the queue as `python -m fmnist.training.worker` does, on tiny data with the tiny network.

Run as `python -m tests.tiny_worker`; with a config as JSON behind it, it measures instead. Only the data and
the network are replaced; the queue, the locks, the training and whatever survives a crash are the real code.
"""

import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import pytest

from fmnist.training import measure, worker
from tests.tiny import build_tiny_dataset, use_tiny_network


def load_tiny():
    use_tiny_network(pytest.MonkeyPatch())  # imports Keras, once the worker has its lock
    return build_tiny_dataset()


if __name__ == "__main__":
    worker.NICENESS = 0  # other tests run beside it, and this one waits for it
    measure.load_dataset = worker.load_dataset = load_tiny
    if sys.argv[1:]:
        measure.main()
    else:
        worker.main()
