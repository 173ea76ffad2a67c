"""A sweep on a real local Ray and on this machine alone: killed workers, killed drivers, the same figures."""

import importlib.util
import os
import re
import signal
import subprocess
import sys
import time
from collections import defaultdict

import pytest

from fmnist import artifacts
from tests.conftest import ROOT

SWEEP = """
name = "tiny"
test = true
runs = false

[[grid]]
recipe = ["simple", "augmented"]
seeds = [1, 2]
max_epochs = 12
"""
TRIALS = [f"{recipe}-max_epochs12-seed{seed}" for recipe in ("simple", "augmented") for seed in (1, 2)]
RAY, HERE = ("--address", "local"), ("--jobs", "2")  # with one core for each of two trials, both

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a POSIX signal"),
]
needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="Ray is absent: pip install -r requirements-cluster.txt"
)


class Place:
    """A folder with its artifacts and a log of which process finished which epoch of which trial."""

    def __init__(self, folder):
        self.folder, self.artifacts, self.log = folder, folder / "artifacts", folder / "log"
        self.file = folder / "sweep.toml"
        self.file.write_text(SWEEP)
        self.log.touch()

    def start(self, *options):
        """Starts the command in a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.slow.sweep_tiny", self.file, *options],
            cwd=ROOT,
            env={
                **os.environ,
                "FMNIST_ARTIFACTS_DIR": str(self.artifacts),
                "TMPDIR": str(self.folder),  # where a machine of a cluster keeps its checkpoints
                "RAY_TMPDIR": "/tmp",  # noqa: S108 (a socket's path must be short)
                "TINY_TRIAL_LOG": str(self.log),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def finish(self, *options):
        """Runs the command to its end; returns what it said."""
        with self.start(*options) as process:
            said, _ = process.communicate(timeout=600)
        assert process.returncode == 0, said
        return said

    def epochs(self):
        """The epochs that each process has finished, by trial and process, in the order of their begin."""
        found = defaultdict(lambda: defaultdict(list))
        for line in self.log.read_text().splitlines():
            trial, process, epoch = line.split()
            found[trial][int(process)].append(int(epoch))
        return found

    def wait_for(self, is_reached):
        """Waits until something is true of the epochs so far; returns them."""
        deadline = time.monotonic() + 300
        while not is_reached(found := self.epochs()):
            assert time.monotonic() < deadline, found
            time.sleep(0.05)
        return found

    def left_on_the_machine(self):
        """The names of the trials of which a worker of Ray still has the checkpoint."""
        return {path.parent.name for path in self.folder.glob("fmnist-sweeps-*/**/checkpoint*")}

    def kept(self):
        """The names of the trials whose result the driver has on its disk, in the table or not yet."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("FMNIST_ARTIFACTS_DIR", str(self.artifacts))
            return {trial for trial in TRIALS if artifacts.load_trial("tiny", trial)}

    def finished(self):
        """The names of the trials in the table."""
        if not (self.artifacts / "sweeps" / "tiny" / "trials.parquet").exists():
            return []
        return [trial.trial for trial in self.load().trials]

    def load(self):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("FMNIST_ARTIFACTS_DIR", str(self.artifacts))
            return artifacts.load_sweep("tiny")


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


@pytest.fixture(scope="module")
def calm(tmp_path_factory):
    """The figures of a sweep on this machine alone that nothing disturbs."""
    place = Place(tmp_path_factory.mktemp("calm"))
    said = place.finish(*HERE)
    assert "4 of 4" in said and "all the rest takes at most" in said
    assert all([*by_process.values()] == [[*range(1, 13)]] for by_process in place.epochs().values())
    return figures(place)


def figures(place):
    """All that must repeat to the last bit, by trial: everything but durations."""
    sweep = place.load()
    assert list(sweep.planned) == [trial.trial for trial in sweep.trials] == TRIALS
    return {
        trial.trial: (
            trial.load_history().drop(columns="seconds").to_numpy().tolist(),
            (trial.kept_epoch, trial.val_loss, trial.val_accuracy, trial.test_loss, trial.test_accuracy),
            trial.validation_answers,
        )
        for trial in sweep.trials
    }


@needs_ray
def test_a_killed_worker_costs_only_its_trial_and_a_killed_driver_on_ray_goes_on(place, calm):
    with place.start(*RAY) as driver:
        trial = list_begun(place.wait_for(list_begun))[0]
        os.kill(*place.epochs()[trial], signal.SIGKILL)
        place.wait_for(lambda found: len(found[trial]) > 1)  # Ray has begun it again
        kill_in_the_middle(place, driver)
    others = [by_process for name, by_process in place.epochs().items() if name != trial]
    assert all(len(by_process) == 1 for by_process in others), "another trial began again"
    kept = place.kept()
    goes_on(place, RAY)
    assert figures(place) == calm, "the same as without Ray, to the last bit"
    assert place.left_on_the_machine() <= kept, "a worker was not told to forget what has arrived"


def test_ctrl_c_ends_all_and_it_goes_on_after_that_and_after_a_killed_driver(place, calm):
    with place.start(*HERE) as driver:
        place.wait_for(
            lambda found: len(found) == 2 and all(len(e) > 2 for by in found.values() for e in by.values())
        )
        driver.send_signal(signal.SIGINT)
        said, _ = driver.communicate(timeout=60)
    assert driver.returncode == 130 and said.endswith("stopped; the same command goes on\n")
    assert "Traceback" not in said
    assert not any(is_alive(process) for by in place.epochs().values() for process in by)
    with place.start(*HERE) as driver:
        kill_in_the_middle(place, driver)
    goes_on(place, HERE)
    assert figures(place) == calm


def kill_in_the_middle(place, driver):
    """Kills a driver when some trials are finished and another is in the middle, or its result under way."""
    place.wait_for(lambda found: (done := place.finished()) and list_begun(found, without=done))
    driver.kill()
    driver.communicate(timeout=60)
    wait_for_the_end(process for by in place.epochs().values() for process in by)


def goes_on(place, options):
    """Finishes a sweep whose driver was killed: no finished trial is touched, no finished epoch repeated."""
    before, done, kept = place.epochs(), set(place.finished()), place.kept()
    assert done and done <= kept and len(kept) < len(TRIALS)
    said = place.finish(*options)
    told = re.search(r"sweep tiny: (\d) of 4 trials finished", said)
    assert int(told[1]) == len(kept), "what was finished counts, even if the table lacks it"
    after = place.epochs()
    assert all(after[trial] == before[trial] for trial in kept), "a finished trial was repeated"
    for trial, by_process in after.items():
        reached = 0
        for epochs in by_process.values():
            # The last epoch was told, and its checkpoint may have been on its way to the disk.
            assert epochs[0] in (max(reached, 1), reached + 1), f"{trial} did not go on from its checkpoint"
            assert epochs == [*range(epochs[0], epochs[-1] + 1)]
            reached = epochs[-1]
        assert reached == 12
    print(
        f"\n{len(kept)} of {len(before)} begun trials were finished at the kill; all went on: {dict(after)}"
    )


def list_begun(found, without=()):
    """The trials that have finished three epochs or more in one process, without some."""
    return [
        trial
        for trial, by_process in found.items()
        if trial not in without and any(len(epochs) > 2 for epochs in by_process.values())
    ]


def wait_for_the_end(processes):
    """Nothing outlives its driver for long."""
    deadline = time.monotonic() + 60
    for process in processes:
        while is_alive(process):
            assert time.monotonic() < deadline, f"process {process} outlived its driver"
            time.sleep(0.1)


def is_alive(process):
    try:
        with open(f"/proc/{process}/stat") as status:
            return status.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@needs_ray
def test_what_ray_cannot_give_is_one_sentence(place):
    place.file.write_text(SWEEP.replace("[[grid]]", "[resources]\ngpus = 64\n\n[[grid]]"))
    for options, expected in (
        (RAY, "None of the cluster's 1 machine has what a trial needs (CPU 1, GPU 64)"),
        (("--address", "127.0.0.1:1"), "There is no Ray cluster at 127.0.0.1:1: the address is that of"),
        (("--address", "nowhere"), "There is no Ray cluster at nowhere: "),
    ):
        with place.start(*options) as driver:
            said, _ = driver.communicate(timeout=600)
        assert driver.returncode == 1 and expected in said and "Traceback" not in said, said
