"""The event files for TensorBoard: TensorFlow's own reader, and TensorBoard's, find the history in them."""

import shutil
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from fmnist import artifacts
from fmnist.artifacts.events import encode_events
from tests import zips
from tests.artifacts.conftest import refused, save_again
from tests.conftest import BASELINE

NAME = "events.out.tfevents"
TAGS = {
    "loss/training": "loss",
    "loss/validation": "val_loss",
    "accuracy/training": "accuracy",
    "accuracy/validation": "val_accuracy",
    "learning_rate": "learning_rate",
    "seconds_per_epoch": "seconds",
}


def test_tensorflow_reads_what_the_history_says(own_artifacts):
    """Its reader checks the length and both checksums of each record."""
    from tensorflow.core.util.event_pb2 import Event
    from tensorflow.data import TFRecordDataset

    run = artifacts.load_model(BASELINE).run
    records = TFRecordDataset(str(run.folder / NAME)).as_numpy_iterator()
    first, *events = [Event.FromString(record) for record in records]
    history = run.load_history()
    assert first.file_version == "brain.Event:2"
    assert [event.step for event in events] == history["epoch"].tolist()
    for event, row in zip(events, history.to_dict("records"), strict=True):
        found = {value.tag: value.simple_value for value in event.summary.value}
        assert found == pytest.approx({tag: row[column] for tag, column in TAGS.items()}, rel=1e-6)
    created = datetime.fromisoformat(run.manifest.created)
    assert datetime.fromtimestamp(events[-1].wall_time, UTC) == created, "the time axis ends there"
    np.testing.assert_allclose(
        np.diff([event.wall_time for event in [first, *events]]), history["seconds"], atol=1e-5
    )


def test_tensorboard_finds_each_run_in_the_folder_of_runs(own_artifacts):
    accumulator = pytest.importorskip(
        "tensorboard.backend.event_processing.event_accumulator",
        reason="TensorBoard is not installed: pip install -r requirements-dev.txt",
    )
    for run in artifacts.load_runs()[0]:
        found = accumulator.EventAccumulator(str(run.folder)).Reload()
        assert set(found.Tags()["scalars"]) == set(TAGS)
        for tag, column in TAGS.items():
            values = [event.value for event in found.Scalars(tag)]
            np.testing.assert_allclose(values, run.load_history()[column], rtol=1e-6)


def test_an_event_file_is_no_part_of_its_run(own_artifacts):
    run = save_again(own_artifacts, BASELINE)
    assert (run.folder / NAME).exists(), "it is written when a run is saved"
    assert NAME not in run.manifest.files and NAME not in str(zips.read_zip(artifacts.export_run(run)).keys())
    before = (run.folder / NAME).read_bytes()
    (run.folder / NAME).write_bytes(b"changed")
    run.check()
    artifacts.write_events(run)
    assert (run.folder / NAME).read_bytes() == before
    shutil.copy(run.folder / NAME, run.folder / "kept")
    artifacts.write_events(run)
    assert (run.folder / NAME).stat().st_mtime <= (run.folder / "kept").stat().st_mtime, "written again"


def test_a_run_with_a_damaged_history_gets_none(own_artifacts):
    run = artifacts.load_model(BASELINE).run
    (run.folder / NAME).unlink()
    (run.folder / "history.csv").write_text("epoch\n")
    with refused(r"history\.csv is damaged"):
        artifacts.write_events(run)
    assert not (run.folder / NAME).exists()


@pytest.mark.parametrize("created", ["", "yesterday", "0001-01-01T00:00:00", "9999-12-31T23:59:59Z"])
def test_any_time_and_any_size_of_number_can_be_written(created):
    history = pd.DataFrame([dict.fromkeys(artifacts.HISTORY_COLUMNS, 1e300)]).assign(epoch=200)
    content = encode_events(history, created)
    assert b"loss/validation" in content and content == encode_events(history, created)
