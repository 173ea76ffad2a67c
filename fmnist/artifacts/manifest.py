"""run.json, typed: the recipe, the network and the figures of a run."""

from dataclasses import fields
from itertools import chain, pairwise
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType, field

from fmnist.artifacts.values import (
    Count,
    Epochs,
    Folder,
    Loss,
    Name,
    Record,
    Seconds,
    Sha256,
    Share,
    Size,
    are_close,
    convert,
    show,
)
from fmnist.augmentation import AugmentationPolicy
from fmnist.config import NUM_CLASSES
from fmnist.evaluation import compute_wilson
from fmnist.recipes import TrainingConfig

FORMAT = 2
"""Version of the format of run.json; a reader refuses newer ones."""

ConfusionMatrix = Annotated[
    tuple[Annotated[tuple[Count, ...], Meta(min_length=NUM_CLASSES, max_length=NUM_CLASSES)], ...],
    Meta(min_length=NUM_CLASSES, max_length=NUM_CLASSES),
]
"""Counts, row true, column predicted."""


class Layer(Record, frozen=True, kw_only=True):
    """A layer of the network; its output shape leaves out the batch."""

    name: str
    type: str
    output_shape: tuple[Size, ...]
    parameters: Count


class SplitSizes(Record, frozen=True, kw_only=True):
    """The number of images in each part of the data set."""

    train: Size
    validation: Size
    test: Size


class AlarmFigures(Record, frozen=True, kw_only=True):
    """The alarm's threshold in grey levels, and the shares of garments and of other things that raise it."""

    threshold: Annotated[float, Meta(ge=0, le=255)]
    false_alarms: Share
    caught: Share


class Metrics(Record, frozen=True, kw_only=True):
    """How well a model answered a part of the data set; see `evaluation.compute_metrics`.

    Attributes:
        wrong: Positions of the wrongly classified images, in ascending order.
        ece, ece_calibrated: Calibration error without and with the temperature; validation only.
    """

    size: Size
    accuracy: Share
    accuracy_interval: tuple[Share, Share]
    loss: Loss
    confusion_matrix: ConfusionMatrix
    wrong: tuple[Count, ...]
    ece: Share | UnsetType = UNSET
    ece_calibrated: Share | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Raises ValueError if the figures contradict each other."""
        right = sum(self.confusion_matrix[label][label] for label in range(NUM_CLASSES))
        if sum(chain.from_iterable(self.confusion_matrix)) != self.size:
            raise ValueError("the counts of the confusion matrix contradict the size")
        if len(self.wrong) != self.size - right:
            raise ValueError("the counts of right and wrong answers contradict each other")
        if any(first >= second for first, second in pairwise([*self.wrong, self.size])):
            raise ValueError("the wrong answers must be rising positions below the size")
        if self.accuracy != right / self.size:
            raise ValueError("the accuracy contradicts the confusion matrix")
        if not are_close(list(self.accuracy_interval), list(map(float, compute_wilson(right, self.size)))):
            raise ValueError("the interval contradicts the accuracy")


class Manifest(Record, frozen=True, kw_only=True):
    """A run's description of itself, as run.json holds it.

    Attributes:
        run: The name of its folder.
        recipe: The name of the recipe that trained it.
        created: The time of creation, as an ISO 8601 text.
        config: The recipe's values.
        versions: The versions of Python and of the packages that trained it, and which imitations of photos
            it has learned from; see `synthesis.IMITATIONS`.
        data_sha256, split_sha256: Checksums of the training data and the split.
        layers, parameters: Those of the network, without what serving adds.
        kept_epoch: The epoch whose weights are published, from 1.
        seconds: The duration of all epochs together.
        temperature: Calibrates the probabilities before anyone sees them.
        validation, test: The figures on each part, at temperature 1.
        alarm: The alarm's figures, if the run has learned one.
        files: The SHA-256 of each file beside run.json.
    """

    run: Folder
    recipe: Name
    created: str = ""
    config: TrainingConfig
    versions: dict[str, str] = field(default_factory=dict)
    data_sha256: dict[str, Sha256] = field(default_factory=dict)
    split_sha256: str = ""
    split_sizes: SplitSizes
    layers: tuple[Layer, ...]
    parameters: Count
    epochs_run: Epochs
    kept_epoch: Epochs
    seconds: Seconds
    temperature: Annotated[float, Meta(ge=0.01, le=100)]
    validation: Metrics
    test: Metrics
    alarm: AlarmFigures | None = None
    files: dict[str, Sha256]

    def __post_init__(self) -> None:
        """Raises ValueError if its values contradict each other."""
        if self.kept_epoch > self.epochs_run:
            raise ValueError("kept_epoch lies outside the run")
        if sum(layer.parameters for layer in self.layers) != self.parameters:
            raise ValueError("the parameters are not those of the layers")
        for part in ("validation", "test"):
            if getattr(self, part).size != getattr(self.split_sizes, part):
                raise ValueError(f"the size of {part} is not the one in split_sizes")

    def metrics(self, part: str) -> Metrics:
        """Returns the figures of a part, 'validation' or 'test'."""
        return {"validation": self.validation, "test": self.test}[part]


def parse_manifest(content: Any, run: str) -> Manifest:
    """Turns the content of a run.json into a manifest.

    Args:
        content: What was read, in a format this program knows; an older format is upgraded.
        run: The run folder it must belong to.

    Raises:
        ValueError: If a value is missing, unknown, not of its type, or contradicts another.
    """
    if not isinstance(content, dict):
        raise ValueError("the file must be a set of named values")
    content = dict(content)
    if content.pop("format", 1) == 1:
        content = _upgrade(content)
    _check_names(content.get("config"), TrainingConfig, "config")
    manifest = convert(content, Manifest)
    if manifest.run != run:
        raise ValueError(f"it belongs to the run {manifest.run}")
    return manifest


def _upgrade(content: dict[str, Any]) -> dict[str, Any]:
    """Turns format 1 into format 2, which separates a recipe's values from its name and from each other."""
    config = content.get("config")
    if isinstance(config, dict):
        if config.get("model_name", content.get("model_name")) != content.get("model_name"):
            raise ValueError("config belongs to another recipe")
        config = {key: value for key, value in config.items() if key not in _NAMES_IN_FORMAT_1}
        if "photo_share" in config:  # split into the three values that it decided
            share = config.pop("photo_share")
            config |= {"imitated_share": share, "learn_alarm": bool(share)}
            config["serving"] = "mirror_mean" if share else "network"
        content = content | {"config": config}
    if "model_name" in content:
        content["recipe"] = content.pop("model_name")
    content.pop("seed", None)  # config has it
    return content


_NAMES_IN_FORMAT_1 = ("model_name", "description", "colour")


def _check_names(content: Any, kind: type, what: str) -> None:
    """Refuses values of a recipe or policy that this program does not know and so could not repeat."""
    if not isinstance(content, dict):
        return
    if unknown := sorted(content.keys() - {known.name for known in fields(kind)}):
        raise ValueError(f"{what} has an unknown entry {show(unknown[0])}")
    if kind is TrainingConfig:
        _check_names(content.get("augmentation"), AugmentationPolicy, "augmentation")
