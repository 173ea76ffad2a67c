"""What a command is: a function, and beside it the arguments that it takes."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Argument:
    """What `argparse.ArgumentParser.add_argument` is called with."""

    names: tuple[str, ...]
    options: dict[str, Any]


@dataclass(frozen=True)
class Command:
    """One command of `python -m fmnist`.

    Attributes:
        run: Does it; takes the parsed arguments and returns the exit status. Its name is the command's,
            the first line of its docstring the help.
        arguments: What it takes.
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
        """One sentence for the help."""
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
        arguments: What it takes, from `argument`.
        stopped: The sentence after Ctrl-C.

    Example:
        @command(argument("name", help="whom to greet"))
        def greet(arguments: argparse.Namespace) -> int:
            '''Greets somebody.'''
            print(f"hello {arguments.name}")
            return 0
    """

    def register(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
        COMMANDS.append(Command(run, arguments, stopped))
        return run

    return register
