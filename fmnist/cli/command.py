"""Commands: each is a function with its arguments declared beside it."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Argument:
    """The arguments for one call of `argparse.ArgumentParser.add_argument`."""

    names: tuple[str, ...]
    options: dict[str, Any]


@dataclass(frozen=True)
class Command:
    """One command of `python -m fmnist`.

    Attributes:
        run: Runs the command; takes the parsed arguments and returns the exit status. Its name is the
            command's name, and the first line of its docstring is the help.
        arguments: The arguments it takes.
        stopped: The sentence after Ctrl-C.
    """

    run: Callable[[argparse.Namespace], int]
    arguments: tuple[Argument, ...]
    stopped: str

    @property
    def name(self) -> str:
        """The word on the command line."""
        return self.run.__name__.replace("_", "-")

    @property
    def description(self) -> str:
        """The sentence shown in the help."""
        return (self.run.__doc__ or "").partition("\n")[0]


COMMANDS: list[Command] = []
"""All commands, in the order of the help."""


def argument(*names: str, **options: Any) -> Argument:
    """Declares an argument of a command, as `argparse.ArgumentParser.add_argument` takes it."""
    return Argument(names, options)


def command(
    *arguments: Argument, stopped: str = "stopped"
) -> Callable[[Callable[[argparse.Namespace], int]], Callable[[argparse.Namespace], int]]:
    """Makes the decorated function a command of `python -m fmnist`.

    Args:
        arguments: The arguments it takes, from `argument`.
        stopped: The sentence after Ctrl-C.

    Example:
        @command(argument("name", help="whom to greet"))
        def greet(arguments: argparse.Namespace) -> int:
            '''Greets someone.'''
            print(f"hello {arguments.name}")
            return 0
    """

    def register(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
        COMMANDS.append(Command(run, arguments, stopped))
        return run

    return register
