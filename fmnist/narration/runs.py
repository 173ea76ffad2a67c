"""Runs: one as a line of a table, and the settings of several side by side."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fmnist.artifacts import Manifest
from fmnist.augmentation import AugmentationPolicy, list_short
from fmnist.recipes import TrainingConfig
from fmnist.words import percent


@dataclass(frozen=True)
class RunSummary:
    """What a table says about a run; far smaller than its manifest.

    Attributes:
        name, recipe: The names of its folder and of its recipe.
        changes: How the training images were changed at random, in short.
        train_share: The share of the training images that it learned from.
        seed: The recipe's seed.
        epochs_run, kept_epoch: How many epochs were trained, and which one's weights were kept, from 1.
        validation_accuracy, validation_loss, test_accuracy: Figures of the kept weights.
        created: When it was saved, as "2026-11-23 04:05"; empty if the run does not say.
    """

    name: str
    recipe: str
    changes: str
    train_share: float
    seed: int
    epochs_run: int
    kept_epoch: int
    validation_accuracy: float
    validation_loss: float
    test_accuracy: float
    created: str


def summarise_run(manifest: Manifest) -> RunSummary:
    """Sums up a run in one line of a table."""
    return RunSummary(
        manifest.run,
        manifest.recipe,
        describe_changes(manifest.config),
        manifest.config.train_share,
        manifest.config.seed,
        manifest.epochs_run,
        manifest.kept_epoch,
        manifest.validation.accuracy,
        manifest.validation.loss,
        manifest.test.accuracy,
        manifest.created[:16].replace("T", " "),
    )


@dataclass(frozen=True)
class Setting:
    """One setting of several runs.

    Attributes:
        name: What it is called.
        values: Its value in each run, in words, in the order of the runs.
    """

    name: str
    values: tuple[str, ...]

    @property
    def differs(self) -> bool:
        """Whether not all runs have the same value."""
        return len(set(self.values)) > 1


def describe_changes(config: TrainingConfig) -> str:
    """Says in short how the training images were changed at random: "flip, shift 7%", or "none"."""
    changes = list_short(config.augmentation) if config.augmentation else []
    if config.imitated_share:
        changes.append(f"{describe_share(config.imitated_share)} simulated photos")
    return ", ".join(changes) or "none"


def describe_share(share: float) -> str:
    """Writes a share of the images: '100%', '33%', '2.5%'."""
    return percent(share, 0 if share >= 0.1 else 1).replace(".0%", "%")


def compare_settings(manifests: Mapping[str, Manifest]) -> list[Setting]:
    """Puts all that decided the weights of several runs side by side.

    Args:
        manifests: At least one, by any name.

    Returns:
        Every field of the recipe, each transformation of the images, and the versions of the packages that
        trained the run, in this order.
    """
    rows: dict[str, list[str]] = {}
    for number, manifest in enumerate(manifests.values()):
        for name, value in _list_settings(manifest).items():
            rows.setdefault(name, ["-"] * number).append(value)
        for values in rows.values():
            values.extend(["-"] * (number + 1 - len(values)))  # versions that this run did not state
    return [Setting(name, tuple(values)) for name, values in rows.items()]


def _list_settings(manifest: Manifest) -> dict[str, str]:
    config = manifest.config
    settings = {"recipe": manifest.recipe, "training images": f"{manifest.split_sizes.train:,}"}
    for field in dataclasses.fields(config):
        if field.name != "augmentation":
            settings[_name(field.name)] = _show(getattr(config, field.name))
    policy = config.augmentation or AugmentationPolicy()  # none at all is one with everything switched off
    for field in dataclasses.fields(policy):
        settings[f"random {_name(field.name)}"] = _show(getattr(policy, field.name))
    settings["data split"] = manifest.split_sha256[:12]
    return settings | {f"version of {name}": version for name, version in manifest.versions.items()}


def _name(field: str) -> str:
    return field.replace("_", " ")


def _show(value: Any) -> str:
    match value:
        case True:
            return "yes"
        case False:
            return "no"
        case None:
            return "none"
        case float():
            return f"{value:g}"
    return str(value).replace("_", " ")
