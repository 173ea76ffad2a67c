"""The training history for TensorBoard: an event file beside each run, derived from history.csv.

TensorBoard shows any folder with such files: `tensorboard --logdir artifacts/runs`. They are no part of a
run: its manifest does not name them, exports leave them out, and whoever deletes one loses nothing.

An event file is a sequence of records, each with its length and checksums, of `Event` messages of Protocol
Buffers. The few fields needed here are written by hand, because TensorFlow stays out of the server, and
training works without it.

Reference: tensorflow/core/lib/io/record_writer.h, tensorflow/core/util/event.proto and
tensorflow/core/framework/summary.proto.
"""

import itertools
import struct
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fmnist.artifacts import files
from fmnist.artifacts.runs import Run

if TYPE_CHECKING:
    import pandas as pd

_NAME = "events.out.tfevents"  # TensorBoard looks for names that contain the last word
_TAGS = {
    "loss/training": "loss",
    "loss/validation": "val_loss",
    "accuracy/training": "accuracy",
    "accuracy/validation": "val_accuracy",
    "learning_rate": "learning_rate",
    "seconds_per_epoch": "seconds",
}
"""What TensorBoard calls each column of the history; it shows those with the same beginning together."""
_LARGEST = 3.4e38  # in single precision
_POLYNOMIAL = 0x82F63B78  # of CRC-32C, the lowest bit first


def write_events(run: Run) -> Path:
    """Writes the event file beside a run, in one step; returns its path.

    Raises:
        ArtifactError: If the history is missing or damaged.
    """
    path = run.folder / _NAME
    content = encode_events(run.load_history(), run.manifest.created)
    if not path.exists() or path.read_bytes() != content:
        files.replace(path, content)
    return path


def encode_events(history: "pd.DataFrame", created: str) -> bytes:
    """Encodes a training history as the content of an event file; the same history gives the same bytes.

    Args:
        history: One row per epoch, columns HISTORY_COLUMNS.
        created: When the run was saved, as an ISO 8601 text; the time axis ends there. Empty if unknown.
    """
    try:
        end = datetime.fromisoformat(created).timestamp()
    except (ValueError, OverflowError, OSError):  # no time, or none that this system knows
        end = 0.0
    start = end - history["seconds"].sum()
    messages = [_fixed64(1, start) + _text(3, b"brain.Event:2")]
    for row in history.assign(ended=start + history["seconds"].cumsum()).to_dict("records"):
        values = b"".join(
            _text(1, _text(1, tag.encode()) + _fixed32(2, row[column])) for tag, column in _TAGS.items()
        )
        messages.append(_fixed64(1, row["ended"]) + _whole(2, row["epoch"]) + _text(5, values))
    return b"".join(itertools.chain.from_iterable(map(_frame, messages)))


def _frame(message: bytes) -> Iterator[bytes]:
    length = struct.pack("<Q", len(message))
    yield from (length, _masked_sum(length), message, _masked_sum(message))


def _fixed64(field: int, value: float) -> bytes:
    return bytes([field << 3 | 1]) + struct.pack("<d", value)


def _fixed32(field: int, value: float) -> bytes:
    return bytes([field << 3 | 5]) + struct.pack("<f", min(value, _LARGEST))


def _whole(field: int, value: int) -> bytes:
    return bytes([field << 3]) + _varint(value)


def _text(field: int, content: bytes) -> bytes:
    return bytes([field << 3 | 2]) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    """Encodes a whole number, seven bits per byte, the lowest first."""
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*encoded, value])


def _masked_sum(content: bytes) -> bytes:
    """Computes the CRC-32C of `content` as records hold it: rotated, and a constant added."""
    crc = 0xFFFFFFFF
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (_POLYNOMIAL if crc & 1 else 0)
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)
