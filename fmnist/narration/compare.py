"""Compare two models: what the second fixes and breaks, whether that may be chance, and how much is luck.

A is the first model and B the second, seen as what followed it.
"""

from collections.abc import Sequence

import numpy as np

from fmnist.analysis import Pair, Twins
from fmnist.config import CLASS_NAMES
from fmnist.words import count, escape_markdown, join, percent, points

SCOPE = (
    "This is about these two sets of weights, not about the recipes that made them: another random seed "
    "gives other weights."
)
"""What a paired test cannot say."""
SIGNS = (
    "Orange, +: the second model gives this answer more often; blue, −: less often. On the diagonal, the "
    "correct answers, + is a gain; everywhere else + is a mistake made more often."
)
"""How to read the difference of two confusion matrices."""
_CLEAR = 0.05
"""What would come up less often by chance counts as clear, as is usual."""
_FEW = 10  # pictures on which the two differ; with fewer, the interval of the difference would mislead
_NEVER = 1e-6
_AS_MUCH, _HALF = 0.9, 0.5  # shares of a change


def describe_pair(pair: Pair) -> str:
    """Says which of two models is right more often, on which pictures, and whether that may be chance."""
    a, b = _name(pair.a.name), _name(pair.b.name)
    found = pair.difference
    if not found.only_a and not found.only_b:
        if not pair.churn:
            return f"**{b} and {a} give the same answer to every picture.**"
        others = round(pair.churn * pair.size)
        return (
            f"**{b} and {a} are right on exactly the same pictures.** They differ on "
            f"{count(others, 'picture')} that both get wrong."
        )
    fixes = count(found.only_b, "picture") if found.only_b else "no picture"
    breaks = _say_others(found.only_a, found.only_b)
    said = [f"**{b} fixes {fixes} that {a} gets wrong, and breaks {breaks}.**"]
    if found.only_a == found.only_b:
        return f"{said[0]} So both are right equally often, on {_say_right(pair)}."
    interval = (
        f", 95% interval {points(found.low)} to {points(found.high)}"
        if found.only_a + found.only_b >= _FEW
        else ""
    )
    more = "more" if found.difference > 0 else "fewer"
    said.append(
        f"In all, {b} is right on {abs(found.only_b - found.only_a):,} {more} of {pair.size:,} pictures "
        f"({points(found.difference)} points{interval})."
    )
    said.append(describe_chance(found.chance))
    return " ".join(said)


def _say_others(broken: int, fixed: int) -> str:
    if not broken:
        return "none"
    noun = "other" if broken == 1 else "others"
    return f"{broken:,} {noun}" if fixed else count(broken, "picture")


def _say_right(pair: Pair) -> str:
    return f"{int(pair.a.is_right[pair.within].sum()):,} of {pair.size:,} pictures"


def describe_kind(kind: str, pair: Pair) -> str:
    """Says of which kind of pictures a comparison is, and what to beware of; `kind` is its name."""
    total = f"{pair.size:,} of {count(len(pair.within), f'{pair.a.part} picture')}"
    if not pair.size:
        return f"Only {kind}: {total}, so there is nothing to compare."
    return f"Only {kind}: {total}. Of so many kinds, some differ by chance alone."


def describe_chance(chance: float) -> str:
    """Says how often a difference would come up by chance.

    Args:
        chance: McNemar's exact p-value, 0 to 1.
    """
    if chance >= _CLEAR:
        return (
            "**That may well be chance:** if both were equally good, a difference at least this large would "
            f"come up in {_say_odds(chance)}."
        )
    return (
        f"If both were equally good, a difference this large would come up by chance in {_say_odds(chance)}."
    )


def _say_odds(chance: float) -> str:
    if chance >= 0.995:
        return "nearly every case"
    if chance >= 0.1:
        return f"{100 * chance:.0f} of 100 cases"
    if chance < _NEVER:
        return "fewer than 1 of a million cases"
    cases = 1 / chance
    digits = max(len(str(int(cases))) - 2, 0)  # two digits say enough
    return f"1 of {round(cases / 10**digits) * 10**digits:,} cases"


def describe_luck(pair: Pair, twins: Sequence[Twins]) -> str:
    """Says how much another random seed would change by itself; nothing without `twins`.

    Args:
        pair: The two models on all validation images.
        twins: How much trainings of their recipes differ there by the seed alone.
    """
    if not twins or not pair.churn:
        return ""
    ratio = max(each.churn for each in twins) / pair.churn
    much = "much less"
    if ratio >= _AS_MUCH:
        much = "about as much" if ratio < 1 / _AS_MUCH else "even more"
    elif ratio >= _HALF:
        much = "more than half as much"
    first, *others = (
        (f"two of **{escape_markdown(each.recipe)}**", percent(each.churn),
         f"{each.fixed * pair.size:,.0f}", count(each.seeds, "seed"))
        for each in twins
    )  # fmt: skip
    alike = [
        f"{first[0]} answer {first[1]} of the validation pictures differently (each fixes about {first[2]} "
        f"of the other's mistakes; {first[3]})",
        *(f"{name} {churn} ({fixed}; {seeds})" for name, churn, fixed, seeds in others),
    ]
    found = pair.difference
    return (
        f"**Another random seed alone changes {much}.** Of trainings that differ in nothing else, "
        f"{join(alike)}. {_name(pair.b.name)} and {_name(pair.a.name)} differ on {percent(pair.churn)} of "
        f"them: {found.only_b:,} fixed, {found.only_a:,} newly wrong."
    )


def describe_set(pair: Pair, name: str) -> str:
    """Says which pictures are in one of `analysis.SETS`, as a heading."""
    a, b = _name(pair.a.name), _name(pair.b.name)
    return {
        "fixed": f"{a} is wrong, {b} is right",
        "newly_wrong": f"{a} is right, {b} is wrong",
        "both_wrong": f"{a} and {b} are wrong",
        "both_right": f"{a} and {b} are right",
    }[name]


def describe_empty_set(pair: Pair, name: str) -> str:
    """Says that one of `analysis.SETS` has no picture."""
    a, b = _name(pair.a.name), _name(pair.b.name)
    return {
        "fixed": f"Nothing was fixed: wherever {a} is wrong, {b} is wrong, too.",
        "newly_wrong": f"Nothing is newly wrong: wherever {a} is right, {b} is right, too.",
        "both_wrong": f"There is no picture that both get wrong: wherever {a} is wrong, {b} is right.",
        "both_right": f"There is no picture that both get right: wherever {a} is right, {b} is wrong.",
    }[name]


def describe_changed_cells(pair: Pair) -> str:
    """Says which mistake B makes less often than A, and which more often, by the most pictures."""
    before, after = pair.confusions
    change = (after - before) * ~np.eye(len(CLASS_NAMES), dtype=bool)
    parts = []
    for cell, sign, word in ((change.argmin(), -1, "less"), (change.argmax(), 1, "more")):
        true, predicted = np.unravel_index(cell, change.shape)
        by = sign * int(change[true, predicted])
        if by > 0:
            counts = f"{before[true, predicted]:,} → {after[true, predicted]:,}"
            parts.append(
                f"{CLASS_NAMES[true]} taken for {CLASS_NAMES[predicted]} **{by:,} {word}** ({counts})"
            )
    if not parts:
        return f"{_name(pair.b.name)} makes each mistake as often as {_name(pair.a.name)}."
    return f"What changed most from {_name(pair.a.name)} to {_name(pair.b.name)}: {join(parts)}."


def describe_changed_classes(pair: Pair) -> str:
    """Says on which class B gained the most against A, and on which it lost the most, in recall."""
    rows = pair.classes.to_dict("index")
    by_change = sorted(rows, key=lambda name: rows[name]["recall_change"])
    b, a = _name(pair.b.name), _name(pair.a.name)
    parts = []
    for name, sign, verb in ((by_change[-1], 1, "more"), (by_change[0], -1, "less")):
        row = rows[name]
        if sign * row["recall_change"] > 0:
            parts.append(
                f"{verb} of **{name}** ({points(row['recall_change'], 1)} points: {row['fixed']:,} fixed, "
                f"{row['newly_wrong']:,} newly wrong)"
            )
    if not parts:
        return f"{b} recognises as many pictures of each class as {a}."
    return f"{b} recognises {join(parts)} than {a}."


def _name(name: str) -> str:
    return escape_markdown(name)
