"""Classify: every source, the answer, how far to believe it, and what was done to the picture."""

import re
import shutil

import cv2
import numpy as np
import pytest

from fmnist import artifacts, confidence, synthesis
from fmnist.config import CLASS_NAMES
from fmnist.inference import Classifier
from fmnist.pictures.decoding import decode
from fmnist.pictures.samples import draw_samples
from fmnist.preprocessing import prepare
from fmnist.room import Room
from fmnist.ui import box
from tests.app.conftest import NAMES, component, markups, png, run, said, texts
from tests.conftest import BASELINE, find_model, has_alarm, predict
from tests.scenes import TROUSER, photograph

PAGE = "try/classify.py"


def headline(app):
    """What the answer begins with, in large letters; nothing while there is no answer."""
    found = re.findall(r"<h2>(.*?)</h2>", "".join(markups(app)))
    return re.sub(r"<[^>]*>", "", found[0]).strip() if found else ""


def probabilities_shown(app):
    """What the bars say to two digits: for each model name its probability of each class."""
    shown = {}
    for row in re.findall(r"<tr>(.*?)</tr>", "".join(markups(app))):
        for class_name in re.findall(r'<th scope="row">(.*?)</th>', row):
            for name, value in re.findall(r'title="([^":]+): ([\d.]+)%"', row):
                shown.setdefault(name, np.zeros(10))[CLASS_NAMES.index(class_name)] = float(value) / 100
    return shown


def test_classify_answers_a_sample_with_all_models_or_one(open_page):
    app = open_page(PAGE)
    app.selectbox(key="sample").set_value("bag")
    shown = probabilities_shown(run(app))
    for name in NAMES:
        expected = predict(name, draw_samples()[8:9])[0]
        np.testing.assert_allclose(shown[name], expected, atol=6e-5)
    assert headline(app).startswith("bag ")
    app.segmented_control(key="model").set_value(NAMES[1])
    assert list(probabilities_shown(run(app))) == [NAMES[1]]


@pytest.mark.parametrize("index", [0, 5, 9])
def test_an_uploaded_png_answers_like_the_array(open_page, index):
    app = open_page(PAGE, source="Upload")
    assert "Choose a picture" in app.info[0].value
    app.file_uploader(key="upload").set_value([("garment.png", png(draw_samples()[index]), "image/png")])
    shown = probabilities_shown(run(app))
    for name in NAMES:
        expected = predict(name, draw_samples()[index : index + 1])[0]
        np.testing.assert_allclose(shown[name], expected, atol=6e-5)


@pytest.mark.dataset
def test_a_test_picture_by_number_and_as_an_upload(open_page, dataset):
    app = open_page(PAGE, source="Test picture")
    for index in (0, 4_321, 9_999):
        app.number_input(key="test").set_value(index)
        shown = probabilities_shown(run(app))
        upload = open_page(PAGE, source="Upload")
        upload.file_uploader(key="upload").set_value(
            [("picture.png", png(dataset.test.images[index]), "image/png")]
        )
        for name, values in probabilities_shown(run(upload)).items():
            expected = predict(name, dataset.test.images[index : index + 1])[0]
            np.testing.assert_allclose(values, expected, atol=6e-5)
            np.testing.assert_allclose(shown[name], expected, atol=6e-5)


def test_a_photo_is_shown_stage_by_stage(open_page):
    shot = np.full((300, 200, 3), 250, np.uint8)
    shot[40:260, 60:140] = (20, 40, 120)
    app = open_page(PAGE, source="Camera")
    app.camera_input(key="camera").set_value(("photo.jpg", png(shot), "image/jpeg"))
    read = texts(run(app))
    stages = ("Your picture", "Cut out", "Grey and bright", "Cropped", "28 x 28")
    for number, stage in enumerate(stages, start=1):
        assert f"{number}. {stage}" in read
    for name in NAMES:  # under each stage stands what each model would say there
        assert sum(f"{name}: **" in element.value for element in app.markdown) == 5


def test_on_an_uneven_ground_the_other_ways_of_cutting_out_are_shown(open_page):
    app = open_page(PAGE, source="Upload")
    app.file_uploader(key="upload").set_value([("a.png", photograph_trousers(), "image/png")])
    assert "this photo is cut out in 3 ways" in texts(run(app))
    for name in NAMES:
        assert sum(f"{name}: **" in element.value for element in app.markdown) == 5 + 3


def test_an_overridden_stage_changes_the_picture_and_can_be_taken_back(open_page):
    app = open_page(PAGE, source="Upload")
    assert not app.toggle, "without a picture there is nothing to override"
    shot = np.full((300, 200, 3), 250, np.uint8)
    shot[40:260, 80:120] = (20, 40, 120)
    app.file_uploader(key="upload").set_value([("trouser.png", png(shot), "image/png")])
    automatic = probabilities_shown(run(app))
    app.toggle(key="background").set_value(False)
    kept = probabilities_shown(run(app))
    assert "everything counts as garment" in texts(app)
    assert any(not np.allclose(kept[name], automatic[name]) for name in NAMES)
    app.toggle(key="background").set_value(True)
    app.segmented_control(key="turn").set_value("90°")
    turned = probabilities_shown(run(app))
    assert "turned by 90 degrees" in texts(app)
    assert any(not np.allclose(turned[name], automatic[name]) for name in NAMES)
    app.button(key="automatic").click()
    again = probabilities_shown(run(app))
    for name in NAMES:
        np.testing.assert_allclose(again[name], automatic[name])


def alarms(app):
    """The warnings about the picture; another one says that figures on photos are missing."""
    return [warning for warning in app.warning if "Probably none of the ten" in warning.value]


def test_how_far_to_believe_an_answer_is_said_in_words(open_page):
    app = open_page(PAGE)
    app.selectbox(key="sample").set_value("trouser")
    read = texts(run(app))
    for name in NAMES:
        assert re.search(
            rf"\*\*{name}\*\* is this confident \(.*\), it is right \*\*\d+%\*\* .* \(500 compared\)", read
        )
    assert not alarms(app)


def test_a_picture_of_noise_raises_the_alarm(open_page):
    noise = np.random.default_rng(2).integers(0, 256, (28, 28), dtype=np.uint8)
    noise[:2] = 0  # as if on black, so that it is used as it is
    app = open_page(PAGE, source="Upload")
    app.file_uploader(key="upload").set_value([("noise.png", png(noise), "image/png")])
    run(app)
    assert len(alarms(app)) == 1
    app.segmented_control(key="model").set_value(BASELINE)  # which has no alarm of its own
    assert len(alarms(run(app))) == 1


def draw_on_white(draw):
    """A PNG of 400 x 400 pixels with something on it that is not a garment."""
    board = np.full((400, 400, 3), 255, np.uint8)
    draw(board)
    return png(board)


def smile(board):
    cv2.circle(board, (200, 200), 140, (0, 0, 0), 8)
    for eye in (150, 250):
        cv2.circle(board, (eye, 160), 14, (0, 0, 0), -1)
    cv2.ellipse(board, (200, 210), (70, 60), 0, 20, 160, (0, 0, 0), 8)


STRANGERS = {  # what the answer begins with
    "noise": (
        lambda: png(np.random.default_rng(0).integers(0, 256, (400, 400), np.uint8)),
        "no garment found",
    ),
    "letter": (
        lambda: draw_on_white(
            lambda board: cv2.putText(board, "A", (90, 320), cv2.FONT_HERSHEY_SIMPLEX, 10, (0, 0, 0), 40)
        ),
        "probably none of the ten",
    ),
    # Nobody notices that these are not garments.
    "dot": (lambda: draw_on_white(lambda board: cv2.circle(board, (200, 200), 12, (0, 0, 0), -1)), "bag"),
    "disc": (
        lambda: draw_on_white(lambda board: cv2.circle(board, (200, 200), 120, (20, 60, 120), -1)),
        "bag",
    ),
    "smiley": (lambda: draw_on_white(smile), "bag"),
}


@pytest.mark.parametrize("name", STRANGERS)
def test_what_is_said_of_things_that_are_not_garments(open_page, name):
    make, begins = STRANGERS[name]
    app = open_page(PAGE, source="Upload")
    app.file_uploader(key="upload").set_value([("thing.png", make(), "image/png")])
    read = texts(run(app))
    assert headline(app).startswith(begins), headline(app)
    assert ("because each has to name one of the ten" in read) == (begins != "bag")
    assert "Show them a cat and they will still name one" in read
    assert ("is this confident" in read) == (begins != "no garment found")


def test_a_damaged_alarm_is_named_once_and_the_answers_stay(open_page, own_artifacts):
    path = find_model(has_alarm).run.folder / "garment_space.npy"
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    app = open_page(PAGE)
    assert len(app.error) == 1 and "garment_space.npy is damaged" in said(app.error[0])
    assert headline(app) and "is this confident" in texts(app)
    path.write_bytes(whole)
    assert not run(app).error, "what was damaged is read again"


def test_the_alarm_keeps_its_word_on_non_garments():
    alarm = confidence.load_alarm(find_model(has_alarm).run)
    assert alarm.false_alarms <= confidence.MAX_FALSE_ALARMS
    assert alarm.is_raised(synthesis.draw_strangers()).mean() == pytest.approx(alarm.caught)
    assert alarm.caught > 0.5


@pytest.mark.dataset
def test_the_alarm_keeps_its_word_on_test_pictures(dataset):
    alarm = confidence.load_alarm(find_model(has_alarm).run)
    assert alarm.is_raised(dataset.test.images).mean() <= confidence.MAX_FALSE_ALARMS


def test_only_what_may_be_a_photo_is_told_what_answers_to_photos_were_worth(open_page):
    app = open_page(PAGE, source="Upload")
    app.file_uploader(key="upload").set_value([("a.png", png(draw_samples()[1]), "image/png")])
    assert re.search(
        r"On photos, at .* confidence, \*\*\w+\*\* is right \*\*\d+%\*\* of the time", texts(run(app))
    )
    assert "On photos, at" not in texts(open_page(PAGE))


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "empty"), (b"text", "not a picture"), (b"%PDF-1.7", "PDF"), (b"\x89PNG\r\n", "damaged")],
)
def test_a_bad_upload_gets_one_sentence(open_page, content, told):
    app = open_page(PAGE, source="Upload")
    app.file_uploader(key="upload").set_value([("<b>../x.png", content, "image/png")])
    run(app)
    assert len(app.error) == 1 and told in said(app.error[0])
    assert not headline(app)


def test_without_the_data_set_the_test_source_offers_the_download(open_page, no_data):
    app = open_page(PAGE, source="Test picture")
    assert "not on this machine" in app.info[0].value
    assert app.button(key="download").label.startswith("Download the data set")
    assert "python -m fmnist download" in texts(app)


def test_a_failed_download_is_one_sentence(open_page, no_data, monkeypatch):
    monkeypatch.setattr("fmnist.data.mirrors.MIRRORS", ("http://127.0.0.1:9/",))  # nobody listens there
    app = open_page(PAGE, source="Test picture")
    app.button(key="download").click()
    run(app)
    assert "could not be downloaded" in said(app.error[0])


def test_the_drawing_board_waits_for_a_stroke(open_page):
    assert "Draw a garment" in open_page(PAGE, source="Draw").info[0].value


def test_two_visitors_do_not_share_a_picture(open_page):
    one, other = (open_page(PAGE, source="Upload") for _ in range(2))
    one.file_uploader(key="upload").set_value([("mine.png", png(draw_samples()[9]), "image/png")])
    run(one)
    assert headline(one) and not headline(run(other))


def test_a_rerun_neither_loads_a_model_again_nor_prepares_a_picture_again(open_page, monkeypatch):
    calls = []
    load, prepare = Classifier.from_run, Room.prepare
    monkeypatch.setattr(Classifier, "from_run", lambda run: calls.append(run.manifest.recipe) or load(run))
    monkeypatch.setattr(Room, "prepare", lambda *a, **kw: calls.append("prepare") or prepare(*a, **kw))
    app = open_page(PAGE, source="Upload")
    app.file_uploader(key="upload").set_value([("a.png", png(draw_samples()[1]), "image/png")])
    run(run(run(app)))
    assert sorted(calls) == sorted([*NAMES, "prepare"])


def two_things():
    """A PNG of a trouser to the left and a bag to the right, on white."""
    shot = np.full((300, 400, 3), 255, np.uint8)
    shot[30:270, 40:80] = shot[30:270, 110:150] = shot[30:100, 40:150] = (20, 40, 120)
    shot[120:260, 210:370] = (90, 50, 20)
    return png(shot)


def boxes(app):
    """The box that the sliders show, in percent, and the one that is drawn on the picture."""
    return [app.slider(key=key).value for key in ("box_across", "box_down")], component(app, "box_board")[
        "box"
    ]


def test_a_box_in_percent_changes_the_strip_and_the_answers_until_it_is_removed(open_page):
    app = open_page(PAGE, source="Upload")
    app.file_uploader(key="upload").set_value([("things.png", two_things(), "image/png")])
    automatic = probabilities_shown(run(app))
    assert boxes(app) == ([(0, 100), (0, 100)], None) and app.button(key="remove_box").disabled
    assert "Wrong mask? Draw a box around the garment." in texts(app)
    app.slider(key="box_across").set_value((0, 45))
    boxed = probabilities_shown(run(app))
    assert boxes(app) == ([(0, 45), (0, 100)], [0.0, 0.0, 0.45, 1.0])
    assert "Only your box was searched for the garment" in texts(app)
    for name in NAMES:
        assert boxed[name].argmax() == CLASS_NAMES.index("trouser") and not np.allclose(
            boxed[name], automatic[name]
        )
    app.slider(key="box_down").set_value((50, 51))  # too small to be meant
    assert boxes(run(app))[1] == [0.0, 0.0, 0.45, 1.0] and probabilities_shown(app)[BASELINE] is not None
    app.button(key="remove_box").click()
    again = probabilities_shown(run(app))
    assert boxes(app) == ([(0, 100), (0, 100)], None)
    app.slider(key="box_down").set_value((40, 100))
    run(app)
    app.button(key="automatic").click()
    for shown in (again, probabilities_shown(run(app))):
        for name in NAMES:
            np.testing.assert_allclose(shown[name], automatic[name])
    assert boxes(app)[1] is None and "Only your box" not in texts(app)


def test_a_box_stays_with_its_picture_until_that_is_turned_or_another_comes(open_page):
    app = open_page(PAGE, source="Upload")
    app.file_uploader(key="upload").set_value([("things.png", two_things(), "image/png")])
    run(app)

    def draw():
        app.slider(key="box_across").set_value((0, 45))
        assert boxes(run(app))[1] == [0.0, 0.0, 0.45, 1.0]

    draw()
    app.toggle(key="crop").set_value(False)
    assert boxes(run(app)) == ([(0, 45), (0, 100)], [0.0, 0.0, 0.45, 1.0])
    for turn in ("90°", "0°"):
        app.segmented_control(key="turn").set_value(turn)
        assert boxes(run(app)) == ([(0, 100), (0, 100)], None)
    draw()
    other = np.full((300, 200, 3), 250, np.uint8)
    other[40:260, 60:140] = (20, 40, 120)
    app.file_uploader(key="upload").set_value([("other.png", png(other), "image/png")])
    assert boxes(run(app)) == ([(0, 100), (0, 100)], None)


@pytest.mark.parametrize("drawn", [None, "all", [0.1, 0.1], [0, 0, float("nan"), 1], [0.5, 0.5, 0.5, 0.5]])
def test_what_a_browser_reports_as_a_box_may_be_anything(monkeypatch, drawn):
    state = {"box": (0.0, 0.0, 0.5, 1.0)}
    monkeypatch.setattr("streamlit.session_state", state)
    box._take(drawn)
    assert state["box"] == (0.0, 0.0, 0.5, 1.0)
    box._take([0.9, 0.8, 0.1, 2])
    assert state["box"] == (0.1, 0.8, 0.9, 1.0)


def test_a_picture_of_the_data_set_knows_no_box(open_page):
    app = open_page(PAGE, source="Upload")
    app.file_uploader(key="upload").set_value([("garment.png", png(draw_samples()[0]), "image/png")])
    assert "Draw a box" not in texts(run(app)) and not app.slider


def photograph_trousers():
    return png(photograph(TROUSER, 60, 205, seed=4)[0])


def test_on_a_photo_the_combination_leads_and_can_be_switched_off(open_page):
    app = open_page(PAGE, source="Upload")
    app.file_uploader(key="upload").set_value([("a.png", photograph_trousers(), "image/png")])
    shown = probabilities_shown(run(app))
    assert list(shown) == ["combined", "second opinion", *NAMES]
    top = CLASS_NAMES[int(np.argmax(shown["combined"]))]
    assert headline(app) == f"{top} {shown['combined'].max():.0%}"
    assert "which sees the photo itself" in "".join(markups(app))
    app.slider(key="box_across").set_value((0, 60))
    assert "which sees all of your box" in "".join(markups(run(app)))
    app.button(key="remove_box").click()
    run(app)
    preparation = prepare(decode(photograph_trousers()))
    for name in NAMES:
        expected = predict(name, preparation.images).mean(axis=0)
        np.testing.assert_allclose(shown[name], expected, atol=6e-5)
    app.toggle(key="opinion").set_value(False)
    alone = probabilities_shown(run(app))
    assert list(alone) == NAMES
    for name in NAMES:
        np.testing.assert_array_equal(alone[name], shown[name])


def test_everything_works_without_a_second_opinion(open_page, own_artifacts):
    app = open_page(PAGE, source="Upload")
    app.file_uploader(key="upload").set_value([("a.png", photograph_trousers(), "image/png")])
    shown = probabilities_shown(run(app))
    assert not app.error and list(shown) == [entry.name for entry in artifacts.list_models()]


def test_a_damaged_second_opinion_is_one_red_box_and_the_models_answer(open_page, tmp_path, monkeypatch):
    folder = tmp_path / "artifacts"
    shutil.copytree(artifacts.artifacts_dir(), folder, ignore=shutil.ignore_patterns("sweeps"))
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
    network = folder / "second_opinion" / "model.tflite"
    network.write_bytes(network.read_bytes()[:-1])
    app = open_page(PAGE, source="Upload")
    app.file_uploader(key="upload").set_value([("a.png", photograph_trousers(), "image/png")])
    assert list(probabilities_shown(run(app))) == NAMES
    assert len(app.error) == 1 and "is damaged or was changed" in said(app.error[0])


def test_drawings_and_samples_are_not_shown_to_the_second_opinion(open_page, monkeypatch):
    monkeypatch.setattr("fmnist.ui.second_opinion.load_second_opinion", lambda: 1 / 0)
    assert list(probabilities_shown(open_page(PAGE))) == NAMES
    app = open_page(PAGE, source="Upload")
    app.file_uploader(key="upload").set_value([("a.png", png(draw_samples()[1]), "image/png")])
    assert list(probabilities_shown(run(app))) == NAMES, "an image of 28 x 28 pixels is no photo"
