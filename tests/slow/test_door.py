"""Everything hostile through the safe door, in a process whose memory and time are measured."""

import json
import subprocess
import sys

import pytest

from tests.conftest import ROOT

SHARED = ROOT.parent / "shared"


@pytest.mark.slow
def test_every_file_is_answered_or_refused_within_memory_and_time():
    folders = [str(folder) for folder in (SHARED / "corpus", SHARED / "photos") if folder.is_dir()]
    done = subprocess.run(
        [sys.executable, "-m", "tests.slow.door", *folders],
        capture_output=True, text=True, cwd=ROOT, timeout=1_500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3_000:]
    cost = json.loads(done.stdout.splitlines()[-1])
    print(cost)
    assert cost["answered"] > 100 and cost["refused"] > 500
    assert cost["peak_mb"] < 600
    assert cost["slowest_s"] < 20, "a hang, not a slow machine"
