"""Home: the recorded figures, the samples, the network, the links."""

import numpy as np
import pytest

from fmnist import artifacts
from fmnist.pictures.samples import draw_samples
from tests import forging
from tests.app.conftest import NAMES, run, texts
from tests.conftest import predict

PAGE = "start/home.py"


def test_home_shows_recorded_figures_beside_the_reports(open_page):
    app = open_page(PAGE)
    metrics = [metric.value for metric in app.metric]
    read = texts(app)
    for name in NAMES:
        manifest = artifacts.load_model(name).manifest
        assert f"{100 * manifest.test.accuracy:.2f}%" in metrics
        assert f"{manifest.test.loss:.3f}" in metrics
    assert "92.26%" in read and "90.64%" in read
    assert "467,818" in read
    assert "Did augmentation help?" in read and "95% interval" in read


@pytest.mark.parametrize("folder", ["committed", "tiny"])
def test_home_shows_the_split_of_the_run(open_page, request, folder):
    if folder == "tiny":
        request.getfixturevalue("own_artifacts")
    app = open_page(PAGE)
    (table,) = [table.value for table in app.dataframe if "Part" in table.value]
    sizes = artifacts.load_models()[0].manifest.split_sizes
    assert table.to_numpy().tolist() == [
        ["Training", sizes.train, sizes.train // 10],
        ["Validation", sizes.validation, sizes.validation // 10],
        ["Test", sizes.test, sizes.test // 10],
    ]


def test_home_counts_what_the_models_say_of_the_samples(open_page):
    counted = texts(open_page(PAGE))
    for name in NAMES:
        answers = predict(name, draw_samples()).argmax(axis=1)
        assert f"{name} {(answers == np.arange(10)).sum()} of 10" in counted


def test_a_new_run_is_shown_without_a_restart(open_page, own_artifacts):
    app = open_page(PAGE)
    forging.edit(own_artifacts / "models.json", "models", 0, "description", value="trained anew")
    assert "Trained anew." in texts(run(app))


def test_home_describes_the_network_that_the_manifest_holds(open_page, own_artifacts):
    assert "in 2 dense layers to decide on the class. **augmented**" in texts(open_page(PAGE))
