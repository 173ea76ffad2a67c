"""Recipes side by side to the same validation accuracy, with the tiny network on tiny data."""

import dataclasses

import pytest

from fmnist.events import Progress
from fmnist.recipes import RECIPES, Recipe
from fmnist.training.loop import fit
from fmnist.training.race import race
from tests.tiny import shorten

pytestmark = pytest.mark.usefixtures("tiny_network")
SIMPLE = shorten(RECIPES["simple"], batch_size=60)
FAST = shorten(RECIPES["fast"], dropout=0.2, max_epochs=3, batch_size=60)
IDLE = shorten(RECIPES["simple"], learning_rate=0.0)


def renamed(recipe, name):
    return Recipe(name, recipe.summary, recipe.config)


@pytest.mark.slow
def test_recipes_take_turns_and_each_learns_what_it_learns_alone(tiny_dataset):
    """The last batch is smaller, and compiling ahead leaves no trace: not in weights, averages or draws."""
    laps = []
    results = race([SIMPLE, FAST], tiny_dataset, 1.0, laps.append)
    assert [(lap.recipe, lap.epochs) for lap in laps] == [
        ("simple", 1),
        ("fast", 1),
        ("simple", 2),
        ("fast", 2),
        ("fast", 3),
    ]
    for recipe in (SIMPLE, FAST):
        alone = [row["val_accuracy"] for row in fit(recipe.config, tiny_dataset)[1].history]
        assert [lap.accuracy for lap in laps if lap.recipe == recipe.name] == alone
    assert results == [laps[2], laps[4]]
    assert not any(lap.has_arrived for lap in laps)


@pytest.mark.slow
def test_whoever_arrives_stops_and_the_other_goes_on(tiny_dataset):
    laps = []
    learner = renamed(shorten(SIMPLE, max_epochs=50, patience=50, learning_rate=1e-2), "learner")
    idle, arrived = race([IDLE, learner], tiny_dataset, 0.6, laps.append)
    assert arrived.has_arrived and arrived.accuracy >= 0.6 > laps[-3].accuracy
    assert not idle.has_arrived and idle.epochs == 2
    assert [lap.has_arrived for lap in laps if lap.recipe == "learner"] == [False] * (arrived.epochs - 1) + [
        True
    ]


def test_the_times_are_those_of_its_parts(tiny_dataset):
    half = renamed(
        dataclasses.replace(IDLE, config=dataclasses.replace(IDLE.config, train_share=0.5)), "half"
    )
    laps, events = [], []
    race([half], tiny_dataset, 1.0, laps.append, lambda *event: events.append(event))
    first, second = laps
    assert (first.images, second.images) == (100, 200)
    assert second.training > first.training > 0 and second.validating > first.validating > 0
    assert second.processor > first.processor > 0
    assert first.compiling == second.compiling > 0
    assert second.seconds == second.training + second.validating
    assert second.images_per_second == 200 / second.training
    assert ("half", Progress(1, 1, 1)) in events
