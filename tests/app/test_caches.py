"""What is kept between reruns: the same charts by value, built once; a new publication is shown at once."""

import json
import shutil

import pandas as pd
import plotly.io
import pytest
import streamlit as st

from fmnist import artifacts, figures, schema
from fmnist.ui import components
from tests.app.conftest import texts

CHARTS = {  # page: how many charts it builds, with three models published
    "1_Training_curves.py": 3,
    "2_Confusion_matrices.py": 3,
    "3_Classify.py": 2,
}


def specs(app):
    return [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]


def tables(app):
    return [table.value for table in app.dataframe]


def everything(app):
    """What a page tells of the runs: words, figures in boxes, charts, and tables as text."""
    return texts(app), [metric.value for metric in app.metric], specs(app), [t.to_csv() for t in tables(app)]


@pytest.fixture
def calls(monkeypatch):
    """The names of what is built, drawn and read, in the order of the calls."""
    calls = []

    def count(module, name):
        original = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a, **k: calls.append(name) or original(*a, **k))

    for name in ("plot_history", "plot_gap", "plot_confusion", "plot_probabilities", "plot_photo_classes"):
        count(figures, name)
    count(schema, "check_manifest")
    count(schema, "check_history")
    count(schema, "check_photos")
    count(pd.DataFrame, "to_csv")
    return calls


@pytest.mark.parametrize("page", ["dashboard.py", *CHARTS])
def test_a_rerun_and_another_visitor_are_shown_the_same_and_nothing_is_built_again(open_page, calls, page):
    app = open_page(page)
    assert sum(name.startswith("plot_") for name in calls) == CHARTS.get(page, 0)
    charts, shown = specs(app), tables(app)
    calls.clear()
    for again in (app.run(), open_page(page)):
        assert not again.exception
        assert specs(again) == charts
        for table, before in zip(tables(again), shown, strict=True):
            pd.testing.assert_frame_equal(table, before)
    assert calls == []


def test_a_chart_shown_again_is_the_one_that_is_built(open_page):
    runs = [artifacts.load_run(entry.name) for entry in artifacts.load_models()]
    histories = {run.entry.name: run.load_history() for run in runs}
    colours = {run.entry.name: run.entry.colour for run in runs}
    kept = {run.entry.name: run.manifest["kept_epoch"] for run in runs}
    app = open_page("1_Training_curves.py")
    for smoothing in (0.0, 0.6, 0.0):
        app.slider(key="smoothing").set_value(smoothing)
        built = figures.plot_history(histories, colours, kept, "loss", False, smoothing)
        assert specs(app.run())[0] == json.loads(plotly.io.to_json(built, validate=False))
    app.toggle(key="log").set_value(True)
    built = figures.plot_history(histories, colours, kept, "loss", True, 0.0)
    assert specs(app.run())[0] == json.loads(plotly.io.to_json(built, validate=False))


def test_each_setting_of_the_matrices_has_charts_and_tables_of_its_own(open_page):
    app = open_page("2_Confusion_matrices.py")
    seen = [specs(app)]
    scores = tables(app)[0]
    app.toggle(key="errors").set_value(True)
    seen.append(specs(app.run()))
    app.segmented_control(key="normalize").set_value("counts")
    seen.append(specs(app.run()))
    app.segmented_control(key="part").set_value("validation pictures")
    seen.append(specs(app.run()))
    assert all(one != other for index, one in enumerate(seen) for other in seen[:index])
    assert not tables(app)[0].equals(scores)


@pytest.mark.parametrize("page", ["dashboard.py", *CHARTS])
def test_a_publication_is_shown_at_the_next_rerun(open_page, own_artifacts, page):
    app = open_page(page)
    before = everything(app)
    publish_as("simple", artifacts.load_run("augmented"))
    app.run()
    assert not app.exception and not app.error
    after = everything(app)
    assert after != before
    st.cache_resource.clear()
    assert everything(open_page(page)) == after


def publish_as(name, run):
    """Publishes another model's run anew under a name that is published already."""
    scratch = artifacts.artifacts_dir() / "scratch"
    shutil.copytree(run.folder, scratch)
    entry = next(entry for entry in artifacts.load_models() if entry.name == name)
    manifest = {key: value for key, value in run.manifest.items() if key != "run"}
    config = {**manifest["config"], "model_name": name}
    artifacts.publish(scratch, {**manifest, "model_name": name, "config": config}, entry)


def test_a_damaged_run_that_is_restored_is_read_again(open_page, own_artifacts):
    path = artifacts.load_run("simple").folder / "run.json"
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    app = open_page("2_Confusion_matrices.py")
    assert len(app.error) == 1
    path.write_bytes(whole)
    assert not app.run().error
    path.write_bytes(whole[:-100])
    assert len(app.run().error) == 1


def test_a_change_of_one_strength_draws_nothing_else_anew(open_page, monkeypatch):
    drawn = []  # the policies
    augment = components.augment

    def count(images, policy, seed):
        drawn.append(policy)
        return augment(images, policy, seed)

    monkeypatch.setattr(components, "augment", count)
    app = open_page("4_Augmentation.py")
    assert len(drawn) == 1 + 5
    before = texts(app)
    drawn.clear()
    app.slider(key="zoom").set_value(20.0)
    assert "up to 20% larger" in texts(app.run())
    assert [policy.zoom for policy in drawn] == [0.2, 0.2]
    drawn.clear()
    app.slider(key="zoom").set_value(7.0)
    assert texts(app.run()) == before and drawn == []
