"""Through the epochs: what was learned last, what is unsteady, and what became of single pictures."""

from collections.abc import Mapping

import numpy as np

from fmnist.analysis import LEARNED, NEVER, DataMap
from fmnist.config import CLASS_NAMES
from fmnist.words import count, escape_markdown, join, percent

_LEVEL = 0.005  # recalls that change by less, on average, are steady


def describe_learned(learned: Mapping[str, np.ndarray]) -> str:
    """Says which class each run learned last.

    Args:
        learned: For each name the epoch after which each class counts as learned: int `(10,)`, from 1.
    """
    said = []
    for name, epochs in learned.items():
        last = int(epochs.max())
        if last == 1:
            said.append(f"none by {_bold(name)}, which knew all after the first epoch")
        else:
            classes = join([CLASS_NAMES[label] for label in np.flatnonzero(epochs == last)])
            said.append(f"**{classes}** by {_bold(name)} (epoch {last})")
    return f"Learned last: {'; '.join(said)}. Learned means: {percent(LEARNED, 0)} of its best recall."


def describe_unsteady(unsteadiness: Mapping[str, np.ndarray]) -> str:
    """Says for which class the recall of each run went up and down most.

    Args:
        unsteadiness: For each name the mean change of each recall per epoch: float `(10,)`, 0 to 1.
    """
    said = []
    for name, changes in unsteadiness.items():
        label = int(changes.argmax())
        if changes[label] < _LEVEL:
            said.append(f"none in {_bold(name)}")
        else:
            said.append(f"**{CLASS_NAMES[label]}** in {_bold(name)} (by {100 * changes[label]:.1f} points)")
    return f"Most unsteady from one epoch to the next: {'; '.join(said)}."


def describe_epoch(epoch: int, confusions: Mapping[str, np.ndarray]) -> str:
    """Says how well each run did after an epoch.

    Args:
        epoch: From 1.
        confusions: int `(epochs, 10, 10)` for each name; a run that was shorter stays as it was.
    """
    said = []
    for name, matrices in confusions.items():
        matrix = matrices[min(epoch, len(matrices)) - 1]
        right = percent(np.trace(matrix) / max(matrix.sum(), 1))
        ended = f", where it stayed after epoch {len(matrices)}" if epoch > len(matrices) else ""
        said.append(f"{_bold(name)} {right}{ended}")
    return f"After epoch {epoch}, right answers to validation pictures: {'; '.join(said)}."


def list_moments(kept: Mapping[str, int], lengths: Mapping[str, int]) -> dict[int, str]:
    """Lists what is to be said while the epochs are played, in plain text.

    Args:
        kept: The kept epoch of each run, from 1.
        lengths: The number of epochs of each run.
    """
    said: dict[int, list[str]] = {}
    for name, epoch in kept.items():
        said.setdefault(epoch, []).append(f"The weights of {name} after epoch {epoch} were kept.")
    longest = max(lengths.values())
    for name, epoch in lengths.items():
        if epoch < longest:
            said.setdefault(epoch, []).append(f"The training of {name} ended after epoch {epoch}.")
    return {epoch: " ".join(sentences) for epoch, sentences in sorted(said.items())}


def describe_map(found: DataMap) -> str:
    """Says how many pictures were always, never, or no longer answered correctly."""
    always = float((found.share_right == 1).mean())
    never = int((found.first_right == NEVER).sum())
    lost = int(((found.first_right != NEVER) & ~found.is_right).sum())
    return (
        f"Of {count(len(found.mean), 'validation picture')}, **{percent(always)}** were right after every "
        "epoch. "
        f"**{never:,}** {'was' if never == 1 else 'were'} never right, and **{lost:,}** "
        f"{'was' if lost == 1 else 'were'} right at least once but not at the end."
    )


def describe_thinned(shown: int, size: int) -> str:
    """Says how many pictures the map leaves out, and which; nothing if it shows all."""
    if shown >= size:
        return ""
    return (
        f"The map shows {shown:,} of {size:,} pictures: all with the largest spread and with the lowest "
        "mean, and a random sample of the others."
    )


def describe_without_log(recipes: Mapping[str, str]) -> str:
    """Says which runs have no data map, and how to get one; nothing if all have.

    Args:
        recipes: The recipe of each run without the answers of each epoch.
    """
    if not recipes:
        return ""
    commands = join([f"`python -m fmnist train {recipe}`" for recipe in dict.fromkeys(recipes.values())])
    names = join([_bold(name) for name in recipes])
    was = "was" if len(recipes) == 1 else "were"
    return (
        f"{names} {was} trained before the answers of each epoch were logged, so there is no data map. To "
        f"get one, train again: {commands}."
    )


def _bold(name: str) -> str:
    return f"**{escape_markdown(name)}**"
