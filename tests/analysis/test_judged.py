import numpy as np
import pytest

from fmnist import artifacts
from fmnist.analysis import Judged, compute_mask, judge, list_slices, select_cell, sort_by_disagreement
from fmnist.errors import ArtifactError
from tests.conftest import published_models

PARTS = ("validation", "test")


@pytest.fixture
def judged():
    probabilities = np.zeros((4, 10))
    probabilities[[0, 1, 2, 3], [6, 0, 0, 6]] = [0.6, 0.7, 0.9, 0.8]
    probabilities[:, 9] = 1 - probabilities.max(axis=1)
    return Judged("simple", "test", np.array([6, 6, 6, 6], np.uint8), probabilities)


def test_a_wrong_and_sure_answer_disagrees_most(judged):
    assert judged.is_right.tolist() == [True, False, False, True]
    assert judged.disagreement == pytest.approx([0.4, 0.7, 0.9, 0.2])
    assert sort_by_disagreement(judged, np.ones(4, bool)).tolist() == [2, 1, 0, 3]


def test_a_cell_holds_its_images_the_most_confident_mistake_first(judged):
    assert select_cell(judged, 6, 0).tolist() == [2, 1]
    assert select_cell(judged, 6, 6).tolist() == [0, 3]
    assert select_cell(judged, 0, 6).tolist() == []
    assert select_cell(judged, 6, 0, np.array([True, True, False, True])).tolist() == [1]


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", published_models())
def test_every_cell_of_every_model_holds_as_many_images_as_it_says(name, part):
    """Also where half precision made two classes equally probable."""
    run = artifacts.load_model(name).run
    judged, counts = judge(run, part, name), run.manifest.metrics(part).confusion_matrix
    assert judged.count().tolist() == [list(row) for row in counts]
    assert np.flatnonzero(~judged.is_right).tolist() == list(run.manifest.metrics(part).wrong)
    for true in range(10):
        for predicted in range(10):
            assert len(select_cell(judged, true, predicted)) == counts[true][predicted]


@pytest.mark.parametrize("part", PARTS)
def test_every_cell_of_every_slice_holds_as_many_images_as_it_says(part):
    judged = {model.name: judge(model.run, part, model.name) for model in artifacts.load_models()}
    for each in list_slices():
        within = compute_mask(each, part, judged)
        for answers in judged.values():
            counts = answers.count(within)
            assert counts.sum() == within.sum()
            found = [[len(select_cell(answers, t, p, within)) for p in range(10)] for t in range(10)]
            assert found == counts.tolist(), each.key


def test_a_run_that_answered_other_pictures_is_refused_in_a_sentence(own_artifacts):
    run = artifacts.load_models()[0].run
    with pytest.raises(ArtifactError, match="answered other pictures than those of the data set"):
        judge(run, "test", "simple")
