"""The quiz: played from the first picture to the scores, back, again, another, hard, and without pictures."""

import numpy as np
import pytest

from fmnist import analysis, artifacts, census, data
from fmnist.config import CLASS_NAMES, NUM_CLASSES
from fmnist.pictures.tiles import encode_pixels
from fmnist.ui.quiz import parse_guesses
from tests.app.conftest import NAMES, array, figures, markups, open_address, run, texts

PAGE = "try/quiz.py"
LABELS = census.load_census("test").labels
SEVEN = analysis.draw_quiz(7, np.arange(10_000))


@pytest.fixture
def pictures(no_data, monkeypatch):
    """Test images that tell their position, in the place of the data set."""
    images = np.zeros((10_000, 28, 28), np.uint8)
    images[:, 0, :2] = np.stack(np.divmod(np.arange(10_000), 256), axis=-1)
    monkeypatch.setattr("fmnist.ui.evidence.load_test_pictures", lambda: data.Split(images, LABELS))
    return images


def guess(app, index):
    app.button(key=f"guess_{index}").click()
    return run(app)


def shows(app, pictures, position):
    return encode_pixels(pictures[position]) in "".join(markups(app))


def finish(quiz, guesses):
    """A quiz with guesses made before."""
    return {"guesses of quizzes": {quiz: guesses}}


def test_a_whole_quiz_from_the_first_picture_to_the_scores(pictures):
    app = open_address(PAGE, quiz="7")
    for number, position in enumerate(SEVEN, 1):
        assert app.get("progress")[0].proto.text == f"Picture {number} of 20"
        assert shows(app, pictures, position)
        assert not figures(app), "the answers would be given away"
        label = int(LABELS[position])
        guess(app, label if number > 5 else (label + 1) % NUM_CLASSES)
    assert [header.value for header in app.header] == ["You: 15 of 20", "What it was"]
    own, *others = [trace for trace in figures(app)[0].data]
    assert own.name == "you" and array(own.x) == pytest.approx([75])
    assert [trace.name for trace in others] == [*NAMES, "the crowd"]
    for name, trace in zip(NAMES, others, strict=False):
        judged = analysis.judge(artifacts.load_model(name).run, "test", name)
        assert array(trace.x) == pytest.approx([100 * judged.is_right[SEVEN].mean()])
    assert array(others[-1].x) == pytest.approx([83.5])
    assert "An untrained crowd gets 83.5%" in texts(app)


def test_the_review_shows_own_mistakes_first_and_opens_a_picture(pictures, open_page):
    guesses = [int(label) for label in LABELS[SEVEN]]
    guesses[4] = (guesses[4] + 1) % NUM_CLASSES
    app = open_page(PAGE, quiz=7, **finish("random-7", guesses))
    tiles = [markup for markup in markups(app) if "<figure>" in markup]
    assert len(tiles) == 20
    assert encode_pixels(pictures[SEVEN[4]]) in tiles[0]
    assert f"you {CLASS_NAMES[guesses[4]]}, wrong" in tiles[0]
    assert f"you {CLASS_NAMES[guesses[0]]}, right" in tiles[1]
    app.button(key=f"open_{SEVEN[4]}").click()
    assert f"test-{SEVEN[4]}" in run(app).query_params["picture"]


def test_back_asks_for_the_last_picture_again(pictures):
    app = open_address(PAGE, quiz="7")
    back = next(button for button in app.button if button.label == "Back")
    assert back.disabled
    guess(guess(app, 3), 4)
    next(button for button in app.button if button.label == "Back").click()
    assert shows(run(app), pictures, SEVEN[1])
    assert app.session_state["guesses of quizzes"] == {"random-7": [3]}


def test_each_quiz_keeps_its_own_guesses(pictures):
    app = guess(open_address(PAGE, quiz="7"), 3)
    app.number_input(key="quiz").set_value(8)
    assert shows(run(app), pictures, analysis.draw_quiz(8, np.arange(10_000))[0])
    app.number_input(key="quiz").set_value(7)
    assert shows(run(app), pictures, SEVEN[1])


def test_a_new_visitor_gets_a_quiz_by_chance_and_its_number_is_in_the_address(pictures):
    app = open_address(PAGE)
    seed = app.number_input(key="quiz").value
    assert 0 <= seed < analysis.SEEDS and app.query_params["quiz"] in (str(seed), [str(seed)])
    next(button for button in app.button if button.label == "New quiz").click()
    assert run(app).number_input(key="quiz").value != seed


def test_an_emptied_number_is_quiz_0(pictures):
    app = open_address(PAGE, quiz="7")
    app.number_input(key="quiz").set_value(None)
    assert shows(run(app), pictures, analysis.draw_quiz(0, np.arange(10_000))[0])


@pytest.mark.parametrize("seed", ["-1", "seven", "99999999"])
def test_an_address_without_a_valid_number_still_opens_a_quiz(pictures, seed):
    assert open_address(PAGE, quiz=seed).button(key="guess_0")


def test_a_finished_quiz_can_be_tried_again(pictures, open_page):
    app = open_page(PAGE, quiz=7, **finish("random-7", [0] * 20))
    next(button for button in app.button if button.label == "Try these again").click()
    assert shows(run(app), pictures, SEVEN[0])


def test_hard_pictures_are_each_mistaken_by_a_model_and_do_not_compare(pictures, open_page):
    app = open_page(PAGE, quiz=7, pictures="hard ones", **finish("hard-7", [0] * 20))
    judged = [analysis.judge(artifacts.load_model(name).run, "test", name) for name in NAMES]
    opened = [int(b.key.removeprefix("open_")) for b in app.button if (b.key or "").startswith("open_")]
    assert len(opened) == 20 and not np.all([each.is_right[opened] for each in judged], axis=0).any()
    assert "do not compare" not in texts(
        app
    ) and "neither the models' scores nor the crowd's compare" in texts(app)
    assert "the crowd" not in [trace.name for trace in figures(app)[0].data]


def test_models_that_cannot_be_judged_leave_a_quiz_against_the_crowd(pictures, own_artifacts, open_page):
    app = open_page(PAGE, quiz=7, **finish("random-7", [0] * 20))
    assert [trace.name for trace in figures(app)[0].data] == ["you", "the crowd"]
    app.segmented_control(key="pictures").set_value("hard ones")
    assert "there are no hard ones" in texts(run(app))


def test_without_the_data_set_the_page_says_how_to_get_it(open_page, no_data):
    app = open_page(PAGE)
    assert "not on this machine" in app.info[0].value and app.button(key="download")
    assert not [button for button in app.button if (button.key or "").startswith("guess_")]


def test_keys_answer_only_if_wanted(pictures):
    app = open_address(PAGE, quiz="7")
    assert [app.button(key=f"guess_{n}").proto.shortcut for n in range(10)] == list("0123456789")
    app.toggle(key="by_keys").set_value(False)
    assert not run(app).button(key="guess_0").proto.shortcut


@pytest.mark.parametrize(
    ("text", "guesses"),
    [
        ('{"random-7": [1, 9]}', {"random-7": [1, 9]}),
        ('{"a": [10], "b": [-1], "c": [true], "d": "12", "e": [1.0], "f": []}', {"f": []}),
        ('{"a": ' + str([1] * 21) + "}", {}),
        ("[1]", {}),
        ("nonsense", {}),
        ("[" * 100_000, {}),
    ],
)
def test_what_the_browser_kept_may_be_anything(text, guesses):
    assert parse_guesses(text) == guesses


@pytest.mark.dataset
def test_the_pictures_are_those_of_the_data_set(dataset):
    app = open_address(PAGE, quiz="7")
    assert encode_pixels(dataset.test.images[SEVEN[0]]) in "".join(markups(app))
