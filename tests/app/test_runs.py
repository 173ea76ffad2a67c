"""Runs: the table, filters, choice; what can be done with a run; what a read-only server leaves out."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from fmnist import artifacts
from fmnist.ui import run_actions
from tests import zips
from tests.app.conftest import NAMES, run, said, texts
from tests.artifacts.conftest import save_again
from tests.conftest import ROOT

PAGE = "learn/runs.py"


@pytest.fixture
def own(own_artifacts):
    """An own run of the baseline's recipe, to which no model points, in a folder of tiny models."""
    return save_again(own_artifacts, NAMES[0])


def table(app):
    return app.dataframe[0].value


def press(app, key):
    app.button(key=key).click()
    return run(app)


def markup(app):
    return "".join(element.proto.body for element in app.get("html"))


def test_every_run_is_a_row_with_its_figures_and_its_models(open_page, own):
    app = open_page(PAGE)
    shown = table(app)
    assert set(shown["folder"]) == set(artifacts.list_runs())
    assert list(shown["kind"]) == ["published"] * len(NAMES) + ["own"], "published ones first"
    assert [name.split()[-1] for name in shown["run"][: len(NAMES)]] == NAMES
    for row, name in zip(shown.to_dict("records"), NAMES, strict=False):
        manifest = artifacts.load_model(name).manifest
        assert row["validation accuracy"] == 100 * manifest.validation.accuracy
        assert row["test accuracy"] == 100 * manifest.test.accuracy
        assert row["epochs"] == f"{manifest.kept_epoch} of {manifest.epochs_run}"
        assert row["recipe"] == manifest.recipe and row["seed"] == manifest.config.seed
    assert not app.error


def test_a_damaged_run_is_named_and_hides_no_other(open_page, own):
    (own.folder / "run.json").write_text("{")
    app = open_page(PAGE)
    assert len(app.error) == 1 and "run.json is damaged" in said(app.error[0])
    assert list(table(app)["folder"]) == [artifacts.load_model(name).run.name for name in NAMES]


def test_filters_leave_what_fits_and_keep_what_is_chosen(open_page, own):
    artifacts.save_note(own.name, "Night run", ["slow"], "with the window open")
    app = open_page(PAGE, chosen=[own.name])
    app.text_input(key="find").set_value("WINDOW night")
    assert list(table(run(app))["folder"]) == [own.name]
    app.text_input(key="find").set_value("nowhere")
    run(app)
    assert not app.dataframe and "No run fits" in app.info[0].value
    assert app.multiselect(key="chosen").value == [own.name]
    app.text_input(key="find").set_value("")
    app.multiselect(key="kind").set_value(["published"])
    assert len(table(run(app))) == len(NAMES)
    app.multiselect(key="kind").set_value([])
    app.multiselect(key="recipe").set_value([NAMES[1]])
    assert list(table(run(app))["recipe"]) == [NAMES[1]]


def test_a_tag_is_a_filter_until_the_last_run_has_lost_it(open_page, own):
    artifacts.save_note(own.name, tags=["slow"])
    artifacts.save_note(artifacts.load_model(NAMES[0]).run.name, tags=["fast"])
    app = open_page(PAGE)
    app.multiselect(key="tag").set_value(["slow"])
    assert list(table(run(app))["folder"]) == [own.name]
    artifacts.save_note(own.name, tags=["fast"])
    assert len(table(run(app))) == len(NAMES) + 1


@pytest.mark.parametrize("separator", [",", "&runs="])
def test_the_address_names_the_chosen_runs(open_page, own, separator):
    names = [own.name, artifacts.load_model(NAMES[1]).run.name]
    app = AppTest.from_file(ROOT / "pages" / PAGE, default_timeout=60)
    app.query_params["runs"] = [",".join([*names, "no-such-run"])] if separator == "," else names
    assert run(app).multiselect(key="chosen").value == names
    assert app.query_params["runs"] == ",".join(names)
    app.multiselect(key="chosen").set_value([])
    assert "runs" not in run(app).query_params


def test_settings_stand_side_by_side_and_equal_ones_are_folded(open_page):
    first, second = (artifacts.load_model(name).run for name in NAMES[:2])
    app = open_page(PAGE, chosen=[first.name, second.name])
    assert "What differs" in [header.value for header in app.header]
    differing, alike = [element.proto.body for element in app.get("html")]
    assert "random rotation" in differing and "<strong>≠ 0.02</strong>" in differing
    assert "batch size" not in differing and "batch size" in alike
    assert app.expander[0].label.startswith("The same in all")
    assert NAMES[0] in differing and NAMES[1] in differing


def test_two_runs_of_the_same_settings_say_so(open_page, own):
    app = open_page(PAGE, chosen=[own.name, artifacts.load_model(NAMES[0]).run.name])
    assert "Nothing: these runs had the same settings" in texts(app)


def test_a_title_tags_and_a_note_are_kept_and_shown(open_page, own):
    app = open_page(PAGE, chosen=[own.name])
    app.text_input(key=f"title {own.name}").set_value("Ours [x](http://evil.example)")
    app.multiselect(key=f"tags {own.name}").set_value(["new tag"])
    app.text_area(key=f"note {own.name}").set_value("first\nsecond")
    press(app, f"FormSubmitter:words {own.name}-Save")
    assert [message.value for message in app.success] == ["Saved\\."]
    note = artifacts.load_notes()[own.name]
    assert (note.title, note.tags, note.lines) == (
        "Ours [x](http://evil.example)", ("new tag",), ("first", "second"),
    )  # fmt: skip
    row = table(app).set_index("folder").loc[own.name]
    assert row["run"] == note.title and list(row["tags"]) == ["new tag"]
    assert not run(app).success, "said once"
    assert not [e for e in app.expander if "[x](" in e.label], "a title is text, never a link"


def test_what_cannot_be_kept_is_one_sentence(open_page, own):
    app = open_page(PAGE, chosen=[own.name])
    app.multiselect(key=f"tags {own.name}").set_value(["a,b"])
    press(app, f"FormSubmitter:words {own.name}-Save")
    assert [said(error) for error in app.error] == [
        "This cannot be kept about a run: entry 0 of tags must be a tag of at most 30 letters, "
        "without a comma, received 'a,b'."
    ]
    assert artifacts.load_notes() == {}


def test_damaged_notes_are_named_and_runs_are_shown_all_the_same(open_page, own, own_artifacts):
    (own_artifacts / "notes.json").write_text("{")
    app = open_page(PAGE)
    assert "notes.json is damaged" in said(app.error[0]) and len(table(app)) == len(NAMES) + 1


def test_a_run_is_published_under_a_new_name_and_an_old_one_asks_again(open_page, own):
    app = open_page(PAGE, chosen=[own.name])
    assert app.button(key=f"publish {own.name}").disabled
    app.text_input(key=f"model {own.name}").set_value("mine")
    run(app)
    app.text_input(key=f"about {own.name}").set_value("trained at night")  # right before the click
    press(app, f"publish {own.name}")
    assert "Published as mine" in said(app.success[0])
    entry = artifacts.list_models()[-1]
    assert (entry.name, entry.run, entry.description) == ("mine", own.name, "trained at night")
    assert table(app).set_index("folder").loc[own.name, "run"].endswith(" mine")
    artifacts.save_note(own.name, "Night run")
    row = table(run(app)).set_index("folder").loc[own.name]
    assert (
        row["run"] == "Night run" and row["kind"].startswith("published: ") and row["kind"].endswith(" mine")
    )

    app.text_input(key=f"model {own.name}").set_value(NAMES[1])
    assert run(app).button(key=f"publish {own.name}").disabled
    app.checkbox(key=f"sure {own.name}").check()
    press(run(app), f"publish {own.name}")
    assert artifacts.load_model(NAMES[1]).run.name == own.name


@pytest.mark.parametrize(
    ("name", "match"), [("all", "may not be called all"), ("Ä b", "A name has at most 40")]
)
def test_a_name_that_no_model_may_have_is_one_sentence(open_page, own, name, match):
    app = open_page(PAGE, chosen=[own.name])
    app.text_input(key=f"model {own.name}").set_value(name)
    press(run(app), f"publish {own.name}")
    assert len(app.error) == 1 and match in said(app.error[0])
    assert [entry.name for entry in artifacts.list_models()] == NAMES


def test_a_damaged_run_is_neither_published_nor_exported(open_page, own):
    (own.folder / "model.tflite").write_bytes(b"TFL3")
    app = open_page(PAGE, chosen=[own.name])
    assert "model.tflite is damaged" in said(app.error[0])
    assert not app.get("download_button")
    app.text_input(key=f"model {own.name}").set_value("mine")
    press(run(app), f"publish {own.name}")
    assert [entry.name for entry in artifacts.list_models()] == NAMES


def test_deleting_asks_twice(open_page, own):
    app = open_page(PAGE, chosen=[own.name])
    key = f"delete {[own.name]}"
    assert app.button(key=key).disabled
    app.checkbox(key=f"delete sure {[own.name]}").check()
    press(run(app), key)
    assert f"Deleted: {own.name}." in said(app.success[0])
    assert own.name not in artifacts.list_runs() and own.name not in set(table(app)["folder"])
    assert app.multiselect(key="chosen").value == []


def test_a_published_run_cannot_be_deleted_until_it_is_taken_off_the_list(open_page, own):
    artifacts.point("mine", own)
    app = open_page(PAGE, chosen=[own.name])
    assert "Published as mine: only runs that no model points at can be deleted" in texts(app)
    assert not [button for button in app.button if button.key.startswith("delete")]
    app.checkbox(key="withdraw sure mine").check()
    press(run(app), "withdraw mine")
    assert "mine is no longer published" in said(app.success[0])
    assert [button for button in app.button if button.key.startswith("delete")]


def test_the_baseline_cannot_be_taken_off(open_page, own_artifacts):
    app = open_page(PAGE, chosen=[artifacts.load_model(NAMES[0]).run.name])
    assert not [button for button in app.button if button.key.startswith("withdraw")]


def test_a_run_is_exported_as_it_is(open_page, own):
    app = open_page(PAGE, chosen=[own.name])
    (button,) = app.get("download_button")
    assert button.proto.label == "Export as a zip"


@pytest.mark.parametrize(
    ("content", "match"),
    [(b"GIF89a", "This is no zip of a run"), (zips.write_zip({"a/evil.sh": b""}), "is no file of a run")],
)
def test_a_bad_zip_is_one_sentence_and_changes_nothing(open_page, own, own_artifacts, content, match):
    before = zips.list_tree(own_artifacts)
    app = open_page(PAGE)
    app.file_uploader(key="import zip").set_value([("run.zip", content, "application/zip")])
    press(app, "FormSubmitter:import-Import")
    assert [match in said(error) for error in app.error] == [True]
    assert zips.list_tree(own_artifacts) == before


def test_an_imported_run_is_chosen_and_says_where_it_is_from(open_page, own, monkeypatch):
    zipped = artifacts.export_run(own)
    artifacts.delete_run(own.name)
    monkeypatch.setattr(run_actions, "examine_run", lambda content: None)  # tested in tests/test_examine.py
    app = open_page(PAGE)
    assert "a checksum is no signature" in texts(app)
    app.file_uploader(key="import zip").set_value([("run.zip", zipped, "application/zip")])
    press(app, "FormSubmitter:import-Import")
    assert f"Imported {own.name}." in said(app.success[0])
    assert app.multiselect(key="chosen").value == [own.name]
    assert table(app).set_index("folder").loc[own.name, "kind"] == "imported"


def test_a_read_only_server_shows_and_changes_nothing(open_page, own, monkeypatch):
    monkeypatch.setenv("FMNIST_READ_ONLY", "1")
    app = open_page(PAGE, chosen=[own.name, artifacts.load_model(NAMES[0]).run.name])
    assert len(table(app)) == len(NAMES) + 1 and app.header
    assert not app.button and not app.file_uploader and not app.text_area and not app.checkbox


def test_a_folder_without_runs_says_how_to_get_one(open_page, tmp_path, monkeypatch):
    (tmp_path / "models.json").write_text('{"models": []}')
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path))
    app = open_page(PAGE)
    assert "There are no runs yet" in app.info[0].value and app.file_uploader and not app.error


def test_hundreds_of_runs_are_read_once(open_page, own, own_artifacts, monkeypatch):
    manifest = json.loads((own.folder / "run.json").read_text())
    for number in range(200):
        folder = own_artifacts / "runs" / f"sweep-many-{number}"
        folder.mkdir()
        (folder / "run.json").write_text(json.dumps({**manifest, "run": folder.name}))
    app = open_page(PAGE)
    assert list(table(app)["kind"]).count("sweep") == 200
    read = []
    monkeypatch.setattr(artifacts, "load_run", lambda *arguments: read.append(arguments))
    app.text_input(key="find").set_value("sweep-many-7")
    assert len(table(run(app))) == 11
    assert not read


def test_a_page_of_models_shows_an_own_model_without_report_or_photos(open_page, own):
    artifacts.point("mine", own, "trained at night")
    for file in (
        "start/home.py",
        "try/classify.py",
        "learn/training_curves.py",
        "errors/confusion_matrices.py",
    ):
        app = open_page(file)
        assert not app.error, (file, [said(error) for error in app.error])
        shown = texts(app) + str([pill.options for pill in app.pills]) + str([m.label for m in app.metric])
        shown += str([group.options for group in app.get("button_group")])
        assert "mine" in shown, file


def test_the_outcome_of_a_full_disk_is_one_sentence(open_page, own, monkeypatch):
    def fail(*arguments):
        raise OSError(28, "No space left on device")

    app = open_page(PAGE, chosen=[own.name])
    monkeypatch.setattr(artifacts, "save_note", fail)
    press(app, f"FormSubmitter:words {own.name}-Save")
    assert said(app.error[0]) == "Nothing can be written here: No space left on device."
