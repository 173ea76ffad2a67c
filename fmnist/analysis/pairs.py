"""Two runs that answered the same images: which pictures each gets right, and what changed in each class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fmnist.analysis.groups import Group, find_plain
from fmnist.analysis.judged import Judged
from fmnist.artifacts import Run
from fmnist.census import name_picture
from fmnist.config import CLASS_NAMES
from fmnist.evaluation import PairedDifference, compare_right, compute_churn, per_class_scores
from fmnist.recipes import RECIPES

if TYPE_CHECKING:
    import pandas as pd

SETS = ("both_right", "newly_wrong", "fixed", "both_wrong")
"""The four sets of pictures of a `Pair`."""


@dataclass(frozen=True, eq=False)
class Pair:
    """Two runs, A and B, on the same images; B is seen as what followed A.

    Attributes:
        a, b: Their answers.
        within: bool `(n,)`, the images that count.
    """

    a: Judged
    b: Judged
    within: np.ndarray

    @property
    def size(self) -> int:
        """How many images count."""
        return int(self.within.sum())

    @cached_property
    def difference(self) -> PairedDifference:
        """How much more often B is right, with McNemar's exact test; `size` must not be 0."""
        return compare_right(self.a.is_right[self.within], self.b.is_right[self.within])

    @cached_property
    def fixed(self) -> np.ndarray:
        """What A gets wrong and B right: int `(k,)`, positions, where B is surest first."""
        return self._list(~self.a.is_right & self.b.is_right, self.b.confidences)

    @cached_property
    def newly_wrong(self) -> np.ndarray:
        """What A gets right and B wrong: int `(k,)`, positions, where B is surest of its mistake first."""
        return self._list(self.a.is_right & ~self.b.is_right, self.b.disagreement)

    @cached_property
    def both_wrong(self) -> np.ndarray:
        """What neither gets right: int `(k,)`, positions, where they are surest of their mistakes first."""
        return self._list(~self.a.is_right & ~self.b.is_right, self.a.disagreement + self.b.disagreement)

    @cached_property
    def both_right(self) -> np.ndarray:
        """What both get right: int `(k,)`, positions, where they are least sure first."""
        return self._list(self.a.is_right & self.b.is_right, self.a.disagreement + self.b.disagreement)

    def select(self, name: str) -> np.ndarray:
        """Returns one of the four SETS: int `(k,)`, positions."""
        return {set_name: getattr(self, set_name) for set_name in SETS}[name]

    @cached_property
    def churn(self) -> float:
        """The share of the images that the two answer differently, right or wrong."""
        return float((self.a.answers != self.b.answers)[self.within].mean())

    @cached_property
    def confusions(self) -> tuple[np.ndarray, np.ndarray]:
        """Both confusion matrices: int32 `(10, 10)` each, row true, column predicted."""
        return self.a.count(self.within), self.b.count(self.within)

    @cached_property
    def classes(self) -> pd.DataFrame:
        """What changed in each class, the largest changes of recall first, gains or losses.

        A table indexed by class name with columns `pictures`, `fixed`, `newly_wrong` (counts), and
        `recall_a`, `recall_b`, `recall_change`, `precision_a` … `f1_change` (fractions).
        """
        first, second = (per_class_scores(confusion) for confusion in self.confusions)
        table = first[["support"]].rename(columns={"support": "pictures"})
        for name in ("fixed", "newly_wrong"):
            table[name] = np.bincount(self.a.labels[self.select(name)], minlength=len(table))
        for score in ("recall", "precision", "f1"):
            table[f"{score}_a"], table[f"{score}_b"] = first[score], second[score]
            table[f"{score}_change"] = second[score] - first[score]
        order = np.lexsort((-np.abs(table["f1_change"]), -np.abs(table["recall_change"])))
        return table.iloc[order]

    def tabulate_pictures(self) -> pd.DataFrame:
        """Lists the images that count, a row each: its name, its class, both answers, its set of SETS."""
        import pandas as pd

        positions = np.flatnonzero(self.within)
        sets = np.array([["both_wrong", "fixed"], ["newly_wrong", "both_right"]])
        names = np.array(CLASS_NAMES)
        table = {
            "picture": [name_picture(self.a.part, position) for position in positions.tolist()],
            "true class": names[self.a.labels[positions]],
            "set": sets[self.a.is_right.astype(int), self.b.is_right.astype(int)][positions],
        }
        for judged in (self.a, self.b):
            table[f"{judged.name}, answer"] = names[judged.answers[positions]]
            table[f"{judged.name}, confidence"] = judged.confidences[positions].round(4)
        return pd.DataFrame(table)

    def tabulate_cells(self) -> pd.DataFrame:
        """Lists the cells of both confusion matrices and their difference, a row each."""
        import pandas as pd

        before, after = self.confusions
        rows, columns = np.indices(before.shape).reshape(2, -1)
        names = np.array(CLASS_NAMES)
        return pd.DataFrame(
            {
                "true class": names[rows],
                "predicted class": names[columns],
                self.a.name: before.ravel(),
                self.b.name: after.ravel(),
                "change": (after - before).ravel(),
            }
        )

    def _list(self, is_meant: np.ndarray, weight: np.ndarray) -> np.ndarray:
        positions = np.flatnonzero(is_meant & self.within)
        return positions[np.argsort(-weight[positions], kind="stable")]


class Twins(NamedTuple):
    """How much trainings of one recipe differ by luck alone, on the validation images.

    Attributes:
        recipe: Its name.
        seeds: How many trainings there are, at least two.
        churn: The share of images that two of them answer differently, the mean over all pairs.
        fixed: The share of images that one of two gets wrong and the other right, the mean over all pairs,
            in whichever order.
    """

    recipe: str
    seeds: int
    churn: float
    fixed: float


def compare(a: Judged, b: Judged, mask: np.ndarray | None = None) -> Pair:
    """Puts two runs side by side that answered the same images.

    Args:
        a, b: Their answers to the same part.
        mask: bool `(n,)`: only these images count; all by default.
    """
    if a.part != b.part or len(a.labels) != len(b.labels):
        raise ValueError(f"the two answered different images: {a.part} and {b.part}")
    return Pair(a, b, np.ones(len(a.labels), bool) if mask is None else mask)


def find_twins(groups: Sequence[Group], runs: Sequence[Run], labels: np.ndarray) -> list[Twins]:
    """Finds out how much trainings of the same recipes as `runs` differ when only the seed does.

    Args:
        groups: From `group_trials`, of all sweeps.
        runs: Of each the recipe is meant, unless it was trained with other values.
        labels: uint8 `(n,)`, those of the validation images.

    Returns:
        One for each recipe that has two trials or more, in the order of the runs.
    """
    found = []
    for recipe in dict.fromkeys(run.manifest.recipe for run in runs if _follows_its_recipe(run)):
        group = find_plain(groups, recipe)
        if group is None or len(group.trials) < 2 or group.answers.shape[1] != len(labels):
            continue
        right = group.answers == labels
        seeds = len(right)
        only = right.astype(np.float32) @ ~right.T  # by pair: how many only the first of them gets right
        fixed = float(only.sum() / (seeds * (seeds - 1) * len(labels)))
        found.append(Twins(recipe, seeds, compute_churn(group.answers), fixed))
    return found


def _follows_its_recipe(run: Run) -> bool:
    recipe, config = RECIPES.get(run.manifest.recipe), run.manifest.config
    return recipe is not None and replace(config, seed=recipe.config.seed) == recipe.config
