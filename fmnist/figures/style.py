"""How every figure looks: one plotly template and the heights. Each figure begins as `new_figure()`.

Two things are not in the template, because of how `st.plotly_chart(theme="streamlit")` treats it. In the
browser Streamlit writes its own fonts, colours, axes and side margins over the template of a figure and
leaves the figure's own layout alone.

- Colour scale of the confusion matrices: `chartSequentialColors` in `.streamlit/config.toml`, one list for
  the light and one for the dark theme. To change the colour scale, change it there. Here it cannot be
  chosen, since only the browser knows the visitor's theme: Streamlit's template holds stand-ins for the
  colours, and they stay because ours is merged into that template and names no colour scale.
- Margins at the sides: `_SIDES`, set on each figure.

The colour of a model is in `artifacts/models.json`.
"""

from functools import cache

import plotly.graph_objects as go
import plotly.io

HEIGHT, LOW, SQUARE = 420, 360, 560  # pixels: a chart with a legend, one that needs less, a matrix

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


def new_figure() -> go.Figure:
    """Begins a figure in the style of this program, on top of plotly's default template.

    In the dashboard the default is Streamlit's.
    """
    return go.Figure(layout={"template": _merge_into(plotly.io.templates.default), "margin": _SIDES})


@cache
def _merge_into(default: str) -> go.layout.Template:
    return plotly.io.templates.merge_templates(default, _STYLE)
