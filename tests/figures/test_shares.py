"""Shares with intervals in rows."""

import numpy as np
import pytest

from fmnist.artifacts import PALETTE
from fmnist.figures import ShareRow, find_marker, plot_shares

COLOURS = {"a": PALETTE[0], "b": PALETTE[1]}
POINTS = [
    ShareRow("first & <last>", "a", 0.5, 0.4, 0.7, 0.6, "one"),
    ShareRow("first & <last>", "b", 0.6, 0.5, 0.9, 0.6, "one"),
    ShareRow("second", "a", 0.9, 0.8, 0.95, 0.6, "two"),
    ShareRow("second", "b", 0.8, 0.7, 0.85, 0.6, "two"),
]


def read(figure, name):
    (trace,) = [trace for trace in figure.data if trace.name == name]
    return trace


def test_each_name_has_a_point_with_its_interval_in_each_row():
    figure = plot_shares(POINTS, COLOURS, "Right (%)")
    trace = read(figure, "a")
    assert list(trace.x) == pytest.approx([50, 90])
    assert list(trace.error_x.array) == pytest.approx([20, 5])
    assert list(trace.error_x.arrayminus) == pytest.approx([10, 10])
    assert [point[0] for point in trace.customdata] == ["one", "two"]
    assert trace.marker.symbol == find_marker(PALETTE[0]).symbol
    assert np.round(trace.y).tolist() == [0, 1] and trace.y[0] < read(figure, "b").y[0]
    assert list(figure.layout.yaxis.ticktext) == ["first &amp; &lt;last&gt;", "second"]
    assert figure.layout.xaxis.title.text == "Right (%)"


def test_a_tick_shows_what_was_expected_only_where_something_was():
    assert list(read(plot_shares(POINTS, COLOURS, ""), "a, expected").x) == pytest.approx([60, 60])
    plain = plot_shares([point._replace(expected=np.nan) for point in POINTS], COLOURS, "")
    assert [trace.name for trace in plain.data] == ["a", "b"]


def test_names_with_a_row_each_stand_in_the_middle_of_it():
    figure = plot_shares([ShareRow(name, name, 0.5, 0.4, 0.6) for name in COLOURS], COLOURS, "")
    assert [list(trace.y) for trace in figure.data] == [[0], [1]]


def test_long_names_of_rows_are_broken_for_phones():
    figure = plot_shares([ShareRow("quarter farthest from training", "a", 0.5, 0.4, 0.6)], COLOURS, "")
    assert figure.layout.yaxis.ticktext[0] == "quarter farthest<br>from training"
