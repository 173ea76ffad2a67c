"""One picture: its page and drawer, what is shown on demand, and what is said where something is missing."""

import re
import shutil
import threading

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from fmnist import analysis, artifacts, census, data, features
from fmnist.config import CLASS_NAMES
from fmnist.inference import Classifier
from fmnist.pictures.samples import draw_samples
from tests import forging
from tests.app.conftest import NAMES, array, figures, markups, open_address, run, texts
from tests.artifacts.conftest import npy
from tests.conftest import ROOT

PAGE = "errors/picture.py"
LOOK = "look"  # key of the button that lets the models look at the training pictures


@pytest.fixture
def images(tiny_dataset, tmp_path, monkeypatch):
    """The data set as far as the pages can tell: each picture is our drawing of its true class."""
    samples = draw_samples()
    parts = {
        part: data.Split(samples[census.load_census(part).labels], census.load_census(part).labels)
        for part in census.PARTS
    }
    few = data.Split(tiny_dataset.train.images[:80], tiny_dataset.train.labels[:80])
    known = data.Dataset(few, parts["validation"], parts["test"], split_sha256="drawn")
    monkeypatch.setattr(data, "is_present", lambda: True)
    monkeypatch.setattr(data, "load_dataset", lambda: known)
    monkeypatch.setattr(data, "load_test", lambda: known.test)
    monkeypatch.setattr(features, "REFERENCE", 10)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    return known


def compute_all(app: AppTest) -> AppTest:
    """Lets the models look at the training pictures, and waits until they have."""
    app.button(key=LOOK).click()
    run(app)
    for thread in threading.enumerate():
        if thread.name == features.THREAD:
            thread.join(60)
    return run(app)


def open_tab(name: str, file: str = PAGE, **parameters: str) -> AppTest:
    app = AppTest.from_file(ROOT / "pages" / file, default_timeout=60)
    app.session_state["why_tabs"] = name
    for parameter, value in parameters.items():
        app.query_params[parameter] = value
    return run(app)


def headline(app: AppTest) -> str:
    return next(re.sub("<[^>]*>", "", m) for m in markups(app) if "fm-verdict" in m)


def number(app: AppTest) -> int:
    return app.number_input(key="picture_number").value


@pytest.mark.parametrize("address", ["nonsense", "test-10000", "train-5"])
def test_an_address_that_names_no_picture_shows_the_first(images, address):
    app = open_address(PAGE, picture=address)
    assert number(app) == 0 and "Test picture 0." in headline(app) and not app.error


def test_the_address_names_the_picture_and_follows_the_visitor(images):
    app = open_address(PAGE, picture="validation-11999")
    label = CLASS_NAMES[census.load_census("validation").labels[11999]]
    assert number(app) == 11999 and headline(app).startswith(f"Label: {label}")
    assert app.button(key="picture_Next").disabled and not app.button(key="picture_Previous").disabled
    app.button(key="picture_Previous").click()
    assert run(app).query_params["picture"] == "validation-11998" and number(app) == 11998
    app.segmented_control(key="picture_part").set_value("test pictures")
    assert run(app).query_params["picture"] == "test-9999", "there are fewer test pictures"
    app.number_input(key="picture_number").set_value(0)
    assert "Test picture 0." in headline(run(app)) and app.button(key="picture_Previous").disabled


def test_the_answers_are_those_of_the_files(images):
    """Not those that the models give to what the pictures show here."""
    app = open_address(PAGE, picture="test-42")
    for name in NAMES:
        stored = artifacts.load_model(name).run.load_probabilities("test")[42]
        assert f"{name} {CLASS_NAMES[stored.argmax()]}" in headline(app)


def test_without_the_data_set_answers_and_life_are_there_and_the_way_to_the_rest(no_data):
    app = open_address(PAGE, picture="test-42")
    assert "Test picture 42." in headline(app) and "<img" not in "".join(markups(app))
    assert "without it there are no pictures to be seen" in app.info[0].value
    assert app.button(key="download_for_picture").label.startswith("Download the data set")
    assert "for validation pictures only" in texts(app) and not app.tabs


def test_once_the_models_have_looked_their_neighbours_are_those_that_comparing_all_finds(images):
    app = open_address(PAGE, picture="test-42")
    assert "By pixels alone" in texts(app) and "The nearest training pictures are" not in texts(app)
    app = compute_all(app)
    assert texts(app).count("The nearest training pictures are") == len(NAMES)
    assert LOOK not in [button.key for button in app.button]
    again = open_address(PAGE, picture="test-42")
    assert texts(again) == texts(app), "they are kept"
    shown = [re.findall(r"Training picture (\d+): ([a-z -]+)", m) for m in markups(app) if "fm-nearest" in m]
    for name, found in zip(NAMES, shown[:-1], strict=True):
        asked = Classifier.from_run(artifacts.load_model(name).run)
        rows = asked.compute_features(images.train.images)
        (wanted,) = asked.compute_features(images.test.images[42:43])
        distances = 1 - rows @ wanted / np.linalg.norm(rows, axis=1) / np.linalg.norm(wanted)
        positions = [int(position) for position, _ in found]
        np.testing.assert_allclose(distances[positions[:8]], np.sort(distances)[:8], atol=2e-4)
        assert [label for _, label in found] == [CLASS_NAMES[images.train.labels[p]] for p in positions]
        stored = artifacts.load_model(name).run.load_probabilities("test")[42]
        assert found[8][1] == CLASS_NAMES[np.argsort(-stored)[1]], "the last one is of the second choice"


def test_looking_can_be_cancelled_and_begun_again(images, monkeypatch):
    waiting = threading.Event()
    compute = features.compute_space
    monkeypatch.setattr(features, "compute_space", lambda *given: [waiting.wait(30), compute(*given)][1])
    app = open_address(PAGE)
    app.button(key=LOOK).click()
    run(app)
    app.button(key="cancel_look").click()
    run(app)
    waiting.set()
    for thread in threading.enumerate():
        if thread.name == features.THREAD:
            thread.join(60)
    assert "The nearest training pictures are" not in texts(run(app)) and app.button(key=LOOK)


def test_a_model_without_features_is_named_and_has_no_row(images, monkeypatch):
    monkeypatch.setattr(Classifier, "has_features", False)
    app = open_address(PAGE)
    assert "older model files give no features" in app.caption[0].value
    assert all(name in app.caption[0].value for name in NAMES)
    assert "By pixels alone" in texts(app) and LOOK not in [button.key for button in app.button]


def test_maps_show_each_model_and_a_difference_for_the_class_one_chooses(images):
    app = open_tab("What counts", picture="test-42")
    assert [m.value for m in app.markdown if m.value in [f"**{n}**" for n in NAMES]] == [
        f"**{name}**" for name in NAMES
    ]
    assert len(figures(app)) == len(NAMES) + 1 and "does not prove" in texts(app)
    app.selectbox(key="why_class").set_value(CLASS_NAMES.index("bag"))
    asked = Classifier.from_run(artifacts.load_model(NAMES[0]).run)
    sure = asked.predict_proba(images.test.images[42:43])[0, CLASS_NAMES.index("bag")]
    assert f"**{NAMES[0]}**: bag {100 * sure:.0f}%" in texts(run(app))
    app.selectbox(key="why_pair").set_value((NAMES[2], NAMES[0]))
    assert f"**{NAMES[2]} minus {NAMES[0]}**" in texts(run(app))


def test_the_smallest_square_of_each_model_is_said_or_that_there_is_none(images, monkeypatch):
    monkeypatch.setattr(analysis, "LARGEST_SQUARE", 1)  # more of them take seconds
    app = open_tab("Smallest change", picture="test-42")
    said = [m.value for m in app.markdown if m.value.startswith("**")]
    assert len(said) == len(NAMES)
    for name, sentence in zip(NAMES, said, strict=True):
        assert name in sentence and ("turn" in sentence or "keeps" in sentence)


@pytest.fixture
def kept_epochs(tmp_path, monkeypatch):
    """A copy of the published artifacts in which the first model's run kept three epochs' answers."""
    folder = tmp_path / "artifacts"
    shutil.copytree(
        artifacts.artifacts_dir(), folder, ignore=shutil.ignore_patterns("*.keras", "sweeps", ".scratch")
    )
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
    model = artifacts.load_model(NAMES[0]).run
    epochs, size = model.manifest.epochs_run, model.manifest.validation.size
    label = census.load_census("validation").labels[7]
    answers = np.full((epochs, size), label, np.uint8)
    answers[[0, 3], 7] = (label + 1) % 10
    forging.replace_file(model, "validation_answers", npy(answers))
    forging.replace_file(model, "validation_truth", npy(np.full((epochs, size), 0.5, np.float16)))
    return epochs


def test_the_life_of_a_validation_picture_is_shown_where_the_run_kept_it(images, kept_epochs):
    app = open_tab("Through the epochs", picture="validation-7")
    label = CLASS_NAMES[census.load_census("validation").labels[7]]
    assert (
        f"**{NAMES[0]}** first said {label} after epoch 2 of {kept_epochs}, lost it again once, and was "
        "right after the last epoch." in texts(app)
    )
    (figure,) = figures(app)
    assert array(figure.data[1].x).tolist() == [1, 4], "crosses stand at the wrong answers"
    logged = {model.name for model in artifacts.load_models() if model.run.has("validation_truth")}
    unlogged = [name for name in NAMES[1:] if name not in logged]
    said = f"The training of {' and '.join(unlogged)} kept no answers"
    assert said in texts(app) if unlogged else "kept no answers" not in texts(app)


def test_runs_that_kept_no_epochs_and_test_pictures_have_a_sentence(images, kept_epochs, monkeypatch):
    app = open_tab("Through the epochs", picture="test-7")
    assert "for validation pictures only" in texts(app) and not figures(app)
    monkeypatch.setattr(artifacts.Run, "has", lambda run, kind: False)
    app = open_tab("Through the epochs", picture="validation-7")
    assert "kept no answers after each epoch" in texts(app) and not figures(app)


def test_tiny_models_that_answered_other_pictures_are_said_to(images, own_artifacts):
    app = open_address(PAGE)
    assert len(app.info) == len(NAMES) and "answered other pictures" in app.info[0].value
    assert not app.tabs


def test_the_drawer_opens_where_the_address_says_beside_any_gallery(images):
    app = open_address("errors/confusion_matrices.py", picture="test-42")
    assert "Test picture 42." in headline(app)
    assert [tab.label for tab in app.tabs if "Nearest" in tab.label]
    app = open_address("errors/confusion_matrices.py", picture="nonsense")
    assert not [tab.label for tab in app.tabs if "Nearest" in tab.label]


def test_why_on_classify_is_asked_for_and_folds_with_another_picture(images):
    app = open_address("try/classify.py", sample="coat")
    assert not app.tabs
    app.button(key="why").click()
    run(app)
    assert "By pixels alone" in texts(app) and app.tabs[0].label.startswith("Nearest")
    app.selectbox(key="sample").set_value("sandal")
    run(app)
    assert not app.tabs and app.button(key="why")


def test_why_on_classify_says_how_to_get_the_data_set(no_data):
    app = open_address("try/classify.py")
    app.button(key="why").click()
    run(app)
    assert "no training pictures to compare with" in app.info[0].value
    assert app.button(key="download_for_picture")
