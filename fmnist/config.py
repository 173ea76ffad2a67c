"""Names and numbers that every module agrees on, and the training recipes."""

from dataclasses import asdict, dataclass, replace

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
class AugmentationPolicy:
    """How strong each random transformation is; zero or False switches one off.

    Attributes:
        flip: Whether to mirror left and right, for half of the images.
        translation: Largest shift, as a fraction of the side (0.07 is 2 of 28 pixels).
        rotation: Largest turn either way, as a fraction of a full turn (0.02 is 7.2 degrees).
        zoom: Largest change of size either way, as a fraction.
        contrast: Largest change of contrast either way, as a fraction.
    """

    flip: bool = True
    translation: float = 0.07
    rotation: float = 0.02
    zoom: float = 0.07
    contrast: float = 0.1

    def only(self, transform: str) -> "AugmentationPolicy":
        """Returns this policy with every transformation but `transform` switched off."""
        off = {name: type(strength)() for name, strength in asdict(self).items() if name != transform}
        return replace(self, **off)


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
