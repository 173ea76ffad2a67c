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

from functools import cache

import plotly.graph_objects as go
import plotly.io

HEIGHT, LOW, SQUARE = 420, 360, 560  # pixels: a chart with a legend, a lower one, a matrix

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
    """Returns an empty figure in our style, on top of plotly's default template.

    In the dashboard, the default template is Streamlit's.
    """
    return go.Figure(layout={"template": _merge_into(plotly.io.templates.default), "margin": _SIDES})


@cache
def _merge_into(default: str) -> go.layout.Template:
    return plotly.io.templates.merge_templates(default, _STYLE)
