"""The panel of figures on photos: its sentence, chart and table, and what it says without them."""

import json
from pathlib import Path

import msgspec
import numpy as np
import plotly.io
import pytest
from streamlit.testing.v1 import AppTest

from fmnist import artifacts
from fmnist.photos import LabelledPhoto, compute_report
from tests import forging
from tests.app.conftest import TIMEOUT, said, texts

LABELS = [4] * 10 + [7] * 10 + [8]


def page():
    from fmnist import artifacts
    from fmnist.ui.photos import show_photo_figures

    show_photo_figures(artifacts.load_models())


@pytest.fixture
def panel(own_artifacts):
    """Runs the panel on its own and checks that nothing was raised."""

    def panel():
        app = AppTest.from_function(page, default_timeout=TIMEOUT)
        app.session_state["photos"] = True  # opened
        app.run()
        assert not app.exception, app.exception
        assert app.expander[0].label == "How well does this work on photos?"
        return app

    return panel


def save_report(**changes):
    """Saves figures of all models: all coats right, a sneaker in ten, and the bag wrong."""
    entries = artifacts.list_models()
    answered = np.array([4] * 10 + [4] * 9 + [7] + [4])
    probabilities = np.full((len(answered), 10), 0.02)
    probabilities[np.arange(len(answered)), answered] = 0.82
    photos = [LabelledPhoto(Path(f"{index}"), label, "plain") for index, label in enumerate(LABELS)]
    by_model = {entry.name: probabilities for entry in entries}
    answers = {"automatic": by_model, "grey and resize": by_model}
    report = compute_report(photos, answers, {entry.name: entry.run for entry in entries}, alarmed=0.25)
    return artifacts.save_photos_report(msgspec.structs.replace(report, **changes))


def test_sentence_chart_and_table(panel):
    save_report()
    app = panel()
    entries = artifacts.list_models()
    read = texts(app)
    assert f"On 21 real photos, **{entries[0].name}** is right **52%** of the time" in read
    assert "best on **coat** (100%) and worst on **sneaker** (10%)" in read
    assert "2 classes with at least 10 photos" in read
    assert "*probably none of the ten* appears on **25.0%** of these photos" in read
    assert "simulated photos used in training were designed by studying them" in read
    assert not app.warning and not app.error and not app.info
    (chart,) = app.get("plotly_chart")
    figure = plotly.io.from_json(chart.proto.spec)
    assert [(bar.name, bar.marker.color) for bar in figure.data] == [(e.name, e.colour) for e in entries]
    assert list(figure.data[0].x) == ["coat (10)", "sneaker (10)", "bag (1)"]
    np.testing.assert_allclose(figure.data[0].y, [100, 10, 0])
    assert "%" in figure.layout.yaxis.title.text and "photos" in figure.layout.xaxis.title.text
    (table,) = (frame.value for frame in app.dataframe)
    assert list(table.columns) == [entry.name for entry in entries]
    assert list(table.index) == ["automatic", "grey and resize"]
    np.testing.assert_allclose(table, 55)


def test_the_combination_is_drawn_beside_the_models(panel):
    save_report()
    figures = artifacts.load_photos_report().variants["automatic"]
    (first, *_) = figures.values()
    save_report(opinions={"combined": first, "second opinion": first})
    app = panel()
    assert "on the 10 photos on which the combination is surest, it is right" in texts(app)
    chart = app.get("plotly_chart")[1]
    drawn = {line.name for line in plotly.io.from_json(chart.proto.spec).data if line.mode == "lines"}
    assert drawn == {"combined", "second opinion", *figures}


def test_figures_measured_again_are_shown_at_the_next_rerun(panel):
    save_report()
    app = panel()
    save_report(alarmed=0.5)
    assert "appears on **50.0%** of these photos" in texts(app.run())
    (artifacts.artifacts_dir() / "photos.json").unlink()
    assert "photos.json cannot be read" in said(app.run().error[0])
    forging.reseal()
    assert app.run().info and not app.error and not app.exception


def test_closed_it_says_and_builds_nothing(own_artifacts):
    save_report()
    app = AppTest.from_function(page, default_timeout=TIMEOUT).run()
    assert not app.exception and app.expander[0].label == "How well does this work on photos?"
    assert not texts(app) and not app.get("plotly_chart") and not app.dataframe


def test_without_figures_the_command_is_said(panel):
    app = panel()
    (info,) = app.info
    assert "python -m fmnist benchmark-photos DIR --save" in info.value
    assert not app.get("plotly_chart")


def test_figures_of_another_run_and_of_no_run_are_named(panel):
    first, second, *others = artifacts.list_models()
    path = save_report()
    report = json.loads(path.read_text())
    report["runs"] = {first.name: "an-older-run", second.name: second.run}
    for by_model in report["variants"].values():
        for entry in others:
            del by_model[entry.name]
    path.write_text(json.dumps(report))
    forging.reseal()
    app = panel()
    (warning,) = app.warning
    assert f"The figures for {first.name} come from a run that is no longer published." in warning.value
    assert all(entry.name in warning.value for entry in others)
    assert list(app.dataframe[0].value.columns) == [first.name, second.name]


def test_damaged_figures_are_one_sentence(panel, own_artifacts):
    (own_artifacts / "photos.json").write_text("{")
    app = panel()
    (error,) = app.error
    assert "photos.json is damaged" in said(error) and "benchmark-photos" in said(error)
