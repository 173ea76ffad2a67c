"""The command line, `python -m fmnist`: one file a family of commands, heavy imports inside the functions."""

from fmnist.cli.main import main

__all__ = ["main"]
