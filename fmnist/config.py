"""Names and numbers that every module agrees on, and the training recipes."""

from dataclasses import dataclass

from fmnist.augmentation import AugmentationPolicy

CLASS_NAMES = (
    "t-shirt",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
NUM_CLASSES = len(CLASS_NAMES)
IMAGE_SIZE = 28  # pixels a side
TRAIN_SIZE = 48_000
VALIDATION_SIZE = 12_000
TEST_SIZE = 10_000


@dataclass(frozen=True)
class TrainingConfig:
    """Everything that decides how a model is trained; saved with the run.

    Attributes:
        model_name: The name the model is published under.
        description: One line for the reader.
        colour: The model's colour on every page, as #rrggbb; the set is safe for colour-blind eyes.
        seed: Decides initial weights, order of the pictures and random transformations.
        batch_size: Pictures a step.
        learning_rate: Step size of Adam at the start.
        decay: What the learning rate is multiplied by when validation stops improving; None lets
            it follow half a cosine down to zero at `max_epochs` instead.
        decay_patience: Epochs without a lower validation loss before that happens.
        max_epochs: Training ends here at the latest.
        patience: Epochs without a lower validation loss before training stops early.
        augmentation: The random transformations of the training pictures, or None.
        photo_share: Share of the training pictures that are made to look like prepared photos and
            drawings, 0 to 1; the others are mirrored, shifted and partly covered.
        batch_norm, dropout: How the network is regularised; see `build_model`.
        label_smoothing: Share of the target that goes to all classes alike, 0 to 1.
        weight_decay: Pull of the weights towards zero, a fraction of them times the learning rate.
    """

    model_name: str
    description: str
    colour: str
    seed: int = 1
    batch_size: int = 128
    learning_rate: float = 1e-3
    decay: float | None = 0.5
    decay_patience: int = 3
    max_epochs: int = 60
    patience: int = 10
    augmentation: AugmentationPolicy | None = None
    photo_share: float = 0.0
    batch_norm: bool = False
    dropout: float = 0.0
    label_smoothing: float = 0.0
    weight_decay: float = 0.0


# Blue, orange and green of the Okabe-Ito palette, which stays distinct under every common colour blindness.
RECIPES = {
    recipe.model_name: recipe
    for recipe in (
        TrainingConfig("simple", "trained on the pictures as they are", "#0072B2"),
        TrainingConfig(
            "augmented",
            "the same network, trained on randomly transformed pictures",
            "#D55E00",
            augmentation=AugmentationPolicy(),
        ),
        TrainingConfig(
            "robust",
            "the same network, normalised, trained on imitations of photos and drawings as well",
            "#009E73",
            learning_rate=2e-3,
            decay=None,
            max_epochs=50,
            patience=50,
            photo_share=0.45,
            batch_norm=True,
            dropout=0.2,
            label_smoothing=0.05,
            weight_decay=0.01,
        ),
    )
}
"""The training recipe of each model, by name. The first is the baseline."""
