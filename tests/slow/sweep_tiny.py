"""Runs the command `sweep` on tiny data: `python -m tests.slow.sweep_tiny FILE.toml --address local`.

The data are drawn samples, and each trial is `tests.tiny_trial`; the command, the driver and both engines are
the real ones.
"""

import functools
import os
import sys

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from fmnist import data
from fmnist.cli import main
from fmnist.training import sweep
from tests.tiny import build_tiny_dataset

if __name__ == "__main__":
    data.load_dataset = build_tiny_dataset
    sweep.run_here = functools.partial(sweep.run_here, program="tests.tiny_trial")
    sweep.run_on_cluster = functools.partial(sweep.run_on_cluster, program="tests.tiny_trial", cores=2)
    sys.exit(main(["sweep", *sys.argv[1:]]))
