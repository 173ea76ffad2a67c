"""Commands about the data set."""

import argparse

from fmnist.cli.command import command
from fmnist.cli.output import show_progress


@command()
def download(arguments: argparse.Namespace) -> int:
    """Downloads and verifies the data set."""
    from fmnist import data

    def report(name: str, share: float) -> None:
        show_progress(f"{name} {share:4.0%}", complete=share >= 1)

    print(f"the data set is complete in {data.download(report)}")
    return 0
