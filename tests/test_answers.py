"""Top classes, confidences and agreement, against answers written by hand."""

import numpy as np
import pytest

from fmnist.answers import Answers, top_predictions


def sure(*labels, confidence=0.82):
    """Answers that name these classes with one confidence, the rest shared evenly."""
    probabilities = np.full((len(labels), 10), (1 - confidence) / 9)
    probabilities[np.arange(len(labels)), labels] = confidence
    return probabilities


ANSWERS = Answers(
    {"simple": sure(3, 8, 0), "augmented": sure(3, 5, 0, confidence=0.46), "robust": sure(3, 8, 6)}
)


def test_answers_are_a_mapping_in_the_order_of_the_models():
    assert list(ANSWERS) == ANSWERS.names == ["simple", "augmented", "robust"]
    np.testing.assert_array_equal(ANSWERS["augmented"], sure(3, 5, 0, confidence=0.46))
    with pytest.raises(TypeError):
        ANSWERS["simple"] = sure(1, 1, 1)


def test_tops_confidences_and_class_names_of_many_pictures():
    assert {name: tops.tolist() for name, tops in ANSWERS.tops.items()} == {
        "simple": [3, 8, 0],
        "augmented": [3, 5, 0],
        "robust": [3, 8, 6],
    }
    assert ANSWERS.class_names["augmented"].tolist() == ["dress", "sandal", "t-shirt"]
    assert ANSWERS.confidences["augmented"] == pytest.approx([0.46] * 3)
    assert ANSWERS.agree.tolist() == [True, False, False]


def test_one_picture_has_single_values():
    row = ANSWERS.row(1)
    assert row.names == ANSWERS.names and row["simple"].shape == (10,)
    assert row.tops == {"simple": 8, "augmented": 5, "robust": 8}
    assert row.class_names == {"simple": "bag", "augmented": "sandal", "robust": "bag"}
    assert row.confidences == pytest.approx({"simple": 0.82, "augmented": 0.46, "robust": 0.82})
    assert not row.agree and ANSWERS.row(0).agree


def test_one_model_agrees_with_itself():
    assert Answers({"simple": sure(3, 8)}).agree.tolist() == [True, True]


def test_ranking():
    probabilities = np.array([0.1, 0.5, 0, 0.3, 0, 0, 0.05, 0.05, 0, 0])
    first, *others = top_predictions(probabilities)
    assert (first.class_index, first.class_name, first.probability) == (1, "trouser", 0.5)
    assert [other.class_name for other in others] == ["dress", "t-shirt"]
    assert top_predictions(probabilities, 1) == [first]


def test_of_equals_the_ranking_and_the_top_name_the_same_class():
    equal = np.array([0, 0.4, 0, 0.4, 0.2, 0, 0, 0, 0, 0])
    assert top_predictions(equal, 1)[0].class_index == Answers({"simple": equal}).tops["simple"] == 1
