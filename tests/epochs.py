"""A run of full size with the answers of each epoch, made from a published one that lacks them or not."""

import io
import shutil

import numpy as np
import pytest

from fmnist import artifacts, census
from tests import forging
from tests.conftest import ROOT


def log_epochs(run: artifacts.Run) -> tuple[np.ndarray, np.ndarray]:
    """Gives a run answers that grow from noise into those it ended with; returns truth and answers.

    Args:
        run: One in a folder of the test's own.

    Returns:
        float16 and uint8 `(epochs, 12000)`.
    """
    labels, epochs = census.load_census("validation").labels, run.manifest.epochs_run
    final = np.log(np.clip(run.load_probabilities("validation"), 1e-4, 1)).astype(np.float32)
    random = np.random.default_rng(0)
    noise = random.standard_normal((2, *final.shape), np.float32)
    truth, answers = [], []
    for epoch in range(1, epochs + 1):
        learned = min(1, epoch / 10)
        wobble = noise[0] * np.cos(epoch) + noise[1] * np.sin(epoch)  # costs less than new noise each time
        logits = learned * final + (1.5 - learned) * wobble
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        truth.append((odds[np.arange(len(labels)), labels] / odds.sum(axis=1)).astype(np.float16))
        answers.append(odds.argmax(axis=1).astype(np.uint8))
    arrays = np.array(truth), np.array(answers)
    for kind, array in zip(("validation_truth", "validation_answers"), arrays, strict=True):
        stream = io.BytesIO()
        np.save(stream, array)
        forging.replace_file(run, kind, stream.getvalue())
    return arrays


def build_logged_artifacts(folder) -> tuple[np.ndarray, np.ndarray]:
    """Copies the published models; the first gets the answers of each epoch, the last loses any it has.

    Returns:
        What `log_epochs` does.
    """
    shutil.copytree(ROOT / "artifacts", folder, ignore=shutil.ignore_patterns("sweeps", "*.keras"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FMNIST_ARTIFACTS_DIR", str(folder))
        first, *_, last = artifacts.load_models()
        dropped = {artifacts.RUN_FILES[kind].name for kind in ("validation_truth", "validation_answers")}
        kept = {name: known for name, known in last.manifest.files.items() if name not in dropped}
        forging.edit(last.run.folder / "run.json", "files", value=kept)
        return log_epochs(first.run)
