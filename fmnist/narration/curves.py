"""Training curves: where each run was best and kept, whether it memorises, and what a second look adds."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from fmnist.evaluation import RISE, Curve, compare_epochs
from fmnist.recipes import TrainingConfig
from fmnist.words import count, escape_markdown, join, percent, points

_RUN_OUT = 0.05
"""A rate below this share of the first one hardly moves the weights: training ended as planned."""
_MANY = 3  # runs; of more, a sentence names the best only


def describe_overfitting(curve: Curve) -> str:
    """Says what changed after the epoch with the lowest validation loss, and whether the run overfits."""
    history, lowest = curve.history, curve.best_epoch("loss")
    said = f"{_bold(curve)}: validation loss was lowest at epoch {lowest}"
    more = len(history) - lowest
    if more == 0:
        rates = history["learning_rate"]
        if rates.iloc[-1] < _RUN_OUT * rates.iloc[0]:
            return f"{said}, the final epoch, as planned: the learning rate had decayed to almost zero."
        return f"{said}, the final epoch: more epochs might have improved it further."
    before, after = history.iloc[lowest - 1], history.iloc[-1]
    train, validation = (points(after[c] - before[c], 1) for c in ("accuracy", "val_accuracy"))
    if curve.overfits_from:
        verdict = (
            f"From epoch {curve.overfits_from} on the model overfits: it memorises its training images and "
            "becomes more confident in wrong answers on others."
        )
    elif after["val_loss"] > RISE * before["val_loss"]:
        verdict = "That is not overfitting, because training loss did not fall either."
    else:
        verdict = "The model hardly overfits: its validation loss stayed level."
    return (
        f"{said}; {count(more, 'more epoch')} changed training accuracy by {train} points, validation "
        f"accuracy by {validation} points and validation loss from {before['val_loss']:.2f} to "
        f"{after['val_loss']:.2f}. {verdict}"
    )


def describe_onsets(curves: Sequence[Curve]) -> str:
    """Says in one sentence from which epoch on each run overfits, if any does."""
    onsets = {_bold(curve): curve.overfits_from for curve in curves}
    overfit = [f"{name} overfits from epoch {epoch} on" for name, epoch in onsets.items() if epoch]
    others = [name for name, epoch in onsets.items() if not epoch]
    if not overfit:
        return f"{join(others)} {'does' if len(others) == 1 else 'do'} not overfit."
    rest = f"; {join(others)} {'does' if len(others) == 1 else 'do'} not" if others else ""
    return f"{join(overfit)} (see the mark{'s' if len(overfit) > 1 else ''}){rest}."


def describe_onset(epoch: int, names: Sequence[str]) -> str:
    """Says that some runs begin to overfit, for whoever watches them learn; plain text."""
    return f"Epoch {epoch}: {join(names)} begin{'s' if len(names) == 1 else ''} to memorise."


def describe_best(metric: str, curves: Sequence[Curve]) -> str:
    """Says where each run's validation curve was best; of many runs, where the best of them was.

    Args:
        metric: 'loss' or 'accuracy'.
        curves: Those of at least one run.
    """
    best = [
        (curve.value(f"val_{metric}", epoch), f"{escape_markdown(curve.name)}, epoch {epoch}")
        for curve, epoch in ((curve, curve.best_epoch(metric)) for curve in curves)
    ]
    of_many = ""
    if len(curves) > _MANY:
        of_many = f" of {len(curves)} runs"
        best = [min(best) if metric == "loss" else max(best)]
    parts = [f"{_write(metric, value)} ({where})" for value, where in best]
    return f"{'Lowest' if metric == 'loss' else 'Highest'} validation {metric}{of_many}: {join(parts)}."


def describe_kept(curve: Curve) -> str:
    """Says which epoch a run was kept after, how good it was there, and where accuracy was highest."""
    kept, lowest, best = curve.kept_epoch, curve.best_epoch("loss"), curve.best_epoch("accuracy")
    at_kept = percent(curve.value("val_accuracy", kept), 2)
    loss = f"{curve.value('val_loss', kept):.3f}"
    said = f"{_bold(curve)} is kept after epoch {kept}: "
    if kept == lowest:
        said += f"lowest loss {loss}, "
    else:
        said += f"loss {loss} (the lowest, {curve.value('val_loss', lowest):.3f}, came at epoch {lowest}), "
    if curve.value("val_accuracy", kept) == curve.value("val_accuracy", best):
        return f"{said}and its best accuracy, {at_kept}."
    highest = percent(curve.value("val_accuracy", best), 2)
    return f"{said}accuracy {at_kept}. Its best accuracy, {highest}, came at epoch {best}."


def describe_choice(curve: Curve, other: Curve) -> str:
    """Says how far one run is ahead of another on validation images, and how that depends on the epoch kept.

    Args:
        curve: The run to compare with, such as the baseline.
        other: The run that the sentence is about.
    """
    at_lowest, at_best = (round(100 * difference, 2) for difference in compare_epochs(curve, other))
    one, two = _bold(other), _bold(curve)
    if at_lowest == at_best:
        place = f"{one} {_lead(at_lowest)} {two} by {abs(at_lowest):.2f} points"
        return (
            f"{place if at_lowest else f'{one} and {two} are level'} on validation images, whether the "
            "lowest loss or the highest accuracy decides which epoch is kept."
        )
    if not at_lowest:
        place, then = f"{one} and {two} are level", f"but {one} {_lead(at_best)}"
    else:
        place, then = f"{one} {_lead(at_lowest)} {two} by {abs(at_lowest):.2f} points", "but they are level"
    if at_lowest * at_best < 0:
        then = f"but {_lead(at_best)}"
    elif at_lowest * at_best > 0:
        then = "but only" if abs(at_best) < abs(at_lowest) else "and even"
    by = f" by {abs(at_best):.2f}" if at_best else ""
    return (
        f"{place} on validation images if the lowest loss decides which epoch is kept, {then}{by} if the "
        "highest accuracy does."
    )


def describe_choices(curves: Sequence[Curve]) -> str:
    """Says the same of any number of runs, each compared with the first; nothing of one alone."""
    first, *others = curves
    if len(others) < 2:
        return describe_choice(first, *others) if others else ""
    differences = [compare_epochs(first, other) for other in others]
    at_lowest = join(
        [
            f"{points(lowest)} ({escape_markdown(other.name)})"
            for other, (lowest, _) in zip(others, differences, strict=True)
        ]
    )
    at_best = join([points(best) for _, best in differences])
    return (
        f"Compared with {_bold(first)}, validation accuracy differs by {at_lowest} points if the lowest loss "
        f"decides which epoch is kept, but by {at_best} points if the highest accuracy does."
    )


def _lead(difference: float) -> str:
    return "leads" if difference > 0 else "trails"


def describe_learning_rate(curve: Curve, config: TrainingConfig) -> str:
    """Says how the learning rate of a run changed."""
    rates = curve.history["learning_rate"].tolist()
    first, last = (
        np.format_float_positional(r, 2, fractional=False, trim="-") for r in (rates[0], rates[-1])
    )
    said = f"{_bold(curve)}: {first}"
    if rates[-1] == rates[0]:
        return f"{said} throughout"
    said += f" to {last}"
    if config.decay is None:
        return f"{said}, along half a cosine"
    drops = sum(after < before for before, after in pairwise(rates))
    how = "halved" if config.decay == 0.5 else f"multiplied by {config.decay:g}"
    often = {1: "once", 2: "twice"}.get(drops, f"{drops} times")
    return f"{said}, {how} {often} when validation loss stalled"


def describe_harder_training(curves: Sequence[Curve], configs: Mapping[str, TrainingConfig]) -> str:
    """Explains training curves that end below their validation curves; nothing if none does.

    Args:
        curves: Those of the runs shown.
        configs: For each name, the values of its recipe.
    """
    said = []
    for curve in curves:
        if curve.history["accuracy"].iloc[-1] < curve.history["val_accuracy"].iloc[-1]:
            reason = _explain_harder_training(configs[curve.name])
            said.append(
                f"{_bold(curve)} scores lower on training images than on validation images, {reason}."
            )
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


def _bold(curve: Curve) -> str:
    return f"**{escape_markdown(curve.name)}**"


def _write(metric: str, value: float) -> str:
    return f"{value:.3f}" if metric == "loss" else percent(value, 2)
