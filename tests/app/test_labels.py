"""The court of labels: cases in order, votes, what follows from them, addresses, and missing pictures."""

import numpy as np
import pytest

from fmnist import analysis, artifacts, census, data
from fmnist.config import CLASS_NAMES
from fmnist.pictures.tiles import encode_pixels
from fmnist.ui.doubts import find_next, parse_votes
from tests.app.conftest import NAMES, markups, open_address, run, texts

PAGE = "errors/labels.py"
CENSUS = census.load_census("test")


@pytest.fixture(scope="module")
def judged():
    return {model.name: analysis.judge(model.run, "test", model.name) for model in artifacts.load_models()}


@pytest.fixture(scope="module")
def cases(judged):
    return analysis.list_contradicted(judged)


@pytest.fixture
def pictures(no_data, monkeypatch):
    """Test images that tell their position, in the place of the data set."""
    images = np.zeros((10_000, 28, 28), np.uint8)
    images[:, 0, :2] = np.stack(np.divmod(np.arange(10_000), 256), axis=-1)
    monkeypatch.setattr("fmnist.ui.evidence.load_test_pictures", lambda: data.Split(images, CENSUS.labels))
    return images


def shows(app, image):
    return encode_pixels(image) in "".join(markups(app))


def vote(app, verdict):
    app.button(key=f"vote_{verdict}").click()
    return run(app)


def press(app, label):
    next(button for button in app.button if button.label == label).click()
    return run(app)


def test_the_first_case_is_the_most_doubtful_and_says_what_speaks_against_it(
    open_page, pictures, judged, cases
):
    app = open_page(PAGE)
    shown = texts(app)
    label, answer = (CLASS_NAMES[each[cases[0]]] for each in (CENSUS.labels, judged[NAMES[0]].answers))
    assert shows(app, pictures[cases[0]])
    assert f"{len(cases)} labels in doubt" in shown and f"Case 1 of {len(cases)}" in shown
    assert f"Label: {label}" in shown and f"say {answer}." in shown
    assert app.button(key="vote_right").label == f"Right: {label}"
    assert app.button(key="vote_wrong").label == f"Wrong: {answer}"
    assert "case" not in app.query_params


def test_votes_go_on_to_the_next_case_and_change_the_accuracies(open_page, pictures, judged, cases):
    app = open_page(PAGE)
    for number, verdict in enumerate(["wrong", "right", "wrong", "neither", "skip"], 1):
        vote(app, verdict)
        assert shows(app, pictures[cases[number]])
        assert app.query_params["case"] in (f"test-{cases[number]}", [f"test-{cases[number]}"])
    shown = texts(app)
    assert "Your verdict on 5 labels: right 1, wrong 2, neither or both 1, skipped 1." in shown
    assert "with your 2 changed" in shown and f"with all {len(cases)} changed" in shown
    for each in judged.values():
        right = each.is_right.sum()
        for more in (0, 2, len(cases)):
            assert f"{(right + more) / 10_000:.2%}" in shown


def test_a_case_can_be_gone_back_to_and_voted_again(open_page, pictures, cases):
    app = press(vote(open_page(PAGE), "right"), "Previous")
    assert shows(app, pictures[cases[0]])
    assert app.button(key="vote_right").proto.icon and not app.button(key="vote_wrong").proto.icon
    vote(app, "wrong")
    assert "Your verdict on 1 label: wrong 1." in texts(app)
    assert shows(press(press(app, "Next"), "Next"), pictures[cases[3]])


def test_an_address_opens_its_case(pictures, cases):
    app = open_address(PAGE, case=f"test-{cases[17]}")
    assert shows(app, pictures[cases[17]]) and f"Case 18 of {len(cases)}" in texts(app)


@pytest.mark.parametrize("case", ["test-99999", "nonsense", "validation-0"])
def test_an_address_of_no_case_opens_the_first(pictures, cases, case):
    app = open_address(PAGE, case=case)
    assert shows(app, pictures[cases[0]]) and "case" not in app.query_params


def test_confident_learning_and_twins_have_their_own_cases(open_page, pictures, judged):
    mean = np.mean([each.probabilities for each in judged.values()], axis=0)
    app = open_page(PAGE, reason="confident learning")
    assert f"Case 1 of {len(analysis.list_confident(CENSUS.labels, mean))}" in texts(app)
    app = open_page(PAGE, reason="a near twin")
    twins = analysis.list_twins("test")
    assert f"Case 1 of {len(twins)}" in texts(app) and shows(app, pictures[twins[0]])
    assert app.button(key="vote_wrong").label == f"Wrong: {CLASS_NAMES[CENSUS.nearest_label[twins[0]]]}"


def test_a_case_stays_open_where_another_reason_has_it_too(open_page, pictures, judged):
    mean = np.mean([each.probabilities for each in judged.values()], axis=0)
    case = analysis.list_confident(CENSUS.labels, mean)[3]
    app = open_page(PAGE, case=f"test-{case}")
    app.segmented_control(key="reason").set_value("confident learning")
    assert shows(run(app), pictures[case]) and "Case 4 of" in texts(app)


def test_one_model_alone_contradicts_more_labels(open_page, pictures, judged):
    app = open_page(PAGE, models=NAMES[:1])
    wrong = np.count_nonzero(~judged[NAMES[0]].is_right)
    assert f"{wrong} labels in doubt" in texts(app) and "The model says" in texts(app)


def test_a_picture_opens_in_the_drawer(open_page, pictures, cases):
    app = open_page(PAGE)
    assert app.button(key="vote_right").proto.shortcut == "1"
    assert f"test-{cases[0]}" in press(app, "Why?").query_params["picture"]
    assert not app.button(key="vote_right").proto.shortcut, "a key pressed in the drawer votes"


def test_the_table_has_each_case_with_its_vote(open_page, pictures, downloads, cases, judged):
    app = open_page(PAGE)
    vote(app, "wrong")
    table = downloads[-1]
    assert table["picture"].tolist() == [f"test-{case}" for case in cases]
    assert table["vote"].fillna("").tolist() == ["wrong", *[""] * (len(cases) - 1)]
    assert table[NAMES[0]].tolist() == [CLASS_NAMES[n] for n in judged[NAMES[0]].answers[cases]]


def test_without_the_data_set_the_figures_stand_and_the_page_says_how_to_get_pictures(
    open_page, no_data, cases
):
    app = open_page(PAGE)
    assert "not on this machine" in app.info[0].value and app.button(key="download")
    assert f"with all {len(cases)} changed" in texts(app)
    assert not [button for button in app.button if (button.key or "").startswith("vote_")]


def test_models_that_answered_other_pictures_are_named(open_page, own_artifacts):
    app = open_page(PAGE)
    assert "answered other pictures" in texts(app) and "no label is in doubt" in texts(app)


def test_the_next_case_is_the_next_without_a_vote():
    cases = ["a", "b", "c"]
    assert find_next(cases, {}, -1) == 0
    assert find_next(cases, {"a": "right", "b": "skip"}, 0) == 2
    assert find_next(cases, {"c": "right"}, 2) == 0
    assert find_next(cases, dict.fromkeys(cases, "right"), 1) == 2
    assert find_next(cases, dict.fromkeys(cases, "right"), 2) == 0


@pytest.mark.parametrize(
    ("text", "votes"),
    [
        ('{"test-5": "right"}', {"test-5": "right"}),
        ('{"test-5": "guilty", "test-99999": "right", "x": "skip", "test-6": 1, "test-7": ["right"]}', {}),
        ("[1]", {}),
        ("nonsense", {}),
        ("[" * 100_000, {}),
    ],
)
def test_what_the_browser_kept_may_be_anything(text, votes):
    assert parse_votes(text) == votes
