"""What is kept between reruns: the same charts by value, built once; a new publication is shown at once."""

import json

import numpy as np
import pandas as pd
import plotly.io
import pytest
import streamlit as st

from fmnist import artifacts, figures
from fmnist.artifacts import photos, runs
from fmnist.augmentation import list_done
from fmnist.confidence import load_answers
from fmnist.evaluation import Curve
from fmnist.inference import Classifier
from fmnist.pictures.samples import draw_samples
from fmnist.ui import cache, draws
from tests.app.conftest import texts
from tests.conftest import BASELINE, find_model, has_alarm, is_augmented, published_models

CHARTS = {  # page: how many charts it builds
    "learn/training_curves.py": 4,
    "errors/confusion_matrices.py": len(published_models()),
    "try/classify.py": 0,
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

    for name in (
        "plot_history",
        "plot_gap",
        "plot_learning_rate",
        "plot_confusion",
        "plot_photo_classes",
    ):
        count(figures, name)
    count(runs, "parse_manifest")
    count(photos, "parse_report")
    count(pd, "read_csv")
    count(pd.DataFrame, "to_csv")
    return calls


@pytest.mark.parametrize("page", ["start/home.py", *CHARTS])
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
    curves = [
        Curve(model.name, model.run.load_history(), model.manifest.kept_epoch, 48_000)
        for model in artifacts.load_models()
    ]
    colours = {model.name: model.colour for model in artifacts.load_models()}

    def build(**view):
        built = figures.plot_history(curves, colours, "loss", figures.View(**view))
        return json.loads(plotly.io.to_json(built, validate=False))

    app = open_page("learn/training_curves.py")
    for smoothing in (0.0, 0.6, 0.0):
        app.slider(key="smoothing").set_value(smoothing)
        assert specs(app.run())[0] == build(smoothing=smoothing)
    app.toggle(key="log").set_value(True)
    assert specs(app.run())[0] == build(log_scale=True)
    app.toggle(key="watch").set_value(True)
    assert specs(app.run())[0] == build(log_scale=True, is_animated=True)


def test_each_setting_of_the_matrices_has_charts_and_tables_of_its_own(open_page):
    app = open_page("errors/confusion_matrices.py")
    seen = [specs(app)]
    scores = tables(app)[0]
    app.toggle(key="errors").set_value(False)
    seen.append(specs(app.run()))
    app.segmented_control(key="normalize").set_value("counts")
    seen.append(specs(app.run()))
    app.segmented_control(key="part").set_value("validation pictures")
    seen.append(specs(app.run()))
    assert all(one != other for index, one in enumerate(seen) for other in seen[:index])
    assert not tables(app)[0].equals(scores)


@pytest.mark.parametrize("page", ["start/home.py", *CHARTS])
def test_a_publication_is_shown_at_the_next_rerun(open_page, own_artifacts, page):
    app = open_page(page)
    before = everything(app)
    artifacts.point(BASELINE, find_model(is_augmented).run)
    app.run()
    assert not app.exception and not app.error
    after = everything(app)
    assert after != before
    st.cache_resource.clear()
    assert everything(open_page(page)) == after


def test_answers_and_record_are_of_one_run_whatever_is_published_meanwhile(own_artifacts):
    """A page that has loaded its models goes on with them, though a name points at another run by now."""
    before = find_model(has_alarm)
    artifacts.point(before.name, artifacts.load_model(BASELINE).run)
    assert cache.load_alarm(before) is not None
    expected = load_answers(before.run, "validation").max(axis=1)
    np.testing.assert_array_equal(cache.load_validation_confidences(before), expected)
    images = draw_samples()
    served = Classifier.from_run(before.run).predict_proba(images)
    np.testing.assert_array_equal(cache.load_classifier(before).predict_proba(images), served)
    pd.testing.assert_frame_equal(cache.load_history(before.run), before.run.load_history())
    assert cache.load_alarm(artifacts.load_model(before.name)) is None


def test_a_damaged_run_that_is_restored_is_read_again(open_page, own_artifacts):
    path = artifacts.load_model(BASELINE).run.folder / "run.json"
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    app = open_page("errors/confusion_matrices.py")
    assert len(app.error) == 1
    path.write_bytes(whole)
    assert not app.run().error
    path.write_bytes(whole[:-100])
    assert len(app.run().error) == 1


def test_a_change_of_one_strength_draws_nothing_else_anew(open_page, monkeypatch):
    drawn = []  # the policies
    augment = draws.augment

    def count(images, policy, seed):
        drawn.append(policy)
        return augment(images, policy, seed)

    monkeypatch.setattr(draws, "augment", count)
    app = open_page("augmentation/preview.py", alone=True)
    together, *alone = drawn
    assert [list_done(policy) for policy in alone] == [[done] for done in list_done(together)]
    before = texts(app)
    drawn.clear()
    app.slider(key="zoom").set_value(20.0)
    assert "up to 20% larger" in texts(app.run())
    assert [policy.zoom for policy in drawn] == [0.2, 0.2]
    drawn.clear()
    app.slider(key="zoom").set_value(7.0)
    assert texts(app.run()) == before and drawn == []
