"""A sweep's file: which trials it asks for.

name = "strength"               # of its folder under artifacts/sweeps
test = false                    # whether the test set is asked, too
runs = true                     # whether each trial leaves a run for the pages

[[grid]]                        # every combination; there may be several grids
recipe = "augmented"
seeds = [1, 2]
strength = [0, 0.5, 1, 2]       # factors on the recipe's augmentation
train_share = 0.333333          # any field of `recipes.TrainingConfig`: a value or a list

[resources]                     # of a trial on a cluster
cpus = 2
gpus = 0
memory = 4e9                    # bytes
"""

import dataclasses
import functools
import hashlib
import itertools
import json
import re
import tomllib
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from fmnist.artifacts.values import Name, Record, convert, show
from fmnist.augmentation import TRANSFORMS
from fmnist.errors import TrainingError
from fmnist.recipes import RECIPES, Recipe, TrainingConfig

_MAX_TRIALS = 1000
_MAX_NAME = 120  # characters of a trial's name, see `artifacts.Trial`
_MAX_BYTES = 1_000_000


class Resources(Record, frozen=True):
    """What a trial occupies on a cluster.

    Attributes:
        cpus, gpus: Processor cores and graphics cards; a part of a card is possible.
        memory: Bytes, or None if nobody needs to know.
    """

    cpus: Annotated[float, Meta(gt=0, le=10_000)] = 1.0
    gpus: Annotated[float, Meta(ge=0, le=100)] = 0.0
    memory: Annotated[float, Meta(ge=1, le=1e15)] | None = None


@dataclass(frozen=True)
class PlannedTrial:
    """A trial that a sweep asks for.

    Attributes:
        name: Unique within the sweep, readable, and the same whatever else the sweep asks for.
        recipe: The recipe it varies.
        strength: The factor on the recipe's augmentation, or None where the recipe has none.
        overrides: All other fields that differ from the recipe, without the seed and the share of the data.
        config: All values together.
    """

    name: str
    recipe: str
    strength: float | None
    overrides: dict[str, Any]
    config: TrainingConfig

    def compute_key(self, split_sha256: str) -> str:
        """Computes the SHA-256 of all that decides the trial's result.

        Only what differs from the defaults counts: a field added later, whose default changes nothing,
        leaves the keys of finished trials as they are.
        """
        told = json.dumps([_list_changes(self.config), split_sha256], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True)
class Plan:
    """What a sweep asks for.

    Attributes:
        name: The name of its folder.
        text: The text of its file.
        trials: Its trials, in the order of the file.
        test: Whether the test set is asked, too.
        runs: Whether each trial leaves a run.
        resources: What a trial occupies on a cluster.
    """

    name: str
    text: str
    trials: tuple[PlannedTrial, ...]
    test: bool = False
    runs: bool = True
    resources: Resources = dataclasses.field(default_factory=Resources)


class _File(Record, frozen=True):
    name: Name
    grid: Annotated[tuple[dict[str, Any], ...], Meta(min_length=1)]
    test: bool = False
    runs: bool = True
    resources: Resources = Resources()


def load_plan(path: Path) -> Plan:
    """Reads a sweep's file.

    Raises:
        TrainingError: If it cannot be read, or is not the file of a sweep.
    """
    try:
        with open(path, "rb") as stream:
            content = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        raise TrainingError(f"The sweep file {path} cannot be read: {error.strerror}.") from error
    try:
        if len(content) > _MAX_BYTES:
            raise ValueError("it is larger than 1 MB")
        return parse_plan(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise TrainingError(f"The sweep file {path} is not text in UTF-8.") from error
    except ValueError as error:
        raise TrainingError(f"The sweep file {path} is wrong: {error}.") from error


def parse_plan(text: str) -> Plan:
    """Turns the text of a sweep's file into a plan.

    Raises:
        ValueError: If something in it is missing, unknown, of the wrong type, empty or there twice.
    """
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"it is not TOML: {error}") from error
    file = convert(content, _File)
    grids = enumerate(file.grid, 1)
    every = itertools.chain.from_iterable(_list_trials(grid, f"grid {number}") for number, grid in grids)
    trials = tuple(itertools.islice(every, _MAX_TRIALS + 1))
    if len(trials) > _MAX_TRIALS:
        raise ValueError(f"it asks for more than {_MAX_TRIALS:,} trials")
    seen: dict[str, str] = {}
    for trial in trials:
        other = seen.setdefault(trial.compute_key(""), trial.name)
        if other is not trial.name:
            raise ValueError(f"it asks for the same trial twice, {other} and {trial.name}")
    if len({trial.name for trial in trials}) < len(trials):
        raise ValueError("two trials differ by less than the six digits that their names have")
    return Plan(file.name, text, trials, file.test, file.runs, file.resources)


def _list_trials(grid: dict[str, Any], where: str) -> Iterator[PlannedTrial]:
    """Lists the combinations of a grid: by recipe, then the other fields as written, then by seed."""
    for name in ("recipe", "seeds"):
        if name not in grid:
            raise ValueError(f"{where} lacks {name}")
    known = {field.name for field in dataclasses.fields(TrainingConfig)} | {"recipe", "seeds", "strength"}
    if unknown := [name for name in grid if name not in known]:
        raise ValueError(f"{where} has an unknown entry {show(unknown[0])}")
    if "seed" in grid:
        raise ValueError(f"{where} has seed where it must have seeds")
    values = {name: _list_values(value, f"{name} of {where}") for name, value in grid.items()}
    fields = [name for name in values if name not in ("recipe", "seeds")]
    for recipe, *chosen, seed in itertools.product(*(values[name] for name in ("recipe", *fields, "seeds"))):
        if not (isinstance(recipe, str) and recipe in RECIPES):
            raise ValueError(
                f"recipe of {where} must be one of {', '.join(RECIPES)}, received {show(recipe)}"
            )
        yield _plan_trial(RECIPES[recipe], dict(zip(fields, chosen, strict=True)), seed, where)


def _list_values(value: Any, what: str) -> list[Any]:
    values = value if isinstance(value, list) else [value]
    if not values:
        raise ValueError(f"{what} is an empty list")
    for index, one in enumerate(values):
        if one in values[:index]:
            raise ValueError(f"{what} has {show(one)} twice")
    return values


def _plan_trial(recipe: Recipe, chosen: dict[str, Any], seed: Any, where: str) -> PlannedTrial:
    """Builds one trial from the fields that its grid sets."""
    changes = {name: _read_none(name, value) for name, value in chosen.items() if name != "strength"}
    base = recipe.config
    strength = _read_strength(recipe, chosen, where)
    if strength is not None and base.augmentation:
        try:
            base = dataclasses.replace(base, augmentation=base.augmentation.scaled(strength))
        except ValueError as error:
            raise ValueError(f"strength {strength:g} of {where} is too large: {error}") from error
    policy = changes.get("augmentation")
    if isinstance(policy, dict) and (unknown := [name for name in policy if name not in TRANSFORMS]):
        raise ValueError(f"augmentation of {where} has an unknown entry {show(unknown[0])}")
    config = convert({**dataclasses.asdict(base), **changes, "seed": seed}, TrainingConfig, where)
    differing = _list_changes(config, base)
    apart = {name: value for name, value in differing.items() if name not in ("seed", "train_share")}
    told = sorted(chosen, key=lambda name: (name != "strength", name))  # whatever their order in the file
    name = "-".join([recipe.name, *(f"{name}{_write(chosen[name])}" for name in told), f"seed{config.seed}"])
    if len(name) > _MAX_NAME:
        raise ValueError(f"the name of a trial becomes longer than {_MAX_NAME} characters: {name}")
    return PlannedTrial(name, recipe.name, strength, apart, config)


def _read_strength(recipe: Recipe, chosen: dict[str, Any], where: str) -> float | None:
    if "strength" not in chosen:
        return 1.0 if recipe.config.augmentation and "augmentation" not in chosen else None
    if recipe.config.augmentation is None or "augmentation" in chosen:
        raise ValueError(f"{where} has a strength, but {recipe.name} has no augmentation to multiply")
    return convert(chosen["strength"], _Strength, f"strength of {where}")


_Strength = Annotated[float, Meta(ge=0, le=1000)]


def _read_none(name: str, value: Any) -> Any:
    """TOML has no null; the text "none" stands for it where a field may be None."""
    return None if value == "none" and name in _may_be_none() else value


@functools.cache
def _may_be_none() -> set[str]:
    hints = typing.get_type_hints(TrainingConfig)
    return {name for name, hint in hints.items() if type(None) in typing.get_args(hint)}


def _write(value: Any) -> str:
    """Writes a value as part of a trial's name."""
    if isinstance(value, dict):
        return "".join(f"_{name}{_write(part)}" for name, part in value.items())
    return f"{value:.6g}" if isinstance(value, float) else re.sub(r"[^A-Za-z0-9_.+]", "_", str(value))


def _list_changes(config: TrainingConfig, base: TrainingConfig | None = None) -> dict[str, Any]:
    """Lists the fields that differ from `base`, by default from the defaults of all fields."""
    values, others = (dataclasses.asdict(each) for each in (config, base or TrainingConfig()))
    changes = {name: value for name, value in values.items() if value != others[name]}
    if base is None and config.augmentation is not None:
        strengths = {name: value for name, value in values["augmentation"].items() if value}
        changes["augmentation"] = strengths
        if not strengths:  # a policy that does nothing is the same as none
            del changes["augmentation"]
    return changes


def write_overrides(trial: PlannedTrial) -> str:
    """Writes the other changed fields as JSON, sorted by name."""
    return json.dumps(msgspec.to_builtins(trial.overrides), sort_keys=True)
