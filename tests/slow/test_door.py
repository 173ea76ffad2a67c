"""Everything hostile through the safe door, in a process whose memory and time are measured."""

import io
import json
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from fmnist.room import Room
from fmnist.room.worker import MAX_MEMORY
from tests.conftest import ROOT
from tests.scenes import TROUSER, photograph

SHARED = ROOT.parent / "shared"


@pytest.mark.slow
@pytest.mark.alone
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


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize("format", ["HEIF", "AVIF"])
def test_a_phone_photo_of_48_megapixels_fits_in_a_worker(format):
    """In tiles with noise, as phones write them; a fresh worker, whose peak is then that of this picture."""
    pillow_heif.register_heif_opener()
    picture, _ = photograph(TROUSER, 60, 205, seed=4)
    pixels = np.asarray(Image.fromarray(picture).convert("RGB").resize((8_064, 6_048))).copy()
    noise = np.random.default_rng(0).integers(0, 8, (512, 8_064, 3), dtype=np.uint8)
    for top in range(0, 6_048, 512):
        pixels[top : top + 512] ^= noise[: 6_048 - top]
    fast = {"tile_size": 512, "enc_params": {"preset": "ultrafast"}} if format == "HEIF" else {"speed": 10}
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, format, quality=60, **fast)
    room = Room(1)
    started = time.monotonic()
    try:
        prepared = room.prepare(stream.getvalue())
        status = Path(f"/proc/{room._free[0].process.pid}/status").read_text()
    finally:
        room.close()
    peak = 1_024 * int(re.search(r"VmPeak:\s+(\d+)", status)[1])
    megabytes = len(stream.getvalue()) / 1e6
    print(
        f"{format}, {megabytes:.1f} MB: {time.monotonic() - started:.1f} s, {peak / 1e6:.0f} MB of addresses"
    )
    assert prepared.original.shape == (480, 640, 3) and peak < MAX_MEMORY
