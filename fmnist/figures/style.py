"""How every figure looks: one plotly template and the heights. Each figure begins as `new_figure()`.

Two things are not in the template, because of how `st.plotly_chart(theme="streamlit")` treats it. In the
browser, Streamlit's own fonts, colours, axes and side margins override the template of a figure, but not
the figure's own layout.

- The colour scale of the confusion matrices is `chartSequentialColors` in `.streamlit/config.toml`, one list
  for the light and one for the dark theme. Change it there. It cannot be chosen here, because only the
  browser knows the visitor's theme: Streamlit's template has placeholders for the colours, and they stay
  because ours is merged into that template and names no colour scale.
- The margins at the sides are `_SIDES`, set on each figure.

The colour of a model is in `artifacts/models.json`.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

import plotly.graph_objects as go
import plotly.io

from fmnist.artifacts import PALETTE

HEIGHT, LOW, SQUARE = 420, 360, 400  # pixels: a chart with a legend, one without, a matrix
TOP = 8  # pixels above a chart without a legend


class Marker(NamedTuple):
    """What tells a model from the others without colour: plotly's name for it, and the same as a letter."""

    symbol: str
    glyph: str


_MORE_COLOURS = ("#8C6BD9", "#A0703C", "#C8324B", "#2A9D9D", "#8F9A1F", "#888888")
"""For further runs beside the models, when no colour of the palette is left; each with its own marker."""
_COLOURS = (*PALETTE, *_MORE_COLOURS)
_MARKERS = (
    Marker("circle", "●"),
    Marker("square", "■"),
    Marker("diamond", "◆"),
    Marker("triangle-up", "▲"),
    Marker("cross", "✚"),
    Marker("star", "★"),
    Marker("triangle-down", "▼"),
    Marker("x", "✕"),
    Marker("pentagon", "⬟"),
    Marker("triangle-left", "◄"),
    Marker("triangle-right", "►"),
    Marker("star-diamond", "✦"),
)

_SIDES = {"l": 8, "r": 8}  # pixels
_STYLE = go.layout.Template(
    layout={
        "margin": {"t": 36, "b": 8},
        "dragmode": False,  # so that a finger on a chart scrolls the page
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "traceorder": "normal"},
        "barmode": "group",
        "bargap": 0.25,
    },
    data={
        "scatter": [{"line": {"width": 2}}],
        "bar": [{"textposition": "outside", "cliponaxis": False}],
        "heatmap": [
            {"xgap": 1, "ygap": 1, "showscale": False, "hoverongaps": False, "textfont": {"size": 11}}
        ],
    },
)


def find_marker(colour: str) -> Marker:
    """Finds the marker that goes with a model's colour, so that both always stand for the same model.

    Args:
        colour: As #rrggbb. Each colour of the palette and of `choose_colours` has its own marker; any other
            shares one of the palette's.
    """
    number = _COLOURS.index(colour) if colour in _COLOURS else int(colour[1:], 16) % len(PALETTE)
    return _MARKERS[number]


def choose_colours(
    names: Sequence[str], taken: Sequence[str], before: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Chooses a colour for each run that has none, different from each other and from those of the models.

    Args:
        names: Of the runs; at most twelve, less the number of colours taken, get colours of their own.
        taken: The colours of all models, shown or not, so that showing one more changes nothing.
        before: Colours chosen earlier, which the same runs keep.

    Returns:
        A colour for each name, as #rrggbb.
    """
    chosen = {name: colour for name, colour in (before or {}).items() if name in names}
    for name in names:
        used = {*taken, *chosen.values()}
        free = [colour for colour in _COLOURS if colour not in used] or _COLOURS
        chosen.setdefault(name, free[0])
    return {name: chosen[name] for name in names}


def new_figure() -> go.Figure:
    """Returns an empty figure in our style, on top of plotly's default template.

    In the dashboard, the default template is Streamlit's.
    """
    return go.Figure(layout={"template": _merge_into(plotly.io.templates.default), "margin": _SIDES})


@cache
def _merge_into(default: str) -> go.layout.Template:
    return plotly.io.templates.merge_templates(default, _STYLE)
