"""Confusion matrices: one scale, every setting, and the scores of each class."""

import io
import json

import numpy as np
import pandas as pd
import pytest

from fmnist import artifacts
from fmnist.analysis import compute_mask, find_slice, judge, select_cell
from fmnist.figures import find_marker
from fmnist.ui.confusion import write_csv
from tests.app.conftest import NAMES, array, component, figures, open_address, run, said, texts

PAGE = "errors/confusion_matrices.py"


def test_confusion_matrices_share_one_scale(open_page):
    """It ends at the largest value that any of them shows, which is not that of the first."""
    confusions = np.array([artifacts.load_model(n).manifest.test.confusion_matrix for n in NAMES])
    app = open_page(PAGE, errors=False)
    heatmaps = [figure.data[0] for figure in figures(app)]
    assert len(heatmaps) == len(NAMES)
    largest = (confusions / confusions.sum(axis=2, keepdims=True)).max()
    assert [(heatmap.zmin, heatmap.zmax) for heatmap in heatmaps] == [(0, pytest.approx(largest))] * len(
        NAMES
    )
    assert f"from zero to {largest:.0%}, alike in all matrices." in texts(app)
    app.segmented_control(key="normalize").set_value("counts")
    app.toggle(key="errors").set_value(True)
    heatmaps = [figure.data[0] for figure in figures(run(app))]
    shown = array(heatmaps[0].z)
    assert np.isnan(np.diag(shown)).all()
    off = ~np.eye(10, dtype=bool)
    largest = confusions[:, off].max()
    assert {(heatmap.zmin, heatmap.zmax) for heatmap in heatmaps} == {(0, largest)}
    assert f"from zero to {largest} pictures, alike in all matrices." in texts(app)
    np.testing.assert_array_equal(shown[off], confusions[0][off])
    app.segmented_control(key="part").set_value("validation pictures")
    assert "of 12,000 correct" in texts(run(app))


def test_class_scores_carry_the_change_against_the_baseline(open_page):
    app = open_page(PAGE)
    precision = app.dataframe[0].value
    for name in NAMES[1:]:
        change = "change" if len(NAMES) == 2 else f"change, {name}"
        np.testing.assert_allclose(precision[change], precision[name] - precision[NAMES[0]])
    assert [tab.label for tab in app.tabs] == ["F1", "Precision", "Recall"]
    assert f"from 1,000 pictures per class. Changes in points, compared with {NAMES[0]}." in texts(app)


def test_only_mistakes_are_shown_at_first_and_the_correct_share_is_said(open_page):
    app = open_page(PAGE)
    for name, figure in zip(NAMES, figures(app), strict=True):
        metrics = artifacts.load_model(name).manifest.test
        confusion = np.array(metrics.confusion_matrix)
        assert np.isnan(np.diag(array(figure.data[0].z))).all()
        assert figure.data[0].zmax < 0.2  # with the diagonal the scale ends at about 1
        assert f"{confusion.trace():,} of 10,000 correct ({metrics.accuracy:.2%})." in texts(app)


def test_a_chart_says_in_words_what_it_shows_and_has_no_buttons(open_page):
    for name, chart in zip(NAMES, open_page(PAGE).get("plotly_chart"), strict=True):
        accuracy = artifacts.load_model(name).manifest.test.accuracy
        assert f"the {name} model" in chart.proto.alt and f"({accuracy:.2%})" in chart.proto.alt
        assert chart.proto.alt.count(" taken for ") == 2
        assert json.loads(chart.proto.config)["displayModeBar"] is False


def test_the_most_frequent_mistakes_stand_in_a_table_whose_numbers_open_their_pictures(open_page):
    table = component(open_page(PAGE), "mistakes_table")
    models = [artifacts.load_model(name) for name in NAMES]
    assert table["columns"] == [f"{find_marker(model.colour).glyph} {model.name}" for model in models]
    confusions = np.array([model.manifest.test.confusion_matrix for model in models])
    counts = [[int(number["text"].replace(",", "")) for number in row["numbers"]] for row in table["rows"]]
    off = confusions.sum(axis=0)[~np.eye(10, dtype=bool)]
    assert len(counts) == 8 and [sum(row) for row in counts] == sorted(off, reverse=True)[:8]
    (shirt,) = [row for row in table["rows"] if row["name"] == "shirt taken for t-shirt"]
    assert [number["label"] for number in shirt["numbers"]] == [
        f"{model.name}: {confusion[6][0]} pictures, shirt taken for t-shirt"
        for model, confusion in zip(models, confusions, strict=True)
    ]


def test_only_the_chosen_models_are_shown_and_never_none(open_page):
    app = open_page(PAGE, models=NAMES[1:])
    assert len(figures(app)) == len(NAMES) - 1 and not {NAMES[0]} & {h.value for h in app.header}
    assert NAMES[0] not in app.dataframe[0].value
    app.pills(key="models").set_value([])
    assert len(figures(run(app))) == len(NAMES)
    assert app.pills(key="models").value == NAMES
    app.pills(key="models").set_value(NAMES[:1])
    assert len(figures(run(app))) == 1 and "Changes" not in texts(app)


def test_headings_go_down_one_step_at_a_time(open_page):
    app = open_page(PAGE)
    assert len(app.title) == 1 and not app.subheader
    assert [heading.value for heading in app.header] == [
        "Most frequent mistakes", *NAMES, "Which pictures?", "Scores for each class"
    ]  # fmt: skip


def count_wanted(name, part="test", cell=(6, 0)):
    return int(np.array(artifacts.load_model(name).manifest.metrics(part).confusion_matrix)[cell])


def read_chip(app):
    return app.button(key="close_cell").label.replace("\\", "")


def test_a_cell_is_chosen_in_boxes_and_closed_by_its_chip(dataset, open_page):
    app = open_page(PAGE)
    assert "Click a number, or choose both classes here." in texts(app)
    app.selectbox(key="true").set_value("shirt")
    assert not [button for button in run(app).button if button.key == "close_cell"]
    app.selectbox(key="predicted").set_value("t-shirt")
    app.selectbox(key="of").set_value(NAMES[1])
    wanted = count_wanted(NAMES[1])
    assert read_chip(run(app)) == f"{NAMES[1]}: shirt taken for t-shirt · {wanted} pictures"
    assert f"1 to 24 of {wanted}" in texts(app)
    judged = judge(artifacts.load_model(NAMES[1]).run, "test", NAMES[1])
    tiles = component(app, "cell")["tiles"]
    assert [tile["index"] for tile in tiles] == select_cell(judged, 6, 0)[:24].tolist()
    assert {tile["title"] for tile in tiles} == {"shirt"}
    assert "surest of come first" in texts(app)
    before = [figure.to_json() for figure in figures(app)]
    app.button(key="close_cell").click()
    assert "Click a number" in texts(run(app)) and not dict(app.query_params).keys() & {"true", "predicted"}
    assert [figure.to_json() for figure in figures(app)] == before  # or the chart would forget its selection


def test_a_cell_is_in_the_address_and_what_the_page_does_not_know_is_ignored(dataset):
    asked = {"true": "shirt", "predicted": "shirt", "of": NAMES[-1], "part": "validation pictures"}
    app = open_address(PAGE, **asked)
    wanted = count_wanted(NAMES[-1], "validation", (6, 6))
    assert read_chip(app) == f"{NAMES[-1]}: shirt recognised · {wanted:,} pictures"
    assert dict(app.query_params) == asked
    app = open_address(PAGE, true="shirts", predicted="t-shirt", of="nobody")
    assert app.selectbox(key="of").value == NAMES[0] and app.selectbox(key="true").value is None
    assert "Click a number" in texts(app)


def test_another_model_stands_in_for_one_that_is_no_longer_shown(dataset):
    app = open_address(PAGE, true="shirt", predicted="t-shirt", of=NAMES[-1])
    app.pills(key="models").set_value(NAMES[:1])
    assert f"{count_wanted(NAMES[0])} pictures" in read_chip(run(app))
    assert list(component(app, "cell")["models"]) == NAMES[:1]


def test_an_empty_cell_has_a_sentence(dataset):
    app = open_address(PAGE, true="ankle boot", predicted="trouser")
    assert "0 pictures" in read_chip(app)
    assert "never says “trouser” to a picture labelled “ankle boot”" in said(app.info[0])


def test_without_the_data_set_matrices_and_counts_stay(no_data):
    app = open_address(PAGE, true="shirt", predicted="t-shirt")
    assert f"{count_wanted(NAMES[0])} pictures" in read_chip(app)
    assert len(figures(app)) == len(NAMES)
    assert "not on this machine yet" in app.info[0].value and app.button(key="download")


def test_models_that_answered_other_pictures_have_matrices_and_a_sentence(own_artifacts):
    app = open_address(PAGE, true="shirt", predicted="t-shirt")
    assert figures(app) and "answered other pictures" in said(app.info[0])
    assert not [button for button in app.button if button.key == "close_cell"]


def test_a_kind_of_pictures_has_matrices_mistakes_and_galleries_of_its_own(dataset):
    app = open_address(PAGE, slice="darkest", normalize="counts", true="shirt", predicted="t-shirt")
    judged = {model.name: judge(model.run, "test", model.name) for model in artifacts.load_models()}
    within = compute_mask(find_slice("darkest"), "test", judged)
    removed = app.button(key="close_slice")
    assert removed.label.replace("\\", "") == f"Only darkest quarter · {within.sum():,} of 10,000 pictures"
    for name, figure in zip(NAMES, figures(app), strict=True):
        counts = judged[name].count(within)
        cells = array(figure.data[1].customdata)[:, 2].reshape(10, 10)
        np.testing.assert_array_equal(cells, counts)
        assert f"{np.trace(counts):,} of {within.sum():,} correct" in texts(app)
    wanted = select_cell(judged[NAMES[0]], 6, 0, within)
    assert f" · {len(wanted)} pictures" in read_chip(app)
    assert [tile["index"] for tile in component(app, "cell")["tiles"]] == wanted[:24].tolist()
    listed = [number["text"] for row in component(app, "mistakes_table")["rows"] for number in row["numbers"]]
    assert max(map(int, listed)) == max(
        (judged[name].count(within) * (1 - np.eye(10, dtype=int))).max() for name in NAMES
    )
    removed.click()
    assert count_wanted(NAMES[0]) == int(read_chip(run(app)).split("·")[1].split()[0])
    assert "slice" not in app.query_params and "of 10,000 correct" in texts(app)


def test_a_kind_without_a_class_has_sentences_and_one_that_is_unknown_is_ignored(no_data):
    app = open_address(PAGE, slice="shirt", true="bag", predicted="coat")
    assert "None of these pictures is labelled “bag”." in said(app.info[0])
    assert "from 0 to 1,000 pictures per class" in texts(app)
    app = open_address(PAGE, slice="trouser", true="trouser", predicted="sandal")
    assert f"{NAMES[0]} never answers “sandal” here." in said(app.info[0])
    app = open_address(PAGE, slice="green")
    assert "of 10,000 correct" in texts(app) and not app.button


def test_without_answers_to_these_pictures_a_kind_is_not_counted(own_artifacts):
    app = open_address(PAGE, slice="darkest")
    assert figures(app) and "answered other pictures" in said(app.info[0])


def test_tables_of_buttons_take_the_place_of_the_charts(open_page):
    app = open_page(PAGE, table=True, normalize="counts")
    assert not figures(app)
    for name in NAMES:
        counts = np.array(artifacts.load_model(name).manifest.test.confusion_matrix)
        table = component(app, f"table_{name}")
        texts_shown = [[number["text"] for number in row["numbers"]] for row in table["rows"]]
        assert texts_shown == [[str(count) for count in row] for row in counts]
        # All but the zeros can be pressed.
        pressed = [[bool(number["label"]) for number in row["numbers"]] for row in table["rows"]]
        assert pressed == (counts > 0).tolist()
        weights = np.array([[number["weight"] for number in row["numbers"]] for row in table["rows"]])
        assert (np.diag(weights) == 0).all() and 0 < weights.max() <= 1


def test_the_matrices_can_be_downloaded(open_page):
    (offer,) = open_page(PAGE).get("download_button")
    assert offer.proto.label == "CSV"
    confusions = {name: np.array(artifacts.load_model(name).manifest.test.confusion_matrix) for name in NAMES}
    table = pd.read_csv(io.StringIO(write_csv(confusions)))
    assert len(table) == 100 * len(NAMES) and table["pictures"].sum() == 10_000 * len(NAMES)
