"""Training curves: the recorded history of models and of other runs, and what the choices change."""

import json
import shutil

import msgspec
import numpy as np
import pytest

from fmnist import artifacts
from fmnist.evaluation import find_overfitting
from fmnist.figures import find_marker
from fmnist.ui.comparison import MOST
from tests import forging
from tests.app.conftest import NAMES, array, figures, open_address, run, texts
from tests.conftest import OTHER, find_model

PAGE = "learn/training_curves.py"


def traces(figure):
    return {trace.name: trace for trace in figure.data}


def labels(figure):
    """The names at the ends of the lines, with their markers."""
    return [label.text.split("</span> ")[1] for label in figure.layout.annotations]


def test_curves_show_the_recorded_history(open_page):
    app = open_page(PAGE, table=True)
    loss, _, gap, rate = figures(app)
    histories = {name: artifacts.load_model(name).run.load_history() for name in NAMES}
    trace = traces(loss)[f"{NAMES[0]}, validation"]
    np.testing.assert_allclose(array(trace.y), histories[NAMES[0]]["val_loss"])
    assert loss.layout.yaxis.type == "linear"
    for name, history in histories.items():
        gaps, rates = traces(gap)[name].y, traces(rate)[name].y
        np.testing.assert_allclose(array(gaps), 100 * (history["accuracy"] - history["val_accuracy"]))
        np.testing.assert_allclose(array(rates), history["learning_rate"])
        onset = find_overfitting(history["loss"].to_numpy(), history["val_loss"].to_numpy())
        assert (f"{name}, overfits" in traces(gap)) == (onset is not None)
    assert len(app.dataframe[0].value) == sum(map(len, histories.values()))
    both_ways = find_model(lambda config: config.serving == "mirror_mean")
    served = both_ways.manifest.validation.accuracy
    assert f"{100 * served:.2f}% ({both_ways.name}). The curves above show the answers" in texts(app)


def test_curve_switches_change_the_charts(open_page):
    app = open_page(PAGE)
    app.toggle(key="log").set_value(True)
    app.slider(key="smoothing").set_value(0.6)
    loss, accuracy, *_ = figures(run(app))
    assert loss.layout.yaxis.type == "log" and accuracy.layout.yaxis.type == "linear"
    assert any(trace.opacity == 0.25 for trace in loss.data)


def test_all_charts_follow_one_choice_of_the_axis_and_both_of_the_lines(open_page):
    app = open_page(PAGE, x="images seen", lines=["validation"])
    found = figures(app)
    assert {figure.layout.xaxis.title.text for figure in found} == {"Training images seen (thousands)"}
    assert not [name for figure in found[:2] for name in traces(figure) if "training" in name]
    assert "cannot be compared" not in texts(app)
    app.segmented_control(key="x").set_value("minutes")
    app.pills(key="lines").set_value([])
    found = figures(run(app))
    assert {figure.layout.xaxis.title.text for figure in found} == {"Training time (minutes)"}
    assert f"{NAMES[0]}, training" in traces(found[0]) and f"{NAMES[0]}, validation" in traces(found[0])
    assert app.pills(key="lines").value == ["training", "validation"]
    assert "Times on different machines, or on one that did other work too, cannot be compared" in texts(app)


def test_one_choice_of_models_holds_for_all_charts_texts_and_the_table(open_page):
    app = open_page(PAGE, models=NAMES[1:], table=True)
    for figure in figures(app):
        drawn = {trace.name.split(",")[0] for trace in figure.data}
        assert drawn == set(NAMES[1:])
        assert labels(figure) == NAMES[1:]
    assert f"**{NAMES[0]}**" not in texts(app)
    assert set(app.dataframe[0].value["model"]) == set(NAMES[1:])
    app.pills(key="models").set_value([])
    assert labels(figures(run(app))[2]) == NAMES
    assert app.pills(key="models").value == NAMES


def test_the_marks_are_explained_and_headings_go_down_one_step_at_a_time(open_page):
    app = open_page(PAGE)
    glyphs = " ".join(find_marker(artifacts.load_model(name).colour).glyph for name in NAMES)
    assert f"{glyphs} filled: the epoch whose weights were kept" in texts(app)
    headers = ["Loss", "Accuracy", "The epoch that was kept", "Overfitting", "Learning rate"]
    assert [heading.value for heading in app.header] == headers
    assert not app.subheader
    for chart in app.get("plotly_chart"):
        assert json.loads(chart.proto.config)["displayModeBar"] is False


def test_the_table_is_made_when_it_is_opened_and_has_everything(open_page):
    app = open_page(PAGE)
    assert not app.dataframe and not app.get("download_button")
    app = open_page(PAGE, table=True)
    assert app.get("download_button")
    table = app.dataframe[0].value
    kept = table[table["is_kept"]].set_index("model")
    for name in NAMES:
        manifest = artifacts.load_model(name).manifest
        assert kept.loc[name, "epoch"] == manifest.kept_epoch and kept.loc[name, "run"] == manifest.run


def test_without_other_runs_the_page_says_how_to_train_one(open_page):
    app = open_page(PAGE)
    assert not app.multiselect
    assert "python -m fmnist train" in texts(app)


@pytest.fixture
def own_run(own_artifacts):
    """The name of a run that no model points at any more, in an own folder."""
    old = artifacts.load_model(NAMES[0]).run.name
    artifacts.point(NAMES[0], artifacts.load_model(OTHER).run)
    return old


def test_a_run_of_nobodys_comes_by_the_address_with_a_colour_of_its_own(own_run):
    (name,) = artifacts.name_runs([own_run]).values()
    app = open_address(PAGE, runs=f"nonsense,{own_run},../{own_run}", table="true")
    assert app.multiselect(key="runs").value == [own_run]
    loss = figures(app)[0]
    assert labels(loss) == [*NAMES, name]
    history = artifacts.load_run(own_run).load_history()
    trace = traces(loss)[f"{name}, validation"]
    np.testing.assert_allclose(array(trace.y), history["val_loss"])
    colours = [artifacts.load_model(model).colour for model in NAMES]
    assert trace.line.color not in colours
    marker = traces(loss)[f"{name}, kept weights"].marker.symbol
    assert marker not in [find_marker(colour).symbol for colour in colours]
    table = app.dataframe[0].value
    assert set(table.loc[table["run"] == own_run, "model"]) == {""}
    assert name in texts(app)


def test_a_run_is_called_by_its_title_and_two_of_one_name_can_be_told_apart(own_run, own_artifacts):
    other = copy_run(own_artifacts, own_run, 1)
    artifacts.save_note(own_run, title="My *best*")
    artifacts.save_note(other, title=NAMES[0])
    app = open_address(PAGE, runs=f"{own_run},{other}")
    gap = figures(app)[2]
    assert list(traces(gap))[len(NAMES) :][:2] == ["My *best*", f"{NAMES[0]} ({other})"]
    assert "My *best*" in texts(app)
    (own_artifacts / "notes.json").write_text("{")
    plain = artifacts.name_runs([own_run, other])
    assert not run(app).error
    assert list(traces(figures(app)[2]))[len(NAMES) :][:2] == list(plain.values())


def test_what_is_chosen_is_in_the_address_and_alone_if_no_model_is(open_page, own_run):
    app = open_page(PAGE)
    assert "runs" not in app.query_params
    app.multiselect(key="runs").set_value([own_run])
    app.pills(key="models").set_value([])
    app.run()
    assert app.query_params["runs"] == own_run
    assert len(figures(run(app))[2].layout.annotations) == 1
    app.multiselect(key="runs").set_value([])
    run(app)
    assert "runs" not in app.query_params
    assert labels(figures(app)[2]) == NAMES


def test_a_run_that_is_deleted_meanwhile_is_no_longer_shown(own_run, own_artifacts):
    another = copy_run(own_artifacts, own_run, 1)
    app = open_address(PAGE, runs=f"{own_run},{another}")
    shutil.rmtree(own_artifacts / "runs" / own_run)
    assert len(labels(figures(run(app))[2])) == len(NAMES) + 1
    assert app.multiselect(key="runs").value == [another] and app.query_params["runs"] == another


def test_a_damaged_run_is_named_and_the_rest_goes_on(own_run, own_artifacts):
    (own_artifacts / "runs" / own_run / "history.csv").write_text("epoch")
    app = open_address(PAGE, runs=own_run)
    assert "history.csv is damaged" in app.error[0].value.replace("\\", "")
    assert labels(figures(app)[0]) == NAMES
    app = open_address(PAGE, runs=own_run, models="")
    assert len(app.error) == 1 and not figures(app), "nothing else was chosen"


def copy_run(folder, run_name, number):
    """Copies a run under another name: one more run, as another training would have left it."""
    name = f"{run_name.rsplit('-', 1)[0]}-202601{number:02}T000000000000Z"
    shutil.copytree(folder / "runs" / run_name, folder / "runs" / name)
    path = folder / "runs" / name / "run.json"
    path.write_bytes(msgspec.json.encode(msgspec.json.decode(path.read_bytes()) | {"run": name}))
    return name


def test_more_runs_than_can_be_told_apart_are_cut_off(own_run, own_artifacts):
    runs = [copy_run(own_artifacts, own_run, number) for number in range(1, MOST + 2)]
    app = open_address(PAGE, runs=",".join(runs))
    assert app.multiselect(key="runs").value == runs[:MOST]
    assert f"up to {MOST}" in app.multiselect(key="runs").label
    loss = figures(app)[0]
    kept = [trace for trace in loss.data if trace.name.endswith("kept weights")]
    assert len(kept) == len(NAMES) + MOST
    assert len({trace.marker.color for trace in kept}) == len({t.marker.symbol for t in kept}) == len(kept)


def test_a_run_keeps_its_colour_when_another_goes(own_run, own_artifacts):
    other = copy_run(own_artifacts, own_run, 1)
    names = artifacts.name_runs([own_run, other])
    app = open_address(PAGE, runs=f"{own_run},{other}")
    before = traces(figures(app)[2])[names[other]].line.color
    app.multiselect(key="runs").set_value([other])
    assert traces(figures(run(app))[2])[names[other]].line.color == before


def test_watching_gives_the_charts_of_the_metrics_frames_and_a_player(open_page):
    app = open_page(PAGE)
    assert not [figure for figure in figures(app) if figure.frames]
    app.toggle(key="watch").set_value(True)
    loss, accuracy, gap, rate = figures(run(app))
    epochs = max(len(artifacts.load_model(name).run.load_history()) for name in NAMES)
    assert len(loss.frames) == len(accuracy.frames) == epochs
    assert not gap.frames and not rate.frames


def test_the_csv_opens_no_formula(own_run, own_artifacts, downloads):
    hostile = "-cmd"
    (own_artifacts / "runs" / own_run).rename(own_artifacts / "runs" / hostile)
    forging.edit(own_artifacts / "runs" / hostile / "run.json", "run", value=hostile)
    open_address(PAGE, runs=hostile, table="true")
    assert f"'{hostile}" in set(downloads[0]["run"]) and hostile not in set(downloads[0]["run"])
