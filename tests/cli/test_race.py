"""benchmark-training, as a user runs it, on tiny data."""

import re

import pytest

from fmnist import data
from fmnist.cli import main


@pytest.fixture
def tiny(tiny_network, tiny_dataset, own_artifacts, monkeypatch):
    """The command finds tiny data and the tiny network; returns what lies where models are published."""
    monkeypatch.setattr(data, "load_dataset", lambda: tiny_dataset)
    return lambda: {path: path.read_bytes() for path in own_artifacts.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_the_table_and_the_sentence(tiny, capsys):
    before = tiny()
    assert main(["benchmark-training", "--target", "0.1", "--share", "0.5", "--seeds", "3", "4", "3"]) == 0
    *laps, _, heading, first, second, third, fourth, _, sentence = capsys.readouterr().out.splitlines()
    assert heading.split() == [
        *("recipe", "seed", "images/s", "epochs", "accuracy", "seconds", "training", "validation"),
        *("processor", "compiling,", "apart"),
    ]
    rows = [row.split() for row in (first, second, third, fourth)]
    assert [row[:2] for row in rows] == [["simple", "3"], ["simple", "4"], ["fast", "3"], ["fast", "4"]]
    for _, _, speed, epochs, accuracy, seconds, training, validation, processor, _ in rows:
        assert float(speed.replace(",", "")) == pytest.approx(100 * int(epochs) / float(training), rel=0.7)
        assert float(seconds) == pytest.approx(float(training) + float(validation), abs=0.11)
        assert float(accuracy) >= 0.1 and float(processor) >= 0
    assert len(laps) == sum(int(row[3]) for row in rows)
    assert "10.0% on validation" in sentence and "on average of 2 seeds" in sentence
    assert tiny() == before, "nothing is published"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--target", "1.1"], "a share is a number above 0, at most 1. Received: 1.1"),
        (["--share", "0"], "a share is a number above 0, at most 1. Received: 0"),
        (["--share", "nan"], "a share is a number above 0, at most 1. Received: nan"),
        (["--seeds", "x"], "a seed is a whole number"),
        (["--recipes", "simple", "slow"], "invalid choice: 'slow'"),
        (["--recipes", "simple"], "expected 2 arguments"),
    ],
    ids=str,
)
def test_misuse_is_one_line(capsys, arguments, said):
    with pytest.raises(SystemExit) as exit_status:
        main(["benchmark-training", *arguments])
    assert exit_status.value.code == 2
    assert said in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.slow
def test_ctrl_c_ends_with_a_sentence(tiny, monkeypatch, capsys):
    def interrupt(lap):
        raise KeyboardInterrupt

    before = tiny()
    monkeypatch.setattr("fmnist.narration.describe_lap", interrupt)
    assert main(["benchmark-training"]) == 130
    assert capsys.readouterr().err == "stopped; nothing was saved\n"
    assert tiny() == before


def test_without_the_data_set_the_command_to_get_it_is_said(no_data, capsys):
    assert main(["benchmark-training"]) == 1
    assert re.search("python -m fmnist download", capsys.readouterr().err)
