"""Home: did augmentation help?"""

from collections.abc import Mapping, Sequence

from fmnist.artifacts import Layer, Model, ModelEntry
from fmnist.evaluation import compare_paired
from fmnist.narration.sizes import name_size
from fmnist.words import count, join, percent, points


def describe_comparison(baseline: Model, other: Model) -> str:
    """Answers "did it help?" for two models judged on the same test images."""
    before, after = baseline.manifest, other.manifest
    paired = compare_paired(before.test.wrong, after.test.wrong, before.test.size)
    low, high = paired["interval"]
    return (
        f"{_judge(paired)} On the same {before.test.size:,} test images **{other.name}** was right on "
        f"{percent(after.test.accuracy, 2)} and **{baseline.name}** on "
        f"{percent(before.test.accuracy, 2)}, a difference of "
        f"{points(paired['difference'])} points (95% interval {points(low)} to {points(high)}). "
        f"**{other.name}** fixes {paired['only_a_wrong']:,} of {baseline.name}'s mistakes and makes "
        f"{count(paired['only_b_wrong'], 'new one')}. Its best weights came after "
        f"{count(after.kept_epoch, 'epoch')}; {baseline.name}'s came after {before.kept_epoch}. Each was "
        "trained once; with a different random seed, either figure may shift by a few tenths of a point."
    )


def describe_verdict(baseline: Model, other: Model) -> str:
    """Answers "did it help?" in one sentence, without the evidence; see `describe_comparison`."""
    before, after = baseline.manifest.test, other.manifest.test
    verdict = _judge(compare_paired(before.wrong, after.wrong, before.size)).split(":**")[0]
    return (
        f"{verdict}:** {other.name} was right on {percent(after.accuracy, 2)} of the test images, "
        f"{baseline.name} on {percent(before.accuracy, 2)}. One run each."
    )


def _judge(paired: dict) -> str:
    """Says in words which way an effect goes and how large it is; `paired` comes from `compare_paired`.

    No more than "probably": the interval covers the choice of test images, not the luck of one training run.
    """
    low, high = paired["interval"]
    if low > 0:
        return f"**Probably, {name_size(paired['difference'])}:** the whole interval lies above zero."
    if high < 0:
        size = name_size(paired["difference"])
        return f"**Probably not, it hurt {size}:** the whole interval lies below zero."
    if not paired["only_a_wrong"] and not paired["only_b_wrong"]:
        return "**No difference:** both are wrong on the same test images."
    return (
        "**Undecided:** the interval includes zero, so the difference may come from the choice of test "
        "images alone."
    )


def describe_report(entries: Sequence[ModelEntry]) -> str:
    """Says what the course report found for the same recipes, where it has both.

    Args:
        entries: Of each model, the baseline first.
    """
    reported = [(entry.name, entry.report.test_accuracy) for entry in entries if entry.report]
    if len(reported) < 2:
        return ""
    (base_name, base), (name, accuracy) = reported[:2]
    return (
        f"In the original course report, {name} reached {percent(accuracy, 2)} and {base_name} "
        f"{percent(base, 2)}, a difference of {points(accuracy - base)} points."
    )


_LAYERS_DO = {
    "Conv2D": ("convolutional layer", "to find edges and shapes"),
    "MaxPooling2D": ("pooling layer", "to shrink the image"),
    "Dense": ("dense layer", "to decide on the class"),
}


def describe_networks(layers: Mapping[str, Sequence[Layer]]) -> str:
    """Says what the first model's network consists of, and which other models share it.

    Args:
        layers: The layers, by model name.
    """
    (first, own), *others = layers.items()
    types = [layer.type for layer in own]
    parts = [
        f"{count(types.count(kind), noun)} {does}"
        for kind, (noun, does) in _LAYERS_DO.items()
        if kind in types
    ]
    said = [
        f"These are the layers of **{first}**: {sum(layer.parameters for layer in own):,} parameters, "
        f"in {join(parts)}."
    ]
    alike = [f"**{name}**" for name, other in others if [layer.type for layer in other] == types]
    differ = [f"**{name}**" for name, other in others if [layer.type for layer in other] != types]
    if alike:
        said.append(f"{join(alike)} {'has' if len(alike) == 1 else 'have'} the same layers.")
    if differ:
        said.append(f"{join(differ)} {'has' if len(differ) == 1 else 'have'} different layers.")
    return " ".join(said)
