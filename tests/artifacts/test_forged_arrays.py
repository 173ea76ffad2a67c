"""The arrays of a run: whatever their headers promise, they are refused and nothing is allocated."""

import io
import tracemalloc

import numpy as np
import pytest

from tests import forging
from tests.artifacts.conftest import npy, refused
from tests.conftest import find_model, has_alarm


def header(shape, kind="<f2"):
    stream = io.BytesIO()
    description = {"descr": kind, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, description)
    return stream.getvalue()


def npz(array):
    stream = io.BytesIO()
    np.savez(stream, array)
    return stream.getvalue()


ARRAYS = ("validation_confusion", "test_probabilities", "validation_probabilities", "garment_space")
ARRAYS += ("validation_truth", "validation_answers")


FORGERIES = {
    "promises 20 TB": lambda array: header((10**12, 10)) + b"x" * 100,
    "promises rows of nothing": lambda array: header((0, 10**30)),
    "negative shape": lambda array: header((-7, -10)) + b"x" * 140,
    "objects": lambda array: header((3, 10), "|O") + b"x" * 240,
    "texts of no length": lambda array: header((3, 10), "|S0"),
    "one byte less": lambda array: npy(array)[:-1],
    "one byte more": lambda array: npy(array) + b"x",
    "half a header": lambda array: npy(array)[:20],
    "misspelt header": lambda array: npy(array).replace(b"descr", b"des(r"),
    "unbalanced header": lambda array: npy(array).replace(b"{", b"("),
    "another version": lambda array: npy(array).replace(b"\x01\x00", b"\x09\x00", 1),
    "a zip": lambda array: npz(array),
    "fewer rows": lambda array: npy(array[:1]),
    "fewer columns": lambda array: npy(array[..., :-1]),
    "complex numbers": lambda array: npy(array.astype(np.complex64)),
    "texts": lambda array: npy(array.astype("U9")),
    "no numbers": lambda array: npy(np.full(array.shape, np.nan)),
    "infinite both ways": lambda array: npy(
        np.where(np.arange(array.shape[-1]) % 2, np.inf, -np.inf) + 0 * array
    ),
    "empty": lambda array: b"",
    "magic only": lambda array: b"\x93NUMPY",
    "no array": lambda array: b"text" * 99,
}


@pytest.mark.parametrize("forgery", FORGERIES)
@pytest.mark.parametrize("kind", ARRAYS)
def test_a_forged_array_is_refused_and_nothing_is_allocated(tiny, kind, forgery):
    run = find_model(has_alarm).run
    forging.replace_file(run, kind, FORGERIES[forgery](np.load(run.folder / f"{kind}.npy")))
    run = find_model(has_alarm).run
    tracemalloc.start()
    with refused(rf"artifacts/runs/[\w-]+/{kind}\.npy is damaged: it"):
        run.load(kind)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def move_a_count(confusions):
    confusions[0, 3, 4], confusions[0, 4, 4] = confusions[0, 3, 4] + 1, confusions[0, 4, 4] - 1
    return confusions


def always_sandal(probabilities):
    return np.eye(10, dtype=np.float16)[[5] * len(probabilities)]


@pytest.mark.parametrize(
    ("kind", "forge", "match"),
    [
        ("validation_confusion", np.negative, "not those of the validation images"),
        ("validation_confusion", move_a_count, "not those of the validation images"),
        ("test_probabilities", np.negative, "rows are not probabilities"),
        ("test_probabilities", lambda array: array / 2, "rows are not probabilities"),
        ("test_probabilities", always_sandal, "contradict the confusion matrix"),
        ("validation_probabilities", always_sandal, "contradict the confusion matrix"),
    ],
)
def test_arrays_that_contradict_their_run_are_refused(tiny, kind, forge, match):
    run = find_model(has_alarm).run
    forging.replace_file(run, kind, npy(forge(np.load(run.folder / f"{kind}.npy"))))
    with refused(match):
        find_model(has_alarm).run.load(kind)
