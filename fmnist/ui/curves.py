"""Curves of training runs, each with the sentence that explains it; built once for each set of choices.

See `charts` for why that is. All curves on the page follow the same choices.
"""

import streamlit as st

from fmnist import figures, narration
from fmnist.evaluation import Axis, Curve, tabulate_curves
from fmnist.figures import PARTS, View
from fmnist.ui import cache, player
from fmnist.ui.charts import NO_BUTTONS
from fmnist.ui.choices import kept
from fmnist.ui.comparison import Shown
from fmnist.words import spreadsheet_text

# What a visitor reads, also in the address bar, and what the code calls it.
_AXES: dict[str, Axis] = {"epochs": "epochs", "minutes": "minutes", "images seen": "images"}
_MANY = 3  # runs; what could be said of each would fill the page
_LINES, _AXIS = "lines", "x"


def choose_view(is_animated: bool) -> View:
    """Lets the visitor choose how all curves are shown. Call it inside a horizontal container."""
    with kept(_LINES):
        lines = st.pills(
            "Lines", PARTS, selection_mode="multi", default=PARTS, key=_LINES, bind="query-params",
            on_change=_choose_both_for_none, wrap=True,
        )  # fmt: skip
    with kept(_AXIS):
        axis = st.segmented_control(
            "Against", list(_AXES), default="epochs", required=True, key=_AXIS, bind="query-params",
            help="An epoch is one pass over the training images, however many a run learned from. Images "
            "seen counts each image as often as it was shown, which is fair to runs that learned from fewer.",
        )  # fmt: skip
    with kept("log"):
        log_scale = st.toggle("Logarithmic loss", key="log", bind="query-params")
    with kept("smoothing"):
        smoothing = st.slider(
            "Smoothing", 0.0, 0.95, 0.0, 0.05, key="smoothing", bind="query-params", width=180,
            help="A moving average; 0 shows the raw curves, which otherwise stay faintly visible. Smoothing "
            "hides extremes.",
        )  # fmt: skip
    parts = tuple(part for part in PARTS if part in lines) or PARTS
    return View(_AXES[axis], parts, log_scale, smoothing, is_animated)


def _choose_both_for_none() -> None:
    if not st.session_state[_LINES]:
        st.session_state[_LINES] = list(PARTS)


@st.cache_resource(max_entries=128, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_history(shown: list[Shown], metric: str, view: View) -> None:
    """Shows one metric, 'loss' or 'accuracy', of every run."""
    curves = _load_curves(shown)
    st.markdown(narration.describe_best(metric, curves))
    st.plotly_chart(
        figures.plot_history(curves, _colours(shown), metric, view),
        key=metric,
        config=NO_BUTTONS,
        alt=f"Training and validation {metric} for each epoch",
    )
    configs = {one.name: one.run.manifest.config for one in shown}
    if metric == "accuracy" and (harder := narration.describe_harder_training(curves, configs)):
        st.caption(harder)


def show_player(shown: list[Shown], view: View) -> None:
    """Shows what plays the two animated charts in the container with the key `player.STAGE`."""
    curves = _load_curves(shown)
    moments = {
        epoch: narration.describe_onset(epoch, [c.name for c in curves if c.overfits_from == epoch])
        for epoch in sorted({curve.overfits_from for curve in curves if curve.overfits_from})
    }
    choices = f"{[(one.name, one.colour) for one in shown]} {view}"
    player.show_player(2, figures.list_frames(curves), moments, choices)


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_choice(shown: list[Shown]) -> None:
    """Shows after which epoch each run was kept, and what the comparison of runs owes to that choice."""
    curves = _load_curves(shown)
    if said := narration.describe_choices(curves):
        st.markdown(said)
    st.markdown("\n".join(f"- {narration.describe_kept(curve)}" for curve in curves))


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_gap(shown: list[Shown], axis: Axis) -> None:
    """Shows how much better each run did on its training images, and whether it overfits."""
    curves = _load_curves(shown)
    st.markdown(narration.describe_onsets(curves))
    st.plotly_chart(
        figures.plot_gap(curves, _colours(shown), axis),
        key="gap",
        config=NO_BUTTONS,
        alt="Training minus validation accuracy for each epoch",
    )
    st.caption(
        "Above zero, a model does better on its training images than on new ones. With augmentation or "
        "dropout the curve can dip below zero, because training is then deliberately harder."
    )
    if len(curves) <= _MANY:
        st.markdown("\n".join(f"- {narration.describe_overfitting(curve)}" for curve in curves))


@st.cache_resource(max_entries=32, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_learning_rate(shown: list[Shown], axis: Axis) -> None:
    """Shows the learning rate of each run."""
    curves = _load_curves(shown)
    st.markdown("How large the steps were in which the weights changed.")
    st.plotly_chart(
        figures.plot_learning_rate(curves, _colours(shown), axis),
        key="rate",
        config=NO_BUTTONS,
        alt="Learning rate for each epoch, on a logarithmic axis",
    )
    said = (
        narration.describe_learning_rate(curve, one.run.manifest.config)
        for curve, one in zip(curves, shown, strict=True)
    )
    st.markdown("\n".join(f"- {sentence}" for sentence in said))


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_epochs(shown: list[Shown]) -> str:
    """Shows every epoch of every run as a table, and returns the table as CSV."""
    table = tabulate_curves(_load_curves(shown))
    st.dataframe(table, hide_index=True, height=300)
    return table.assign(run=table["run"].map(spreadsheet_text)).to_csv(index=False)


def _load_curves(shown: list[Shown]) -> list[Curve]:
    return [
        Curve(
            name=one.name,
            history=cache.load_history(one.run),
            kept_epoch=one.run.manifest.kept_epoch,
            train_images=one.run.manifest.split_sizes.train,
            run=one.run.name,
            model=one.model,
        )
        for one in shown
    ]


def _colours(shown: list[Shown]) -> dict[str, str]:
    return {one.name: one.colour for one in shown}
