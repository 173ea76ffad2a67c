"""The command that measures how fast recipes train, side by side."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fmnist.cli.command import argument, command
from fmnist.cli.models import RecipeNames, parse_seed
from fmnist.cli.output import show_progress

if TYPE_CHECKING:
    from fmnist.events import Event, Lap


def _parse_share(text: str) -> float:
    try:
        if 0 < (share := float(text)) <= 1:
            return share
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(f"a share is a number above 0, at most 1. Received: {text[:20]}")


@command(
    argument(
        "--recipes",
        nargs=2,
        default=("simple", "fast"),
        metavar="NAME",
        choices=RecipeNames(),
        help="the two recipes, the one to compare with first (default: simple fast); known: %(choices)s",
    ),
    argument(
        "--target", type=_parse_share, default=0.92, help="the validation accuracy to reach (default: 0.92)"
    ),
    argument("--seeds", nargs="+", type=parse_seed, default=[1], metavar="SEED", help="(default: 1)"),
    argument(
        "--share", type=_parse_share, default=1.0, help="share of the training images to use (default: 1)"
    ),
    stopped="stopped; nothing was saved",
)
def benchmark_training(arguments: argparse.Namespace) -> int:
    """Trains two recipes in turns to the same validation accuracy, and compares their times."""
    from dataclasses import replace

    from fmnist.data import load_dataset
    from fmnist.narration import describe_event, describe_lap, describe_race
    from fmnist.recipes import RECIPES

    dataset = load_dataset()  # before the slow import, so that a missing file is reported at once
    from fmnist.training.race import race

    def follow(recipe: str, event: "Event") -> None:
        show_progress(f"{recipe}: {describe_event(event)}", complete=False)

    def report(lap: "Lap") -> None:
        show_progress("", complete=False)
        print(describe_lap(lap), flush=True)

    results = []
    for seed in dict.fromkeys(arguments.seeds):
        recipes = [
            replace(recipe, config=replace(recipe.config, seed=seed, train_share=arguments.share))
            for recipe in (RECIPES[name] for name in arguments.recipes)
        ]
        results.append(race(recipes, dataset, arguments.target, report, follow))
    first, second = zip(*results, strict=True)
    print(_tabulate([*first, *second]))
    print(describe_race(first, second, arguments.target))
    return 0


def _tabulate(laps: "Sequence[Lap]") -> str:
    import pandas as pd

    table = pd.DataFrame(
        {
            "recipe": lap.recipe,
            "seed": lap.seed,
            "images/s": f"{lap.images_per_second:,.0f}",
            "epochs": lap.epochs,
            "accuracy": f"{lap.accuracy:.4f}",
            "seconds": f"{lap.seconds:.1f}",
            "training": f"{lap.training:.1f}",
            "validation": f"{lap.validating:.1f}",
            "processor": f"{lap.processor:.1f}",
            "compiling, apart": f"{lap.compiling:.1f}",
        }
        for lap in laps
    )
    return f"\n{table.to_string(index=False)}\n"
