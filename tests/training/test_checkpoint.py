"""Checkpoints: what is damaged is refused, or changes nothing."""

import keras
import numpy as np
import pytest

from fmnist import artifacts
from fmnist.errors import TrainingError
from fmnist.recipes import TrainingConfig
from fmnist.training.checkpoint import TrainingState, load_checkpoint, save_checkpoint


def flip(content, random):
    content[random.integers(len(content))] ^= 1 << random.integers(8)


def cut(content, random):
    start = random.integers(len(content))
    del content[start : start + random.integers(1, 200)]


def swap(content, random):
    one, other = (slice(start, start + 64) for start in random.integers(len(content) - 64, size=2))
    content[one], content[other] = content[other], content[one]


def overwrite(content, random):
    start = random.integers(len(content) - 8)
    content[start : start + 8] = random.bytes(8)


@pytest.mark.slow
def test_1500_damaged_checkpoints_are_one_sentence_each_or_harmless(tmp_path):
    """Of a tiny model, whose file is mostly headers: there damage has the most ways to go wrong."""

    def build():
        keras.utils.set_random_seed(1)
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2), keras.layers.Dropout(0.5)])
        model.compile(keras.optimizers.Adam(), loss="mse")
        model.optimizer.build(model.trainable_variables)
        return model

    def content_of(model, state):
        arrays = [*model.variables, *model.optimizer.variables, *state.best_weights]
        arrays += [*state.confusions, *state.truth, *state.answers]
        return [np.asarray(array).tolist() for array in arrays], state.history, state.kept_epoch

    row = dict.fromkeys(artifacts.HISTORY_COLUMNS, 0.5)
    model, path, purpose = build(), tmp_path / "checkpoint.npz", (TrainingConfig(), "split")
    recorded = {
        "confusions": [np.eye(10, dtype=np.int32)],
        "truth": [np.full(3, 0.5, np.float16)],
        "answers": [np.arange(3, dtype=np.uint8)],
    }
    state = TrainingState(
        0.1, [row], **recorded, best_loss=0.5, kept_epoch=1, best_weights=model.get_weights()
    )
    save_checkpoint(path, model, state, *purpose)
    whole, expected = path.read_bytes(), content_of(model, state)
    random = np.random.default_rng(4)
    refused, fresh = 0, build()
    for number in range(1500):
        content = bytearray(whole)
        (flip, cut, swap, overwrite)[number % 4](content, random)
        path.write_bytes(content)
        try:
            restored = load_checkpoint(path, fresh, *purpose)
        except TrainingError as error:
            assert str(error).endswith("without --resume.") and "\n" not in str(error)
            refused += 1
        else:  # only where the damage hit a date, a padding or nothing
            assert content_of(fresh, restored) == expected
    assert refused > 1000
