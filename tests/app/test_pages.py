"""Every page: what it shows, what its switches change, and what it says when something is missing."""

import base64
import io
import random
import re

import numpy as np
import plotly.io
import pytest
from PIL import Image

from fmnist import artifacts, confidence
from fmnist.inference import Classifier
from fmnist.pictures.samples import draw_samples
from fmnist.room import Room
from tests import forging
from tests.app.conftest import said, texts

PAGES = [
    "dashboard.py",
    "1_Training_curves.py",
    "2_Confusion_matrices.py",
    "3_Classify.py",
    "4_Augmentation.py",
]
NAMES = [entry.name for entry in artifacts.load_models()]


def figures(app):
    return [plotly.io.from_json(chart.proto.spec) for chart in app.get("plotly_chart")]


def array(values):
    """Reads an array out of a figure's JSON, where plotly stores it as base64."""
    if isinstance(values, dict):
        flat = np.frombuffer(base64.b64decode(values["bdata"]), values["dtype"])
        return flat.reshape([int(side) for side in values.get("shape", str(len(flat))).split(",")])
    return np.array(values, dtype=float)


def png(image):
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    return stream.getvalue()


def run(app):
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_and_an_idle_rerun_changes_nothing(open_page, no_data, page):
    app = open_page(page)
    assert len(app.title) == 1
    before = texts(app)
    assert texts(run(app)) == before
    assert not app.error


@pytest.mark.parametrize("page", PAGES)
def test_a_missing_artifacts_folder_says_what_to_do(open_page, tmp_path, monkeypatch, page):
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path))
    app = open_page(page)
    assert "models.json cannot be read" in said(app.error[0])
    assert "python -m fmnist train simple" in app.info[0].value


@pytest.mark.parametrize("file", ["run.json", "model.tflite"])
@pytest.mark.parametrize("page", PAGES)
def test_one_damaged_model_is_named_once_and_the_other_goes_on(open_page, own_artifacts, page, file):
    (own_artifacts / "runs" / artifacts.load_run("simple").entry.run / file).write_text("{")
    app = open_page(page)
    reads_it = file == "run.json" or page not in ("1_Training_curves.py", "2_Confusion_matrices.py")
    assert len(app.error) == reads_it
    if reads_it:
        assert f"{file} is damaged" in said(app.error[0]) and "git checkout" in said(app.error[0])
    shown = texts(app) + str([trace.name for figure in figures(app) for trace in figure.data])
    assert "augmented" in shown or app.file_uploader


def test_home_shows_recorded_figures_beside_the_reports(open_page):
    app = open_page("dashboard.py")
    metrics = [metric.value for metric in app.metric]
    read = texts(app)
    for name in NAMES:
        manifest = artifacts.load_run(name).manifest
        assert f"{100 * manifest['test']['accuracy']:.2f}%" in metrics
        assert f"{manifest['test']['loss']:.3f}" in metrics
    assert "92.26%" in read and "90.64%" in read
    assert "467,818" in read
    assert "Did augmentation help?" in read and "95% interval" in read


def test_home_counts_what_the_models_say_of_the_samples(open_page):
    counted = texts(open_page("dashboard.py"))
    for name in NAMES:
        answers = Classifier.load(name).predict_proba(draw_samples()).argmax(axis=1)
        assert f"{name} {(answers == np.arange(10)).sum()} of 10" in counted


def test_curves_show_the_recorded_history(open_page):
    app = open_page("1_Training_curves.py")
    loss, _, gap = figures(app)
    history = artifacts.load_run("simple").load_history()
    (trace,) = [trace for trace in loss.data if trace.name == "simple, validation"]
    np.testing.assert_allclose(array(trace.y), history["val_loss"])
    assert loss.layout.yaxis.type == "linear" and len(gap.data) == len(NAMES)
    assert len(app.dataframe[0].value) == sum(len(artifacts.load_run(n).load_history()) for n in NAMES)
    assert app.get("download_button")
    served = artifacts.load_run("robust").manifest["validation"]["accuracy"]
    assert f"robust {100 * served:.2f}%. The curves above are of one look" in texts(app)


def test_curve_switches_change_the_charts(open_page):
    app = open_page("1_Training_curves.py")
    app.toggle(key="log").set_value(True)
    app.slider(key="smoothing").set_value(0.6)
    loss, accuracy, _ = figures(run(app))
    assert loss.layout.yaxis.type == "log" and accuracy.layout.yaxis.type == "linear"
    assert any(trace.opacity == 0.25 for trace in loss.data)


def test_confusion_matrices_share_one_scale(open_page):
    app = open_page("2_Confusion_matrices.py")
    heatmaps = [figure.data[0] for figure in figures(app)]
    assert len(heatmaps) == len(NAMES) and len({heatmap.zmax for heatmap in heatmaps}) == 1
    app.segmented_control(key="normalize").set_value("counts")
    app.toggle(key="errors").set_value(True)
    heatmaps = [figure.data[0] for figure in figures(run(app))]
    confusion = np.array(artifacts.load_run(NAMES[0]).manifest["test"]["confusion_matrix"])
    shown = array(heatmaps[0].z)
    assert np.isnan(np.diag(shown)).all()
    off = ~np.eye(10, dtype=bool)
    np.testing.assert_array_equal(shown[off], confusion[off])
    app.segmented_control(key="part").set_value("validation pictures")
    assert "of 12,000 right" in texts(run(app))


def test_class_scores_carry_the_change_against_the_baseline(open_page):
    app = open_page("2_Confusion_matrices.py")
    precision = app.dataframe[0].value
    for name in NAMES[1:]:
        change = "change" if len(NAMES) == 2 else f"change, {name}"
        np.testing.assert_allclose(precision[change], precision[name] - precision[NAMES[0]])
    assert "Support: 1,000 pictures" in texts(app)


def answer_charts(app):
    """The charts of answers; the panel on photos has another."""
    return [figure for figure in figures(app) if figure.layout.xaxis.title.text == "Probability (%)"]


def probabilities_shown(app):
    (figure,) = answer_charts(app)
    return {bar.name: array(bar.x) / 100 for bar in figure.data}


def test_classify_answers_a_sample_with_all_models_or_one(open_page):
    app = open_page("3_Classify.py")
    app.selectbox(key="sample").set_value("bag")
    shown = probabilities_shown(run(app))
    for name in NAMES:
        expected = Classifier.load(name).predict_proba(draw_samples()[8:9])[0]
        np.testing.assert_allclose(shown[name], expected, atol=1e-6)
    assert "models say **bag**" in texts(app)
    app.segmented_control(key="model").set_value("augmented")
    assert list(probabilities_shown(run(app))) == ["augmented"]


@pytest.mark.parametrize("index", [0, 5, 9])
def test_an_uploaded_png_answers_like_the_array(open_page, index):
    app = open_page("3_Classify.py", source="Upload")
    assert "Choose a picture" in app.info[0].value
    app.file_uploader(key="upload").set_value([("garment.png", png(draw_samples()[index]), "image/png")])
    shown = probabilities_shown(run(app))
    for name in NAMES:
        expected = Classifier.load(name).predict_proba(draw_samples()[index : index + 1])[0]
        np.testing.assert_allclose(shown[name], expected, atol=1e-7)


@pytest.mark.dataset
def test_a_test_picture_by_number_and_as_an_upload(open_page, dataset):
    app = open_page("3_Classify.py", source="Test picture")
    for index in (0, 4_321, 9_999):
        app.number_input(key="test").set_value(index)
        shown = probabilities_shown(run(app))
        upload = open_page("3_Classify.py", source="Upload")
        upload.file_uploader(key="upload").set_value(
            [("picture.png", png(dataset.test.images[index]), "image/png")]
        )
        for name, values in probabilities_shown(run(upload)).items():
            expected = Classifier.load(name).predict_proba(dataset.test.images[index : index + 1])[0]
            np.testing.assert_allclose(values, expected, atol=1e-7)
            np.testing.assert_allclose(shown[name], expected, atol=1e-7)


def test_a_photo_is_shown_stage_by_stage(open_page):
    shot = np.full((300, 200, 3), 250, np.uint8)
    shot[40:260, 60:140] = (20, 40, 120)
    app = open_page("3_Classify.py", source="Camera")
    app.camera_input(key="camera").set_value(("photo.jpg", png(shot), "image/jpeg"))
    read = texts(run(app))
    stages = ("Your picture", "Ground made black", "Grey and bright", "Cropped", "28 x 28")
    for number, stage in enumerate(stages, start=1):
        assert f"{number}. {stage}" in read
    for name in NAMES:  # under each stage stands what each model would say there
        assert sum(f"{name}: **" in element.value for element in app.markdown) == 5


def test_an_overridden_stage_changes_the_picture_and_can_be_taken_back(open_page):
    app = open_page("3_Classify.py", source="Upload")
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


def test_how_far_to_believe_an_answer_is_said_in_words(open_page):
    app = open_page("3_Classify.py")
    app.selectbox(key="sample").set_value("trouser")
    read = texts(run(app))
    for name in NAMES:
        assert re.search(rf"\*\*{name}\*\* was right in \*\*\d+%\*\* of 500 validation answers", read)
    assert not app.warning


def test_a_picture_of_noise_raises_the_alarm(open_page):
    noise = np.random.default_rng(2).integers(0, 256, (28, 28), dtype=np.uint8)
    app = open_page("3_Classify.py", source="Upload")
    app.file_uploader(key="upload").set_value([("noise.png", png(noise), "image/png")])
    run(app)
    assert len(app.warning) == 1 and "Probably none of the ten" in app.warning[0].value
    app.segmented_control(key="model").set_value("simple")  # which has no alarm of its own
    assert len(run(app).warning) == 1


def test_a_damaged_alarm_is_named_once_and_the_answers_stay(open_page, own_artifacts):
    path = own_artifacts / "runs" / artifacts.load_run("robust").entry.run / artifacts.GARMENT_SPACE
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    app = open_page("3_Classify.py")
    assert len(app.error) == 1 and "garment_space.npy is damaged" in said(app.error[0])
    assert answer_charts(app) and "How far to believe this?" in texts(app)
    path.write_bytes(whole)
    assert not run(app).error, "what was damaged is read again"


def test_the_alarm_keeps_its_word_on_non_garments():
    alarm = artifacts.load_run("robust").load_alarm()
    assert alarm.false_alarms <= confidence.MAX_FALSE_ALARMS
    assert alarm.is_raised(confidence.draw_strangers()).mean() == pytest.approx(alarm.caught)
    assert alarm.caught > 0.5


@pytest.mark.dataset
def test_the_alarm_keeps_its_word_on_test_pictures(dataset):
    alarm = artifacts.load_run("robust").load_alarm()
    assert alarm.is_raised(dataset.test.images).mean() <= confidence.MAX_FALSE_ALARMS


def test_only_what_may_be_a_photo_is_told_what_answers_to_photos_were_worth(open_page):
    app = open_page("3_Classify.py", source="Upload")
    app.file_uploader(key="upload").set_value([("a.png", png(draw_samples()[1]), "image/png")])
    assert re.search(r"; on photos in \*\*\d+%\*\* of \d+ that were", texts(run(app)))
    assert "on photos in **" not in texts(open_page("3_Classify.py"))


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "empty"), (b"text", "not a picture"), (b"%PDF-1.7", "PDF"), (b"\x89PNG\r\n", "damaged")],
)
def test_a_bad_upload_gets_one_sentence(open_page, content, told):
    app = open_page("3_Classify.py", source="Upload")
    app.file_uploader(key="upload").set_value([("<b>../x.png", content, "image/png")])
    run(app)
    assert len(app.error) == 1 and told in said(app.error[0])
    assert not answer_charts(app)


def test_without_the_data_set_the_test_source_offers_the_download(open_page, no_data):
    app = open_page("3_Classify.py", source="Test picture")
    assert "not on this machine" in app.info[0].value
    assert app.button(key="download").label.startswith("Download the data set")
    assert "python -m fmnist download" in texts(app)


def test_a_failed_download_is_one_sentence(open_page, no_data, monkeypatch):
    monkeypatch.setattr("fmnist.data.MIRRORS", ("http://127.0.0.1:9/",))  # nobody listens there
    app = open_page("3_Classify.py", source="Test picture")
    app.button(key="download").click()
    run(app)
    assert "could not be downloaded" in said(app.error[0])


def test_the_drawing_board_waits_for_a_stroke(open_page):
    assert "Draw a garment" in open_page("3_Classify.py", source="Draw").info[0].value


def test_augmentation_starts_at_the_trained_policy_and_says_when_it_is_changed(open_page):
    app = open_page("4_Augmentation.py")
    trained = artifacts.load_run("augmented").manifest["config"]["augmentation"]
    assert app.slider(key="translation").value == pytest.approx(100 * trained["translation"])
    assert app.slider(key="rotation").value == pytest.approx(360 * trained["rotation"])
    assert "Same as in training" in texts(app)
    assert "keras.layers.RandomFlip(mode='horizontal')" in app.code[0].value
    app.slider(key="rotation").set_value(36.0)
    run(app)
    assert "Changed" in texts(app) and "up to 36.0 degrees" in texts(app)
    assert "RandomRotation(factor=0.1," in app.code[0].value
    next(button for button in app.button if button.label.startswith("Back")).click()
    assert "Same as in training" in texts(run(app))


def test_augmentation_answers_sixteen_draws_and_a_row_for_each_transformation(open_page):
    app = open_page("4_Augmentation.py")
    captions = [caption.value for caption in app.caption if caption.value.startswith(f"{NAMES[0]} ")]
    assert len(captions) == 16 + 5 * 6
    app.toggle(key="flip").set_value(False)
    captions = [caption.value for caption in run(app).caption if caption.value.startswith(f"{NAMES[0]} ")]
    assert len(captions) == 16 + 4 * 6 and "switched off" in texts(app)


def test_a_new_seed_draws_anew_and_the_old_one_repeats(open_page):
    app = open_page("4_Augmentation.py")
    first = texts(app)
    app.number_input(key="seed").set_value(2)
    second = texts(run(app))
    assert first != second
    app.number_input(key="seed").set_value(1)
    assert texts(run(app)) == first


def test_a_new_seed_does_not_hang_on_pythons_own_generator(open_page):
    app, seeds = open_page("4_Augmentation.py"), []
    for _ in range(2):
        random.seed(1)  # as Keras does to the whole process
        next(button for button in app.button if button.label == "New seed").click()
        seeds.append(run(app).number_input(key="seed").value)
    assert seeds[0] != seeds[1] and max(seeds) < 1_000_000


def test_two_visitors_do_not_share_a_picture(open_page):
    one, other = (open_page("3_Classify.py", source="Upload") for _ in range(2))
    one.file_uploader(key="upload").set_value([("mine.png", png(draw_samples()[9]), "image/png")])
    run(one)
    assert answer_charts(one) and not answer_charts(run(other))


def test_a_rerun_neither_loads_a_model_again_nor_prepares_a_picture_again(open_page, monkeypatch):
    calls = []
    load, prepare = Classifier.load, Room.prepare
    monkeypatch.setattr(Classifier, "load", lambda name: calls.append(name) or load(name))
    monkeypatch.setattr(Room, "prepare", lambda *a, **kw: calls.append("prepare") or prepare(*a, **kw))
    app = open_page("3_Classify.py", source="Upload")
    app.file_uploader(key="upload").set_value([("a.png", png(draw_samples()[1]), "image/png")])
    run(run(run(app)))
    assert sorted(calls) == sorted([*NAMES, "prepare"])


def test_a_new_run_is_shown_without_a_restart(open_page, own_artifacts):
    app = open_page("dashboard.py")
    forging.edit(own_artifacts / "models.json", "models", 0, "description", value="trained anew")
    assert "Trained anew." in texts(run(app))


@pytest.mark.parametrize("page", PAGES)
def test_what_artifacts_say_is_text_and_never_markup(open_page, own_artifacts, page):
    """Pictures and links in a hostile folder would make every visitor's browser ask another host."""
    hostile = "![x](https://evil.example/a.png) [b](https://evil.example) :red[c] <img src=x> `d`"
    forging.edit(own_artifacts / "models.json", "models", 0, "description", value=hostile)
    forging.edit(own_artifacts / "models.json", "models", 1, hostile, value=1)
    app = open_page(page)
    shown = [e for kind in ("markdown", "caption", "error", "info") for e in getattr(app, kind)]
    assert not [e for e in shown if "![x](" in e.value or ":red[" in e.value or "<img" in e.value]
    assert not [e for e in shown if str(own_artifacts) in said(e)], "a path of the server is shown"
    assert any("evil.example" in said(e) for e in shown), "nothing hostile was shown at all"
