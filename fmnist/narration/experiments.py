"""Luck and strength: what trials with several seeds say, with the number of seeds in every sentence."""

import json
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from fmnist.analysis import Findings, Group, Measure, Reported, StrengthCurve
from fmnist.artifacts import Sweep, Trial
from fmnist.evaluation import MeanDifference, compute_churn, spread_over_seeds
from fmnist.narration.sizes import name_size
from fmnist.words import count, escape_markdown, join, percent, points, printable

MEASURES: dict[Measure, str] = {
    "test_accuracy": "test, kept weights",
    "val_accuracy": "validation, kept weights",
    "best_val_accuracy": "validation, each run's best epoch",
}
"""What each measure is called in a chart."""

_IMAGES = {"test_accuracy": "test", "val_accuracy": "validation", "best_val_accuracy": "validation"}
_LONGEST = 70  # letters of a name
_DOES = {-1: "hurts", 0: "makes no clear difference", 1: "helps"}


def name_groups(groups: Sequence[Group]) -> list[str]:
    """Names groups by what tells them apart, such as "0.5 times", each in its own way.

    An override comes from a file of anybody's, so these are texts and neither Markdown nor HTML.
    """
    parts = [_list_parts(group) for group in groups]
    common = set.intersection(*map(set, parts)) if len(parts) > 1 else set()
    names: list[str] = []
    for each in parts:
        name = printable(", ".join([part for part in each if part not in common] or each))
        name = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
        same = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({same + 1})" if same else name)
    return names


def _list_parts(group: Group) -> list[str]:
    parts = [group.recipe]
    if group.strength not in (None, 1):
        parts.append(f"{group.strength:g} times")
    if group.train_share != 1:
        parts.append(f"{percent(group.train_share, 0)} of the images")
    try:
        parts += [f"{name} {value}" for name, value in json.loads(group.overrides).items()]
    except (ValueError, AttributeError):
        parts.append(group.overrides)
    return parts


def describe_gain(findings: Findings) -> str:
    """Answers "did augmentation help?" by the means over all seeds."""
    gain, before, after = findings.verdict, findings.before.recipe, findings.after.recipe
    means = [
        percent(group.measure(findings.measure).mean(), 2) for group in (findings.after, findings.before)
    ]
    return (
        f"{_judge(gain)} on average over {_count_seeds(gain.seeds)}, **{after}** was right on {means[0]} of "
        f"the {_IMAGES[findings.measure]} images and **{before}** on {means[1]}, a difference of "
        f"{_write(gain)}."
    )


def describe_gain_briefly(findings: Findings) -> str:
    """Answers the same for the first page, with what the answer depends on and why a report differs."""
    gain = findings.verdict
    said = [
        f"{_judge(gain)} {_write(gain)} on the {_IMAGES[findings.measure]} images, over "
        f"{_count_seeds(gain.seeds)}."
    ]
    stopping = findings.stopping
    first, last = stopping.signs[0], stopping.signs[-1]
    if first != last:
        said.append(f"Stopped within {count(stopping.first_phase, 'epoch')}, it {_DOES[first]}.")
    if findings.reported and (causes := _list_causes(findings)):
        said.append(f"The course report {_say_change(findings.reported)}; so does {' or '.join(causes)}.")
    return " ".join(said)


def describe_choice_of_epoch(findings: Findings) -> str:
    """Says what the gain is by the epoch that each run is judged by."""
    kept, best = (findings.differences[m] for m in ("val_accuracy", "best_val_accuracy"))
    return (
        f"On validation, the gain is {points(kept.difference)} points with the weights that were kept "
        f"(lowest loss) and {points(best.difference)} between each run's most accurate epochs "
        f"({_count_seeds(kept.seeds)})."
    )


def describe_stopping(findings: Findings) -> str:
    """Says how the answer depends on when training stops."""
    stopping, seeds = findings.stopping, _count_seeds(findings.stopping.differences[0].seeds)
    signs, early, late = stopping.signs, stopping.first_phase, stopping.last_phase
    if early == len(signs):
        return f"**Whenever training stops, augmentation {_DOES[signs[0]]}** ({seeds})."
    if signs[0] == signs[-1]:
        return (
            f"**Augmentation {_DOES[signs[0]]} until epoch {early} and from epoch {late} "
            f"on**, but not always in between ({seeds})."
        )
    said = (
        f"**Stopped within {count(early, 'epoch')}, augmentation {_DOES[signs[0]]}; from {late} on, it "
        f"{_DOES[signs[-1]]}** ({seeds})."
    )
    if signs[0] < 0 < signs[-1]:
        said += " Changed images take longer to learn from, and go on teaching for longer."
    return said


def describe_strength(curve: StrengthCurve) -> str:
    """Says which strengths help, which hurt, and which is best."""
    effects = curve.effects
    seeds = _range_of_seeds([len(values) for values in curve.values])
    parts = []
    for sign, verb in ((1, "helps"), (-1, "hurts"), (0, "makes no clear difference")):
        if at := [f"{strength:g}" for strength, effect in effects.items() if effect.sign == sign]:
            parts.append(f"{verb} at {join(at)}")
    said = [f"**Augmentation {join(parts)} times our strength** ({seeds})."] if parts else []
    highest = percent(float(curve.means.max()), 2)
    said.append(f"Accuracy is highest at {curve.best:g} times: {highest}{'' if said else f' ({seeds})'}.")
    if curve.best != 1 and (ours := curve.compare(curve.best, 1)):
        worse = "clearly worse" if ours.sign < 0 else "not clearly worse"
        said.append(f"Ours is {worse} ({points(ours.difference)} points).")
    pairs = zip(curve.strengths, curve.cut_off, curve.values, strict=True)
    cut = [f"{used} of {len(values)} at {strength:g} times" for strength, used, values in pairs if used]
    if cut:
        said.append(f"Runs that used up all their epochs, so that more might have helped: {join(cut)}.")
    return " ".join(said)


def describe_report_explained(findings: Findings) -> str:
    """Says which strength, or which early stop, gives what the report found; nothing without a report."""
    if findings.reported is None:
        return ""
    strength, level, epoch = findings.strength_of_loss, findings.strength_of_level, findings.epoch_of_loss
    said = [f"The course report {_say_change(findings.reported)} with augmentation."]
    seeds = _count_seeds(findings.stopping.differences[0].seeds)
    curve = findings.curve
    if curve is not None:
        tried = _range_of_seeds([len(values) for values in curve.values])
        if strength:
            if level:
                accuracy = percent(findings.reported.after, 2)
                tried += f"; the report's {accuracy} itself is what {level:.1f} times gives"
            said.append(
                f"**A policy about {strength:.1f} times as strong as ours does that, too** ({tried})."
            )
        else:
            said.append(f"No strength that was tried does that ({tried}).")
    if epoch:
        found = points(findings.stopping.differences[epoch - 1].difference)
        also = "So does" if strength else "This is what"
        does = "" if strength else " does"
        said.append(f"{also} stopping both after {count(epoch, 'epoch')}{does}: {found} points ({seeds}).")
    else:
        said.append(f"No earlier stop gives that ({seeds}).")
    if strength and epoch:
        said.append("These figures cannot tell which it was.")
    return " ".join(said)


def describe_shares(curves: Sequence[StrengthCurve]) -> list[str]:
    """Says for each smaller share of the training images whether the gain at our strength is another."""
    full = next((curve.effects.get(1) for curve in curves if curve.train_share == 1), None)
    said = []
    for curve in curves:
        gain = curve.effects.get(1)
        if gain is None or full is None or curve.train_share == 1:
            continue
        verdict = "the two intervals overlap, so the seeds do not decide which is larger"
        if gain.low > full.high:
            verdict = "more than with all"
        elif gain.high < full.low:
            verdict = "less than with all"
        said.append(
            f"With {percent(curve.train_share, 0)} of the training images, our strength gains "
            f"{_write(gain)}, {_count_seeds(gain.seeds)}; with all, {_write(full)}, "
            f"{_count_seeds(full.seeds)}: {verdict}."
        )
    return said


def describe_pairs(findings: Findings) -> str:
    """Says what a comparison of one run of each might have found."""
    pairs = findings.pairs
    ahead = int((pairs > 0).sum())
    return (
        f"**One run of each may say anything from {points(pairs.min())} to {points(pairs.max())} points.** "
        f"Of the {len(pairs):,} pairs of one run each ({_count_seeds(findings.verdict.seeds)}), "
        f"{findings.after.recipe} is ahead in {ahead:,}."
    )


def describe_churn(groups: Sequence[Group]) -> str:
    """Says how many images runs answer differently that differ in nothing but the seed."""
    said = []
    for group, name in zip(groups, name_groups(groups), strict=True):
        if len(group.trials) < 2:
            continue
        spread = spread_over_seeds(np.array([trial.val_accuracy for trial in group.trials]))
        said.append(
            f"Two runs of **{escape_markdown(name)}** with different seeds answer "
            f"{percent(compute_churn(group.answers))} of the validation images differently, though their "
            f"accuracies lie within {100 * (spread.highest - spread.lowest):.2f} points "
            f"({count(spread.seeds, 'seed')})."
        )
    return " ".join(said)


def describe_completeness(sweep: Sweep) -> str:
    """Says how many trials of a sweep are finished; nothing if all are."""
    finished, planned = len(sweep.trials), len(sweep.planned)
    return "" if finished == planned else f"{sweep.name}: {finished:,} of {count(planned, 'trial')} finished."


def describe_backends(trials: Iterable[Trial], versions: Mapping[str, str]) -> str:
    """Says what computed the trials, and that their times say nothing.

    Args:
        trials: Of all that is shown.
        versions: Of the packages that trained a published model, by name.
    """
    backends = join([escape_markdown(each) for each in dict.fromkeys(trial.backend for trial in trials)])
    said = f"Trials computed with: {backends}."
    if known := versions.get("tensorflow"):
        said += f" Published models: tensorflow {escape_markdown(known)}, two processor cores."
    return f"{said} Times depend on what else ran, so they say nothing."


def _judge(gain: MeanDifference) -> str:
    if gain.sign > 0:
        return f"**Yes, {name_size(gain.difference)}:**"
    if gain.sign < 0:
        return f"**No, it hurts {name_size(gain.difference)}:**"
    return "**Undecided:**"


def _write(gain: MeanDifference) -> str:
    return f"{points(gain.difference)} points (95% interval {points(gain.low)} to {points(gain.high)})"


def _count_seeds(seeds: tuple[int, int]) -> str:
    first, second = seeds
    return f"{first} seeds each" if first == second else f"{first} and {second} seeds"


def _range_of_seeds(seeds: Sequence[int]) -> str:
    low, high = min(seeds), max(seeds)
    return f"{count(high, 'seed')} each" if low == high else f"{low} to {high} seeds each"


def _say_change(reported: Reported) -> str:
    change = reported.difference
    return f"{'lost' if change < 0 else 'gained'} {abs(100 * change):.2f} points"


def _list_causes(findings: Findings) -> list[str]:
    strength, epoch = findings.strength_of_loss, findings.epoch_of_loss
    causes = []
    if strength:
        causes.append(f"a policy {strength:.1f} times as strong")
    if epoch:
        causes.append(f"stopping both after {count(epoch, 'epoch')}")
    return causes
