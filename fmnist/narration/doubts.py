"""The court of labels: what speaks for and against a label, and how the visitor has voted so far."""

from collections import Counter
from collections.abc import Iterable, Mapping

from fmnist.config import CLASS_NAMES
from fmnist.words import count


def describe_case(answers: Mapping[str, int], nearest: int, distance: float) -> list[str]:
    """Says what the models answer, and what the nearest training picture is.

    Args:
        answers: Each model's class by its name, at least one.
        nearest: The class of the nearest training picture.
        distance: How far it is: root mean square over the pixels, in grey levels.
    """
    said = {name: CLASS_NAMES[answer] for name, answer in answers.items()}
    if len(set(said.values())) > 1:
        models = "The models disagree."
    else:
        who = {1: "The model says", 2: "Both models say"}.get(len(said), f"All {len(said)} models say")
        models = f"{who} {next(iter(said.values()))}."
    twin = (
        f"The nearest training picture, {distance:.0f} grey levels away, is labelled {CLASS_NAMES[nearest]}."
    )
    return [models, twin]


def describe_docket(cases: int, sure: int) -> str:
    """Says how many labels are contradicted, and on how many of them all models are above 90 % sure."""
    if not cases:
        return "No label is in doubt here."
    return f"{count(cases, 'label')} in doubt; on {sure:,} of them every model is more than 90% sure."


def describe_votes_on_labels(votes: Iterable[str]) -> str:
    """Says how the visitor has voted: each vote is 'right', 'wrong', 'neither' or 'skip'."""
    counted = Counter(votes)
    if not counted:
        return "You have not voted yet."
    words = {"right": "right", "wrong": "wrong", "neither": "neither or both", "skip": "skipped"}
    said = [f"{word} {counted[vote]:,}" for vote, word in words.items() if counted[vote]]
    return f"Your verdict on {count(counted.total(), 'label')}: {', '.join(said)}."


def describe_gain_from_votes(before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """Says how far accuracy would rise if some labels were others.

    Args:
        before, after: Each model's accuracy by its name, 0 to 1.
    """
    gains = [100 * (after[name] - before[name]) for name in before]
    low, high = min(gains), max(gains)
    shown = f"{low:.2f}" if f"{low:.2f}" == f"{high:.2f}" else f"{low:.2f} to {high:.2f}"
    return f"If every doubted label were wrong, accuracy would rise by {shown} points."
