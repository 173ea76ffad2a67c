"""Sweeps: many trainings that answer one question. Light: only the trials' processes import Keras."""

from fmnist.training.sweep.cluster import LOCAL, run_on_cluster
from fmnist.training.sweep.driver import run_sweep
from fmnist.training.sweep.grid import Plan, PlannedTrial, Resources, load_plan, parse_plan
from fmnist.training.sweep.local import run_here

__all__ = [
    "LOCAL",
    "Plan",
    "PlannedTrial",
    "Resources",
    "load_plan",
    "parse_plan",
    "run_here",
    "run_on_cluster",
    "run_sweep",
]
