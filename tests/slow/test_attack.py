"""Files and requests made to occupy the server, while somebody else uses it; prints what they cost."""

import asyncio
import base64
import bz2
import functools
import io
import json
import re
import statistics
import struct
import time
import urllib.error
import zipfile
import zlib

import numpy as np
import pytest
from PIL import Image
from streamlit.proto.BackMsg_pb2 import BackMsg

from fmnist.pictures.outlines import draw_outline
from fmnist.ui.canvas import TOO_MUCH
from tests.browser.conftest import Server
from tests.pictures.test_structure import GARMENT, encode, repeat_scans, segment
from tests.slow.visitor import Visitor, run_apart

TRANSFER_SECONDS = 120  # for the slowest attack; a hang, not a slow machine
SMALL = encode(GARMENT, "PNG")


def progressive():
    """An honest picture of 63 megapixels: the most work and memory that is accepted."""
    noise = np.random.default_rng(0).integers(0, 256, (250, 325, 3), dtype=np.uint8)
    picture = Image.fromarray(noise).resize((9_100, 6_900), Image.Resampling.NEAREST)
    return encode(picture, "JPEG", progressive=True, subsampling=0, quality=50)


def bzip2_bomb():
    """A member of a gigabyte in a kilobyte, which says that it has ten bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("bomb.png", b"")
    packer = bz2.BZ2Compressor()
    data = b"".join(packer.compress(bytes(10_000_000)) for _ in range(100)) + packer.flush()
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 46, 0, 12, 0, 0, 0, len(data), 10, 8, 0) + b"bomb.png"
    central = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 46, 46, 0, 12, 0, 0, 0, len(data), 10, 8, *[0] * 6)
    directory = central + b"bomb.png"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), len(local + data), 0)
    return local + data + directory + end


def million_members():
    """49 MB that name a million empty files."""
    count = 1_040_000
    directory = (b"PK\x01\x02" + bytes(24) + struct.pack("<H", 1) + bytes(16) + b"a") * count
    return (
        b"PK\x03\x04" + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(directory), 4, 0)
    )


def jpeg_with(piece, size=24_000_000):
    content = encode(GARMENT, "JPEG")
    return content[:2] + piece * (size // len(piece)) + content[2:]


def png_of_chunks():
    content = encode(GARMENT, "PNG")
    chunk = struct.pack(">I", 0) + b"teSt" + struct.pack(">I", zlib.crc32(b"teSt"))
    return content[:33] + chunk * 2_000_000 + content[33:]


def gif_of_comments():
    content = encode(GARMENT, "GIF")
    first = 13 + (3 << (content[10] & 7) + 1)
    comment = b"!\xfe" + (b"\xff" + b"x" * 255) * 93_000 + b"\0"
    return content[:first] + comment + content[first:]


ATTACKS = {
    "JPEG of repeated scans": functools.partial(repeat_scans, GARMENT, 5_000),
    "JPEG of tiny Exif": functools.partial(jpeg_with, segment(0xE1, b"Exif\0\0xxxxxxxxxxxx")),
    "JPEG of segments": functools.partial(jpeg_with, b"\xff\xe5\0\2"),
    "PNG of chunks": png_of_chunks,
    "GIF of comments": gif_of_comments,
    "zip of bzip2": bzip2_bomb,
    "zip of a million names": million_members,
}


class Attacker(Visitor):
    """A visitor who sends what no browser would."""

    async def hoard(self, content):
        """Sends a file for nothing; says whether the server took it."""
        try:
            await self.send_file("hoard", content)
        except urllib.error.HTTPError as error:
            assert error.code == 413
            return False
        return True

    async def draw(self, points):
        """Sends a drawing whose only line has that many points; returns what the page then warns of."""
        elements = await self.open("Classify", "source=Draw")
        components = [e.bidi_component for e in elements if e.WhichOneof("type") == "bidi_component"]
        (board,) = (one for one in components if "drawable_canvas" in one.component_name)
        state = BackMsg().rerun_script.widget_states.widgets.add()
        state.id = board.id
        line = [["Q", number, 1.5, 2.5, 3.5] for number in range(points)]
        picture = "data:image/png;base64," + base64.b64encode(draw_outline("dress", 22)).decode()
        state.json_value = json.dumps({"drawing": {"raw": {"objects": [{"path": line}]}, "data": picture}})
        await self.open("Classify", "source=Draw", state)  # which runs again at once
        for _ in range(5):  # a run may be the one that the next has cut short
            elements = await self.open("Classify", "source=Draw")
            alerts = [e.alert.body for e in elements if e.WhichOneof("type") == "alert"]
            if TOO_MUCH in alerts:
                break
        return alerts


def memory_mb(pid, figure):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(rf"{figure}:\s+(\d+)", status.read())[1]) / 1024


def workers_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children") as children:
        return [int(child) for child in children.read().split()]


def cpu_seconds(pids):
    total = 0
    for pid in pids:
        with open(f"/proc/{pid}/stat") as stat:
            total += sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13]))
    return total / 100


async def rerun_until(visitor, finished, times):
    while not finished.is_set():
        started = time.perf_counter()
        await visitor.open("Training_curves")
        times.append(time.perf_counter() - started)
        await asyncio.sleep(0.2)  # a person looks before clicking on


async def attack(address, name, content):
    """Uploads an attack; returns its name, the seconds to the answer, and what was said."""
    async with Attacker(address) as attacker:
        page, query = ("Classify_a_batch", "") if name.startswith("zip") else ("Classify", "source=Upload")
        elements = await attacker.upload_to(page, query, name, content)
        kinds = [e.WhichOneof("type") for e in elements]
        assert "exception" not in kinds, name
        said = [e.alert.body for e in elements if e.WhichOneof("type") == "alert"]
        said += [e.heading.body for e in elements if e.WhichOneof("type") == "heading"]
        return name, attacker.rerun_seconds[-1], said


async def scene(server, contents, photo):
    """Measures a quiet visitor without and with attackers; returns both lists and what was said."""
    address = server.address
    quiet, crowded = [], []
    async with Visitor(address) as visitor:
        for _ in range(30):
            started = time.perf_counter()
            await visitor.open("Training_curves")
            quiet.append(time.perf_counter() - started)
        finished = asyncio.Event()
        watching = asyncio.create_task(rerun_until(visitor, finished, crowded))
        attacks = [attack(address, name, content) for name, content in contents.items()]
        attacks += [attack(address, f"63 megapixels {number}", photo) for number in range(8)]
        said = await asyncio.wait_for(asyncio.gather(*attacks), TRANSFER_SECONDS)
        finished.set()
        await watching
    return quiet, crowded, said


def assert_nothing_is_left_running(server):
    time.sleep(60)  # a minute after the last tab was closed
    before = cpu_seconds(workers_of(server.process.pid))
    time.sleep(2)  # long enough to see whether a worker computes
    assert cpu_seconds(workers_of(server.process.pid)) - before < 0.1
    assert "Traceback" not in server.log_file.read_text()


@pytest.mark.slow
@pytest.mark.alone
def test_hostile_pictures_cost_little_and_others_go_on(tmp_path):
    contents = {name: build() for name, build in ATTACKS.items()}
    photo = progressive()
    server = Server(tmp_path)
    try:
        quiet, crowded, said = run_apart(scene(server, contents, photo))
        for name, seconds, (told, *_) in said:
            print(f"  {name:24} after {seconds:.1f} s: {told[:80]}")
        peak = memory_mb(server.process.pid, "VmHWM")
        worker = max(memory_mb(pid, "VmHWM") for pid in workers_of(server.process.pid))
        alone, meanwhile = (1000 * statistics.median(seconds) for seconds in (quiet, crowded))
        print(
            f"server {peak:.0f} MB at most, a worker {worker:.0f} MB; a rerun of another in {alone:.0f} ms "
            f"alone, {meanwhile:.0f} ms meanwhile ({meanwhile / alone:.1f} x, {len(crowded)} reruns)"
        )
        assert peak < 1_000
        for name, _, told in said:
            assert name.startswith("63") or "The answer" not in told, f"{name} was answered"
            assert not name.startswith("zip") or "Not answered" in told
        assert_nothing_is_left_running(server)
    finally:
        server.stop()


async def hoard_and_forge(address):
    """Sends 120 files of 49 MB in four sessions, then three forged drawings; says what came of them."""
    taken, said = [], []
    for _ in range(4):
        async with Attacker(address) as hoarder:
            await hoarder.open("Classify_a_batch")
            taken.append(sum([await hoarder.hoard(bytes(49_000_000)) for _ in range(30)]))
    for _ in range(3):
        async with Attacker(address) as forger:
            said.append(await forger.draw(300_000))
    return taken, said


@pytest.mark.slow
@pytest.mark.alone
def test_hoards_and_forged_drawings_stay_small(tmp_path):
    server = Server(tmp_path)
    try:
        taken, said = run_apart(hoard_and_forge(server.address))
        peak = memory_mb(server.process.pid, "VmHWM")
        print(f"files taken of 30 in each session: {taken}; server's peak {peak:.0f} MB")
        assert taken == [3, 3, 0, 0], "150 MB a visitor, 300 MB in all"
        assert all(TOO_MUCH in alerts for alerts in said)
        assert peak < 1_000
        assert_nothing_is_left_running(server)
    finally:
        server.stop()
