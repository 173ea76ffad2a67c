"""Confusion matrices: one scale, every setting, and the scores of each class."""

import numpy as np
import pytest

from fmnist import artifacts
from tests.app.conftest import NAMES, array, figures, run, texts

PAGE = "errors/confusion_matrices.py"


def test_confusion_matrices_share_one_scale(open_page):
    """It ends at the largest value that any of them shows, which is not that of the first."""
    confusions = np.array([artifacts.load_model(n).manifest.test.confusion_matrix for n in NAMES])
    app = open_page(PAGE)
    heatmaps = [figure.data[0] for figure in figures(app)]
    assert len(heatmaps) == len(NAMES)
    largest = (confusions / confusions.sum(axis=2, keepdims=True)).max()
    assert [(heatmap.zmin, heatmap.zmax) for heatmap in heatmaps] == [(0, pytest.approx(largest))] * len(
        NAMES
    )
    assert f"from zero to {largest:.0%}." in texts(app)
    app.segmented_control(key="normalize").set_value("counts")
    app.toggle(key="errors").set_value(True)
    heatmaps = [figure.data[0] for figure in figures(run(app))]
    shown = array(heatmaps[0].z)
    assert np.isnan(np.diag(shown)).all()
    off = ~np.eye(10, dtype=bool)
    largest = confusions[:, off].max()
    assert {(heatmap.zmin, heatmap.zmax) for heatmap in heatmaps} == {(0, largest)}
    assert f"from zero to {largest} images." in texts(app)
    np.testing.assert_array_equal(shown[off], confusions[0][off])
    app.segmented_control(key="part").set_value("validation pictures")
    assert "of 12,000 correct" in texts(run(app))


def test_class_scores_carry_the_change_against_the_baseline(open_page):
    app = open_page(PAGE)
    precision = app.dataframe[0].value
    for name in NAMES[1:]:
        change = "change" if len(NAMES) == 2 else f"change, {name}"
        np.testing.assert_allclose(precision[change], precision[name] - precision[NAMES[0]])
    assert "Support: 1,000 images per class" in texts(app)
