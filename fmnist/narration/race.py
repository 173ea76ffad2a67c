"""What a race of two recipes to a validation accuracy has shown, in one sentence."""

from collections.abc import Sequence

from fmnist.events import Lap
from fmnist.words import count, percent

_EVEN = 0.05  # a difference below this share is about none: the clock of a shared machine is no better


def describe_lap(lap: Lap) -> str:
    """Says in one line how far a recipe has come."""
    end = ", which is enough" if lap.has_arrived else ""
    return (
        f"{lap.recipe}, seed {lap.seed}: validation accuracy {lap.accuracy:.4f} after "
        f"{count(lap.epochs, 'epoch')} and {lap.seconds:.1f} seconds{end}"
    )


def describe_race(first: Sequence[Lap], second: Sequence[Lap], target: float) -> str:
    """Says how much faster the second recipe reaches the accuracy than the first, and why.

    Args:
        first, second: The results of each recipe, one per seed, with the same seeds in both.
        target: The validation accuracy, 0 to 1.
    """
    missed = [laps for laps in (first, second) if not all(lap.has_arrived for lap in laps)]
    if missed:
        return " ".join(_describe_missed(laps, target) for laps in missed) + " So there is no ratio."
    old, new = first[0].recipe, second[0].recipe
    before, after = _mean([lap.seconds for lap in first]), _mean([lap.seconds for lap in second])
    seeds = f", on average of {len(first)} seeds" if len(first) > 1 else ""
    work = sum(lap.processor for lap in first) / sum(lap.processor for lap in second)
    if max(before, after) / min(before, after) < 1 + _EVEN:
        verdict = f"{new} reaches {percent(target)} on validation about as fast as {old}"
    elif after < before:
        verdict = f"{new} reaches {percent(target)} on validation {before / after:.1f} times as fast as {old}"
    else:
        work = 1 / work
        verdict = (
            f"{new} takes {after / before:.1f} times as long as {old} to {percent(target)} on validation"
        )
    speed = _speed(second) / _speed(first)
    epochs = [_mean([lap.epochs for lap in laps]) for laps in (second, first)]
    return (
        f"{verdict}: {after:.0f} instead of {before:.0f} seconds{seeds}, with {speed:.1f} times its images "
        f"per second and {epochs[0]:.3g} epochs to its {epochs[1]:.3g}. "
        f"In processor time, which other programs disturb less, the ratio is {work:.1f}."
    )


def _describe_missed(laps: Sequence[Lap], target: float) -> str:
    arrived = sum(lap.has_arrived for lap in laps)
    seeds = "" if len(laps) == 1 else f" with {len(laps) - arrived} of {len(laps)} seeds"
    return f"{laps[0].recipe} did not reach {percent(target)} on validation{seeds}."


def _speed(laps: Sequence[Lap]) -> float:
    return sum(lap.images for lap in laps) / sum(lap.training for lap in laps)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
