"""Choosing two runs, models or others, that a page compares."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from fmnist import artifacts
from fmnist.artifacts import Model
from fmnist.errors import ArtifactError
from fmnist.ui import cache
from fmnist.ui.choices import kept
from fmnist.ui.comparison import Shown, colour_runs, name_others
from fmnist.ui.messages import show_error

_FIRST, _SECOND = "a", "b"  # keys of the widgets and names in the address


def choose_pair(models: list[Model], errors: DeltaGenerator) -> tuple[Shown, Shown] | None:
    """Lets the visitor choose two runs; call it inside a horizontal container.

    The address names them as in `?a=NAME&b=NAME`, a model by its name and any other run by its folder;
    names that mean nothing are ignored. By default they are the first two.

    Args:
        models: All published ones.
        errors: Where a red box says of each that cannot be read why not.

    Returns:
        The first and the second, which may be the same; None if one of them cannot be read.
    """
    names = name_others(models) | {model.name: model.name for model in models}
    options = [model.name for model in models]
    options += [name for name in names if name not in options]
    chosen = [
        _choose(label, key, options, names, options[min(number, len(options) - 1)])
        for number, (label, key) in enumerate((("First model", _FIRST), ("Second model", _SECOND)))
    ]
    st.button(
        "Swap", icon=":material/swap_horiz:", on_click=_swap, key="swap", help="The second becomes the first."
    )
    published = {model.name: model for model in models}
    colours = colour_runs([name for name in chosen if name not in published], models)
    shown = []
    for name in chosen:
        try:
            if model := published.get(name):
                shown.append(Shown(name, model.colour, model.run, name))
            else:
                run = cache.load_run(name, artifacts.identify_run(name))
                shown.append(Shown(names[name], colours[name], run))
        except ArtifactError as error:
            with errors:
                show_error(error)
    return (shown[0], shown[1]) if len(shown) == len(chosen) else None


def _choose(label: str, key: str, options: list[str], names: dict[str, str], default: str) -> str:
    with kept(key):
        asked = st.session_state.get(key, st.query_params.get(key))
        st.session_state[key] = asked if asked in options else default
        chosen = st.selectbox(label, options, format_func=names.__getitem__, key=key, width=200)
    if chosen != default:
        st.query_params[key] = chosen
    elif key in st.query_params:
        del st.query_params[key]
    return chosen


def _swap() -> None:
    first, second = st.session_state[_FIRST], st.session_state[_SECOND]
    st.session_state[_FIRST], st.session_state[_SECOND] = second, first
