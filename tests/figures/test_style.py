"""The one template: on every figure, on top of Streamlit's, which brings the colours of the theme."""

import tomllib
from types import SimpleNamespace

import numpy as np
import plotly.io
import pytest
import streamlit.elements.plotly_chart  # noqa: F401 (registers Streamlit's template, as every page does)

from fmnist import figures
from fmnist.artifacts import Group
from tests.conftest import ROOT
from tests.figures.test_curves import COLOURS, HISTORY

FIGURES = {
    "history": lambda: figures.plot_history({"simple": HISTORY}, COLOURS, {"simple": 2}, "loss"),
    "gap": lambda: figures.plot_gap({"simple": HISTORY}, COLOURS),
    "confusion": lambda: figures.plot_confusion(np.eye(10, dtype=int)),
    "probabilities": lambda: figures.plot_probabilities({"simple": np.eye(10)[3]}, COLOURS),
    "photos": lambda: figures.plot_photo_classes(
        {"simple": SimpleNamespace(per_class={"coat": Group(photos=10, accuracy=0.9)})}, COLOURS
    ),
}
MARGINS = {"history": 90, "gap": 90, "confusion": 36, "probabilities": 36, "photos": 36}
HEIGHTS = {"history": 420, "gap": 360, "confusion": 560, "probabilities": 460, "photos": 420}


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_begins_with_the_template(name):
    layout = FIGURES[name]().layout
    style = layout.template.layout
    assert style.dragmode is False and layout.dragmode is None
    assert (style.legend.orientation, style.legend.y) == ("h", 1)
    # Streamlit's theme overwrites the margins at the sides in a template, but not in a figure.
    assert (layout.margin.l, layout.margin.r, style.margin.b) == (8, 8, 8)
    assert (layout.margin.t or style.margin.t) == MARGINS[name]
    assert layout.height == HEIGHTS[name]


def test_the_colour_scale_of_matrices_is_left_to_the_theme():
    assert plotly.io.templates.default == "streamlit"
    figure = FIGURES["confusion"]()
    (heatmap,) = figure.layout.template.data.heatmap
    (themed,) = plotly.io.templates["streamlit"].data.heatmap
    assert heatmap.colorscale == themed.colorscale and len(heatmap.colorscale) == 10
    assert figure.data[0].colorscale is None
    assert heatmap.showscale is False and heatmap.xgap == heatmap.ygap == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_has_a_colour_for_each_step_of_the_scale(theme):
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    colours = config["theme"][theme]["chartSequentialColors"]
    strengths = [sum(bytes.fromhex(colour[1:])) for colour in colours]
    assert len(colours) == 10 and strengths == sorted(strengths, reverse=theme == "light")
