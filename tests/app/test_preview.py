"""Augmentation: the policy, the random versions, the seed."""

import random

import pytest

from fmnist import artifacts
from fmnist.augmentation import list_done
from tests import forging
from tests.app.conftest import NAMES, run, texts
from tests.app.test_markup import Reader
from tests.conftest import find_model, is_augmented

PAGE = "augmentation/preview.py"


def trained_policy():
    return find_model(is_augmented).manifest.config.augmentation


def test_augmentation_starts_at_the_trained_policy_and_says_when_it_is_changed(open_page):
    app = open_page(PAGE)
    trained = trained_policy()
    assert app.slider(key="translation").value == pytest.approx(100 * trained.translation)
    assert app.slider(key="rotation").value == pytest.approx(360 * trained.rotation)
    assert "As in training" in texts(app)
    assert "keras.layers.RandomFlip(mode='horizontal')" in app.code[0].value
    app.slider(key="rotation").set_value(36.0)
    run(app)
    assert "Changed" in texts(app)
    assert "RandomRotation(factor=0.1," in app.code[0].value
    next(button for button in app.button if button.label.startswith("Back")).click()
    assert "As in training" in texts(run(app))


def tiles(app):
    """The descriptions of the pictures in each grid of the page."""
    grids = [Reader(shown.proto.body) for shown in app.get("html")]
    pictures = [[attributes["alt"] for tag, attributes in grid.tags if tag == "img"] for grid in grids]
    return [alts for alts in pictures if len(alts) > 1]


def test_augmentation_answers_sixteen_draws_and_counts_them_in_a_sentence(open_page):
    app = open_page(PAGE)
    (versions,) = tiles(app)
    assert len(versions) == 16
    for name in NAMES:
        right = sum(f"{name} t-shirt" in alt for alt in versions)
        assert f"**{name}** {right}" in texts(app)


def test_the_versions_of_each_transformation_wait_until_they_are_asked_for(open_page):
    app = open_page(PAGE, alone=True)
    switched_on = len(list_done(trained_policy()))
    assert [len(alts) for alts in tiles(app)] == [16] + switched_on * [6]
    app.toggle(key="flip").set_value(False)
    assert len(tiles(run(app))) == switched_on and "switched off" in texts(app)


def test_a_new_seed_draws_anew_and_the_old_one_repeats(open_page):
    app = open_page(PAGE)
    first = tiles(app)
    app.number_input(key="seed").set_value(2)
    assert tiles(run(app)) != first
    app.number_input(key="seed").set_value(1)
    assert tiles(run(app)) == first


def test_a_new_seed_does_not_hang_on_pythons_own_generator(open_page):
    app, seeds = open_page(PAGE), []
    for _ in range(2):
        random.seed(1)  # as Keras does to the whole process
        next(button for button in app.button if button.label == "New seed").click()
        seeds.append(run(app).number_input(key="seed").value)
    assert seeds[0] != seeds[1] and max(seeds) < 1_000_000


def test_the_page_says_what_the_trained_policy_does_and_no_more(open_page, own_artifacts):
    run_file = find_model(is_augmented).run.folder / "run.json"
    forging.edit(run_file, "config", "augmentation", "rotation", value=0.0)
    assert "it was flipped, shifted, zoomed and changed in contrast at random each time" in texts(
        open_page(PAGE)
    )


def test_without_an_augmented_model_nothing_is_said_of_one(open_page, own_artifacts):
    for model in artifacts.load_models():
        forging.edit(model.run.folder / "run.json", "config", "augmentation", value=None)
    app = open_page(PAGE, alone=True)
    read = texts(app)
    assert "None of the models shown here was trained with these transformations" in read
    assert "never saw" not in read and "As in training" not in read
    app.slider(key="zoom").set_value(20.0)
    assert "up to 20% larger" in texts(run(app)) and "Changed" not in texts(app)
