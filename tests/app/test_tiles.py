"""A row of small pictures with the models' answers."""

import numpy as np
from streamlit.testing.v1 import AppTest

from fmnist.answers import Answers
from fmnist.ui.tiles import mark_answers
from tests.app.conftest import TIMEOUT, run


def row():
    import numpy as np

    from fmnist.ui.tiles import show_tiles

    show_tiles(np.zeros((2, 28, 28), np.uint8), ["first", "**second**"], width=150)


def test_each_picture_stands_above_its_caption():
    app = run(AppTest.from_function(row, default_timeout=TIMEOUT))
    assert [caption.value for caption in app.caption] == ["first", "**second**"]
    pictures = [picture.proto.imgs[0].url for picture in app.get("image")]
    assert [picture.startswith("data:image/svg+xml") for picture in pictures] == [True, True]


def test_an_answer_is_ticked_where_it_is_the_expected_one():
    answers = Answers({"a": np.array([[0.1, 0.9], [0.7, 0.3]]), "b": np.array([[0.2, 0.8], [0.4, 0.6]])})
    assert mark_answers(answers, {"a": np.array([1, 1]), "b": np.array([0, 1])}) == [
        "a ✓ trouser 90%  \nb ✗ trouser 80%",
        "a ✗ t-shirt 70%  \nb ✓ trouser 60%",
    ]


def test_where_only_a_change_is_known_no_answer_is_called_right_or_wrong():
    answers = Answers({"a": np.array([[0.1, 0.9], [0.7, 0.3]])})
    marked = mark_answers(answers, {"a": np.array([1, 1])}, known=False)
    assert marked == ["a = trouser 90%", "a ≠ t-shirt 70%"]
