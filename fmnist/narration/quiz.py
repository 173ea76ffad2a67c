"""The quiz: how the visitor did beside the models and the crowd, and how little a few pictures tell."""

from collections.abc import Mapping

from fmnist.analysis import CROWD, Share
from fmnist.words import join, percent


def describe_quiz(own: Share, models: Mapping[str, Share], is_random: bool) -> str:
    """Says which models did better than the visitor, and how little so few pictures tell.

    Args:
        own: The visitor's score.
        models: Each model's score on the same pictures, by its name.
        is_random: Whether the pictures were drawn from all, so that the crowd's share compares.
    """
    said = ""
    groups = {
        "better than you": [name for name, score in models.items() if score.right > own.right],
        "as well as you": [name for name, score in models.items() if score.right == own.right],
        "worse than you": [name for name, score in models.items() if score.right < own.right],
    }
    if models:
        compared = [f"{join(names)} did {words}" for words, names in groups.items() if names]
        said += f"Of the models, {join(compared)}. "
    if is_random:
        said += (
            f"An untrained crowd gets {percent(CROWD.accuracy)} of random test pictures, "
            f"{CROWD.accuracy * own.size:.1f} of {own.size}. "
        )
    else:
        said += (
            "Each of these fooled at least one model, so neither the models' scores nor the crowd's compare. "
        )
    return said + (
        f"So few pictures tell little: in the long run you may get anything from {percent(own.low, 0)} to "
        f"{percent(own.high, 0)}."
    )


def describe_score(score: Share) -> str:
    """Writes a score with its 95 % interval, as in a table."""
    return (
        f"{score.right:,} of {score.size:,} ({percent(score.accuracy)}; "
        f"{percent(score.low)} to {percent(score.high)})"
    )
