"""Which kinds of pictures: the chart, the choice of a kind, its figures, its mistakes and the table."""

import io

import numpy as np
import pandas as pd
import pytest

from fmnist import analysis, artifacts
from fmnist.ui import slices
from tests.app.conftest import NAMES, array, component, figures, open_address, run, said, texts

PAGE = "errors/slices.py"


@pytest.fixture(scope="module")
def scored():
    judged = {model.name: analysis.judge(model.run, "test", model.name) for model in artifacts.load_models()}
    masks = {each: analysis.compute_mask(each, "test", judged) for each in analysis.list_slices()}
    return {scores.slice.key: scores for scores in analysis.score_slices(masks, judged)}


@pytest.fixture
def galleries(monkeypatch):
    """The galleries that a page shows: their pictures, and what they say if there are none."""
    shown = []

    def show_gallery(key, part, positions, judged, colours, *, empty, per_page=24):
        shown.append((part, positions.tolist(), list(judged), empty))

    monkeypatch.setattr("fmnist.ui.gallery.show_gallery", show_gallery)
    return shown


def read_rows(app):
    return [row.replace("<br>", " ").split(" (")[0] for row in figures(app)[0].layout.yaxis.ticktext]


def test_the_chart_shows_each_kind_with_the_worst_first(open_page, no_data, scored):
    app = open_page(PAGE)
    expected = [s for s in scored.values() if s.slice.kind in ("looks", "data")]
    assert read_rows(app) == [scores.slice.label for scores in expected]
    trace = next(trace for trace in figures(app)[0].data if trace.name == NAMES[0])
    np.testing.assert_allclose(array(trace.x), [100 * s.by_model[NAMES[0]].accuracy for s in expected])
    app.segmented_control(key="by").set_value("class")
    assert sorted(read_rows(run(app))) == sorted(
        s.slice.label for s in scored.values() if s.slice.kind == "class"
    )


def test_without_a_choice_the_page_says_what_to_do(open_page, no_data):
    app = open_page(PAGE)
    assert "Choose a kind of pictures" in texts(app)
    assert app.selectbox(key="slice").value is None


@pytest.mark.parametrize("key", ["darkest", "shirt", "label-doubted"])
def test_a_chosen_kind_shows_its_figures_and_its_mistakes(no_data, galleries, scored, key):
    app = open_address(PAGE, slice=key)
    shown = texts(app)
    scores = scored[key]
    assert f"{scores.size:,} of 10,000 pictures." in shown
    for score in scores.by_model.values():
        assert f"{score.accuracy:.1%}" in shown and f"{score.expected:.1%}" in shown
    ((part, positions, models, _),) = galleries
    assert part == "test" and models == NAMES
    judged = [analysis.judge(artifacts.load_model(name).run, "test", name) for name in NAMES]
    mask = analysis.compute_mask(scores.slice, "test", dict(zip(NAMES, judged, strict=True)))
    right = np.all([each.is_right for each in judged], axis=0)
    assert sorted(positions) == np.flatnonzero(mask & ~right).tolist()
    first, last = (
        [each.disagreement[at] for each in judged if not each.is_right[at]]
        for at in positions[:: len(positions) - 1]
    )
    assert max(first) >= max(last)


def test_the_choice_is_in_the_address_and_can_be_taken_back(open_page, no_data, galleries):
    app = open_page(PAGE)
    app.selectbox(key="slice").set_value("largest")
    assert run(app).query_params["slice"] in ("largest", ["largest"]) and len(galleries) == 1
    app.selectbox(key="slice").set_value(None)
    assert "slice" not in run(app).query_params


@pytest.mark.parametrize("address", ["nonsense", ""])
def test_an_address_that_names_no_kind_is_ignored(no_data, address):
    assert open_address(PAGE, slice=address).selectbox(key="slice").value is None


@pytest.mark.parametrize(
    ("points", "chosen"),
    [
        ([{"customdata": ["largest", 1.0]}], "largest"),
        ([], None),
        ([{"customdata": ["nonsense"]}], None),
        ([{"customdata": {"0": "largest"}}], None),
        ("nonsense", None),
    ],
)
def test_a_click_on_a_point_chooses_its_kind(monkeypatch, points, chosen):
    """AppTest cannot click a chart."""
    from types import SimpleNamespace

    state = {"slices": SimpleNamespace(selection=SimpleNamespace(points=points))}
    monkeypatch.setattr("streamlit.session_state", state)
    slices._choose_clicked()
    assert state.get("slice") == chosen
    state["slice"], state["slices"].selection.points = None, []  # the second click on the same point
    slices._choose_clicked()
    assert state["slice"] == chosen


def test_a_kind_without_mistakes_says_so(open_page, no_data, monkeypatch):
    real = analysis.compute_mask

    def compute_mask(shown, *where):
        return np.arange(10_000) == 0 if shown.key == "ankle-boot" else real(shown, *where)

    monkeypatch.setattr("fmnist.analysis.compute_mask", compute_mask)
    shown = texts(open_page(PAGE, slice="ankle-boot"))
    assert "1 picture: too few" in shown and "No chosen model mistakes any of them." in shown


def test_few_pictures_are_shown_without_figures(no_data, galleries, monkeypatch):
    monkeypatch.setattr("fmnist.analysis.slices.TWIN", 10.0)
    app = open_address(PAGE, slice="near-twin")
    assert "17 pictures: too few for an accuracy" in texts(app)
    assert "near twins in training" not in read_rows(app)
    assert len(galleries) == 1


def test_without_the_data_set_the_figures_stand_and_the_gallery_says_how_to_get_it(no_data):
    app = open_address(PAGE, slice="largest")
    assert "not on this machine" in app.info[0].value and app.button(key="download")
    assert len(figures(app)) == 1


def test_the_table_has_all_numbers(open_page, no_data, scored, monkeypatch):
    offered = []
    monkeypatch.setattr(
        "streamlit.download_button", lambda label, content, *arguments, **options: offered.append(content)
    )
    open_page(PAGE)
    table = pd.read_csv(io.StringIO(offered[0])).set_index(["slice", "model"])
    assert len(table) == len(scored) * len(NAMES)
    for key, scores in scored.items():
        for name, score in scores.by_model.items():
            row = table.loc[key, name]
            assert (row["right"], row["pictures"]) == (score.right, scores.size)
            assert row["p_value"] == pytest.approx(score.p_value, nan_ok=True)


def test_the_table_beside_the_chart_has_its_numbers_as_buttons(open_page, no_data, scored):
    table = component(open_page(PAGE, by="class"), "slices_table")
    assert table["columns"] == NAMES
    for row, scores in zip(
        table["rows"], [s for s in scored.values() if s.slice.kind == "class"], strict=True
    ):
        assert row["name"] == scores.slice.label
        for name, number in zip(NAMES, row["numbers"], strict=True):
            right = f"{scores.by_model[name].accuracy:.1%}"
            assert (number["text"], number["label"]) == (right, f"{row['name']}, {name}: {right} right")


def test_only_the_chosen_models_are_compared_but_all_decide_what_is_doubted(no_data, galleries, scored):
    app = open_address(PAGE, slice="label-doubted", models=NAMES[0])
    assert f"{scored['label-doubted'].size:,} of 10,000 pictures." in texts(app)
    assert galleries[0][2] == NAMES[:1]
    assert not [trace for trace in figures(app)[0].data if trace.name == NAMES[1]]


def test_models_that_answered_other_pictures_are_named(open_page, own_artifacts):
    app = open_page(PAGE)
    assert "answered other pictures" in texts(app)
    assert "nothing to compare" in texts(app) and not figures(app)


def test_damaged_answers_are_a_red_box_and_answers_to_other_pictures_a_plain_one(open_page, own_artifacts):
    run = artifacts.load_model(NAMES[1]).run
    path = run.folder / artifacts.RUN_FILES["test_probabilities"].name
    path.write_bytes(path.read_bytes()[:-1])
    app = open_page("errors/slices.py")
    assert any("damaged" in said(error) and run.name in said(error) for error in app.error)
    assert any("answered other pictures" in said(box) for box in app.info)
    assert not any("answered other pictures" in said(error) for error in app.error)
