"""The command line, `python -m fmnist`: one file per family of commands, heavy imports inside functions."""

from fmnist.cli.main import main

__all__ = ["main"]
