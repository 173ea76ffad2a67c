"""Through the epochs: the epoch in the address, runs with and without the answers of each, the lists."""

import shutil

import numpy as np
import pytest

from fmnist import analysis, artifacts, census, figures
from tests.app.conftest import NAMES, array, open_address, run, texts
from tests.app.conftest import figures as charts
from tests.epochs import build_logged_artifacts

PAGE = "errors/through_epochs.py"
FULL = artifacts.load_models()
LAST = max(model.manifest.epochs_run for model in FULL)


@pytest.fixture(scope="module")
def logged(tmp_path_factory):
    """The published models, the first of which has logged the answers of each epoch, the last has not."""
    folder = tmp_path_factory.mktemp("logged") / "artifacts"
    return folder, build_logged_artifacts(folder)


@pytest.fixture
def with_log(logged, monkeypatch):
    folder, arrays = logged
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
    return arrays


def test_the_last_epoch_is_shown_unless_the_address_names_another(open_page):
    app = open_page(PAGE)
    assert f"After epoch {LAST}, right answers" in texts(app)
    early = open_address(PAGE, epoch="2")
    confusion = FULL[0].run.load("validation_confusion")[1]
    right = np.trace(confusion) / confusion.sum()
    assert f"After epoch 2, right answers to validation pictures: **{NAMES[0]}** {right:.1%}" in texts(early)
    drawn = charts(early)
    assert len(drawn) == len(NAMES) + 10
    assert [frame.name for frame in drawn[0].frames] == [str(epoch) for epoch in range(1, LAST + 1)]
    shares = array(drawn[0].frames[1].data[0].z)
    shown = np.isfinite(shares)
    expected = 100 * confusion / confusion.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(shares[shown], expected[shown], rtol=1e-5)
    assert shown.sum() == (expected[~np.eye(10, dtype=bool)] >= 0.5).sum()


def test_an_epoch_that_means_nothing_is_ignored(open_page):
    app = open_page(PAGE, models=NAMES[:1])
    last = FULL[0].manifest.epochs_run
    for epoch in ("0", "-1", "x", "", "1000000000000000000000", "٣", "2.5"):
        app.query_params["epoch"] = epoch
        assert f"After epoch {last}, right answers" in texts(run(app)), epoch
    app.query_params["epoch"] = "2"
    assert "After epoch 2, right answers" in texts(run(app))


def test_only_the_chosen_models_are_shown(open_page):
    app = open_page(PAGE, models=NAMES[:1])
    assert len(charts(app)) == 11
    assert f"After epoch {FULL[0].manifest.epochs_run}, right answers" in texts(app)
    assert f"**{NAMES[1]}**" not in texts(app)


def test_runs_without_the_log_say_how_to_get_it(open_page, with_log):
    app = open_page(PAGE, view="single pictures", models=NAMES[-1:])
    (info,) = app.info
    assert f"`python -m fmnist train {artifacts.load_models()[-1].manifest.recipe}`" in info.value
    assert not charts(app)


def test_the_map_counts_and_draws_the_pictures_of_the_run_with_a_log(open_page, with_log, no_data):
    truth, answers = with_log
    found = analysis.map_data(truth, answers, census.load_census("validation").labels)
    app = open_page(PAGE, view="single pictures", models=NAMES[:1])
    lost = ((found.first_right > 0) & ~found.is_right).sum()
    assert f"**{lost:,}** were right at least once but not at the end." in texts(app)
    assert "shows 3,000 of 12,000 pictures" in texts(app)
    (drawn,) = charts(app)
    points = np.concatenate([array(trace.customdata).astype(int) for trace in drawn.data])
    assert len(points) == figures.MOST_POINTS
    assert found.mean.argmin() in points[:, 0] and found.spread.argmax() in points[:, 0]
    heights = np.concatenate([array(trace.y) for trace in drawn.data])
    np.testing.assert_allclose(heights, found.mean[points[:, 0]])
    assert "The validation images are not on this machine yet." in app.info[-1].value, "the galleries need it"
    assert any(button.key == "download" for button in app.button)


@pytest.mark.dataset
def test_each_list_is_a_gallery(open_page, with_log, dataset):
    truth, answers = with_log
    found = analysis.map_data(truth, answers, dataset.validation.labels)
    app = open_page(PAGE, view="single pictures", models=NAMES[:1])
    for name, listed in (
        ("hard to learn", analysis.list_hard(found)),
        ("unsteady", analysis.list_unsteady(found)),
        ("learned, then lost", analysis.list_lost(found)),
    ):
        app.segmented_control(key="list").set_value(name)
        assert f"1 to 24 of {len(listed):,}" in texts(run(app))
    assert not app.error


def test_damaged_answers_are_one_sentence(open_page, with_log, tmp_path, monkeypatch):
    folder = tmp_path / "artifacts"
    shutil.copytree(artifacts.artifacts_dir(), folder)
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
    damaged = artifacts.load_models()[0].run
    (damaged.folder / artifacts.RUN_FILES["validation_answers"].name).write_bytes(b"nothing")
    app = open_page(PAGE, view="single pictures", models=NAMES[:1])
    (error,) = app.error
    assert "is damaged" in error.value


def test_tiny_runs_of_other_pictures_show_their_epochs(open_page, own_artifacts):
    app = open_page(PAGE)
    assert "After epoch 2, right answers to validation pictures" in texts(app)
    app.segmented_control(key="view").set_value("single pictures")
    (error,) = run(app).error
    assert "answered other pictures" in error.value
