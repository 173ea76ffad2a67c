"""What sweeps say: loading their tables, and a chart with its sentences for each question.

Everything shown here is built once for each set of tables; see `charts`.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from fmnist import analysis, artifacts, figures, narration
from fmnist.analysis import Findings, Group, StrengthCurve
from fmnist.artifacts import PALETTE, Model
from fmnist.errors import ArtifactError
from fmnist.evaluation import compute_churn, spread_over_seeds
from fmnist.ui import cache
from fmnist.ui.cache import SweepTable
from fmnist.ui.messages import show_error
from fmnist.words import percent, spreadsheet_text

Tables = tuple[SweepTable, ...]

_NO_BUTTONS = {"displayModeBar": False}
_BANDS = len(PALETTE)  # that a chart of curves shows at most: each needs a colour of its own


def load_tables(quiet: bool = False) -> Tables:
    """Loads the tables of all sweeps; reports each damaged one in a red box and goes on with the others.

    Args:
        quiet: Whether to leave the damaged ones out without a word.
    """
    tables = []
    for name in artifacts.list_sweeps():
        try:
            table = cache.load_sweep(name, artifacts.identify_sweep(name))
            if table.sweep.trials:
                tables.append(table)
        except ArtifactError as error:
            if not quiet:
                show_error(error)
    return tuple(tables)


def find_out(tables: Tables, models: Sequence[Model]) -> Findings | None:
    """Finds out whether augmentation helped: the baseline against the first model that has any.

    Returns:
        None if no such model is published, or there are not two seeds of both recipes.
    """
    others = [model for model in models[1:] if model.manifest.config.augmentation]
    if not others:
        return None
    before, after = models[0], others[0]
    first, second = before.entry.report, after.entry.report
    reported = analysis.Reported(first.test_accuracy, second.test_accuracy) if first and second else None
    return cache.find_out(tables, before.manifest.recipe, after.manifest.recipe, reported)


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_gain(tables: Tables, models: list[Model], _found: Findings) -> None:
    """Answers whether augmentation helped: each seed a point, and the gain with its interval."""
    colours = _colour_recipes(models)
    st.markdown(narration.describe_gain(_found))
    seeds, gains = st.columns(2, gap="medium")
    groups = {group.recipe: group.measure(_found.measure) for group in (_found.before, _found.after)}
    part = "Test" if _found.measure == "test_accuracy" else "Validation"
    with seeds:
        st.plotly_chart(
            figures.plot_seeds(groups, colours, f"{part} accuracy (%), a point per seed"),
            key="seeds", config=_NO_BUTTONS, alt=f"{part} accuracy of each seed of both recipes",
        )  # fmt: skip
    with gains:
        differences = {narration.MEASURES[each]: gain for each, gain in _found.differences.items()}
        reported = _found.reported and _found.reported.difference
        st.plotly_chart(
            figures.plot_differences(differences, colours[_found.after.recipe], reported),
            key="gains", config=_NO_BUTTONS, alt="The gain with its 95% interval, judged in several ways",
        )  # fmt: skip
    st.caption(narration.describe_choice_of_epoch(_found))


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_stopping(tables: Tables, models: list[Model], _found: Findings) -> None:
    """Shows what both recipes would have reached had training stopped earlier."""
    stopping = _found.stopping
    st.markdown(narration.describe_stopping(_found))
    curves = {_found.before.recipe: stopping.before, _found.after.recipe: stopping.after}
    marked = {}
    if _found.epoch_of_loss:
        marked[_found.epoch_of_loss] = "like the report"
    if stopping.signs[0] != stopping.signs[-1]:
        ahead = {1: _found.after.recipe, -1: _found.before.recipe}.get(stopping.signs[-1])
        marked[stopping.last_phase] = f"{ahead} ahead" if ahead else "no clear difference"
    st.plotly_chart(
        figures.plot_bands(curves, _colour_recipes(models), marked),
        key="stopping", config=_NO_BUTTONS, alt="Validation accuracy by the epoch after which training stops",
    )  # fmt: skip


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_report_explained(tables: Tables, models: list[Model], _found: Findings) -> None:
    """Shows accuracy against strength, with the report's result drawn in."""
    if _found.curve is None:
        st.info("Strengths other than ours were not tried on all training images, or not all are finished.")
        return
    st.markdown(narration.describe_strength(_found.curve))
    st.markdown(narration.describe_report_explained(_found))
    _plot_strengths(
        [_found.curve, *(curve for curve in _found.curves if curve is not _found.curve)],
        _colour_recipes(models)[_found.after.recipe],
        _found.reported and _found.reported.after,
        _found.strength_of_loss,
    )
    for said in narration.describe_shares(_found.curves):
        st.caption(said)


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_luck(tables: Tables, models: list[Model], _found: Findings) -> None:
    """Says how much of what one run shows is luck."""
    st.markdown(narration.describe_pairs(_found))
    st.markdown(narration.describe_churn([_found.before, _found.after]))


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_groups(tables: Tables, models: list[Model]) -> None:
    """Shows any sweeps: means and seeds by group, curves with bands, accuracy against strength."""
    groups = analysis.group_trials(trial for table in tables for trial in table.sweep.trials)
    names = narration.name_groups(groups)
    recipes = _colour_recipes(models, groups)
    st.header("Each seed")
    st.plotly_chart(
        figures.plot_seeds(
            {name: group.measure("val_accuracy") for name, group in zip(names, groups, strict=True)},
            {name: recipes[group.recipe] for name, group in zip(names, groups, strict=True)},
            "Validation accuracy (%), a point per seed",
        ),
        key="groups", config=_NO_BUTTONS, alt="Validation accuracy of each seed by group",
    )  # fmt: skip
    for curve in analysis.build_strength_curves(groups):
        st.header("Strength")
        st.markdown(narration.describe_strength(curve))
        _plot_strengths([curve], recipes[curve.recipe], None, None)
    st.header("Epochs")
    shown = dict(list(zip(names, groups, strict=True))[:_BANDS])
    epochs = max(trial.epochs_run for group in shown.values() for trial in group.trials)
    st.plotly_chart(
        figures.plot_bands(
            {name: analysis.stack_kept(group, epochs) for name, group in shown.items()},
            dict(zip(shown, _colour_groups(list(shown.values()), recipes), strict=True)),
        ),
        key="epochs", config=_NO_BUTTONS, alt="Validation accuracy by the epoch after which training stops",
    )  # fmt: skip
    if len(groups) > _BANDS:
        st.caption(f"The first {_BANDS} of {len(groups)} groups.")


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_spreads(tables: Tables) -> None:
    """Shows mean, spread and churn of every group as a table."""
    rows = []
    groups = analysis.group_trials(trial for table in tables for trial in table.sweep.trials)
    for group, name in zip(groups, narration.name_groups(groups), strict=True):
        values, test = group.measure("val_accuracy"), group.measure("test_accuracy")
        spread = spread_over_seeds(values)
        several = spread.seeds > 1
        rows.append(
            {
                "Trained as": name,
                "Seeds": spread.seeds,
                "Mean": percent(spread.mean, 2),
                "Standard deviation": f"{100 * spread.deviation:.2f}" if several else "-",
                "Lowest": percent(spread.lowest, 2),
                "Highest": percent(spread.highest, 2),
                "Answered differently": percent(compute_churn(group.answers)) if several else "-",
                "Test, mean": "-" if np.isnan(test).any() else percent(test.mean(), 2),
            }
        )
    st.dataframe(pd.DataFrame(rows), hide_index=True, height="content")


@st.cache_resource(max_entries=16, show_spinner=False, hash_funcs=cache.BY_MODEL)
def show_trials(tables: Tables) -> str:
    """Shows every trial as a table, and returns the table as CSV."""
    frames = {table.sweep.name: table.sweep.to_frame() for table in tables}
    trials = pd.concat(frames, names=["sweep"]).reset_index(level=0).reset_index(drop=True)
    trials = trials.drop(columns=["key", "history", "validation_answers"])
    st.dataframe(trials, hide_index=True, height=300)
    texts = trials.select_dtypes(["object", "string"]).columns
    safe = trials.assign(
        **{c: trials[c].map(lambda v: spreadsheet_text(v) if isinstance(v, str) else v) for c in texts}
    )
    return safe.to_csv(index=False)


def show_plans(tables: Tables) -> None:
    """Shows for each sweep the command that made it, which also goes on with it, and its file."""
    for table in tables:
        name = table.sweep.name
        st.code(f"python -m fmnist sweep {artifacts.name_plan(name)}", language="sh", wrap_lines=True)
        try:
            st.code(artifacts.load_plan(name), language="toml", wrap_lines=True)
        except ArtifactError as error:
            show_error(error)


def _plot_strengths(
    curves: Sequence[StrengthCurve], colour: str, reported: float | None, found: float | None
) -> None:
    named = {}
    for curve in curves:
        share = "all images" if curve.train_share == 1 else f"{percent(curve.train_share, 0)} of images"
        named[share] = curve.strengths, curve.values
    st.plotly_chart(
        figures.plot_strengths(named, colour, reported, found),
        key=f"strengths {curves[0].recipe} {curves[0].train_share}", config=_NO_BUTTONS,
        alt="Validation accuracy by strength of augmentation",
    )  # fmt: skip


def _colour_recipes(models: Sequence[Model], groups: Sequence[Group] = ()) -> dict[str, str]:
    """Gives each recipe the colour of the model it trained, and any other one that is left."""
    colours = {model.manifest.recipe: model.colour for model in reversed(models)}
    left = [colour for colour in PALETTE if colour not in colours.values()] or list(PALETTE)
    unknown = [recipe for recipe in dict.fromkeys(group.recipe for group in groups) if recipe not in colours]
    return colours | {recipe: left[number % len(left)] for number, recipe in enumerate(unknown)}


def _colour_groups(groups: Sequence[Group], recipes: dict[str, str]) -> list[str]:
    """Gives each of at most six groups its own colour, that of its recipe if no other has it yet."""
    chosen: list[str | None] = []
    for group in groups:
        own = recipes[group.recipe]
        chosen.append(None if own in chosen else own)
    left = (colour for colour in PALETTE if colour not in chosen)
    return [colour or next(left) for colour in chosen]
