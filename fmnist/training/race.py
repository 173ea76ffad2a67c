"""A race: recipes train side by side until each reaches a validation accuracy. Nothing is saved."""

import dataclasses
import time
from collections.abc import Callable, Sequence
from functools import partial

import keras

from fmnist.data import Dataset, Split, take_share
from fmnist.events import Event, Lap
from fmnist.recipes import Recipe
from fmnist.training.epochs import build_epoch
from fmnist.training.loop import Watch, begin, train_epoch, validate_epoch


def race(
    recipes: Sequence[Recipe],
    dataset: Dataset,
    target: float,
    on_lap: Callable[[Lap], None] = lambda lap: None,
    on_event: Callable[[str, Event], None] = lambda recipe, event: None,
) -> list[Lap]:
    """Trains recipes until each reaches a validation accuracy, or ends without it.

    They take turns, an epoch each, so that whatever else a computer does slows all of them alike. Each
    learns what it would learn alone.

    Args:
        recipes: What to train, with the seed of each.
        dataset: The split data set; its test images are not used.
        target: The validation accuracy, 0 to 1.
        on_lap: Called after each epoch.
        on_event: Called several times per second within an epoch, with the name of the recipe.

    Returns:
        The last lap of each recipe.

    Raises:
        TrainingError: If a recipe's answers become NaN, or it cannot be trained.
    """
    racers = [_Racer(recipe, dataset, on_event) for recipe in recipes]
    running = racers
    while running:
        for racer in running:
            racer.run_lap(target)
            on_lap(racer.lap)
        running = [racer for racer in running if not racer.is_finished]
    return [racer.lap for racer in racers]


class _Racer:
    """A recipe in training, with the time that it has taken."""

    def __init__(self, recipe: Recipe, dataset: Dataset, on_event: Callable[[str, Event], None]) -> None:
        self._config = config = recipe.config
        train = take_share(dataset.train, config.train_share)
        self._build, self._count = partial(build_epoch, config, train), len(train.images)
        self._validation = dataset.validation
        self._watch = Watch(lambda event: on_event(recipe.name, event), lambda: False)
        started = time.monotonic()
        self._model, self._state = begin(config, self._count)
        _compile(self._model, train, self._validation, config.batch_size)
        compiling = time.monotonic() - started
        self.lap = Lap(recipe.name, config.seed, 0, 0, 0.0, False, 0.0, 0.0, 0.0, compiling)

    @property
    def is_finished(self) -> bool:
        """Whether it has arrived, or its training ends without."""
        return self.lap.has_arrived or self._state.is_finished(self._config)

    def run_lap(self, target: float) -> None:
        """Trains and evaluates an epoch."""
        self._watch.epoch = self._state.epoch + 1
        busy, started = time.process_time(), time.monotonic()
        logs = train_epoch(self._config, self._model, self._build, self._state, self._watch)
        trained = time.monotonic()
        validate_epoch(self._config, self._model, self._validation, self._state, logs, started)
        accuracy = self._state.history[-1]["val_accuracy"]
        self.lap = dataclasses.replace(
            self.lap,
            epochs=self._state.epoch,
            images=self.lap.images + self._count,
            accuracy=accuracy,
            has_arrived=accuracy >= target,
            training=self.lap.training + trained - started,
            validating=self.lap.validating + time.monotonic() - trained,
            processor=self.lap.processor + time.process_time() - busy,
        )


def _compile(model: keras.Model, train: Split, validation: Split, batch_size: int) -> None:
    """Lets Keras compile what trains and what predicts, and leaves model and optimizer as they were."""
    variables = [*model.variables, *model.optimizer.variables]
    before = [keras.ops.convert_to_numpy(variable).copy() for variable in variables]
    model.fit(train.images[:batch_size], train.labels[:batch_size], batch_size, verbose=0, shuffle=False)
    model.predict(validation.images[:batch_size], batch_size=batch_size, verbose=0)
    for variable, value in zip(variables, before, strict=True):
        variable.assign(value)
