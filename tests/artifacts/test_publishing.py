"""Publishing: what readers would refuse is not saved, and no loss of power leaves a name without files."""

import json
import os
import shutil
from pathlib import Path

import pytest

from fmnist import artifacts
from fmnist.recipes import RECIPES
from tests import forging
from tests.artifacts.conftest import refused, run_json, save_again
from tests.conftest import BASELINE, OTHER
from tests.tiny import shorten


def test_pointing_vouches_for_its_own_run_and_for_no_other(own_artifacts):
    path = run_json(OTHER)
    path.write_text(path.read_text().replace('"seconds": ', '"seconds": 1'))
    model = artifacts.point(BASELINE, save_again(own_artifacts, BASELINE))
    assert model == artifacts.load_model(BASELINE)
    assert model.entry.run_sha256 == forging.compute_sum(model.run.folder / "run.json")
    with refused(r"run\.json is damaged or was changed"):
        artifacts.load_model(OTHER)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        (
            {"temperature": 0},
            f"run of {BASELINE} cannot be published: temperature must be a number of at least",
        ),
        ({"recipe": "Other"}, "The run of Other cannot be published: recipe must be a name"),
        ({"created": "two\nlines"}, "cannot be published: a text must be a line"),
    ],
)
def test_what_readers_would_refuse_is_not_saved(own_artifacts, changes, match):
    before = {path: path.read_bytes() for path in own_artifacts.rglob("*.json")}
    with refused(match):
        save_again(own_artifacts, BASELINE, **changes)
    assert (own_artifacts / "new" / "model.keras").exists(), "nothing was moved"
    shutil.rmtree(own_artifacts / "new")
    assert {path: path.read_bytes() for path in own_artifacts.rglob("*.json")} == before


def content_of(path):
    """What there is to lose of a path: the bytes of a file, the names in a folder."""
    return sorted(entry.name for entry in path.iterdir()) if path.is_dir() else path.read_bytes()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks up which file is synced in /proc")
def test_a_loss_of_power_never_leaves_a_name_without_its_files(
    own_artifacts, tiny_network, tiny_dataset, monkeypatch
):
    """Whatever models.json leads to was synced as it is before it is named; the checkpoint goes last."""
    from fmnist.training.loop import train

    fsync, replace = os.fsync, os.replace
    synced, named = {}, []  # by inode: what a loss of power would leave
    checkpoint = own_artifacts / ".scratch" / OTHER / "checkpoint.npz"

    def sync(descriptor):
        fsync(descriptor)
        path = Path(os.readlink(f"/proc/self/fd/{descriptor}"))
        synced[path.stat().st_ino] = content_of(path)
        if named and path == own_artifacts:
            assert checkpoint.exists()
            named.append("synced")

    def move(source, target):
        if Path(target).name == "models.json":
            entry = json.loads(Path(source).read_text())["models"][1]
            folder = own_artifacts / "runs" / entry["run"]
            manifest = json.loads((folder / "run.json").read_text())
            files = [folder / name for name in (*manifest["files"], "run.json")]
            for path in (*files, folder, folder.parent, own_artifacts, Path(source)):
                assert synced.get(path.stat().st_ino) == content_of(path), path
            named.append(entry["run"])
        replace(source, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "replace", move)
    run = train(shorten(RECIPES[OTHER], max_epochs=1), tiny_dataset)
    assert named == [run.name, "synced"]
    assert not checkpoint.exists()
