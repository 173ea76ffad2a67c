"""Choosing which models and which other runs a page compares."""

from collections import Counter
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist import artifacts, figures
from fmnist.artifacts import Model, Run
from fmnist.errors import ArtifactError
from fmnist.ui import cache
from fmnist.ui.choices import kept
from fmnist.ui.messages import show_error

MOST = 6
"""Other runs at a time; with more lines, none could be followed."""
_MODELS, _RUNS = "models", "runs"  # keys of the widgets and names in the address
_COLOURS = "colours of runs"


class Shown(NamedTuple):
    """A run on a page.

    Attributes:
        name: That of its published model, or a short one of its own.
        colour: As #rrggbb.
        run: The run.
        model: The name of the published model, or an empty text.
    """

    name: str
    colour: str
    run: Run
    model: str = ""


def choose_several(models: list[Model], may_be_none: bool = False) -> list[Model]:
    """Lets the visitor choose which models the page shows: all (default) or some.

    Args:
        models: All of them.
        may_be_none: Whether the page has something else to show.
    """
    if len(models) == 1 and not may_be_none:
        return models
    names = [model.name for model in models]
    with kept(_MODELS):
        chosen = st.pills(
            "Models", names, selection_mode="multi", default=names, key=_MODELS, bind="query-params",
            on_change=_choose_all_for_none, args=(names,), wrap=True,
        )  # fmt: skip
    found = [model for model in models if model.name in chosen]
    return found if found or may_be_none else models


def choose_runs(models: list[Model], errors: DeltaGenerator) -> list[Shown]:
    """Lets the visitor choose published models and other runs; call it inside a horizontal container.

    The address names other runs by their folders, as in `?runs=NAME,NAME`; names that mean nothing are
    ignored.

    Args:
        models: All published ones.
        errors: Where a red box says of each chosen run that cannot be read why not.

    Returns:
        Those that are shown, with readable histories, the models first.
    """
    place = st.container(width="content")  # the models stand first, but depend on what else is shown
    with st.popover("Other runs", icon=":material/add:"):
        others = _choose_others(models)
    with place:
        chosen = choose_several(models, may_be_none=bool(others))
    colours = colour_runs(list(others), models)
    shown = [Shown(model.name, model.colour, model.run, model.name) for model in chosen]
    with errors:
        for run, name in others.items():
            try:
                loaded = cache.load_run(run, artifacts.identify_run(run))
                shown.append(Shown(name, colours[run], loaded))
            except ArtifactError as error:
                show_error(error)
        return [one for one in shown if _is_readable(one)]


def _choose_others(models: list[Model]) -> dict[str, str]:
    """Lets the visitor choose runs that no model points at; returns their short names by their folders."""
    names = name_others(models)
    if not names:
        st.markdown(
            "There are no runs here but those of the models. Train one of your own: "
            "`python -m fmnist train simple`."
        )
        return {}
    with kept(_RUNS):
        _read_address(list(names))
        chosen = st.multiselect(
            f"Runs beside the models, up to {MOST}", list(names), format_func=names.__getitem__, key=_RUNS,
            max_selections=MOST, placeholder="Search …", on_change=_choose_all_for_none,
            args=([model.name for model in models],),
        )  # fmt: skip
    _write_address(chosen)
    return {run: names[run] for run in chosen}


def colour_runs(runs: list[str], models: list[Model]) -> dict[str, str]:
    """Chooses a colour for each run that is no model's, none of the models'; a run keeps it for the session.

    Args:
        runs: The names of their folders.
        models: All published ones.
    """
    colours = figures.choose_colours(runs, [model.colour for model in models], st.session_state.get(_COLOURS))
    st.session_state[_COLOURS] = colours
    return colours


def name_others(models: list[Model]) -> dict[str, str]:
    """Names the runs that no model points at, by their folders: by their titles, or with short names.

    No two runs or models have the same name.
    """
    published = {model.run.name for model in models}
    runs = [run for run in artifacts.list_runs() if run not in published]
    plain, titles = artifacts.name_runs(runs), artifacts.load_titles()
    names = {run: titles.get(run, short) for run, short in plain.items()}
    counted = Counter([*names.values(), *(model.name for model in models)])
    return {run: name if counted[name] == 1 else f"{name} ({run})" for run, name in names.items()}


def _read_address(names: list[str]) -> None:
    """Takes up the runs that the address names, at the first run of the page; forgets those deleted since."""
    asked = st.query_params.get(_RUNS, "").split(",")
    chosen = st.session_state.get(_RUNS, list(dict.fromkeys(asked)))
    st.session_state[_RUNS] = [name for name in chosen if name in names][:MOST]


def _write_address(chosen: list[str]) -> None:
    named = ",".join(chosen)
    if named and st.query_params.get(_RUNS) != named:
        st.query_params[_RUNS] = named
    elif not named and _RUNS in st.query_params:
        del st.query_params[_RUNS]


def _choose_all_for_none(names: list[str]) -> None:
    if not st.session_state.get(_MODELS) and not st.session_state.get(_RUNS):
        st.session_state[_MODELS] = names


def _is_readable(shown: Shown) -> bool:
    try:
        cache.load_history(shown.run)
    except ArtifactError as error:
        show_error(error)
        return False
    return True
