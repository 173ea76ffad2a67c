"""The training recipes: how each model is trained, as data."""

from dataclasses import dataclass
from typing import Annotated, Literal

from msgspec import Meta

from fmnist.augmentation import AugmentationPolicy

Share = Annotated[float, Meta(ge=0, le=1)]
Seed = Annotated[int, Meta(ge=0, lt=2**32)]
_Rate = Annotated[float, Meta(ge=0, le=1000)]
_Epochs = Annotated[int, Meta(ge=0, le=100_000)]


@dataclass(frozen=True)
class TrainingConfig:
    """Everything that decides a model's weights and how it is served; saved with the run.

    A new field's default must change nothing, because older runs and checkpoints lack the field.

    Attributes:
        network: The name of the network in `training.network.NETWORKS`.
        seed: Decides the initial weights, the order of the images and the random transformations.
        train_share: Share of the training images to learn from, 0 to 1; see `data.take_share`.
        batch_size: Images per step.
        learning_rate: The initial step size of Adam.
        decay: Factor for the learning rate when validation stops improving; with None the rate follows
            half a cosine down to zero at `max_epochs` instead.
        decay_patience: Epochs without a lower validation loss before the rate decays.
        warmup_epochs: Epochs, or a part of one, in which the rate rises from zero to `learning_rate`. The
            cosine, which must follow, then begins there, and the rate changes at each step instead of
            each epoch. With 0 it does neither.
        max_epochs: Training ends here at the latest.
        patience: Epochs without a lower validation loss before training stops early.
        augmentation: The random transformations of the training images, or None.
        imitated_share: Share of the training images that are made to look like prepared photos and
            drawings, 0 to 1; the others are mirrored, shifted and partly covered. 0 leaves all unchanged.
        serving: Whether the network alone answers, or its mean over the image and its mirror image.
        learn_alarm: Whether the run learns an out-of-distribution alarm; see `confidence.Alarm`.
        batch_norm, dropout: How the network is regularised; see `training.network`.
        label_smoothing: Share of the target that is spread evenly over all classes, 0 to 1.
        weight_decay: How strongly weights are pulled towards zero per step, as a fraction of each weight,
            multiplied by the learning rate.
    """

    network: str = "two_blocks"
    seed: Seed = 1
    train_share: Annotated[float, Meta(gt=0, le=1)] = 1.0
    batch_size: Annotated[int, Meta(ge=1, le=100_000)] = 128
    learning_rate: _Rate = 1e-3
    decay: Share | None = 0.5
    decay_patience: _Epochs = 3
    warmup_epochs: Annotated[float, Meta(ge=0, le=1000)] = 0.0
    max_epochs: _Epochs = 60
    patience: _Epochs = 10
    augmentation: AugmentationPolicy | None = None
    imitated_share: Share = 0.0
    serving: Literal["network", "mirror_mean"] = "network"
    learn_alarm: bool = False
    batch_norm: bool = False
    dropout: Share = 0.0
    label_smoothing: Share = 0.0
    weight_decay: Share = 0.0


@dataclass(frozen=True)
class Recipe:
    """A way to train a model: its name, a summary of what is special about it, and the values.

    A model is first published under the recipe's name, with the summary as its description. From then on
    description and colour live in models.json, and `python -m fmnist describe` changes them.
    """

    name: str
    summary: str
    config: TrainingConfig


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe("simple", "trained on the images as they are", TrainingConfig()),
        Recipe(
            "augmented",
            "the same network, trained on randomly transformed images",
            TrainingConfig(
                augmentation=AugmentationPolicy(
                    flip=True, translation=0.07, rotation=0.02, zoom=0.07, contrast=0.1
                )
            ),
        ),
        Recipe(
            "robust",
            "a deeper network, regularised, also trained on simulated photos and drawings",
            TrainingConfig(
                network="three_blocks",
                learning_rate=2e-3,
                decay=None,
                max_epochs=100,
                patience=100,
                imitated_share=0.45,
                serving="mirror_mean",
                learn_alarm=True,
                batch_norm=True,
                dropout=0.2,
                label_smoothing=0.05,
                weight_decay=0.01,
            ),
        ),
        Recipe(
            "fast",
            "trained for a few epochs at a large learning rate, with a smaller network",
            TrainingConfig(
                network="strided",
                batch_size=256,
                learning_rate=8e-3,
                decay=None,
                warmup_epochs=0.2,
                max_epochs=8,
                patience=60,
                augmentation=AugmentationPolicy(flip=True),
                batch_norm=True,
                label_smoothing=0.1,
            ),
        ),
    )
}
"""The recipes by name, the baseline first."""
