"""What all commands share: help, misuse, exit status, the end of the output."""

import os
import signal
import subprocess
import sys

import pytest

from fmnist.cli import main
from fmnist.cli.command import COMMANDS
from fmnist.recipes import RECIPES
from tests.cli.running import command_line, read_first_line_of_many
from tests.conftest import BASELINE, ROOT


def test_help_has_examples(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    printed = capsys.readouterr().out
    assert "python -m fmnist predict shoe.jpg" in printed
    assert "python -m fmnist benchmark-photos photos" in printed


def test_help_imports_nothing_slow():
    script = (
        "import sys; from fmnist.cli.main import build_parser;"
        "build_parser().format_help();"
        "print(*{'numpy', 'cv2', 'PIL', 'msgspec', 'tensorflow'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout == "\n"


def test_help_of_train_lists_the_recipes(capsys):
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    printed = capsys.readouterr().out
    assert all(name in printed for name in RECIPES)


def test_misuse_exits_with_two(capsys):
    misuses = (["train", "other"], ["predict", "--format", "xml", "x"], ["benchmark_photos", "x"])
    for arguments in ([], ["predict"], ["benchmark-photos"], *misuses):
        with pytest.raises(SystemExit) as exit_status:
            main(arguments)
        assert exit_status.value.code == 2


def test_a_hostile_option_reaches_no_terminal(capsys):
    with pytest.raises(SystemExit):
        main(["predict", "bag.png", "--\x1b[31mred.png"])
    printed = capsys.readouterr().err
    assert "red.png" in printed and "\x1b" not in printed


def test_a_reader_that_leaves_ends_it_quietly(pictures):
    with read_first_line_of_many(pictures) as started:
        started.stdout.close()
        said = started.stderr.read()
    assert started.returncode == 141
    assert b"Broken" not in said and b"Traceback" not in said


def test_what_is_written_last_may_find_no_reader_or_no_room(pictures):
    arguments = ("predict", "--model", BASELINE, pictures / "bag.png")
    reading, writing = os.pipe()
    os.close(reading)
    for target, status, expected in (
        (writing, 141, b""),
        (os.open("/dev/full", os.O_WRONLY), 1, b"No space"),
    ):
        done = subprocess.run(
            command_line(*arguments), cwd=ROOT, stdout=target, stderr=subprocess.PIPE, timeout=60, check=False
        )
        os.close(target)
        assert done.returncode == status
        assert expected in done.stderr and b"Exception" not in done.stderr and b"Traceback" not in done.stderr


def test_a_closed_output_is_no_reason_to_fail(pictures):
    arguments = command_line("predict", "--model", BASELINE, "--format", "csv", pictures / "bag.png")
    closed = ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *arguments]
    done = subprocess.run(closed, cwd=ROOT, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 0 and b"Traceback" not in done.stderr


def test_ctrl_c_says_nothing_of_models_where_none_is_trained(pictures):
    with read_first_line_of_many(pictures) as started:
        started.send_signal(signal.SIGINT)
        _, said = started.communicate(timeout=60)
    assert started.returncode == 130
    assert said.decode().splitlines()[-1] == "stopped"


def test_each_command_has_a_name_of_its_own_and_a_sentence(capsys):
    assert len({command.name for command in COMMANDS}) == len(COMMANDS)
    for command in COMMANDS:
        with pytest.raises(SystemExit):
            main([command.name, "--help"])
        assert command.description.endswith(".")
        assert command.description.split()[0] in capsys.readouterr().out
