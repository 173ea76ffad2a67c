"""Training curves: where each model was best, whether it overfits, and what a second look adds."""

import pandas as pd

from fmnist.recipes import TrainingConfig
from fmnist.words import count, join, percent, points

_RISE = 1.1
"""A loss that ends more than a tenth above its lowest value has clearly turned; less is noise."""
_RUN_OUT = 0.05
"""A rate below this share of the first one hardly moves the weights: training ended as planned."""


def describe_overfitting(model_name: str, history: pd.DataFrame, kept_epoch: int) -> str:
    """Says what changed in the epochs after the kept one.

    Args:
        history: One row per epoch; its columns include `accuracy`, `val_accuracy`, `val_loss` and
            `learning_rate`.
        kept_epoch: The epoch with the lowest validation loss, from 1.
    """
    said = f"**{model_name}**: validation loss was lowest at epoch {kept_epoch}"
    more = len(history) - kept_epoch
    if more == 0:
        rates = history["learning_rate"]
        if rates.iloc[-1] < _RUN_OUT * rates.iloc[0]:
            return f"{said}, the final epoch, as planned: the learning rate had decayed to almost zero."
        return f"{said}, the final epoch: more epochs might have improved it further."
    kept, last = history.iloc[kept_epoch - 1], history.iloc[-1]
    train, validation = (points(last[c] - kept[c], 1) for c in ("accuracy", "val_accuracy"))
    verdict = (
        "The model overfits: it became more confident in wrong answers on images it had not seen."
        if last["val_loss"] > _RISE * kept["val_loss"]
        else "The model hardly overfits: its validation loss stayed level."
    )
    return (
        f"{said}; {count(more, 'more epoch')} changed training accuracy by {train} points, validation "
        f"accuracy by {validation} points and validation loss from {kept['val_loss']:.2f} to "
        f"{last['val_loss']:.2f}. {verdict}"
    )


def describe_best(metric: str, histories: dict[str, pd.DataFrame]) -> str:
    """Says where each model's validation curve was best.

    Args:
        metric: 'loss' or 'accuracy'.
        histories: For each model name, one row per epoch.
    """
    parts = []
    for name, history in histories.items():
        column = history[f"val_{metric}"].to_numpy()
        row = int(column.argmin() if metric == "loss" else column.argmax())
        value = f"{column[row]:.3f}" if metric == "loss" else percent(column[row], 2)
        parts.append(f"{value} ({name}, epoch {history['epoch'].iloc[row]})")
    extreme = "Lowest" if metric == "loss" else "Highest"
    return f"{extreme} validation {metric}: {join(parts)}."


def describe_harder_training(histories: dict[str, pd.DataFrame], configs: dict[str, TrainingConfig]) -> str:
    """Explains training curves that end below their validation curves; nothing if none does.

    Args:
        histories: For each model name, one row per epoch.
        configs: For each model name, the values of its recipe.
    """
    said = []
    for name, history in histories.items():
        if history["accuracy"].iloc[-1] < history["val_accuracy"].iloc[-1]:
            reason = _explain_harder_training(configs[name])
            said.append(f"**{name}** scores lower on training images than on validation images, {reason}.")
    return " ".join(said)


def _explain_harder_training(config: TrainingConfig) -> str:
    hurdles = []
    if config.augmentation or config.imitated_share:
        hurdles.append("its training images are changed at random")
    if config.dropout:
        hurdles.append("parts of its network are switched off at random")
    if hurdles:
        return f"because training is made harder on purpose: {join(hurdles)}"
    return "because it is judged on training images during an epoch, but on validation images after it"


def describe_second_look(validations: dict[str, float]) -> str:
    """Says why some models do better than their curves, which show one look at each image.

    Args:
        validations: For each model that also looks at the mirror image, the validation accuracy of the
            mean of both answers, 0 to 1.
    """
    reached = join([f"{percent(value, 2)} ({name})" for name, value in validations.items()])
    return (
        "Some models average their answers for an image and its mirror image, which gives a validation "
        f"accuracy of {reached}. The curves above show the answers to the image alone."
    )
