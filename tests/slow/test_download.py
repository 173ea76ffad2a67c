"""The real four files from a local mirror, at full size, through the real command; killed as well."""

import gzip
import hashlib
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from fmnist import data
from tests.conftest import ROOT
from tests.mirror import WAYS, Answer, read_published, serve

pytestmark = [pytest.mark.slow, pytest.mark.dataset]
KILLS = 20
# `python -m fmnist download`, with another mirror than the real ones.
DOWNLOAD = """
import sys
from fmnist import cli
from fmnist.data import mirrors
mirrors.MIRRORS = (sys.argv[1],)
sys.exit(cli.main(["download"]))
"""
SUMS = {file.name: file.sha256 for file in data.FILES.values()}


@pytest.fixture(scope="module")
def published():
    return read_published()  # before `no_data` hides them


@pytest.fixture
def mirror(published, no_data):
    with serve() as mirror:
        mirror.answers = {f"/{name}": [Answer(body)] for name, body in published.items()}
        yield mirror


def start(mirror):
    return subprocess.Popen(
        [sys.executable, "-c", DOWNLOAD, mirror.address],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process):
    output, _ = process.communicate(timeout=300)
    assert process.returncode == 0, output
    assert output == f"the data set is complete in {data.data_dir()}\n"
    assert read_sums() == SUMS


def read_sums():
    """The SHA-256 of the content of every file in the Keras cache; what is no complete file fails."""
    return {
        path.name: hashlib.sha256(gzip.decompress(path.read_bytes())).hexdigest()
        for path in data.data_dir().iterdir()
    }


@pytest.mark.parametrize("way", WAYS)
def test_the_command_downloads_from_every_kind_of_server(mirror, published, way):
    mirror.answers = {f"/{name}": WAYS[way](body) for name, body in published.items()}
    started = time.monotonic()
    finish(start(mirror))
    print(f"{way}: {time.monotonic() - started:.1f} s")
    assert len(mirror.requested) == (8 if way.startswith("cut off") else 4)
    if way != "unpacked" and "encoding" not in way:
        stored = {path.name: path.read_bytes() for path in data.data_dir().iterdir()}
        assert stored == published


def test_two_commands_at_once_download_once(mirror):
    first, second = start(mirror), start(mirror)
    finish(first)
    finish(second)
    assert len(mirror.requested) == 4


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)


def unfinished():
    return list(data.data_dir().glob(".download-*"))


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX signal")
def test_killed_at_random_moments(mirror, published, tmp_path, monkeypatch):
    def answer(pause):
        mirror.answers = {f"/{name}": [Answer(body, pause=pause)] for name, body in published.items()}

    answer(0.002)  # arriving takes longer than starting, so that some kills fall into it
    started = time.monotonic()
    finish(start(mirror))
    duration = time.monotonic() - started
    random = np.random.default_rng(5)
    complete = []
    for number in range(KILLS):
        monkeypatch.setenv("KERAS_HOME", str(tmp_path / str(number)))
        answer(0.002)
        process = start(mirror)
        time.sleep(random.uniform(0, duration))  # a random moment is the point of this test
        kill(process)
        assert len(unfinished()) <= 1
        complete.append(sum((data.data_dir() / name).exists() for name in SUMS))
        answer(0)
        finish(start(mirror))
    print(f"{KILLS} kills within {duration:.1f} s of download each left so many files: {complete}")
    assert len(set(complete)) > 1, "all kills fell into the same moment"


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX signal")
def test_killed_while_a_file_is_written(mirror):
    left = 0
    for _ in range(6):
        process = start(mirror)
        while not unfinished() and process.poll() is None:
            time.sleep(0.001)  # only a look tells that the writing has begun
        kill(process)
        left += len(unfinished())
        finish(start(mirror))
        for name in SUMS:
            (data.data_dir() / name).unlink()
    print(f"{left} of 6 kills left a half-written file, which the next run cleared")
    assert left > 0, "no kill fell into the writing"
