"""train and evaluate, as a user runs them."""

import json

import pytest

from fmnist import artifacts
from fmnist.cli import main
from tests import forging


@pytest.mark.parametrize("seed", ["-1", str(2**32), "1e3", "", "9" * 5_000])
def test_a_seed_that_no_generator_takes_is_misuse(capsys, seed):
    with pytest.raises(SystemExit) as exit_status:
        main(["train", "simple", "--seed", seed])
    assert exit_status.value.code == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert "a seed is a whole number from 0 to 4294967295" in said and len(said) < 200


@pytest.mark.parametrize("command", [["evaluate"], ["train", "simple"]])
def test_without_the_data_set_the_command_to_get_it_is_said(no_data, capsys, command):
    assert main(command) == 1
    assert "python -m fmnist download" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.dataset
def test_evaluate_finds_the_recorded_accuracy(dataset, capsys):
    assert main(["evaluate"]) == 0
    lines = capsys.readouterr().out.splitlines()[1:]
    for line, entry in zip(lines, artifacts.list_models(), strict=True):
        assert line.split()[0] == entry.name
        assert float(line.split()[1]) == round(artifacts.load_model(entry.name).manifest.test.accuracy, 4)


@pytest.mark.dataset
def test_evaluate_fails_where_the_record_differs(own_artifacts, dataset, capsys):
    published = json.loads((own_artifacts / "models.json").read_text())["models"]
    forging.edit(own_artifacts / "models.json", "models", value=published[:1])  # one tells as much as three
    assert main(["evaluate"]) == 1, "a tiny model's record is of another test set"
    assert "no longer give the recorded accuracy" in capsys.readouterr().err
