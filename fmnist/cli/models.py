"""Commands about the models: train one, describe one, check the published ones."""

import argparse
import contextlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fmnist.cli.command import argument, command

if TYPE_CHECKING:
    from fmnist.artifacts import Model
    from fmnist.data import Split
    from fmnist.events import Event


class RecipeNames:
    """The names of all recipes, imported when they are asked for: other commands need not wait for them."""

    def __iter__(self) -> Iterator[str]:
        from fmnist.recipes import RECIPES

        return iter(RECIPES)


def parse_seed(text: str) -> int:
    """Reads a seed from the command line."""
    with contextlib.suppress(ValueError):
        if (seed := int(text)) in range(2**32):  # what NumPy and Keras take
            return seed
    raise argparse.ArgumentTypeError(f"a seed is a whole number from 0 to {2**32 - 1}. Received: {text[:20]}")


@command(
    argument("model", metavar="NAME", choices=RecipeNames(), help="the recipe to train: %(choices)s"),
    argument("--seed", type=parse_seed, help="a seed to use instead of the recipe's"),
    argument("--resume", action="store_true", help="continue an interrupted training run"),
    stopped="stopped; the published models are unchanged",
)
def train(arguments: argparse.Namespace) -> int:
    """Trains a model on the full data set and publishes it."""
    from dataclasses import replace

    from fmnist.data import load_dataset
    from fmnist.events import Progress
    from fmnist.narration import describe_event
    from fmnist.recipes import RECIPES

    dataset = load_dataset()  # before the slow import, so that a missing file is reported at once
    from fmnist.training.loop import train as train_model

    recipe = RECIPES[arguments.model]
    if arguments.seed is not None:
        recipe = replace(recipe, config=replace(recipe.config, seed=arguments.seed))
    print(
        f"training {recipe.name}; Ctrl-C leaves the published models unchanged, and --resume continues later",
        flush=True,
    )

    def report(event: "Event") -> None:
        if not isinstance(event, Progress):  # a line per epoch is enough
            print(describe_event(event), flush=True)

    train_model(recipe, dataset, report, arguments.resume)
    return 0


@command(
    argument("model", metavar="NAME", help="a published model"),
    argument("--description", metavar="TEXT", help="one line for readers, such as 'trained for longer'"),
    argument("--colour", metavar="#RRGGBB", help="its colour on every page"),
)
def describe(arguments: argparse.Namespace) -> int:
    """Changes the description and the colour of a published model."""
    from fmnist import artifacts

    entry = artifacts.describe(arguments.model, arguments.description, arguments.colour)
    print(f"{entry.name} ({entry.colour}): {entry.description}")
    return 0


@command(argument("model", metavar="NAME", help="a published model"))
def export_again(arguments: argparse.Namespace) -> int:
    """Exports a published model to LiteRT again, with the same weights, so that its file gives features."""
    from fmnist import artifacts

    model = artifacts.load_model(arguments.model)
    from fmnist.training.result import export_again as export_run_again

    run = export_run_again(model.run)
    artifacts.point(model.name, run)
    print(f"{model.name} now points at {run.name}, which has the weights of {model.run.name}")
    return 0


@command()
def evaluate(arguments: argparse.Namespace) -> int:
    """Recomputes the test figures of every published model and compares them with the recorded ones."""
    import pandas as pd

    from fmnist import artifacts
    from fmnist.data import load_test

    test = load_test()
    table = pd.DataFrame([_measure(model, test) for model in artifacts.load_models()])
    print(table.to_string(index=False, float_format="{:.4f}".format, na_rep="-"))
    differing = (table["test accuracy"].round(4) != table["recorded"].round(4)).sum()
    if differing:
        print(f"{differing} of the models no longer give the recorded accuracy", file=sys.stderr)
    return 1 if differing else 0


def _measure(model: "Model", test: "Split") -> dict[str, object]:
    """Measures a published model on the test set; returns a row of the table, by column."""
    from fmnist import evaluation
    from fmnist.inference import Classifier

    report, temperature = model.entry.report, model.manifest.temperature
    probabilities = Classifier(model.run.read("litert")).predict_proba(test.images)
    calibrated = evaluation.apply_temperature(probabilities, temperature)
    found = evaluation.compute_metrics(test.labels, probabilities)
    low, high = found["accuracy_interval"]
    return {
        "model": model.name,
        "test accuracy": found["accuracy"],
        "95% interval": f"{low:.4f} to {high:.4f}",
        "recorded": model.manifest.test.accuracy,
        "report": report.test_accuracy if report else None,
        "test loss": found["loss"],
        "report loss": report.test_loss if report else None,
        "calibration error": evaluation.expected_calibration_error(test.labels, calibrated),
        "at temperature": f"{temperature:.2f}",
    }
