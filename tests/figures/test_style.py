"""The one template: on every figure, on top of Streamlit's, which brings the colours of the theme."""

import tomllib
from types import SimpleNamespace

import numpy as np
import plotly.io
import pytest
import streamlit.elements.plotly_chart  # noqa: F401 (registers Streamlit's template, as every page does)

from fmnist import figures
from fmnist.analysis import compare
from fmnist.artifacts import Group
from tests.conftest import ROOT
from tests.figures.test_curves import COLOURS, CURVES
from tests.judging import judge_counts

FIGURES = {
    "history": lambda: figures.plot_history(CURVES[:1], COLOURS, "loss"),
    "played": lambda: figures.plot_history(CURVES[:1], COLOURS, "loss", figures.View(is_animated=True)),
    "gap": lambda: figures.plot_gap(CURVES[:1], COLOURS),
    "rate": lambda: figures.plot_learning_rate(CURVES[:1], COLOURS),
    "confusion": lambda: figures.plot_confusion(np.eye(10, dtype=int)),
    "change": lambda: figures.plot_confusion_change(*2 * [np.eye(10, dtype=int)]),
    "classes": lambda: figures.plot_class_changes(
        compare(*judge_counts(1, 1, 1, 1)).classes, "ab", ["#0072B2"] * 2
    ),
    "photos": lambda: figures.plot_photo_classes(
        {"simple": SimpleNamespace(per_class={"coat": Group(photos=10, accuracy=0.9)})}, COLOURS
    ),
}
CURVED = ("history", "played", "gap", "rate")
MARGINS = {**dict.fromkeys(CURVED, 8), "confusion": 8, "change": 8, "classes": 36, "photos": 36}
HEIGHTS = {**dict.fromkeys(CURVED, 360), "confusion": 400, "change": 400, "classes": 420, "photos": 420}
RIGHT = dict.fromkeys(CURVED, 72)  # room for the names at the ends of the lines


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_begins_with_the_template(name):
    layout = FIGURES[name]().layout
    style = layout.template.layout
    assert style.dragmode is False and layout.dragmode is None
    assert (style.legend.orientation, style.legend.y) == ("h", 1)
    # Streamlit's theme overwrites the margins at the sides in a template, but not in a figure.
    assert (layout.margin.l, layout.margin.r, style.margin.b) == (8, RIGHT.get(name, 8), 8)
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
    assert heatmap.textfont.size >= 10


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_has_a_colour_for_each_step_of_the_scale(theme):
    colours = read_theme(theme)["chartSequentialColors"]
    strengths = [sum(bytes.fromhex(colour[1:])) for colour in colours]
    assert len(colours) == 10 and strengths == sorted(strengths, reverse=theme == "light")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_scale_of_differences_is_palest_in_its_middle_and_blue_against_orange(theme):
    """Blue and orange differ for every common kind of colour blindness."""
    colours = np.array([list(bytes.fromhex(c[1:])) for c in read_theme(theme)["chartDivergingColors"]], int)
    strengths = np.ptp(colours, axis=1)  # how far from grey
    assert len(colours) == 10
    assert (np.diff(strengths[:5]) < 0).all() and (np.diff(strengths[5:]) > 0).all()
    red, green, blue = colours.T
    assert (blue > green).all(where=np.arange(10) < 5) and (green > red).all(where=np.arange(10) < 5)
    assert (red >= green).all(where=np.arange(10) >= 5) and (green >= blue).all(where=np.arange(10) >= 5)


@pytest.mark.parametrize("scale", ["chartSequentialColors", "chartDivergingColors"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_digits_of_a_cell_are_readable_on_every_strength_of_its_colour(theme, scale):
    """look.css gives them the text's colour; plotly blends the steps of the scale."""
    colours = read_theme(theme)
    steps = np.array([list(bytes.fromhex(colour[1:])) for colour in colours[scale]])
    strengths = np.linspace(0, len(steps) - 1, 200)
    blended = np.stack([np.interp(strengths, range(len(steps)), channel) for channel in steps.T], axis=1)
    text = luminance(np.array(list(bytes.fromhex(colours["textColor"][1:]))))
    for cell in luminance(blended):
        darker, lighter = sorted((cell, text))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def read_theme(theme):
    return tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"][theme]


def luminance(colours):
    """Relative luminance of sRGB colours `(..., 3)`, 0-255. Reference: WCAG 2.2."""
    parts = colours / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]
