"""Compare two models: the verdict, the four sets, every choice, and what there is to say where nothing is."""

import html
import re

import numpy as np
import pytest

from fmnist import analysis, artifacts, narration
from fmnist.errors import ArtifactError
from tests.app.conftest import NAMES, array, figures, markups, open_address, run, said, texts

PAGE = "errors/compare.py"
A, B = NAMES[:2]


def judge(name, part="test"):
    return analysis.judge(artifacts.load_model(name).run, part, name)


@pytest.fixture(scope="module")
def pair():
    return analysis.compare(judge(A), judge(B))


def plain(sentence):
    return sentence.replace("**", "")


def read(app):
    return plain(texts(app))


def buttons(app):
    return {
        button.key.removeprefix("show_"): button for button in app.button if button.key.startswith("show_")
    }


def test_the_first_two_models_are_compared_on_the_test_pictures(open_page, no_data, pair):
    app = open_page(PAGE)
    said = read(app)
    assert plain(narration.describe_pair(pair)) in said and narration.SCOPE in said
    for name in analysis.SETS:
        assert buttons(app)[name].label.startswith(f"**{len(pair.select(name)):,}** ")
    assert [f"{B} right", f"{B} wrong", f"{A} right", f"{A} wrong"] == [
        markup.replace("<div>", "").replace("</div>", "") for markup in markups(app)
    ]
    change, classes = figures(app)
    before, after = pair.confusions
    np.testing.assert_array_equal(array(change.data[0].z), after - before)
    assert list(array(classes.data[1].x)) == pair.classes["fixed"].tolist()
    table = app.dataframe[0].value
    assert table["Newly wrong"].tolist() == pair.classes["newly_wrong"].tolist()
    assert table[f"Recall, {B}"].iloc[0] == f"{pair.classes['recall_b'].iloc[0]:.1%}"
    assert not app.error


def test_luck_is_said_where_sweeps_have_several_seeds(open_page, no_data):
    sweeps = [artifacts.load_sweep(name) for name in artifacts.list_sweeps()]
    groups = analysis.group_trials(trial for sweep in sweeps for trial in sweep.trials)
    validated = analysis.compare(judge(A, "validation"), judge(B, "validation"))
    runs = [artifacts.load_model(name).run for name in (A, B)]
    expected = narration.describe_luck(validated, analysis.find_twins(groups, runs, validated.a.labels))
    assert expected.startswith("**Another random seed alone changes ")
    assert plain(expected) in read(open_page(PAGE))
    assert plain(expected) in read(open_page(PAGE, part="validation pictures"))


def test_a_click_on_a_count_chooses_its_pictures_and_the_address_keeps_it(open_page, no_data, pair):
    app = open_page(PAGE)
    assert f"Fixed: {len(pair.fixed)}" in [heading.value for heading in app.header]
    buttons(app)["newly_wrong"].click()
    run(app)
    assert f"Newly wrong: {len(pair.newly_wrong)}" in [heading.value for heading in app.header]
    assert f"{A} is right, {B} is wrong." in texts(app)
    assert app.query_params["show"] == "newly-wrong"
    app = open_address(PAGE, show="both-wrong", a=B, b=A, part="validation pictures")
    swapped = analysis.compare(judge(B, "validation"), judge(A, "validation"))
    assert f"Both wrong: {len(swapped.both_wrong)}" in [heading.value for heading in app.header]
    assert plain(narration.describe_pair(swapped)) in read(app)
    app = open_address(PAGE, show="nonsense", a="nobody", b="../..")
    assert [heading.value for heading in app.header][1] == f"Fixed: {len(pair.fixed)}"


def test_swapping_and_choosing_change_the_address(open_page, no_data, pair):
    app = open_page(PAGE)
    app.button(key="swap").click()
    run(app)
    assert (app.selectbox(key="a").value, app.selectbox(key="b").value) == (B, A)
    assert app.query_params["a"] == B and app.query_params["b"] == A
    assert read(app).count(f"{A} fixes {len(pair.newly_wrong)} pictures that {B} gets wrong") == 1
    app.button(key="swap").click()
    assert not {"a", "b"} & set(run(app).query_params)


def test_the_title_of_a_run_is_text(no_data, monkeypatch):
    """It may come from an imported run."""
    hostile = "![x](https://evil.example/a.png) <img src=x> :red[c]"
    models = artifacts.load_models()
    monkeypatch.setattr(artifacts, "load_titles", lambda: {models[1].run.name: hostile})
    monkeypatch.setattr(artifacts, "list_models", lambda: [models[0].entry])
    app = open_address(PAGE, b=models[1].run.name)
    shown = [element for kind in ("markdown", "caption", "info", "header") for element in getattr(app, kind)]
    assert not [e for e in shown if re.search(r"(?<!\\)(<img|!\[|:red)", e.value)]
    assert any("evil.example" in said(element) for element in shown)
    assert hostile in [html.unescape(text) for text in raw(app)[0]] and "<img" not in str(raw(app))
    assert "<img" not in str([trace.name for figure in figures(app) for trace in figure.data])


def raw(app):
    """The texts between the tags of what our own markup shows, as they are sent, and all of it."""
    sent = [element.proto.body for element in app.get("html")]
    return [markup.removeprefix("<div>").removesuffix(" right</div>") for markup in sent], sent


def test_a_kind_of_pictures_restricts_everything(no_data, pair):
    darkest = analysis.compute_mask(analysis.find_slice("darkest"), "test", {})
    restricted = analysis.compare(pair.a, pair.b, darkest)
    app = open_address(PAGE, slice="darkest")
    said = read(app)
    assert f"Only darkest quarter: {restricted.size:,} of 10,000 test pictures." in said
    assert plain(narration.describe_pair(restricted)) in said
    assert buttons(app)["both_wrong"].label.startswith(f"**{len(restricted.both_wrong):,}** ")
    before, after = restricted.confusions
    np.testing.assert_array_equal(array(figures(app)[0].data[0].z), after - before)
    app.selectbox(key="slice").set_value(None)
    assert plain(narration.describe_pair(pair)) in read(run(app)) and "slice" not in app.query_params


def test_a_kind_without_pictures_is_a_sentence(no_data, monkeypatch):
    monkeypatch.setattr("fmnist.analysis.compute_mask", lambda kind, part, judged: np.zeros(10_000, bool))
    app = open_address(PAGE, slice="shirt")
    assert "Only shirt: 0 of 10,000 test pictures, so there is nothing to compare." in texts(app)
    assert not app.error and not app.get("plotly_chart")


def test_a_model_and_itself_is_a_sentence(open_page, no_data):
    app = open_page(PAGE, a=A, b=A)
    assert "the same set of weights" in app.info[0].value and not app.get("plotly_chart")
    assert app.selectbox(key="b").options  # to choose another


def test_runs_on_other_pictures_are_a_sentence(open_page, own_artifacts):
    app = open_page(PAGE)
    assert "answered other pictures than those of the data set" in said(app.info[0]) and not app.error
    assert not app.get("plotly_chart")


def test_any_other_run_can_be_compared_by_its_folder(no_data, monkeypatch):
    """The second model's name is taken away, its run is still there."""
    models = artifacts.load_models()
    monkeypatch.setattr(artifacts, "list_models", lambda: [models[0].entry])
    other = models[1].run.name
    app = open_address(PAGE, b=other)
    assert app.selectbox(key="b").value == other
    short = artifacts.name_runs([other])[other]
    assert f"{short} fixes" in read(app) and not app.error
    left, right = figures(app)[1].data
    assert left.marker.color == models[0].colour != right.marker.color


def test_an_empty_set_says_so(open_page, no_data, monkeypatch):
    """Where the second is right, the first is, too."""
    judged = {name: judge(name) for name in (A, B)}
    worse = judged[A].probabilities.copy()
    worse[judged[A].is_right.argmax()] = np.roll(worse[judged[A].is_right.argmax()], 1)
    forged = analysis.Judged(B, "test", judged[A].labels, worse)
    monkeypatch.setattr(
        "fmnist.ui.evidence.analysis.judge", lambda run, part, name: judged[A] if name == A else forged
    )
    app = open_page(PAGE)
    assert f"{B} fixes no picture that {A} gets wrong, and breaks 1 picture." in read(app)
    assert narration.describe_empty_set(analysis.compare(judged[A], forged), "fixed") in [
        i.value for i in app.info
    ]


def test_without_the_data_set_all_works_but_the_pictures(open_page, no_data):
    app = open_page(PAGE)
    assert "The test images are not on this machine yet." in texts(app)
    assert app.button(key="download") and len(figures(app)) == 2
    assert [button.proto.label for button in app.get("download_button")] == [
        "Report (HTML)", "Pictures (CSV)", "Classes (CSV)", "Matrices (CSV)"
    ]  # fmt: skip


def test_damaged_histories_leave_out_the_report_only(open_page, no_data, monkeypatch):
    def refuse(run):
        raise ArtifactError("The file history is damaged.")

    monkeypatch.setattr("fmnist.ui.cache.load_history", refuse)
    app = open_page(PAGE)
    assert "history is damaged" in said(app.error[0])
    assert len(app.get("download_button")) == 3 and len(figures(app)) == 2


def test_no_sweep_no_luck(open_page, no_data, pair, monkeypatch):
    monkeypatch.setattr(artifacts, "list_sweeps", list)
    said = read(open_page(PAGE))
    assert plain(narration.describe_pair(pair)) in said and "Another random seed alone" not in said
