"""The room of workers: the same answers as in this process, limits that hold, and a fair line."""

import contextlib
import copy
import functools
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from fmnist.errors import CostlyImageError, InvalidImageError, NothingToSeeError
from fmnist.pictures.batch import collect
from fmnist.pictures.decoding import WORKING_SIDE, decode
from fmnist.pictures.outlines import draw_outline
from fmnist.pictures.samples import draw_samples
from fmnist.pictures.structure import TOO_MUCH_MEMORY
from fmnist.preprocessing import Origin, Preparation, Received, Settings, prepare
from fmnist.room import Room, room, wire
from tests.conftest import ROOT
from tests.pictures.test_batch import pack
from tests.scenes import TROUSER, photograph


def encode(image, format="PNG", **options):
    stream = io.BytesIO()
    if isinstance(image, np.ndarray):
        image = Image.fromarray(image)
    image.save(stream, format, **options)
    return stream.getvalue()


pillow_heif.register_heif_opener()  # to write HEIC
SMALL = encode(draw_samples()[1])


@pytest.fixture(scope="module")
def large():
    """An honest picture of 63 megapixels whose ten scans make it large work."""
    picture = Image.new("RGB", (9_000, 7_000), "navy")
    picture.paste("white", (3_000, 1_000, 6_000, 6_000))
    return encode(picture, "JPEG", progressive=True)


@pytest.fixture
def open_room():
    """Opens rooms and closes them at the end."""
    rooms = []

    def open_room(size=1):
        rooms.append(Room(size))
        return rooms[-1]

    yield open_room
    for opened in rooms:
        opened.close()


def assert_same(found, expected):
    assert [stage.facts for stage in found.stages] == [stage.facts for stage in expected.stages]
    for one, other in zip(found.stages, expected.stages, strict=True):
        np.testing.assert_array_equal(one.image, other.image)
        np.testing.assert_array_equal(one.small, other.small)
    np.testing.assert_array_equal(found.image, expected.image)


@pytest.mark.parametrize(
    ("content", "drawing", "settings"),
    [
        (SMALL, False, Settings()),
        (draw_outline("dress", 22), True, Settings()),
        (draw_outline("bag", 22), True, Settings(fill=False)),
        (encode(photograph(TROUSER, 60, 205, seed=4)[0], "JPEG"), False, Settings()),
        (encode(photograph(TROUSER, 60, 205, seed=4)[0], "HEIF"), False, Settings()),
        (encode(photograph(TROUSER, 60, 205, seed=4)[0], "AVIF"), False, Settings()),
        (encode(photograph(TROUSER, 60, 205, seed=4)[0]), False, Settings("light", False, False, 3)),
        (encode(photograph(TROUSER, 60, 205, seed=4)[0]), False, Settings(box=(0.2, 0.05, 0.8, 0.5))),
    ],
    ids=[
        "data set picture",
        "drawing",
        "drawing, not filled",
        "photo",
        "HEIC",
        "AVIF",
        "all overridden",
        "a box",
    ],
)
def test_the_room_answers_what_this_process_would(open_room, content, drawing, settings):
    assert_same(open_room().prepare(content, drawing, settings), prepare(decode(content), drawing, settings))


def test_a_member_of_a_zip_is_unpacked_in_the_room(open_room):
    opened = open_room()
    first, second = collect(
        [("a.zip", pack([("bag.png", SMALL), ("notes.txt", b"hello")]))], opened.list_members
    ).items
    assert_same(opened.prepare(first.content, member=first.member), prepare(decode(SMALL)))
    with pytest.raises(InvalidImageError, match="not a picture"):
        opened.prepare(second.content, member=second.member)
    with pytest.raises(InvalidImageError, match="damaged inside the zip"):
        opened.prepare(second.content[:-2], member=second.member)


def test_a_refusal_is_the_sentence_of_the_door_and_the_worker_stays(open_room):
    opened = open_room()
    for content in (b"", b"hello", SMALL[:-30], encode(np.zeros((50, 50), np.uint8))):
        with pytest.raises(InvalidImageError) as refused:
            opened.prepare(content)
        with pytest.raises(InvalidImageError) as expected:
            prepare(decode(content))
        assert str(refused.value) == str(expected.value) and refused.type is expected.type
    assert refused.type is NothingToSeeError
    (worker,) = opened._free
    opened.prepare(SMALL)
    assert opened._free == [worker] and worker.is_running


def test_large_work_is_done(open_room, large):
    assert open_room(2).prepare(large).original.shape == (498, 640, 3)


def test_what_takes_too_long_is_given_up_and_the_worker_replaced(open_room, large, monkeypatch):
    opened = open_room()
    opened.prepare(SMALL)
    monkeypatch.setattr(room, "MAX_SECONDS", 0.2)
    (worker,) = opened._free
    with pytest.raises(CostlyImageError, match="takes longer than is safe"):
        opened.prepare(large)
    assert worker.process.returncode == -signal.SIGKILL
    monkeypatch.undo()
    assert_same(opened.prepare(SMALL), prepare(decode(SMALL)))


@contextlib.contextmanager
def lone_worker(changes):
    """A worker without a room, whose limits `changes` makes lower."""
    process = subprocess.Popen(
        [sys.executable, "-c", f"from fmnist.room import worker; {changes}; worker.main()"],
        cwd=ROOT, env={**os.environ, **room.ONE_THREAD}, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ask_worker(process, content):
    header = {"job": "prepare", "is_large": True, "drawing": False, "settings": {}, "member": None}
    wire.send(process.stdin, header, content)
    return wire.receive(process.stdout, 10_000_000)[0]


def test_a_picture_that_needs_too_much_memory_is_refused_and_the_worker_stays():
    heavy = encode(Image.new("RGBA", (4_000, 4_000), (9, 9, 9, 9)))
    with lone_worker("worker.MAX_MEMORY = 330_000_000") as process:
        assert ask_worker(process, heavy)["reason"] == TOO_MUCH_MEMORY
        assert "stages" in ask_worker(process, SMALL)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the limits of a process from /proc")
def test_the_limits_of_a_worker(open_room):
    opened = open_room()
    opened.prepare(SMALL)
    with open(f"/proc/{opened._free[0].process.pid}/limits") as limits:
        found = {line[:26].strip(): line[26:].split()[0] for line in limits}
    assert found["Max address space"] == "800000000" and found["Max core file size"] == "0"
    assert 5 <= int(found["Max cpu time"]) <= 10


def test_computing_has_an_end_even_without_a_server(large):
    with lone_worker("worker.MAX_CPU_SECONDS = -1") as process:
        with pytest.raises((EOFError, OSError)):
            for _ in range(10):  # what it computes in whole seconds is over the limit from the second on
                ask_worker(process, large)
        assert process.wait(30) == -signal.SIGXCPU


class Held:
    """A room of one worker that holds still until it is released, and how those who ask it fare."""

    def __init__(self, opened, monkeypatch):
        self.room, self.done, self.threads = opened, [], []
        opened.prepare(SMALL)
        (self.worker,) = opened._free
        self.worker.process.send_signal(signal.SIGSTOP)
        send, sent = wire.send, threading.Event()
        monkeypatch.setattr(wire, "send", lambda *job: (send(*job), sent.set()))
        self.ask("first")
        assert sent.wait(30)  # before that, a worker that ends is replaced unnoticed

    def ask(self, name, **options):
        def run():
            try:
                self.room.prepare(SMALL, **options)
                self.done.append(name)
            except (InvalidImageError, KeyboardInterrupt) as error:
                self.done.append((name, error))

        self.threads.append(threading.Thread(target=run))
        self.threads[-1].start()

    def release(self):
        self.worker.process.send_signal(signal.SIGCONT)
        for thread in self.threads:
            thread.join(30)
        return self.done


def until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)  # another thread or process has to go on


@pytest.fixture
def held(open_room, monkeypatch):
    waiting = Held(open_room(), monkeypatch)
    yield waiting
    waiting.release()


@pytest.mark.parametrize(("end", "said"), [("SIGKILL", "crashes the program"), ("SIGXCPU", "takes longer")])
def test_a_worker_that_ends_costs_its_picture_only(held, end, said):
    held.worker.process.send_signal(getattr(signal, end))
    ((name, error),) = held.release()
    assert name == "first" and isinstance(error, CostlyImageError) and said in str(error)
    held.room.prepare(SMALL)


def test_a_worker_that_ended_while_free_is_replaced_and_its_pipes_are_closed(open_room):
    opened = open_room()
    opened.prepare(SMALL)
    (worker,) = opened._free
    worker.process.kill()
    worker.process.wait()
    opened.prepare(SMALL)
    assert opened._free != [worker]
    assert worker.process.stdin.closed and worker.process.stdout.closed


def test_who_comes_first_is_served_first(held):
    for place, name in enumerate("abcdef", start=1):
        held.ask(name)
        until(lambda place=place: len(held.room._line) == place)
    assert held.release() == ["first", *"abcdef"]


def test_who_leaves_the_line_does_not_hold_it_up(held):
    def leave():
        raise KeyboardInterrupt

    held.ask("gone", on_wait=leave)
    until(lambda: held.done)
    assert not held.room._line
    held.ask("next")
    (gone, _), *others = held.release()
    assert gone == "gone" and others == ["first", "next"]


def test_waiting_has_an_end(held, monkeypatch):
    monkeypatch.setattr(room, "PATIENCE", 0)
    held.ask("second")
    until(lambda: held.done)
    ((name, error),) = held.done
    assert name == "second" and "Too many pictures" in str(error)


def test_one_large_picture_at_a_time_and_small_ones_pass(open_room, large, monkeypatch):
    monkeypatch.setattr(room, "LARGE_PATIENCE", 60)  # a busy machine opens them slowly
    opened = open_room(2)
    opened.start()
    order = []

    def ask(name, content):
        opened.prepare(content)
        order.append(name)

    threads = [threading.Thread(target=ask, args=(f"large {n}", large)) for n in range(3)]
    for thread in threads:
        thread.start()
    until(lambda: opened._large_is_busy and len(opened._line) == 2)
    assert len(opened._free) == 1, "two large ones are being opened"
    ask("small", SMALL)
    assert order[-1] == "small" and len(order) <= 2, "the small one waited for the large ones"
    for thread in threads:
        thread.join(60)
    assert len(order) == 4


def test_the_workers_end_with_the_server(tmp_path):
    script = (
        "from fmnist.room import shared_room; room = shared_room(); room.start();"
        "print(*(worker.process.pid for worker in room._free), flush=True); input()"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    pids = [int(pid) for pid in server.stdout.readline().split()]
    assert len(pids) >= 2 and all(is_alive(pid) for pid in pids)
    server.kill()
    server.communicate()
    until(lambda: not any(is_alive(pid) for pid in pids))


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@functools.cache
def prepare_photo():
    return prepare(decode(encode(photograph(TROUSER, 60, 205, seed=4)[0])))


RECEIVED, MASKED, LIT, CROPPED, FITTED = range(5)  # the stages of a photo


def lie(*path, value):
    """What a worker says of a photo, with one value changed; `path` leads to it."""
    header, bodies = wire.pack_preparation(prepare_photo())
    header = copy.deepcopy(header)
    place = header
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return header, [bytes(body) for body in bodies]


def test_what_a_worker_says_is_believed_where_it_may_be_true():
    header, bodies = lie("stages", RECEIVED, "facts", "turns", value=0)
    assert_same(wire.unpack_preparation(json.loads(json.dumps(header)), bodies), prepare_photo())
    told = wire.unpack_preparation(*lie("stages", RECEIVED, "facts", "turns", value=3))
    assert told.find(Received).turns == 3


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["stages"], []),
        (["stages"], 5),
        (["stages"], "abc"),
        (["stages", LIT], "x"),
        (["stages", LIT], {}),
        (["stages", LIT, "shape"], [10**9, 28]),
        (["stages", LIT, "shape"], [28, 28, 4]),
        (["stages", FITTED, "shape"], [28.0, 28]),
        (["stages", FITTED, "shape"], [-28, -28]),
        (["stages", LIT, "shape"], "abc"),
        (["stages", FITTED, "shape"], [56, 14]),
        (["stages", RECEIVED, "kind"], "AsItIs"),
        (["stages", RECEIVED, "kind"], "Stage"),
        (["stages", RECEIVED, "kind"], ["Received"]),
        (["stages", RECEIVED, "facts", "turns"], 4),
        (["stages", RECEIVED, "facts", "turns"], -1),
        (["stages", RECEIVED, "facts", "turns"], True),
        (["stages", RECEIVED, "facts", "width"], 0),
        (["stages", RECEIVED, "facts", "width"], 10**400),
        (["stages", RECEIVED, "facts", "height"], "<b>"),
        (["stages", RECEIVED, "facts", "more"], 1),
        (["stages", RECEIVED, "facts"], {"turns": 0, "width": 1}),
        (["stages", RECEIVED, "facts"], ["turns", "width", "height"]),
        (["stages", MASKED, "facts", "mask"], "<b>"),
        (["stages", MASKED, "facts", "mask"], {}),
        (["stages", MASKED, "facts", "outline"], 1),
        (["stages", LIT, "facts", "light"], "even ground"),
        (["stages", LIT, "facts", "swapped"], "no"),
        (["stages", CROPPED, "facts", "cut"], None),
        (["stages", FITTED, "facts", "merged"], -1.0),
        (["stages", FITTED, "facts", "merged"], float("inf")),
        (["stages", FITTED, "facts", "lost"], float("nan")),
        (["stages", FITTED, "facts", "lost"], 1.5),
        (["stages", FITTED, "facts", "lost"], 1),
    ],
    ids=str,
)
def test_nonsense_from_a_worker_is_not_believed(open_room, path, value, monkeypatch):
    opened = open_room()
    monkeypatch.setattr(room._Worker, "do", lambda worker, *_: lie(*path, value=value))
    with pytest.raises(CostlyImageError):
        opened.prepare(SMALL)


def test_stages_in_another_order_or_other_than_their_pictures_are_not_believed():
    header, bodies = wire.pack_preparation(prepare_photo())
    told, others = header["stages"], header["others"]
    assert others == 2
    for wrong in (-1, 1, 3, True, "2", None):  # not as many as there are, or no number
        with pytest.raises((ValueError, TypeError)):
            wire.unpack_preparation({"stages": told, "others": wrong}, bodies)
    with pytest.raises(ValueError, match="are not masks"):
        wire.unpack_preparation({"stages": [*told[:-1], told[0]], "others": 2}, [*bodies[:-2], *bodies[:2]])
    header, bodies = {"stages": told[:-others], "others": 0}, bodies[: -2 * others]
    told = header["stages"]
    for stages in (told[::-1], told[1:], told[:2], told[:1] * 5):
        with pytest.raises((ValueError, TypeError)):
            wire.unpack_preparation({"stages": stages, "others": 0}, bodies[: 2 * len(stages)])
    for wrong in (bodies[:-1], bodies[:-2], [*bodies, bodies[-1]], [*bodies[:-1], bodies[-1][:-1]]):
        with pytest.raises(ValueError):
            wire.unpack_preparation(header, wrong)
    large = WORKING_SIDE + 1
    told[LIT]["shape"] = [large, 1]
    with pytest.raises(ValueError, match="not a picture"):
        wire.unpack_preparation(header, [*bodies[: 2 * LIT], bytes(large), *bodies[2 * LIT + 1 :]])
    sample = Preparation.of_ready(draw_samples()[0], Origin.SAMPLE)
    # A picture that came in is never one of ours.
    with pytest.raises(ValueError, match="not those of a preparation"):
        wire.unpack_preparation(*wire.pack_preparation(sample))


def test_a_worker_that_answers_no_preparation_is_not_believed(open_room, monkeypatch):
    opened = open_room()
    monkeypatch.setattr(room._Worker, "do", lambda worker, *_: ({}, []))
    with pytest.raises(CostlyImageError):
        opened.prepare(SMALL)


@pytest.mark.parametrize(
    "content", [b"", b"\0\0", b"\xff\xff\xff\xff", b"\0\0\0\x02[]", b"\0\0\0\x02{}", b'\0\0\0\x02""']
)
def test_what_is_no_message_is_refused(content):
    with pytest.raises((EOFError, ValueError, KeyError, TypeError)):
        wire.receive(io.BytesIO(content), 1_000)


def test_a_message_longer_than_allowed_is_not_read():
    stream = io.BytesIO()
    wire.send(stream, {}, bytes(2_000))
    stream.seek(0)
    with pytest.raises(ValueError, match="too long"):
        wire.receive(stream, 1_000)


def test_the_room_unpickles_nothing_and_runs_no_main_module():
    for path in (ROOT / "fmnist" / "room").glob("*.py"):
        assert "import multiprocessing" not in path.read_text(), path
