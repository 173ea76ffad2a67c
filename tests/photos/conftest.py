"""A folder of labelled photos, and a report on photos that were never taken."""

from pathlib import Path

import numpy as np
import pytest

from fmnist.photos import LabelledPhoto, compute_report
from tests.photos.scenes import draw_trousers, sure, write_labels


@pytest.fixture
def folder(tmp_path):
    """Two photos of trousers and one that is none, with their labels."""
    folder = tmp_path / "photos"
    folder.mkdir()
    draw_trousers().save(folder / "a.png")
    draw_trousers(50).save(folder / "b.jpg")
    (folder / "c.jpg").write_bytes(b"not a picture")
    write_labels(
        folder,
        "a.png\t1\ttrouser\twhite\tno\tmine\tCC0",
        "b.jpg\t6\tshirt\tplain\tno\tmine\tCC0",
        "c.jpg\t1\ttrouser\twhite\tno\tmine\tCC0",
    )
    return folder


@pytest.fixture
def report():
    listed = [LabelledPhoto(Path("x"), 4, "white")] * 10 + [LabelledPhoto(Path("y"), 8, "plain")]
    answers = {
        "automatic": {"simple": np.array([sure(4)] * 11)},
        "grey and resize": {"simple": np.array([sure(6)] * 11)},
    }
    return compute_report(listed, answers, {"simple": "simple-1"}, alarmed=0.25)


@pytest.fixture
def empty_artifacts(tmp_path, monkeypatch):
    """A folder without models, where the program looks."""
    folder = tmp_path / "artifacts"
    folder.mkdir()
    (folder / "models.json").write_text('{"models": []}')
    monkeypatch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
    return folder
