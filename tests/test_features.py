"""The features of the training images: what is computed, kept, recognised as damaged, stopped and removed."""

import dataclasses
import threading

import numpy as np
import pytest

from fmnist import artifacts, data, features
from fmnist.errors import ArtifactError
from fmnist.features import Shelf, compute_space, load_space, save_space
from fmnist.inference import Classifier
from tests.conftest import published_models


@pytest.fixture
def run(own_artifacts, no_data):
    return artifacts.load_model(published_models()[0]).run


@pytest.fixture
def space(run, tiny_dataset):
    return compute_space(run, tiny_dataset, lambda share: None)


def wait(shelf, run):
    """Waits until nothing computes a run's space any more."""
    for thread in threading.enumerate():
        if getattr(thread, "_target", None) == shelf._compute:
            thread.join(60)
    return shelf.find_task(run)


def test_a_space_holds_the_direction_of_each_training_image_and_usual_distances(run, tiny_dataset, space):
    wanted = Classifier.from_run(run).compute_features(tiny_dataset.train.images)
    lengths = np.linalg.norm(wanted, axis=1, keepdims=True)
    np.testing.assert_allclose(space.rows * lengths, wanted, atol=2e-3 * lengths.max())
    assert len(space.reference) == len(tiny_dataset.test.images)
    tests = Classifier.from_run(run).compute_features(tiny_dataset.test.images)
    cosines = tests @ wanted.T / np.linalg.norm(tests, axis=1, keepdims=True) / lengths.T
    np.testing.assert_allclose(space.reference, np.sort(1 - cosines.max(axis=1)), atol=2e-4)


def test_progress_ends_at_one_and_whoever_hears_it_may_stop(run, tiny_dataset):
    shares = []
    compute_space(run, tiny_dataset, shares.append)
    assert shares == sorted(shares) and shares[0] == 0 and shares[-1] == 1 and len(shares) > 3

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compute_space(run, tiny_dataset, stop)


def test_what_is_kept_is_read_again_and_cannot_be_changed(run, tiny_dataset, space):
    assert load_space(run, tiny_dataset) is None
    save_space(space, run, tiny_dataset)
    again = load_space(run, tiny_dataset)
    np.testing.assert_allclose(again.rows, space.rows, atol=5e-4)  # half precision
    np.testing.assert_array_equal(again.reference, space.reference)
    with pytest.raises(ValueError, match="read-only"):
        again.rows[0] = 0
    assert [path.suffix for path in data.cache_dir().iterdir()] == [".features"]


def test_a_damaged_file_or_one_for_other_images_is_none(run, tiny_dataset, space):
    save_space(space, run, tiny_dataset)
    (path,) = data.cache_dir().iterdir()
    sound = path.read_bytes()
    for damaged in (b"", b"x" * 100, sound[:-1], bytes([*sound[:500], sound[500] ^ 1, *sound[501:]])):
        path.write_bytes(damaged)
        assert load_space(run, tiny_dataset) is None
    path.write_bytes(sound)
    assert load_space(run, tiny_dataset) is not None
    assert load_space(run, dataclasses.replace(tiny_dataset, split_sha256="other")) is None
    fewer = data.Split(tiny_dataset.train.images[:50], tiny_dataset.train.labels[:50])
    assert load_space(run, dataclasses.replace(tiny_dataset, train=fewer)) is None


def test_files_of_runs_that_are_gone_are_removed_and_others_stay(run, tiny_dataset, space):
    folder = data.cache_dir()
    folder.mkdir(parents=True)
    other = artifacts.load_model(published_models()[1]).run
    key = 16 * "0"
    for name in (f"gone-{key}.features", f"gone-{key}.part", f"{run.name}-{key}.features"):
        (folder / name).touch()
    (folder / f"{other.name}-{key}.features").touch()
    (folder / "notes.txt").touch()
    save_space(space, run, tiny_dataset)
    left = {path.name for path in folder.iterdir()}
    assert {f"{other.name}-{key}.features", "notes.txt"} < left and len(left) == 3


def test_a_shelf_computes_what_is_missing_once_and_keeps_it(run, tiny_dataset, monkeypatch):
    computed = []
    monkeypatch.setattr(
        features, "compute_space", lambda *given: [computed.append(given[0].name), compute_space(*given)][1]
    )
    shelf = Shelf(tiny_dataset)
    assert shelf.find(run) is None and shelf.find_task(run) is None
    assert shelf.start(run) is not None
    shelf.start(run)
    assert wait(shelf, run) is None and computed == [run.name]
    assert len(shelf.find(run).rows) == len(tiny_dataset.train.images)
    assert Shelf(tiny_dataset).find(run) is not None, "it was not written"


def test_a_space_that_cannot_be_written_is_kept_in_memory(run, tiny_dataset, tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "file"))
    shelf = Shelf(tiny_dataset)
    shelf.start(run)
    assert wait(shelf, run) is None and shelf.find(run) is not None


def test_a_cancelled_task_leaves_nothing(run, tiny_dataset):
    shelf = Shelf(tiny_dataset)
    with shelf._turn:  # as if another were computed
        task = shelf.start(run)
        task.cancel()
    assert wait(shelf, run) is None and shelf.find(run) is None and not data.cache_dir().exists()


def test_a_damaged_model_is_an_error_that_a_new_start_forgets(run, tiny_dataset):
    model = run.path("litert")
    content = model.read_bytes()
    model.write_bytes(b"damaged")
    shelf = Shelf(tiny_dataset)
    shelf.start(run)
    task = wait(shelf, run)
    assert isinstance(task.error, ArtifactError) and "damaged" in str(task.error)
    model.write_bytes(content)
    shelf.start(run)
    assert wait(shelf, run) is None and shelf.find(run) is not None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_nobody_foresaw_is_a_sentence_too(run, tiny_dataset, monkeypatch):
    monkeypatch.setattr(features, "scale_rows", lambda rows: 1 / 0)
    shelf = Shelf(tiny_dataset)
    shelf.start(run)
    assert "could not be computed" in str(wait(shelf, run).error)


def test_only_so_many_spaces_stay_in_memory(run, tiny_dataset, space, monkeypatch):
    monkeypatch.setattr(features, "_IN_MEMORY", 1)
    other = artifacts.load_model(published_models()[1]).run
    shelf = Shelf(tiny_dataset)
    save_space(space, run, tiny_dataset)
    save_space(space, other, tiny_dataset)
    assert shelf.find(run) and shelf.find(other)
    assert list(shelf._spaces) == [other.name]
