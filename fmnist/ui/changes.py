"""What changed from one run to another: the verdict, the four sets of pictures, cells, classes, files.

Charts are built once for each pair; see `charts`.
"""

import functools
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import streamlit as st

from fmnist import analysis, data, figures, narration, report
from fmnist.analysis import Pair, Twins
from fmnist.artifacts import Run
from fmnist.census import load_census
from fmnist.errors import ArtifactError, DataError
from fmnist.ui import cache, experiments
from fmnist.ui.charts import NO_BUTTONS
from fmnist.ui.comparison import Shown
from fmnist.ui.evidence import load_judged
from fmnist.ui.experiments import Tables
from fmnist.ui.frame import show_link
from fmnist.ui.markup import element, show_element
from fmnist.ui.messages import show_error
from fmnist.ui.save_figure import show_save_figure
from fmnist.words import percent, points, spreadsheet_text

Sides = tuple[Shown, Shown]

_ADDRESS = "show"  # the name in the address, and the session's key
_TITLES = {
    "both_right": "Both right", "newly_wrong": "Newly wrong", "fixed": "Fixed", "both_wrong": "Both wrong"
}  # fmt: skip
_CHANGE, _CLASSES = "change", "class_changes"  # keys of the charts


def compare_luck(sides: Sides) -> tuple[Pair, Sequence[Twins]] | None:
    """Compares two runs on the validation images, and finds out what another seed alone changes there.

    Returns:
        None where no sweep has several seeds of one of the recipes, or the runs answered other images.
    """
    twins = _find_twins(experiments.load_tables(quiet=True), [side.run for side in sides])
    if not twins:
        return None
    try:
        a, b = (load_judged(side.run, "validation", side.name) for side in sides)
    except ArtifactError:
        return None
    return analysis.compare(a, b), twins


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs=cache.BY_MODEL)
def _find_twins(tables: Tables, runs: Sequence[Run]) -> list[Twins]:
    groups = analysis.group_trials(trial for table in tables for trial in table.sweep.trials)
    return analysis.find_twins(groups, runs, load_census("validation").labels)


def show_verdict(pair: Pair, luck: tuple[Pair, Sequence[Twins]] | None) -> None:
    """Says which of two runs is better, how much of that may be luck, and what it is about."""
    with st.container(key="fm-said"):
        st.markdown(narration.describe_pair(pair))
    if luck:
        st.markdown(narration.describe_luck(*luck))
    st.caption(narration.SCOPE)
    show_link("Experiments", "What many seeds say", "casino")


def choose_set(pair: Pair) -> str:
    """Shows how many pictures each model gets right, as two rows of buttons; a click chooses one set.

    The address names the set, as in `?show=newly-wrong`.

    Returns:
        The chosen one of `analysis.SETS`, 'fixed' by default.
    """
    asked = st.query_params.get(_ADDRESS, "").replace("-", "_")
    if asked in analysis.SETS:
        st.session_state[_ADDRESS] = asked
    chosen = st.session_state.setdefault(_ADDRESS, "fixed")
    with st.container(key="fm-fourfold"):
        for head in (f"{pair.b.name} right", f"{pair.b.name} wrong"):
            show_element(element("div", head))
        for head, sets in (
            (f"{pair.a.name} right", analysis.SETS[:2]),
            (f"{pair.a.name} wrong", analysis.SETS[2:]),
        ):
            show_element(element("div", head))
            for name in sets:
                st.button(
                    f"**{len(pair.select(name)):,}** {_TITLES[name].lower()}", key=f"show_{name}",
                    type="primary" if name == chosen else "secondary", width="stretch",
                    on_click=_choose, args=(name,),
                )  # fmt: skip
    return chosen


def _choose(name: str) -> None:
    st.session_state[_ADDRESS] = name
    st.query_params[_ADDRESS] = name.replace("_", "-")


def name_set(pair: Pair, name: str) -> str:
    """Names one of `analysis.SETS` for a heading, with how many pictures it has."""
    return f"{_TITLES[name]}: {len(pair.select(name)):,}"


def show_cells(pair: Pair) -> None:
    """Shows the second confusion matrix minus the first, to be saved as a picture."""
    st.markdown(narration.describe_changed_cells(pair))
    _plot_cells(*pair.confusions, narration.describe_changed_cells(pair))
    st.caption(narration.SIGNS)
    show_save_figure(_CHANGE, "the difference of the matrices", "matrix_change")


@st.cache_resource(max_entries=32, show_spinner=False)
def _plot_cells(before: np.ndarray, after: np.ndarray, said: str) -> None:
    st.plotly_chart(
        figures.plot_confusion_change(before, after), key=_CHANGE, config=NO_BUTTONS,
        alt=f"The difference of the two confusion matrices. {said}",
    )  # fmt: skip


def show_classes(pair: Pair, sides: Sides) -> None:
    """Shows for each class how many pictures only one of two runs gets right, to be saved as a picture."""
    said = narration.describe_changed_classes(pair)
    st.markdown(said)
    _plot_classes(pair.classes, [side.name for side in sides], [side.colour for side in sides], said)
    show_save_figure(_CLASSES, "the changes by class", "class_changes")


@st.cache_resource(max_entries=32, show_spinner=False)
def _plot_classes(classes: pd.DataFrame, names: list[str], colours: list[str], said: str) -> None:
    st.plotly_chart(
        figures.plot_class_changes(classes, names, colours), key=_CLASSES, config=NO_BUTTONS,
        alt=f"Pictures of each class that only one of the two gets right. {said}",
    )  # fmt: skip


def show_class_table(pair: Pair) -> None:
    """Shows recall and F1 of each class in both runs, the largest changes of recall first."""
    a, b = pair.a.name, pair.b.name
    table = pair.classes
    shown = pd.DataFrame(
        {"Pictures": table["pictures"], "Fixed": table["fixed"], "Newly wrong": table["newly_wrong"]}
    )
    for score, title in (("recall", "Recall"), ("f1", "F1")):
        shown[f"{title}, {a}"] = table[f"{score}_a"].map(percent)
        shown[f"{title}, {b}"] = table[f"{score}_b"].map(percent)
        shown[f"{title}, change"] = table[f"{score}_change"].map(lambda change: points(change, 1))
    st.dataframe(shown, height="content")


def show_downloads(pair: Pair, sides: Sides, luck: tuple[Pair, Sequence[Twins]] | None, of: str) -> None:
    """Offers the comparison as one file to keep, and its tables as CSV.

    Args:
        pair: The comparison.
        sides: The two runs.
        luck: From `compare_luck`.
        of: What the pictures have in common, if not all count.
    """
    name = "comparison"
    with st.container(horizontal=True, gap="small"):
        try:
            histories = [cache.load_history(side.run) for side in sides]
        except ArtifactError as error:
            show_error(error)
        else:
            first, second = (
                report.Side(side.name, side.colour, side.run, history)
                for side, history in zip(sides, histories, strict=True)
            )
            st.download_button(
                "Report (HTML)",
                lambda: report.build_report(
                    pair, (first, second), luck=luck, of=of, images=_find_images(pair.a.part),
                    created=f"{datetime.now(UTC):%-d %B %Y}",
                ),
                f"{name}.html", "text/html", on_click="ignore", icon=":material/description:", type="primary",
                help="One file with everything on this page and the curves, settings and versions of both. "
                "It opens without a network; with the data set here, it has the pictures, too.",
            )  # fmt: skip
        tables = {
            "Pictures": pair.tabulate_pictures, "Classes": lambda: pair.classes.reset_index(),
            "Matrices": pair.tabulate_cells,
        }  # fmt: skip
        for title, tabulate in tables.items():
            st.download_button(
                f"{title} (CSV)", functools.partial(_write_csv, tabulate),
                f"{name}_{title.lower()}.csv", "text/csv", on_click="ignore", icon=":material/download:",
            )  # fmt: skip


def _write_csv(tabulate: Callable[[], pd.DataFrame]) -> str:
    return tabulate().rename(columns=spreadsheet_text).round(6).to_csv(index=False)


def _find_images(part: str) -> np.ndarray | None:
    """Loads the images of a part, or None where the data set is missing or damaged."""
    try:
        if not data.is_present():
            return None
        load = cache.load_test if part == "test" else cache.load_validation
        return load(str(data.data_dir())).images
    except DataError:
        return None
