"""Trainings from the page, while the process that trains and the server are killed at random moments."""

import hashlib
import os
import re
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from fmnist import artifacts, data, jobs
from tests.browser.conftest import Server
from tests.effort import part_of
from tests.slow.visitor import Visitor, run_apart

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc").exists(), reason="finds the worker in /proc"),
]
KILLS = part_of(20)
AGAIN = ("Go on", "Start again", "Start the queue")
TINY = """
import asyncio, sys, types
from fmnist.jobs import start
start.WORKER = (sys.executable, "-m", "tests.tiny_worker")
# Each server lives for a few clicks on one page: running all pages in advance would be most of its work.
sys.modules["fmnist.ui.warmup"] = types.SimpleNamespace(warm_up=lambda: asyncio.sleep(0))
"""


@pytest.fixture
def folder(own_artifacts, tmp_path, monkeypatch):
    """Published tiny models; files where the data set is looked for, so that the page offers to train."""
    monkeypatch.setenv("FMNIST_DATA_DIR", str(tmp_path))
    for file in data.FILES.values():
        (tmp_path / file.name).touch()
    yield own_artifacts
    for process in find_workers():
        os.kill(process, signal.SIGKILL)


def find_workers():
    """The ids of the processes that work off the queue of this test's folder."""
    own = str(artifacts.artifacts_dir()).encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = (process / "cmdline").read_bytes(), (process / "environ").read_bytes()
        except OSError:  # it has ended, or belongs to somebody else
            continue
        if b"-m\0tests.tiny_worker" in command and own in environment:
            found.append(int(process.name))
    return found


def read_published(folder):
    """The SHA-256 of whatever a reader of the published models may read."""
    names = {entry.run for entry in artifacts.list_models()}
    paths = [folder / "models.json", *(path for name in names for path in (folder / "runs" / name).iterdir())]
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(paths)}


def click(server, *labels):
    """Clicks on the first button of the page Train that has one of the labels; returns whether one has."""

    async def click():
        query = "share=100&epochs=20&setup=true"
        async with Visitor(server.address) as visitor:
            shown = await visitor.open("Train", query)
            assert not [element for element in shown if element.WhichOneof("type") == "exception"]
            buttons = [element.button for element in shown if element.WhichOneof("type") == "button"]
            wanted = next((button for button in buttons if button.label in labels), None)
            if wanted is None:
                return False
            shown = await visitor.open("Train", query, visitor.press(wanted.id))
            assert not [element for element in shown if element.WhichOneof("type") == "exception"]
            return True

    return run_apart(click())


def assert_all_is_true():
    """No job claims to run while nobody works, and at most one runs."""
    running = [job for job in jobs.list_jobs() if job.phase == "running"]
    assert len(running) <= 1
    if running and not find_workers():
        assert jobs.find_job(running[0].name).phase != "running", "it claims to run, and nobody works"


def kill(process):
    """Kills a process and waits until the system has closed all that it had open, its locks among them."""
    os.kill(process, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while has_open_files(process):
        assert time.monotonic() < deadline
        time.sleep(0.02)  # it is nobody's child here


def has_open_files(process):
    """Whether any of its threads is left but the first, which stays as a zombie until its parent looks."""
    try:
        state = re.search(r"^State:\s+(\w)", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)[1]
        return state not in "ZX" or len(os.listdir(f"/proc/{process}/task")) > 1
    except OSError:
        return False


def wait_until_over():
    deadline = time.monotonic() + 300
    while any(job.phase in ("queued", "running") for job in jobs.list_jobs()):
        assert time.monotonic() < deadline, jobs.list_jobs()
        time.sleep(0.2)  # another process reports through files only


def wait_at_most(limit):
    """Waits that many seconds, or until nobody works any more; returns how long it took."""
    started = time.monotonic()
    while (seconds := time.monotonic() - started) < limit and artifacts.is_held("worker"):
        time.sleep(min(0.1, limit - seconds))  # a random moment is the point of this test
    return seconds


def test_killed_at_random_moments(folder, tmp_path):
    random = np.random.default_rng(13)
    before = read_published(folder)
    server = Server(tmp_path, prelude=TINY)
    killed = {"worker": 0, "server": 0}
    try:
        started = time.monotonic()
        assert click(server, "Start")
        wait_until_over()
        duration = time.monotonic() - started
        parts = random.permutation(KILLS)  # one kill in each part of the time that a training takes
        while (number := sum(killed.values())) < KILLS:
            is_fresh = not click(server, *AGAIN) and not any(job.is_unfinished for job in jobs.list_jobs())
            if is_fresh:
                assert click(server, "Start")
            seconds = wait_at_most((parts[number] + random.uniform()) / KILLS * duration)
            workers = find_workers()
            if number % 3 == 2:
                server.process.kill()
                server.process.wait()
                killed["server"] += 1
                assert find_workers() == workers or not find_workers(), "the worker went with the server"
            elif workers:
                for worker in workers:  # a second one may be waiting for the first to end
                    kill(worker)
                killed["worker"] += 1
            elif is_fresh:
                duration = seconds  # this one was faster than those before
            assert_all_is_true()
            assert {path: read_published(folder)[path] for path in before} == before
            if server.process.poll() is not None:
                server = Server(tmp_path, prelude=TINY)
        left = [(job.phase, len(job.state.epochs)) for job in jobs.list_jobs()]
        print(f"\nkilled {killed} within {duration:.0f} s of training each; then {left}")
        assert min(killed.values()) >= part_of(5)
        while click(server, *AGAIN):
            pass
        wait_until_over()
        ended = jobs.list_jobs()
        assert ended and {job.phase for job in ended} == {"finished"}
        for job in ended:
            run = artifacts.load_run(job.state.run)
            for kind in artifacts.RUN_FILES:
                assert not run.has(kind) or run.read(kind)
            numbers = [epoch.epoch for epoch in job.state.epochs]
            assert numbers == sorted(set(numbers)) and numbers[-1] == run.manifest.epochs_run
        while click(server, "Remove"):
            pass
        assert not jobs.list_jobs()
        assert read_published(folder) == before
    finally:
        server.process.kill()
        server.process.wait()
