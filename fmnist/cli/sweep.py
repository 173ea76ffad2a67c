"""The command that trains many models which answer one question together."""

import argparse
from pathlib import Path

from fmnist.cli.command import argument, command


def _parse_jobs(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 1000:
        return int(text)
    raise argparse.ArgumentTypeError(f"a number of trials at a time is 1 to 1000. Received: {text[:20]}")


@command(
    argument("file", metavar="FILE.toml", type=Path, help="what to train; see artifacts/sweeps/*/sweep.toml"),
    argument(
        "--jobs",
        type=_parse_jobs,
        default=1,
        metavar="N",
        help="trials at a time here (default: 1)",
    ),
    argument("--no-runs", action="store_true", help="keep the table only, no run of each trial"),
    argument(
        "--address",
        metavar="ADDR|local",
        help="train on a Ray cluster, such as 10.0.0.1:6379, or on local workers of Ray",
    ),
    stopped="stopped; the same command goes on",
)
def sweep(arguments: argparse.Namespace) -> int:
    """Trains every trial of a sweep, or those that are left, and saves one table."""
    from dataclasses import replace

    from fmnist.data import load_dataset
    from fmnist.narration import describe_sweep_event
    from fmnist.training.sweep import load_plan, run_here, run_on_cluster, run_sweep

    plan = load_plan(arguments.file)
    if arguments.no_runs:
        plan = replace(plan, runs=False)
    dataset = load_dataset()  # a missing file is reported once, not by every trial
    if arguments.address:
        engine = run_on_cluster(arguments.address, dataset, plan.resources)
    else:
        engine = run_here(arguments.jobs)
    failed = run_sweep(
        plan, dataset.split_sha256, engine, lambda event: print(describe_sweep_event(event), flush=True)
    )
    return 1 if failed else 0
