"""All runs of a folder, what deleting one may not do, and taking a model off the list."""

import os
import shutil

import pytest

from fmnist import artifacts
from fmnist.artifacts import files
from tests import zips
from tests.artifacts.conftest import refused, save_again
from tests.conftest import BASELINE, OTHER, published_models


def test_all_runs_are_loaded_and_a_damaged_one_hides_no_other(own_artifacts):
    run = save_again(own_artifacts, BASELINE)
    broken = artifacts.load_model(OTHER).run
    (broken.folder / "run.json").write_text("{")
    (own_artifacts / "runs" / "without-anything").mkdir()
    (own_artifacts / "runs" / ".hidden").mkdir()
    loaded, errors = artifacts.load_runs()
    assert run in loaded and len(loaded) == len(published_models())
    assert {found.name for found in loaded}.isdisjoint({broken.name, "without-anything"})
    said = "\n".join(map(str, errors))
    assert len(errors) == 2 and "run.json is damaged" in said and "without-anything/run.json cannot" in said


def test_a_published_run_that_was_changed_is_not_believed(own_artifacts):
    path = artifacts.load_model(BASELINE).run.folder / "run.json"
    path.write_text(path.read_text().replace('"seconds": ', '"seconds": 1'))
    assert len(artifacts.load_runs()[0]) == len(published_models()), "alone it makes sense"
    loaded, (error,) = artifacts.load_runs(artifacts.list_models())
    assert "was changed" in str(error) and path.parent.name not in {run.name for run in loaded}


def test_a_folder_without_runs_has_none(tmp_path, monkeypatch):
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path / "none"))
    assert artifacts.load_runs() == ([], [])


def test_a_deleted_run_is_gone_with_its_notes_and_nothing_else(own_artifacts):
    before = zips.list_tree(own_artifacts / "runs")
    run = save_again(own_artifacts, BASELINE)
    artifacts.save_note(run.name, "to be deleted")
    artifacts.save_note("another", "stays")
    artifacts.delete_run(run.name)
    assert zips.list_tree(own_artifacts / "runs") == before
    assert list(artifacts.load_notes()) == ["another"]
    assert not list((own_artifacts / ".scratch").glob(".deleted"))
    with refused("There is no run .*deleted already"):
        artifacts.delete_run(run.name)


def test_a_run_that_a_model_points_at_is_not_deleted(own_artifacts):
    run = artifacts.load_model(BASELINE).run
    artifacts.point("second", run)
    before = zips.list_tree(own_artifacts / "runs")
    with refused(f"published as {BASELINE} and second: take that model off the list"):
        artifacts.delete_run(run.name)
    assert zips.list_tree(own_artifacts / "runs") == before


@pytest.mark.parametrize("name", ["", ".", "..", "../runs", "x" * 300])
def test_nothing_but_a_run_is_deleted(own_artifacts, name):
    before = zips.list_tree(own_artifacts / "runs")
    with refused("There is no run"):
        artifacts.delete_run(name)
    assert zips.list_tree(own_artifacts / "runs") == before


def test_while_the_list_of_models_is_damaged_nothing_is_deleted(own_artifacts):
    run = save_again(own_artifacts, BASELINE)
    (own_artifacts / "models.json").write_text("{")
    with refused(r"models\.json is damaged"):
        artifacts.delete_run(run.name)
    assert artifacts.load_run(run.name) == run


def test_damaged_notes_keep_no_run(own_artifacts):
    run = save_again(own_artifacts, BASELINE)
    (own_artifacts / "notes.json").write_text("{")
    artifacts.delete_run(run.name)
    assert run.name not in artifacts.list_runs()
    assert (own_artifacts / "notes.json").read_text() == "{"


def test_what_an_interrupted_deletion_leaves_goes_with_the_next(own_artifacts, monkeypatch):
    first, second = save_again(own_artifacts, BASELINE), save_again(own_artifacts, OTHER)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", lambda *arguments, **options: None)
        artifacts.delete_run(first.name)
    assert first.name not in artifacts.list_runs(), "readers see all of it or nothing"
    artifacts.delete_run(second.name)
    assert not (own_artifacts / ".scratch" / ".deleted").exists()


def test_deleting_a_link_leaves_what_it_leads_to(own_artifacts, tmp_path):
    run = save_again(own_artifacts, BASELINE)
    shutil.move(run.folder, tmp_path / "elsewhere")
    os.symlink(tmp_path / "elsewhere", run.folder)
    artifacts.delete_run(run.name)
    assert (tmp_path / "elsewhere" / "run.json").exists() and not os.path.lexists(run.folder)


def test_a_run_that_was_deleted_meanwhile_is_not_published(own_artifacts):
    run = save_again(own_artifacts, BASELINE)
    before = (own_artifacts / "models.json").read_bytes()
    artifacts.delete_run(run.name)
    with refused(r"run\.json cannot be read"):
        artifacts.point("late", run)
    assert (own_artifacts / "models.json").read_bytes() == before


def test_a_model_is_taken_off_the_list_and_its_run_stays(own_artifacts):
    entries = artifacts.list_models()
    run = save_again(own_artifacts, BASELINE)
    artifacts.point("own", run)
    artifacts.unpublish("own")
    assert artifacts.list_models() == entries
    assert artifacts.load_run(run.name) == run
    artifacts.delete_run(run.name)
    with refused("no model 'own'"):
        artifacts.unpublish("own")


def test_a_model_whose_run_is_damaged_can_be_taken_off_too(own_artifacts):
    (artifacts.load_model(OTHER).run.folder / "run.json").write_text("{")
    artifacts.unpublish(OTHER)
    assert OTHER not in [model.name for model in artifacts.load_models()]


def test_the_baseline_stays(own_artifacts):
    with refused(f"The model {BASELINE} is the baseline"):
        artifacts.unpublish(BASELINE)
    assert artifacts.list_models()[0].name == BASELINE


def test_a_lock_that_is_not_released_is_one_sentence(own_artifacts, monkeypatch):
    monkeypatch.setattr(files, "_PATIENCE", 0)
    with files.lock("models.lock", "held"), refused("The list of models is being changed by another process"):
        artifacts.unpublish(OTHER)
