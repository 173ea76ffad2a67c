"""A gallery alone: its pages, the words of its tiles, opening a picture, a missing data set."""

import base64
import io

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from fmnist import artifacts, census, data
from fmnist.analysis import judge
from fmnist.config import CLASS_NAMES
from fmnist.figures import find_marker
from tests.app.conftest import TIMEOUT, component, run, texts


def show(part, positions):
    import numpy as np
    import streamlit as st

    from fmnist.ui.evidence import judge_models
    from fmnist.ui.gallery import show_gallery
    from fmnist.ui.models import require_models
    from fmnist.ui.pictures import show_download

    show_download()
    models = require_models()
    show_gallery(
        "some", part, np.array(st.session_state.get("others", positions), int), judge_models(models, part),
        {model.name: model.colour for model in models}, empty="Nothing to see here.",
    )  # fmt: skip


def open_gallery(part, positions):
    return run(AppTest.from_function(show, default_timeout=TIMEOUT, args=(part, list(positions))))


def shown(app):
    return [tile["index"] for tile in component(app, "some")["tiles"]]


@pytest.mark.parametrize("part", census.PARTS)
def test_a_tile_has_the_picture_its_class_and_every_answer(dataset, part):
    positions = [7, 3, 4000]
    page = component(open_gallery(part, positions), "some")
    strip = np.asarray(Image.open(io.BytesIO(base64.b64decode(page["sprite"].partition(",")[2]))))
    np.testing.assert_array_equal(strip.reshape(-1, 28, 28), getattr(dataset, part).images[positions])
    labels = getattr(dataset, part).labels[positions]
    assert [tile["title"] for tile in page["tiles"]] == [CLASS_NAMES[label] for label in labels]
    for model in artifacts.load_models():
        assert page["models"][model.name]["glyph"] == find_marker(model.colour).glyph
        judged = judge(model.run, part, model.name)
        for tile, position in zip(page["tiles"], positions, strict=True):
            answer = f"{CLASS_NAMES[judged.answers[position]]} {judged.confidences[position]:.0%}"
            (mark,) = [mark for mark in tile["marks"] if mark[0] == model.name]
            if judged.is_right[position]:
                assert mark == [model.name, "✓", ""] and f"{model.name} {answer}, right" in tile["label"]
            else:
                assert mark == [model.name, "✗", answer] and f"{model.name} {answer}, wrong" in tile["label"]
            assert tile["label"].startswith(f"{tile['title']}, {part} picture {position}: ")


def test_pages_are_turned_and_other_pictures_begin_anew(dataset):
    app = open_gallery("test", range(60, 0, -1))
    assert shown(app) == list(range(60, 36, -1)) and "1 to 24 of 60" in texts(app)
    app.get("pagination")[0].set_value(3)
    assert shown(run(app)) == list(range(12, 0, -1)) and "49 to 60 of 60" in texts(app)
    assert shown(run(app)) == list(range(12, 0, -1))
    app.session_state["others"] = list(range(100, 130))
    assert shown(run(app)) == list(range(100, 124)) and "1 to 24 of 30" in texts(app)
    app.session_state["others"] = [5]
    assert shown(run(app)) == [5] and "1 picture" in texts(app) and not app.get("pagination")


def test_a_picture_of_the_page_opens_by_its_number(dataset):
    app = open_gallery("test", range(30))
    labels = census.load_census("test").labels
    assert app.selectbox(key="some_number").options == [f"{i}, {CLASS_NAMES[labels[i]]}" for i in range(24)]
    app.selectbox(key="some_number").set_value(17)
    app.button(key="some_open").click()
    assert run(app).query_params["picture"] == "test-17"


def test_no_pictures_have_a_sentence():
    app = open_gallery("test", [])
    assert [info.value for info in app.info] == ["Nothing to see here."] and not app.get("bidi_component")


def test_without_the_data_set_it_says_how_to_get_it_and_goes_on_when_it_is_there(
    dataset, monkeypatch, tmp_path
):
    with monkeypatch.context() as without:
        without.delenv("FMNIST_DATA_DIR", raising=False)
        without.setenv("KERAS_HOME", str(tmp_path / "keras"))
        app = open_gallery("test", [1, 2])
        assert "The test images are not on this machine yet." in [info.value for info in app.info]
        assert "python -m fmnist download" in texts(app) and app.button(key="download")
        assert not app.get("bidi_component")
    assert data.is_present()
    assert shown(run(app)) == [1, 2] and not app.info
