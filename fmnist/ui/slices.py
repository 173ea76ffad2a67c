"""Kinds of pictures: choosing one, on any page, and how well each model does on all of them."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from fmnist import analysis, figures, narration
from fmnist.analysis import Judged, Slice, SliceScores
from fmnist.artifacts import Model
from fmnist.figures import ShareRow
from fmnist.ui import cache
from fmnist.ui.cells import Number, show_numbers
from fmnist.ui.charts import NO_BUTTONS
from fmnist.ui.choices import kept
from fmnist.ui.markup import element, show_element
from fmnist.words import percent, spreadsheet_text

_ADDRESS = "slice"  # the name in the address, and the session's key
_CHART, _LAST = "slices", "slice clicked last"  # keys of the session


def choose_slice(label: str = "Kind of pictures", is_small: bool = False) -> Slice | None:
    """Lets the visitor choose a slice, or all pictures; the address names it, as in `?slice=darkest`.

    Args:
        label: What the choice is called.
        is_small: Whether it stands in a row with others.

    Returns:
        The slice, or None for all pictures.
    """
    asked = st.session_state.get(_ADDRESS, st.query_params.get(_ADDRESS))
    if asked and analysis.find_slice(asked):
        st.session_state[_ADDRESS] = asked  # again, or a page one comes to from another starts without it
    names = {each.key: each.label for each in analysis.list_slices()}
    with kept(_ADDRESS):
        chosen = st.selectbox(
            label, list(names), index=None, format_func=names.__getitem__, key=_ADDRESS,
            placeholder="all pictures", width=230 if is_small else "stretch",
        )  # fmt: skip
    if chosen:
        st.query_params[_ADDRESS] = chosen
    else:
        st.query_params.pop(_ADDRESS, None)
    return analysis.find_slice(chosen or "")


def forget_slice() -> None:
    """Goes back to all pictures; for callbacks."""
    st.session_state[_ADDRESS] = None


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs=cache.BY_MODEL)
def score_slices(
    models: Sequence[Model], part: str, shown: Sequence[str], _judged: Mapping[str, Judged]
) -> list[SliceScores]:
    """Scores models on all slices, the worst first.

    Args:
        models: All published ones that could be judged; they decide which labels are in doubt.
        part: 'validation' or 'test'.
        shown: The names of those to score.
        _judged: By name the answers of all `models`.
    """
    masks = {each: analysis.compute_mask(each, part, _judged) for each in analysis.list_slices()}
    return analysis.score_slices(masks, {name: _judged[name] for name in shown})


def show_chart(scored: Sequence[SliceScores], colours: Mapping[str, str]) -> None:
    """Shows how well models do on slices, a row each; a click on a row's point chooses the slice.

    Args:
        scored: The worst first.
        colours: Each model's colour by its name, as #rrggbb.
    """
    st.markdown(narration.describe_slices(scored))
    points = [
        ShareRow(
            f"{scores.slice.label} ({scores.size:,})", name, score.accuracy, score.low, score.high,
            score.expected if scores.slice.kind != "class" else np.nan, scores.slice.key,
        )
        for scores in scored
        for name, score in scores.by_model.items()
    ]  # fmt: skip
    st.plotly_chart(
        _plot(points, colours), key=_CHART, on_select=_choose_clicked, selection_mode="points",
        config={**NO_BUTTONS, "doubleClick": False},
        alt="Accuracy of each model on each kind of pictures; the table below has the numbers",
    )  # fmt: skip
    names = [f"{figures.find_marker(colour).glyph} {name}" for name, colour in colours.items()]
    ticks = (
        "" if scored[0].slice.kind == "class" else " Grey ticks: what the mix of classes alone would give."
    )
    st.caption(f"{', '.join(names)}, with 95% intervals; in brackets the number of pictures.{ticks}")


def _choose_clicked() -> None:
    """Takes up a click on the chart; a second one on the same point deselects it there and reports none."""
    match st.session_state[_CHART].selection.points:  # from outside, so it may be anything
        case [{"customdata": [str(key), *_]}, *_] if analysis.find_slice(key):
            st.session_state[_ADDRESS] = st.session_state[_LAST] = key
        case [] if _LAST in st.session_state:
            st.session_state[_ADDRESS] = st.session_state[_LAST]


@st.cache_resource(max_entries=16, show_spinner=False)
def _plot(points: Sequence[ShareRow], colours: Mapping[str, str]) -> go.Figure:
    return figures.plot_shares(points, colours, "Right answers (share of the pictures)")


def show_table(scored: Sequence[SliceScores]) -> None:
    """Shows the chart's numbers as a table of buttons, which choose a slice by keyboard, too.

    Args:
        scored: At least one.
    """

    def choose(row: int, column: int) -> None:
        st.session_state[_ADDRESS] = scored[row].slice.key

    show_numbers(
        "slices_table",
        "fm-mistakes",
        "Right answers, by kind of pictures",
        "Kind",
        list(scored[0].by_model),
        {
            scores.slice.label: [
                Number(
                    percent(score.accuracy), f"{scores.slice.label}, {name}: {percent(score.accuracy)} right"
                )
                for name, score in scores.by_model.items()
            ]
            for scores in scored
        },
        choose,
    )


def show_scores(scores: SliceScores) -> None:
    """Shows every model's figures on one slice as a table."""
    heads = ("Model", "Right", "95% interval", "Rest", "Expected*", "p**")
    rows = [
        [
            name,
            percent(score.accuracy),
            f"{100 * score.low:.1f}–{percent(score.high)}",
            percent(score.rest),
            percent(score.expected),
            narration.write_p_value(score.p_value),
        ]
        for name, score in scores.by_model.items()
    ]
    show_element(
        element(
            "table",
            element("tr", *(element("th", head, scope="col") for head in heads)),
            *(
                element("tr", element("th", row[0], scope="row"), *(element("td", cell) for cell in row[1:]))
                for row in rows
            ),
            class_="fm-mistakes",
        )
    )
    st.caption(
        "\\* From its mix of classes alone. "
        "\\*\\* Of the difference to the rest, corrected for all kinds and models."
    )


def tabulate_slices(scored: Sequence[SliceScores]) -> pd.DataFrame:
    """Builds a table of all scores, a row for each slice and model; shares are fractions."""
    return pd.DataFrame(
        {
            "slice": scores.slice.key,
            "pictures": scores.size,
            "model": spreadsheet_text(name),
            "right": score.right,
            "accuracy": score.accuracy,
            "low": score.low,
            "high": score.high,
            "rest": score.rest,
            "expected": score.expected,
            "p_value": score.p_value,
        }
        for scores in scored
        for name, score in scores.by_model.items()
    )
