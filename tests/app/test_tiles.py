"""A grid of small pictures with the models' answers."""

import numpy as np
from streamlit.testing.v1 import AppTest

from fmnist.answers import Answers
from fmnist.pictures.tiles import encode_pixels
from fmnist.ui.tiles import Mark, mark_answers
from tests.app.conftest import TIMEOUT, run
from tests.app.test_markup import Reader

ANSWERS = Answers({"a": np.array([[0.1, 0.9], [0.7, 0.3]]), "b": np.array([[0.2, 0.8], [0.4, 0.6]])})


def grid(titles):
    import numpy as np

    from fmnist.ui.tiles import Mark, show_legend, show_tiles

    colours = {"a": "#0072B2", "b": "#D55E00"}
    show_legend(colours)
    marks = [
        [Mark("a", "✓", "trouser 90%"), Mark("b", "✗", "shirt 80%")],
        [Mark("a", "=", "trouser 70%"), Mark("b", "≠", "<b>bag</b> 6%")],
    ]
    images = np.stack([np.zeros((28, 28), np.uint8), np.full((28, 28), 9, np.uint8)])
    show_tiles(images, marks, colours, titles)


def show(titles=()):
    """Reads the legend and the grid, each of which is one element."""
    app = run(AppTest.from_function(grid, default_timeout=TIMEOUT, args=(titles,)))
    return [Reader(shown.proto.body) for shown in app.get("html")]


def test_all_tiles_are_one_element_and_each_picture_says_every_answer_in_words():
    _, tiles = show()
    pictures = [attributes for tag, attributes in tiles.tags if tag == "img"]
    assert [picture["alt"] for picture in pictures] == [
        "Version 1: a trouser 90%, right; b shirt 80%, wrong.",
        "Version 2: a trouser 70%, unchanged; b <b>bag</b> 6%, changed.",
    ]
    assert pictures[1]["src"] == encode_pixels(np.full((28, 28), 9, np.uint8))
    assert all(set(picture) == {"src", "alt"} for picture in pictures)


def test_only_an_answer_that_is_not_the_expected_one_is_written_out():
    _, tiles = show()
    assert tiles.texts == ["shirt 80%", "<b>bag</b> 6%"]


def test_each_model_has_its_glyph_and_each_answer_its_sign_in_every_tile_and_the_legend():
    legend, tiles = show()
    marks = [attributes for _, attributes in tiles.tags if "data-glyph" in attributes]
    assert [mark["data-glyph"] + mark["data-sign"] for mark in marks] == ["●✓", "■✗", "●=", "■≠"]
    assert [mark["style"] for mark in marks] == 2 * ["--fm-colour: #0072B2", "--fm-colour: #D55E00"]
    keys = [attributes.get("data-glyph", attributes.get("data-sign")) for _, attributes in legend.tags[1:]]
    assert [*zip(keys, legend.texts, strict=True)] == [("●", "a"), ("■", "b"), ("✗", "not recognised")]


def test_titles_stand_below_the_pictures():
    _, tiles = show(["trouser", "bag"])
    assert [text for text in tiles.texts if "%" not in text] == ["trouser", "bag"]
    assert [attributes["alt"].split(":")[0] for tag, attributes in tiles.tags if tag == "img"] == [
        "trouser", "bag"
    ]  # fmt: skip


def test_an_answer_is_ticked_where_it_is_the_expected_one():
    assert mark_answers(ANSWERS, {"a": np.array([1, 1]), "b": np.array([0, 1])}) == [
        (Mark("a", "✓", "trouser 90%"), Mark("b", "✗", "trouser 80%")),
        (Mark("a", "✗", "t-shirt 70%"), Mark("b", "✓", "trouser 60%")),
    ]


def test_where_only_a_change_is_known_no_answer_is_called_right_or_wrong():
    first, second = mark_answers(ANSWERS, {"a": 1, "b": 0}, known=False)
    assert [mark.sign for mark in first] == ["=", "≠"]
    assert [mark.sign for mark in second] == ["≠", "≠"]
