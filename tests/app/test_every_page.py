"""What holds for every page: it opens, survives damage, says what to do, and shows foreign text as text."""

import pytest

from fmnist import artifacts
from tests import forging
from tests.app.conftest import NAMES, PAGES, figures, run, said, texts

# A page that needs no model: one can be trained on it.
SHOW_MODELS = [page for page in PAGES if page.file != "learn/train_a_model.py"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.file)
def test_every_page_opens_and_an_idle_rerun_changes_nothing(open_page, no_data, page):
    app = open_page(page.file)
    assert len(app.title) == 1
    before = texts(app)
    assert texts(run(app)) == before
    assert not app.error


@pytest.mark.parametrize("page", SHOW_MODELS, ids=lambda page: page.file)
def test_a_missing_artifacts_folder_says_what_to_do(open_page, tmp_path, monkeypatch, page):
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(tmp_path))
    app = open_page(page.file)
    assert "models.json cannot be read" in said(app.error[0])
    assert "python -m fmnist train simple" in app.info[0].value


@pytest.mark.parametrize("file", ["run.json", "model.tflite"])
@pytest.mark.parametrize("page", SHOW_MODELS, ids=lambda page: page.file)
def test_one_damaged_model_is_named_once_and_the_other_goes_on(open_page, own_artifacts, page, file):
    (own_artifacts / "runs" / artifacts.load_model(NAMES[0]).entry.run / file).write_text("{")
    app = open_page(page.file)
    reads_it = file == "run.json" or not page.file.startswith(("learn/", "errors/", "try/quiz"))
    assert len(app.error) == reads_it
    if reads_it:
        assert f"{file} is damaged" in said(app.error[0]) and "git checkout" in said(app.error[0])
    shown = texts(app) + str([trace.name for figure in figures(app) for trace in figure.data])
    assert NAMES[1] in shown or app.file_uploader or not reads_it


@pytest.mark.parametrize("page", SHOW_MODELS, ids=lambda page: page.file)
def test_what_artifacts_say_is_text_and_never_markup(open_page, own_artifacts, page):
    """Pictures and links in a hostile folder would make every visitor's browser ask another host."""
    hostile = "![x](https://evil.example/a.png) [b](https://evil.example) :red[c] <img src=x> `d`"
    forging.edit(own_artifacts / "models.json", "models", 0, "description", value=hostile)
    forging.edit(own_artifacts / "models.json", "models", 1, hostile, value=1)
    app = open_page(page.file)
    shown = [e for kind in ("markdown", "caption", "error", "info") for e in getattr(app, kind)]
    assert not [e for e in shown if "![x](" in e.value or ":red[" in e.value or "<img" in e.value]
    assert not [e for e in shown if str(own_artifacts) in said(e)], "a path of the server is shown"
    assert any("evil.example" in said(e) for e in shown), "nothing hostile was shown at all"
