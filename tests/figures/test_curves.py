"""Curves read back: what is drawn, in which colour and with which titles."""

import numpy as np
import pandas as pd
import pytest

from fmnist import figures

HISTORY = pd.DataFrame(
    {
        "epoch": [1, 2, 3],
        "loss": [0.5, 0.3, 0.2],
        "accuracy": [0.8, 0.9, 0.95],
        "val_loss": [0.4, 0.35, 0.36],
        "val_accuracy": [0.85, 0.88, 0.87],
    }
)
COLOURS = {"simple": "#0072B2", "augmented": "#D55E00"}


def plot(metric="loss", **options):
    histories = dict.fromkeys(COLOURS, HISTORY)
    return figures.plot_history(histories, COLOURS, {"simple": 2, "augmented": 3}, metric, **options)


def test_training_is_dashed_validation_solid_in_the_models_colour():
    traces = {trace.name: trace for trace in plot().data}
    assert traces["simple, training"].line.dash == "dash"
    assert traces["simple, validation"].line.dash is None
    for name, colour in COLOURS.items():
        for part in ("training", "validation"):
            assert traces[f"{name}, {part}"].line.color == colour
        assert traces[f"{name}, kept weights"].marker.color == colour
    np.testing.assert_array_equal(traces["simple, training"].y, HISTORY["loss"])
    np.testing.assert_array_equal(traces["simple, validation"].y, HISTORY["val_loss"])


def test_the_kept_epoch_is_marked_on_the_validation_curve():
    (star,) = [trace for trace in plot().data if trace.name == "augmented, kept weights"]
    assert (star.x[0], star.y[0]) == (3, 0.36)


def test_accuracy_is_in_percent_and_axes_say_so():
    figure = plot("accuracy")
    np.testing.assert_allclose(figure.data[0].y, [80, 90, 95])
    assert figure.layout.yaxis.title.text == "Accuracy (share of images, %)"
    assert figure.layout.xaxis.title.text == "Epoch"
    assert figure.layout.hovermode == "x unified"


def test_smoothing_keeps_the_raw_curve_faint():
    figure = plot(smoothing=0.6)
    faint = [trace for trace in figure.data if trace.opacity == 0.25]
    assert len(faint) == 4
    np.testing.assert_array_equal(faint[0].y, HISTORY["loss"])
    assert plot(log_scale=True).layout.yaxis.type == "log"


def test_smoothing_is_the_debiased_average():
    np.testing.assert_allclose(figures.smooth(np.array([1.0, 1.0, 1.0]), 0.9), 1)
    np.testing.assert_allclose(figures.smooth(np.array([0.0, 1.0]), 0.5), [0, 2 / 3])


def test_the_gap_is_training_minus_validation_in_points():
    figure = figures.plot_gap(dict.fromkeys(COLOURS, HISTORY), COLOURS)
    assert [(trace.name, trace.line.color) for trace in figure.data] == [*COLOURS.items()]
    for trace in figure.data:
        assert list(trace.x) == [1, 2, 3]
        assert trace.y == pytest.approx([-5, 2, 8])
    (zero,) = figure.layout.shapes
    assert zero.y0 == zero.y1 == 0
    assert figure.layout.yaxis.title.text == "Training minus validation accuracy (points)"
