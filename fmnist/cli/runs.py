"""Commands about runs, whether or not a model points at them."""

import argparse

from fmnist.cli.command import command
from fmnist.cli.output import complain


@command()
def export_tensorboard(arguments: argparse.Namespace) -> int:
    """Writes the training history of each run for TensorBoard, in a file beside it."""
    from fmnist import artifacts
    from fmnist.errors import ArtifactError
    from fmnist.words import count

    runs, errors = artifacts.load_runs()
    written = []
    for run in runs:
        try:
            written.append(artifacts.write_events(run))
        except ArtifactError as error:
            errors.append(error)
    for problem in errors:
        complain(problem)
    if written:
        print(f"{count(len(written), 'run')}; now run: tensorboard --logdir {written[0].parents[1]}")
    elif not errors:
        complain("There are no runs: train a model first.")
    return 0 if written and not errors else 1
