"""Figures read back: what is drawn, in which colour, with which titles."""

import numpy as np
import pandas as pd
import pytest

from fmnist import figures
from fmnist.config import CLASS_NAMES

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
    assert {trace.line.color for name, trace in traces.items() if name.startswith("augmented, t")} == {
        "#D55E00"
    }
    np.testing.assert_array_equal(traces["simple, training"].y, HISTORY["loss"])


def test_the_kept_epoch_is_marked_on_the_validation_curve():
    (star,) = [trace for trace in plot().data if trace.name == "augmented, kept weights"]
    assert (star.x[0], star.y[0]) == (3, 0.36)


def test_accuracy_is_in_percent_and_axes_say_so():
    figure = plot("accuracy")
    assert figure.data[0].y[2] == pytest.approx(95)
    assert figure.layout.yaxis.title.text == "Accuracy (share of pictures, %)"
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


def confusion(**options):
    counts = np.diag(np.arange(90, 100))
    counts[6, 0] = 12
    shares = counts / counts.sum(axis=1, keepdims=True)
    arguments = {"as_share": True, "errors_only": False, "largest": 1.0, **options}
    return figures.plot_confusion(shares, counts, **arguments).data[0]


def test_confusion_cells_hold_count_and_share():
    heatmap = confusion()
    assert heatmap.text[6][0] == "12<br>11%"
    assert heatmap.text[0][1] == ""
    assert tuple(heatmap.x) == tuple(heatmap.y) == CLASS_NAMES
    assert (heatmap.zmin, heatmap.zmax) == (0, 1)


def test_errors_only_blanks_the_diagonal_and_nothing_else():
    heatmap = confusion(errors_only=True)
    assert np.isnan(np.diag(heatmap.z)).all() and np.isnan(heatmap.z).sum() == 10
    assert heatmap.text[6][6] == "" and heatmap.text[6][0] == "12<br>11%"


def test_probabilities_are_paired_in_class_order():
    answers = {"simple": np.eye(10)[3], "augmented": np.full(10, 0.1)}
    bars = figures.plot_probabilities(answers, COLOURS).data
    assert [bar.name for bar in bars] == ["simple", "augmented"]
    assert all(tuple(bar.y) == CLASS_NAMES for bar in bars)
    assert bars[0].x[3] == 100 and bars[0].text[3] == "100%" and bars[0].text[0] == ""
    assert bars[1].marker.color == "#D55E00"
