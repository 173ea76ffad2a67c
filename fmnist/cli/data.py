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


@command()
def take_census(arguments: argparse.Namespace) -> int:
    """Computes again what the program knows of each validation and test image (fmnist/census)."""
    from fmnist import census, data

    dataset = data.load_dataset()
    taken = {}
    for part in census.PARTS:

        def report(share: float, part: str = part) -> None:
            show_progress(f"{part} {share:4.0%}", complete=share >= 1)

        split: data.Split = getattr(dataset, part)
        taken[part] = census.take_census(
            part, split.images, split.labels, dataset.train.images, dataset.train.labels, report
        )
    print(f"written: {census.save_census(taken).name}")
    return 0
