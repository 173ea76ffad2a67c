"""Training curves: the recorded history, and what the switches change."""

import numpy as np

from fmnist import artifacts
from tests.app.conftest import NAMES, array, figures, run, texts
from tests.conftest import find_model

PAGE = "learn/training_curves.py"


def test_curves_show_the_recorded_history(open_page):
    app = open_page(PAGE)
    loss, _, gap = figures(app)
    history = artifacts.load_model(NAMES[0]).run.load_history()
    (trace,) = [trace for trace in loss.data if trace.name == f"{NAMES[0]}, validation"]
    np.testing.assert_allclose(array(trace.y), history["val_loss"])
    assert loss.layout.yaxis.type == "linear"
    for name, trace in zip(NAMES, gap.data, strict=True):
        recorded = artifacts.load_model(name).run.load_history()
        np.testing.assert_allclose(array(trace.y), 100 * (recorded["accuracy"] - recorded["val_accuracy"]))
    assert len(app.dataframe[0].value) == sum(len(artifacts.load_model(n).run.load_history()) for n in NAMES)
    assert app.get("download_button")
    both_ways = find_model(lambda config: config.serving == "mirror_mean")
    served = both_ways.manifest.validation.accuracy
    assert f"{100 * served:.2f}% ({both_ways.name}). The curves above show the answers" in texts(app)


def test_curve_switches_change_the_charts(open_page):
    app = open_page(PAGE)
    app.toggle(key="log").set_value(True)
    app.slider(key="smoothing").set_value(0.6)
    loss, accuracy, _ = figures(run(app))
    assert loss.layout.yaxis.type == "log" and accuracy.layout.yaxis.type == "linear"
    assert any(trace.opacity == 0.25 for trace in loss.data)
