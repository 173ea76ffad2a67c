"""The curves of a training that grows."""

import pytest

from fmnist.artifacts import PALETTE
from fmnist.figures import find_marker, plot_progress

COLOUR = PALETTE[3]


def test_the_curves_are_the_figures_on_an_axis_with_room_for_all_epochs():
    figure = plot_progress("accuracy", [0.5, 0.7, 0.9], [0.6, 0.75, 0.7], COLOUR, 10, 2, memorises_from=3)
    training, validation, kept = figure.data
    assert list(training.y) == [50, 70, 90] and list(validation.y) == pytest.approx([60, 75, 70])
    assert list(training.x) == list(validation.x) == [1, 2, 3]
    assert training.line.dash == "dash" and validation.line.dash is None
    assert (list(kept.x), list(kept.y), kept.marker.symbol) == ([2], [75], find_marker(COLOUR).symbol)
    assert figure.layout.xaxis.range == (0.5, 10.2) and figure.layout.yaxis.title.text == "Accuracy (%)"
    labels = {label.text: (label.x, label.yshift) for label in figure.layout.annotations}
    assert labels["training"][0] == labels["validation"][0] == 3
    assert labels["training"][1] > 0 > labels["validation"][1], "the upper line's label stands above"
    assert "memorises" in labels and figure.layout.shapes[0].x0 == 3


@pytest.mark.parametrize(("metric", "highest"), [("accuracy", 100), ("loss", 2.3)])
def test_before_the_first_epoch_there_are_the_axes_only(metric, highest):
    figure = plot_progress(metric, [], [], COLOUR, 4, 0)
    assert [len(trace.x) for trace in figure.data] == [0, 0]
    assert figure.layout.yaxis.range == (0, highest)
    assert not figure.layout.annotations and not figure.layout.shapes


@pytest.mark.parametrize(("epochs", "step"), [(1, 1), (10, 1), (11, 2), (200, 20)])
def test_ticks_are_whole_epochs(epochs, step):
    assert plot_progress("loss", [1.0], [1.0], COLOUR, epochs, 1).layout.xaxis.dtick == step
