"""Confusion matrices: one scale, every setting, and the scores of each class."""

import numpy as np

from fmnist import artifacts
from tests.app.conftest import NAMES, array, figures, run, texts

PAGE = "errors/confusion_matrices.py"


def test_confusion_matrices_share_one_scale(open_page):
    app = open_page(PAGE)
    heatmaps = [figure.data[0] for figure in figures(app)]
    assert len(heatmaps) == len(NAMES) and len({heatmap.zmax for heatmap in heatmaps}) == 1
    app.segmented_control(key="normalize").set_value("counts")
    app.toggle(key="errors").set_value(True)
    heatmaps = [figure.data[0] for figure in figures(run(app))]
    confusion = np.array(artifacts.load_model(NAMES[0]).manifest.test.confusion_matrix)
    shown = array(heatmaps[0].z)
    assert np.isnan(np.diag(shown)).all()
    off = ~np.eye(10, dtype=bool)
    np.testing.assert_array_equal(shown[off], confusion[off])
    app.segmented_control(key="part").set_value("validation pictures")
    assert "of 12,000 correct" in texts(run(app))


def test_class_scores_carry_the_change_against_the_baseline(open_page):
    app = open_page(PAGE)
    precision = app.dataframe[0].value
    for name in NAMES[1:]:
        change = "change" if len(NAMES) == 2 else f"change, {name}"
        np.testing.assert_allclose(precision[change], precision[name] - precision[NAMES[0]])
    assert "Support: 1,000 pictures" in texts(app)
