"""What changed between two models, read back from the figures."""

import numpy as np
import pytest
import streamlit.elements.plotly_chart  # noqa: F401 (registers Streamlit's template, as every page does)

from fmnist import analysis, figures
from tests.judging import judge_by_hand, judge_counts

BEFORE = np.diag([5] * 10)
AFTER = BEFORE.copy()
AFTER[6, [6, 0]] = 2, 3


def test_a_difference_of_matrices_parts_at_zero_in_the_colours_of_the_theme():
    (heatmap,) = figures.plot_confusion_change(BEFORE, AFTER).data
    np.testing.assert_array_equal(heatmap.z, AFTER - BEFORE)
    assert (heatmap.zmin, heatmap.zmax, heatmap.autocolorscale) == (-3, 3, True)
    assert list(heatmap.text[6][:7]) == ["+3", "", "", "", "", "", "−3"] and not any(heatmap.text[1])
    assert heatmap.customdata[6, 0].tolist() == [0, 3]
    assert heatmap.x[0] == heatmap.y[0] == "t-shirt"
    template = figures.plot_confusion_change(BEFORE, AFTER).layout.template
    assert len(template.layout.colorscale.diverging) == 10


def test_no_difference_has_a_scale_too():
    (heatmap,) = figures.plot_confusion_change(BEFORE, BEFORE).data
    assert (heatmap.zmin, heatmap.zmax) == (-1, 1)


def test_classes_stand_to_both_sides_in_the_order_of_the_table():
    labels = [0] * 3 + [5] * 4
    a, b = (
        judge_by_hand("a", labels, [0, 1, 1, 5, 5, 5, 5]),
        judge_by_hand("<b>", labels, [0, 0, 1, 0, 0, 0, 5]),
    )
    classes = analysis.compare(a, b).classes
    figure = figures.plot_class_changes(classes, ["a", "<b>"], ["#0072B2", "#D55E00"])
    left, right = figure.data
    assert list(left.y[:2]) == ["sandal", "t-shirt"]
    assert list(left.x[:2]) == [-3, 0] and list(right.x[:2]) == [0, 1]
    assert list(left.text[:2]) == ["3", "0"]
    assert (left.name, right.name) == ("only a is right", "only &lt;b&gt; is right")
    assert (left.marker.color, right.marker.color) == ("#0072B2", "#D55E00")
    np.testing.assert_allclose(right.customdata[:2], [[100, 25], [100 / 3, 200 / 3]])
    low, high = figure.layout.xaxis.range
    assert low == -high and high > 3


def test_nothing_changed_has_axes_too():
    classes = analysis.compare(*judge_counts(3, 0, 0, 1)).classes
    figure = figures.plot_class_changes(classes, "ab", ["#0072B2", "#D55E00"])
    assert figure.layout.xaxis.range[1] == pytest.approx(1.15)
