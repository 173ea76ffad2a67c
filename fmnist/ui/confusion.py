"""Confusion matrices whose cells can be clicked, and the pictures of the cell that was."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from fmnist import analysis, evaluation, figures, narration
from fmnist.artifacts import Model
from fmnist.config import CLASS_NAMES, NUM_CLASSES
from fmnist.ui.cells import Number, show_numbers
from fmnist.ui.charts import NO_BUTTONS
from fmnist.ui.choices import kept
from fmnist.ui.evidence import judge_models
from fmnist.ui.gallery import show_gallery
from fmnist.ui.reveal import reveal
from fmnist.ui.save_figure import show_save_figure
from fmnist.ui.slices import choose_slice, forget_slice
from fmnist.words import count, escape_markdown, spreadsheet_text

PICTURES = "fm-pictures"
"""The key of the container with the pictures of the chosen cell."""
_MISTAKES = 8  # in the list
_OF, _TRUE, _PREDICTED = "of", "true", "predicted"  # keys of the widgets and names in the address
_CHIP = "close_cell"


class Cell(NamedTuple):
    """A cell of a model's matrix: the model's name, the true and the predicted class by index."""

    model: str
    true: int
    predicted: int


def restrict(models: Sequence[Model], part: str) -> np.ndarray | None:
    """Lets the visitor choose a kind of pictures; a chip says how many there are, and removes the choice.

    Call it inside a horizontal container.

    Args:
        models: All published ones, which decide which labels are in doubt.
        part: 'validation' or 'test'.

    Returns:
        bool `(n,)`: which pictures of the part count; None if all do, or if it cannot be said.
    """
    kind = choose_slice(is_small=True)
    chip = st.container(width="content")  # in its place also where there is none
    if kind is None:
        return None
    judged = judge_models(models, part)
    if len(judged) < len(models):
        return None
    within = analysis.compute_mask(kind, part, judged)
    chip.button(
        escape_markdown(f"Only {kind.label} · {within.sum():,} of {count(len(within), 'picture')}"),
        icon=":material/close:", icon_position="right", key="close_slice", on_click=forget_slice,
        help="Back to all pictures",
    )  # fmt: skip
    return within


def count_answers(
    models: Sequence[Model], part: str, within: np.ndarray | None = None
) -> dict[str, np.ndarray]:
    """Counts each model's answers: int `(10, 10)` by its name, row true, column predicted.

    Args:
        models: Those on the page.
        part: 'validation' or 'test'.
        within: bool `(n,)`: to these pictures only; None counts all, as each run itself did.
    """
    if within is None:
        return {model.name: np.array(model.manifest.metrics(part).confusion_matrix) for model in models}
    return {name: answers.count(within) for name, answers in judge_models(models, part).items()}


class View(NamedTuple):
    """How matrices are shown: as for `figures.plot_confusion`, and as tables instead of heat maps or not."""

    normalize: str | None
    errors_only: bool
    as_table: bool
    largest: float


def show_matrix(name: str, counts: np.ndarray, view: View) -> None:
    """Shows a model's confusion matrix, whose cells choose pictures.

    Args:
        name: The model's.
        counts: int `(10, 10)`, row true, column predicted.
        view: How to show it.
    """
    said = narration.describe_confusion(counts)
    st.markdown(said)
    if view.as_table:
        _show_as_table(name, counts, view)
        return
    key = f"confusion_{name}"
    st.plotly_chart(
        _plot(counts, view),
        key=key,
        config={**NO_BUTTONS, "doubleClick": False},
        alt=f"Confusion matrix of the {name} model: {said}",
        on_select=lambda: _take_click(name, key),
        selection_mode="points",
    )
    show_save_figure(key, f"the confusion matrix of {name}", f"confusion_matrix_{name}")


@st.cache_resource(max_entries=64, show_spinner=False)
def _plot(counts: np.ndarray, view: View) -> go.Figure:
    return figures.plot_confusion(
        counts, normalize=view.normalize, errors_only=view.errors_only, largest=view.largest
    )


def _take_click(name: str, key: str) -> None:
    """Takes up a click on a chart; a second one on the same cell deselects it there and reports no point."""
    last_key = f"{key} last"
    match st.session_state[key].get("selection"):  # what a browser reports may be anything
        case {"points": [{"point_index": int(index)}, *_]} if 0 <= index < NUM_CLASSES**2:
            st.session_state[last_key] = Cell(name, *divmod(index, NUM_CLASSES))
    if last_key in st.session_state:
        _choose(st.session_state[last_key])


def _show_as_table(name: str, counts: np.ndarray, view: View) -> None:
    texts = figures.write_cells(counts, normalize=view.normalize)
    shares = evaluation.normalize_confusion(counts, view.normalize) / (view.largest or 1)
    if view.errors_only:
        shares = shares * (1 - np.eye(NUM_CLASSES))
    show_numbers(
        f"table_{name}",
        "fm-matrix",
        "Rows: true class. Columns: the class that the model named.",
        "",
        CLASS_NAMES,
        {
            CLASS_NAMES[true]: [
                _write_number(
                    Cell(name, true, predicted), counts, texts[true][predicted], shares[true, predicted]
                )
                for predicted in range(NUM_CLASSES)
            ]
            for true in range(NUM_CLASSES)
        },
        lambda true, predicted: _choose(Cell(name, true, predicted)),
    )


def show_mistakes(confusions: Mapping[str, np.ndarray], colours: Mapping[str, str]) -> None:
    """Shows the most frequent mistakes and how often each model makes them; each number chooses pictures.

    Args:
        confusions: int `(10, 10)` for each model name.
        colours: The colour for each model name, as #rrggbb.
    """
    mistakes = narration.list_mistakes(confusions, _MISTAKES)
    if not mistakes:
        st.markdown("No picture was mistaken.")
        return
    names, cells = list(confusions), list(mistakes)
    show_numbers(
        "mistakes_table",
        "fm-mistakes",
        "Number of pictures, by model",
        "Mistake",
        [f"{figures.find_marker(colours[name]).glyph} {name}" for name in names],
        {
            narration.name_cell(*cell): [
                _write_number(Cell(name, *cell), confusions[name], f"{confusions[name][cell]:,}")
                for name in names
            ]
            for cell in cells
        },
        lambda row, column: _choose(Cell(names[column], *cells[row])),
    )


def _write_number(cell: Cell, counts: np.ndarray, text: str, weight: float = 0.0) -> Number:
    pictures = int(counts[cell.true, cell.predicted])
    if not pictures:
        return Number("0")
    said = f"{cell.model}: {count(pictures, 'picture')}, {narration.name_cell(cell.true, cell.predicted)}"
    return Number(text, said, min(max(float(weight), 0.0), 1.0))


def show_pictures(
    models: Sequence[Model],
    part: str,
    confusions: Mapping[str, np.ndarray],
    within: np.ndarray | None = None,
) -> None:
    """Lets the visitor choose a cell in boxes, which also follow a click on a number; shows its pictures.

    Args:
        models: Those on the page.
        part: 'validation' or 'test'.
        confusions: int `(10, 10)` for each model's name, as the page shows them.
        within: bool `(n,)`: of these pictures only; None for all.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        cell = _choose_cell(list(confusions))
        chip = st.container(width="content")  # in its place also where there is none
    if cell is None:
        st.caption("Click a number, or choose both classes here.")
        return
    judged = judge_models(models, part)
    if cell.model not in judged:
        return
    positions = analysis.select_cell(judged[cell.model], cell.true, cell.predicted, within)
    said = f"{cell.model}: {narration.name_cell(cell.true, cell.predicted)}"
    chip.button(
        escape_markdown(f"{said} · {count(len(positions), 'picture')}"),
        icon=":material/close:", icon_position="right", key=_CHIP, on_click=_forget,
        help="Close these pictures",
    )  # fmt: skip
    if order := narration.describe_order(cell.true, cell.predicted, len(positions)):
        st.caption(order)
    empty = narration.describe_empty_cell(cell.model, confusions[cell.model], cell.true, cell.predicted)
    colours = {model.name: model.colour for model in models}
    show_gallery("cell", part, positions, judged, colours, empty=escape_markdown(empty))


def _choose_cell(names: Sequence[str]) -> Cell | None:
    """Returns the chosen cell, or None while the choice is not complete."""
    if st.session_state.get(_OF) not in (None, *names):
        st.session_state[_OF] = names[0]
    with kept(_OF):
        model = st.selectbox("Model", names, key=_OF, bind="query-params", width=165)
    true, predicted = (
        _choose_class(label, key) for label, key in (("True class", _TRUE), ("Predicted class", _PREDICTED))
    )
    if true is None or predicted is None:
        return None
    return Cell(model, CLASS_NAMES.index(true), CLASS_NAMES.index(predicted))


def _choose_class(label: str, key: str) -> str | None:
    with kept(key):
        return st.selectbox(
            label, CLASS_NAMES, index=None, key=key, bind="query-params", placeholder="Choose", width=165
        )


def write_csv(confusions: Mapping[str, np.ndarray]) -> str:
    """Writes the matrices of several models as CSV, a row for each cell."""
    table = evaluation.tabulate_confusions(confusions)
    return table.assign(model=table["model"].map(spreadsheet_text)).to_csv(index=False)


def _choose(cell: Cell) -> None:
    st.session_state[_OF] = cell.model
    st.session_state[_TRUE] = CLASS_NAMES[cell.true]
    st.session_state[_PREDICTED] = CLASS_NAMES[cell.predicted]
    reveal(PICTURES, _CHIP)


def _forget() -> None:
    st.session_state[_TRUE] = st.session_state[_PREDICTED] = None
