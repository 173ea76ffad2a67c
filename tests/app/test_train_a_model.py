"""Train a model: setting up, what is shown while it runs and afterwards, and what a click does."""

import dataclasses

import numpy as np
import pytest

from fmnist import artifacts, data, jobs
from fmnist.config import CLASS_NAMES
from fmnist.events import Progress
from fmnist.recipes import RECIPES
from tests.app.conftest import array, figures, markups, run, said, texts
from tests.jobs.conftest import ENDS_AT_ONCE, ask, finish_epoch

PAGE = "learn/train_a_model.py"


@pytest.fixture(autouse=True)
def own_jobs(own_artifacts, tmp_path, monkeypatch):
    """Tiny models, no jobs, files where the data set is looked for, and a worker that does nothing."""
    monkeypatch.setattr("fmnist.jobs.start.WORKER", ENDS_AT_ONCE)
    monkeypatch.setattr("fmnist.jobs.speed.MEASUREMENT", ENDS_AT_ONCE)
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    for file in data.FILES.values():
        (tmp_path / file.name).touch()


@pytest.fixture
def work(tiny_dataset):
    """A job that this process works on."""
    ask()
    with jobs.take_next() as work:
        work.begin(tiny_dataset.validation.images, tiny_dataset.validation.labels)
        yield work


def labels(app):
    return [button.label for button in app.button]


def click(app, label):
    next(button for button in app.button if button.label == label).click()
    return run(app)


def test_what_is_set_up_is_what_is_queued(open_page):
    app = open_page(PAGE)
    assert [app.slider(key=name).value for name in ("translation", "rotation")] == [0, 0]
    app.segmented_control(key="recipe").set_value("augmented")
    run(app)
    policy = RECIPES["augmented"].config.augmentation
    assert app.slider(key="rotation").value == pytest.approx(360 * policy.rotation)
    assert "As in the recipe" in texts(app)
    app.slider(key="rotation").set_value(36.0)
    app.select_slider(key="share").set_value(5)
    app.number_input(key="epochs").set_value(3)
    app.number_input(key="seed").set_value(9)
    assert "Changed" in texts(run(app))
    app = click(app, "Start")
    (job,) = jobs.list_jobs()
    config = job.request.config
    assert (job.request.name, job.request.recipe, job.phase) == ("my-augmented", "augmented", "queued")
    assert (config.train_share, config.max_epochs, config.seed) == (0.05, 3, 9)
    assert (config.augmentation.rotation, config.augmentation.zoom) == (0.1, policy.zoom)
    assert "1. **my-augmented**: augmented on 5% of the images, flip + " in texts(app)
    app = click(app, "Remove")
    assert not jobs.list_jobs() and "The queue" not in texts(app)


def test_without_random_changes_there_is_no_policy(open_page):
    click(open_page(PAGE, recipe="simple"), "Start")
    (job,) = jobs.list_jobs()
    assert job.request.config.augmentation is None


def test_a_name_typed_right_before_the_click_counts(open_page):
    app = open_page(PAGE)
    app.text_input(key="name").set_value("typed-last")
    click(app, "Start")
    assert [job.request.name for job in jobs.list_jobs()] == ["typed-last"]


def test_a_name_that_cannot_be_is_said_in_one_sentence_once(open_page):
    app = open_page(PAGE)
    app.text_input(key="name").set_value("My model")
    app = click(run(app), "Start")
    assert "a name has at most 40 letters" in app.error[0].value.lower() and not jobs.list_jobs()
    assert not run(app).error


def test_a_running_training_shows_its_curves_its_pictures_and_where_it_is(open_page, work):
    truth = np.arange(60, dtype=np.uint8) % 10
    before = truth.copy()
    before[14] = CLASS_NAMES.index("shirt")
    work.report(finish_epoch(1, loss=0.8, val_accuracy=0.7, answers=before))
    work.report(finish_epoch(2, loss=0.6, val_accuracy=0.8))
    work.report(Progress(3, 2, 8))
    app = open_page(PAGE)
    assert app.get("progress")[0].proto.value == 25
    assert "**Epoch 3 of 4** · at most 4 seconds left" in app.get("progress")[0].proto.text
    accuracy, loss = figures(app)
    validation = next(trace for trace in accuracy.data if trace.name == "validation")
    np.testing.assert_allclose(array(validation.y), [70, 80])
    assert loss.layout.xaxis.range[1] > 4
    assert "**20 of 20** are right after epoch 2. Look: the second coat was a shirt before." in texts(app)
    (tiles,) = [markup for markup in markups(app) if "fm-tiles" in markup and "the model" in markup]
    assert tiles.count("<figure>") == 20 and tiles.count('data-sign="✓"') == 20


def test_a_wrong_answer_is_a_mark_and_a_word_not_only_a_colour(open_page, work):
    answers = np.arange(60, dtype=np.uint8) % 10
    answers[3] = CLASS_NAMES.index("bag")
    work.report(finish_epoch(1, answers=answers))
    (tiles,) = [markup for markup in markups(open_page(PAGE)) if "the model" in markup]
    assert tiles.count('data-sign="✗"') == 1 and "dress: the model bag, wrong." in tiles


def test_warnings_stand_under_the_curves(open_page, work):
    for epoch in range(1, 7):
        work.report(finish_epoch(epoch, loss=0.5 + 0.1 * epoch, accuracy=0.9, val_accuracy=0.8))
    warnings = [warning.value for warning in open_page(PAGE).warning]
    assert [sentence.split(":")[0] for sentence in warnings] == [
        "No better for 5 epochs",
        "It starts to memorise here, in epoch 1",
    ]


def test_stop_is_asked_for_once(open_page, work):
    app = click(open_page(PAGE), "Stop")
    assert work.should_stop()
    assert next(button for button in app.button if button.label == "Stop").disabled
    assert "**Stopping**" in app.get("progress")[0].proto.text


def test_an_interrupted_training_goes_on_at_a_click(open_page):
    ask()
    with jobs.take_next() as work:
        work.report(finish_epoch(1))
    app = open_page(PAGE)
    assert "Interrupted after 1 whole epoch" in texts(app)
    app = click(app, "Go on")
    assert [job.phase for job in jobs.list_jobs()] == ["queued"]


def test_a_failure_is_one_red_box_whose_text_is_never_markup(open_page):
    ask()
    with jobs.take_next() as work:
        work.fail("Broken: ![x](https://evil.example/a.png) :red[c]. Run `python -m fmnist download`.")
    app = open_page(PAGE)
    assert "![x](" not in app.error[0].value and ":red[" not in app.error[0].value
    assert said(app.error[0]).startswith("Broken: ![x](https") and "`python -m" in app.error[0].value
    assert "Start again" in labels(app)


def test_a_queue_that_stands_still_says_so_and_can_be_started(open_page, monkeypatch):
    monkeypatch.setattr("fmnist.jobs.queue._STARTING", 0)
    ask()
    app = open_page(PAGE)
    assert "The queue stands still" in app.warning[0].value
    assert "Start the queue" in labels(app)
    with artifacts.hold("worker"):
        assert not run(app).warning


def end_with_a_run(name="mine"):
    """Leaves a job that has become a run, which no model points at; returns the run's name."""
    entry = artifacts.list_models()[0]
    others = [name for name in artifacts.list_runs() if not name.startswith(f"{entry.name}-")]
    artifacts.point(entry.name, artifacts.load_run(others[0]))
    ask(name)
    with jobs.take_next() as work:
        work.report(finish_epoch(1))
        work.finish(entry.run)
    return entry.run


def test_a_run_is_published_under_a_new_name(open_page):
    name = end_with_a_run()
    before = {entry.name: entry for entry in artifacts.list_models()}
    app = open_page(PAGE)
    assert "Finished. Its best epoch was 1 of 1" in texts(app)
    app = click(app, "Publish")
    after = {entry.name: entry for entry in artifacts.list_models()}
    assert after.pop("mine").run == name and after == before
    assert "Published as **mine**." in texts(app) and "Publish" not in labels(app)


def test_replacing_a_published_model_takes_a_second_yes(open_page):
    name, replaced = end_with_a_run(), artifacts.list_models()[-1].name
    app = open_page(PAGE)
    app.text_input(key=f"name_{jobs.list_jobs()[0].name}").set_value(replaced)
    app = run(app)
    assert next(button for button in app.button if button.label == "Publish").disabled
    app.checkbox[0].set_value(True)
    click(run(app), "Publish")
    assert artifacts.load_model(replaced).run.name == name


def test_a_name_typed_right_before_the_click_decides_what_is_published(open_page):
    end_with_a_run()
    entries = artifacts.list_models()
    app = open_page(PAGE)
    field = f"name_{jobs.list_jobs()[0].name}"
    app.text_input(key=field).set_value(entries[-1].name)
    app = click(app, "Publish")
    assert artifacts.list_models() == entries, "it was replaced without a second yes"
    app.text_input(key=field).set_value("free")
    app = run(app)
    app.text_input(key=field).set_value("typed-last")
    click(app, "Publish")
    assert [entry.name for entry in artifacts.list_models()] == [*(e.name for e in entries), "typed-last"]


def test_a_name_that_is_taken_is_not_suggested(open_page):
    end_with_a_run()
    artifacts.point("mine", artifacts.load_models()[1].run)
    app = open_page(PAGE)
    assert app.text_input(key=f"name_{jobs.list_jobs()[0].name}").value == "mine-2"


def test_a_deleted_run_is_called_deleted(open_page):
    ask()
    with jobs.take_next() as work:
        work.finish("mine-20261126T000000000000Z")
    assert "Its run has been deleted." in texts(open_page(PAGE))


def test_earlier_trainings_are_folded_and_the_newest_is_not(open_page):
    for name in ("older", "newer"):
        end_with_a_run(name)
    app = open_page(PAGE)
    assert [header.value for header in app.header] == ["newer", "Earlier trainings"]
    assert [expander.label for expander in app.expander] == ["Set up a training", "older: finished"]


def test_the_time_is_measured_on_demand_and_then_shown(open_page):
    app = open_page(PAGE)
    assert "images a second" not in texts(app)
    app = click(app, "How long will it take?")
    config = next(iter(RECIPES.values())).config
    # The measurement of this test ends without a result.
    while jobs.is_measuring():
        pass
    assert "could not be measured" in texts(run(app))
    jobs.record_speed(dataclasses.replace(config, train_share=0.1), 16_800, 12.0)
    assert "About **2 minutes** for 10 epochs (measured just now: 1,400 images a second)" in texts(run(app))


def test_without_the_data_set_it_is_offered_and_nothing_starts(open_page, no_data):
    app = open_page(PAGE)
    assert "not on this machine yet" in app.info[0].value
    assert "Download the data set (31 MB)" in labels(app) and "Start" not in labels(app)


@pytest.mark.parametrize("value", ["1", "yes"])
def test_a_server_for_strangers_only_shows(open_page, work, monkeypatch, value):
    monkeypatch.setenv("FMNIST_READ_ONLY", value)
    work.report(finish_epoch(1))
    ask("waiting")
    app = open_page(PAGE)
    assert app.info[0].value == "This server only shows: training is switched off here."
    assert labels(app) == [] and not app.text_input and not app.slider
    assert "**Epoch 2 of 4**" in app.get("progress")[0].proto.text and "1. **waiting**" in texts(app)


@pytest.mark.parametrize("value", ["", "0"])
def test_any_other_server_trains(open_page, monkeypatch, value):
    monkeypatch.setenv("FMNIST_READ_ONLY", value)
    assert "Start" in labels(open_page(PAGE))
