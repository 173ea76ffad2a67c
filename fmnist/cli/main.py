"""The parser of all commands, and how the program ends."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from fmnist.cli import (  # noqa: F401 (each adds its commands)
    data,
    models,
    photos,
    predict,
    race,
    runs,
    second_opinion,
    sweep,
)
from fmnist.cli.command import COMMANDS
from fmnist.cli.output import complain, finish_output, prepare_output
from fmnist.errors import FmnistError
from fmnist.words import printable

_EXAMPLES = """examples:
  python -m fmnist download                       fetch the data set (31 MB) into the Keras cache
  python -m fmnist train simple                   train a model and publish it (about 15 minutes)
  python -m fmnist train simple --resume          continue an interrupted training run
  python -m fmnist sweep artifacts/sweeps/seeds/sweep.toml --jobs 2
                                                  train many models for one question, or go on with it
  python -m fmnist export-tensorboard             write every run's curves for TensorBoard, beside the runs
  python -m fmnist evaluate                       recompute the published test figures from the data
  python -m fmnist predict shoe.jpg               ask every model about a picture
  python -m fmnist predict --model simple --format csv *.png > answers.csv
  python -m fmnist benchmark-photos photos        measure the models on photos of your own

environment:
  FMNIST_DATA_DIR        the folder with the four files of the data set; it is only ever read
  FMNIST_ARTIFACTS_DIR   another folder for the published models
"""


class _Parser(argparse.ArgumentParser):
    """A parser whose error messages leave out the control characters of a hostile argument."""

    def error(self, message: str) -> NoReturn:
        super().error(printable(message))


def build_parser() -> argparse.ArgumentParser:
    """Builds the parser of all commands."""
    parser = _Parser(
        prog="python -m fmnist",
        description="Train, check and use Fashion-MNIST classifiers. For the dashboard see README.md.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        own = parsers.add_parser(command.name, help=command.description, description=command.description)
        own.set_defaults(command=command)
        for argument in command.arguments:
            own.add_argument(*argument.names, **argument.options)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit status: 0, 1 after an error message, 2 after misuse.

    The status is 130 after Ctrl-C and 141 if the reader of the output has gone, as a shell reports these.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # users do not need TensorFlow's own messages
    prepare_output()
    arguments = build_parser().parse_args(argv)
    try:
        status = arguments.command.run(arguments)
        sys.stdout.flush()
    except FmnistError as error:
        status = 1
        complain(error)
    except BrokenPipeError:  # `| head` has seen enough
        status = 141
    except OSError as error:  # a full disk or a read-only folder
        status = 1
        complain(f"{error.strerror or error}: {error.filename or 'no file is named'}")
    except KeyboardInterrupt:
        status = 130
        complain(arguments.command.stopped)
    finish_output()
    return status
