"""Prediction sets: how they did for each class, and those of one picture on the card with its answers."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from fmnist import artifacts, confidence, narration, photos
from fmnist.analysis import Judged
from fmnist.answers import Answers
from fmnist.artifacts import Model, Run
from fmnist.confidence import SetRecord, SetRule
from fmnist.config import CLASS_NAMES
from fmnist.errors import ArtifactError
from fmnist.ui import cache
from fmnist.ui.evidence import load_judged

_CARD = "fm-promise"  # a container that keeps its height; see look.css


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs=cache.BY_MODEL)
def load_rule(run: Run) -> SetRule | None:
    """Loads the rule of a run for the sets on the card; see `confidence.load_rule`."""
    return confidence.load_rule(run)


def show_promise(models: Sequence[Model], answers: Answers, is_photo: bool, is_strange: bool) -> None:
    """Shows which classes the truth is among, with the promise, or what became of it on photos.

    Args:
        models: Those that answered.
        answers: To one picture.
        is_photo: Whether the picture may be a photo, for which no promise holds.
        is_strange: Whether it is probably none of the ten; then there is nothing to promise.
    """
    with st.container(key=_CARD):
        if is_strange:
            st.caption("No set of classes can be promised for what is probably none of the ten.")
            return
        try:
            rules = {model.name: load_rule(model.run) for model in models}
            report = artifacts.load_photos_report() if is_photo else None
        except ArtifactError:
            return  # those who need these files most, elsewhere on the page, have said so
        sets = {name: rule.list_classes(answers[name]) for name, rule in rules.items() if rule}
        if not sets:
            return
        if not is_photo:
            st.markdown(narration.describe_promise(sets, confidence.PROMISE))
            return
        found = {model.name: photos.find_sets(report, model) for model in models}
        measured = {name: figures for name, figures in found.items() if figures}
        size = report.photos if report else 0
        st.markdown(narration.describe_broken_promise(sets, confidence.PROMISE, measured, size))


def show_sets(model: Model, judged: Judged) -> None:
    """Shows how sets of each level did on the test pictures, for each class.

    Args:
        model: The model.
        judged: Its answers to the test pictures.
    """
    each, one = _measure(model, judged)
    st.markdown(narration.describe_sets(model.name, each))
    st.markdown(narration.describe_global_sets(0.95, one[0.95], each[0.95]))
    table = _tabulate(each)
    st.dataframe(
        table,
        height="content",
        column_config={
            name: st.column_config.NumberColumn(format="%.2f" if name.endswith("classes") else "%.1f")
            for name in map(str, table)
        },
    )
    st.caption(
        "In set: the share of a class's test pictures whose set holds the truth, in percent. Classes: how "
        "many classes a set has on average. The thresholds come from the validation pictures of each class, "
        "which also chose the epoch that was kept, so shares may fall a little short of the promise."
    )
    st.markdown(_describe_photos(model))


def _describe_photos(model: Model) -> str:
    try:
        report = artifacts.load_photos_report()
    except ArtifactError:
        report = None
    found = photos.find_sets(report, model)
    measured = {model.name: found} if found else {}
    return narration.describe_photo_sets(measured, report.photos if report else 0)


@st.cache_resource(
    max_entries=8, show_spinner=False,
    hash_funcs={**cache.BY_MODEL, Judged: lambda judged: judged.part},
)  # fmt: skip
def _measure(model: Model, judged: Judged) -> tuple[dict[float, SetRecord], dict[float, SetRecord]]:
    """Measures sets with a threshold for each class, and with one for all, at all levels."""
    known = load_judged(model.run, "validation", model.name)
    each, one = (
        {
            level: confidence.measure_sets(
                build(known.labels, known.probabilities, level), judged.labels, judged.probabilities
            )
            for level in confidence.LEVELS
        }
        for build in (confidence.build_rule, confidence.build_global_rule)
    )
    return each, one


def _tabulate(records: dict[float, SetRecord]) -> pd.DataFrame:
    """Lays out records: a row for each class and one for all, two columns for each level."""
    columns = {}
    for level, record in records.items():
        columns[f"{level:.0%}: in set"] = [*(100 * record.coverage), 100 * record.covered]
        columns[f"{level:.0%}: classes"] = [*record.sizes, record.size]
    return pd.DataFrame(columns, index=pd.Index([*CLASS_NAMES, "all"], name="class"))
