"""How sure, how right: calibration, bins and their pictures, prediction sets, and the card of Classify."""

import shutil

import msgspec
import numpy as np
import pytest

from fmnist import artifacts, census, confidence
from fmnist.artifacts import SetFigures
from fmnist.confidence import build_rule, load_answers, measure_sets
from fmnist.evaluation import expected_calibration_error, sort_into_bins
from fmnist.pictures.samples import draw_samples
from tests.app.conftest import NAMES, array, figures, open_address, png, run, texts
from tests.conftest import ROOT, predict

PAGE = "errors/confidence.py"
LABELS = census.load_census("test").labels


def test_the_diagram_shows_a_model_before_and_after_calibration(open_page):
    app = open_page(PAGE)
    for name in NAMES[:2]:
        app.segmented_control(key="of").set_value(name)
        model = artifacts.load_model(name)
        raw, served = model.run.load_probabilities("test"), load_answers(model.run, "test")
        assert (
            f"calibration error from {expected_calibration_error(LABELS, raw):.1%} to "
            f"**{expected_calibration_error(LABELS, served):.1%}**" in texts(run(app))
        )
        (figure,) = figures(app)
        traces = {trace.name: trace for trace in figure.data}
        top = sort_into_bins(served.max(axis=1)) == 14
        assert array(traces["answers"].y)[14] == top.sum()
        right = (served.argmax(axis=1) == LABELS)[top].mean()
        assert array(traces["after calibration"].y)[-1] == pytest.approx(right, abs=1e-3)


def test_a_bin_from_the_address_or_the_box_opens_its_pictures(open_page, no_data):
    app = open_address(PAGE, bin="87% to 93%")
    model = artifacts.load_model(NAMES[0])
    found = sort_into_bins(load_answers(model.run, "test").max(axis=1)) == 13
    assert f"{found.sum():,} answers, " in texts(app)
    assert "The test images are not on this machine yet." in app.info[0].value
    app.selectbox(key="bin").set_value("most confident mistakes")
    assert " confident on average and " not in texts(run(app))


def test_a_bin_that_means_nothing_is_ignored():
    assert open_address(PAGE, bin="x").selectbox(key="bin").value == "most confident mistakes"


@pytest.mark.dataset
def test_the_gallery_holds_as_many_mistakes_as_the_model_makes(open_page, dataset):
    app = open_page(PAGE)
    wrong = len(artifacts.load_model(NAMES[0]).manifest.test.wrong)
    assert f"1 to 24 of {wrong:,}" in texts(app)


def test_sets_stand_in_a_table_for_each_class_and_level(open_page):
    app = open_page(PAGE)
    (table,) = [frame.value for frame in app.dataframe]
    model = artifacts.load_model(NAMES[0])
    known = census.load_census("validation").labels
    for level in confidence.LEVELS:
        rule = build_rule(known, load_answers(model.run, "validation"), level)
        record = measure_sets(rule, LABELS, load_answers(model.run, "test"))
        shown = table[f"{level:.0%}: in set"]
        np.testing.assert_allclose(shown.iloc[:10], 100 * record.coverage, atol=0.1)
        assert shown["all"] == pytest.approx(100 * record.covered, abs=0.01)
        np.testing.assert_allclose(table[f"{level:.0%}: classes"].iloc[:10], record.sizes, atol=0.01)
    assert "With one threshold for all classes, a promise of 95% comes to " in texts(app)


def test_tiny_runs_of_other_pictures_still_have_a_diagram(open_page, own_artifacts):
    app = open_page(PAGE)
    assert len(figures(app)) == 1 and not app.dataframe and not app.error
    assert "answered other pictures" in app.info[0].value


def test_the_card_promises_classes_for_a_sample(open_page):
    app = open_page("try/classify.py", sample="shirt", model=NAMES[0])
    rule = confidence.load_rule(artifacts.load_model(NAMES[0]).run)
    (answer,) = predict(NAMES[0], draw_samples()[6:7])
    listed = rule.list_classes(answer)
    assert (answer[list(listed)] >= rule.thresholds[list(listed)]).all() and len(listed) > 1
    (said,) = [m.value for m in app.markdown if m.value.startswith("99 times in 100 the truth is")]
    assert said.count(",") == len(listed) - 1


def test_the_card_makes_no_promise_for_photos(open_page, tmp_path, monkeypatch):
    folder = tmp_path / "artifacts"
    shutil.copytree(ROOT / "artifacts", folder, ignore=shutil.ignore_patterns("sweeps", "*.keras"))
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
    app = open_page("try/classify.py", source="Upload", model=NAMES[0])
    app.file_uploader(key="upload").set_value([("garment.png", png(draw_samples()[6]), "image/png")])
    report = artifacts.load_photos_report()
    (variant, by_model), *others = report.variants.items()
    for sets in (None, SetFigures(level=0.99, coverage=0.7, size=2.0)):
        changed = by_model | {NAMES[0]: msgspec.structs.replace(by_model[NAMES[0]], sets=sets)}
        runs = report.runs | {NAMES[0]: artifacts.load_model(NAMES[0]).run.name}
        artifacts.save_photos_report(
            msgspec.structs.replace(report, variants={variant: changed, **dict(others)}, runs=runs)
        )
        read = texts(run(app))
        assert ("For photos it was not measured." in read) == (sets is None)
        assert ("99 times in 100 the truth would be" in read) == (sets is None)
    assert f"on {report.photos} photos that was right for 70% ({NAMES[0]})." in read


def test_the_card_of_tiny_runs_promises_nothing(open_page, own_artifacts):
    app = open_page("try/classify.py")
    assert "times in 100" not in texts(app) and not app.error
