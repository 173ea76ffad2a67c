"""A crowd's pace: every page against a trivial Streamlit app, one visitor alone and 25 at once.

`python -m tests.benchmarks.crowd` starts both servers and takes turns between them, because machines are
noisy: the ratios count. A click changes a widget and reruns the whole page in its session; it is timed
from sending it to reading that the script has finished. "At once" means that all 25 click in the same
moment, again and again. Opening a page in a session of its own is timed separately. Last, more and more
visitors on all pages click now and then, to tell how many one core carries.

The visitors share the cores with the servers. They therefore decode next to nothing of what they are sent;
unlike a browser they keep nothing of it either, so the server sends every chart anew. Both servers run
with the settings of the dashboard.
"""

import asyncio
import contextlib
import os
import random
import statistics
import tempfile
import time
from collections import defaultdict
from itertools import cycle, islice
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.conftest import Server
from tests.slow.visitor import Visitor

ROUNDS = 4
CLICKS = 20  # of one visitor alone, in each round
VISITORS = 25
BURSTS = 3  # clicks of all visitors at once, in each round
EVERY = 5  # seconds between two clicks of a visitor who looks at what is shown
STROLL = 30  # seconds for which each size of a crowd is watched
SMALL = 100  # bytes; the message that a script has finished is shorter, that of a chart far longer

TRIVIAL = """
import numpy as np
import streamlit as st

grey = st.slider("Grey", 0, 255, 128)
st.image(np.full((280, 280), grey, np.uint8))
"""

# What a click changes: the label of a widget, the field of its state, and what the clicks set in turn.
SWITCHES = {
    "trivial": ("Grey", "double_array_value", [[grey] for grey in range(0, 250, 25)]),
    "": None,  # there is nothing to change: the page only runs again
    "Training_curves": ("Smoothing", "double_array_value", [[0.3], [0.6], [0.9]]),
    "Confusion_matrices": ("Errors only", "bool_value", [True, False]),
    "Classify": ("Garment", "string_value", ["dress", "coat", "bag", "sneaker"]),
    "Classify_a_batch": None,
    "Augmentation": ("Seed", "double_value", list(range(2, 22))),  # draws everything anew
}
PAGES = [page for page in SWITCHES if page != "trivial"]


class Clicker(Visitor):
    """A visitor who stays on one page and clicks."""

    def __init__(self, address, page):
        super().__init__(address)
        self.page = page
        self.widget_id = None
        self.values = cycle(SWITCHES[page][2] if SWITCHES[page] else [None])

    async def arrive(self):
        """Opens the page; returns the seconds it took."""
        elements = await self.open("" if self.page == "trivial" else self.page)
        shown = [(element.WhichOneof("type"), element) for element in elements]
        assert "exception" not in dict(shown), self.page
        if SWITCHES[self.page]:
            label = SWITCHES[self.page][0]
            widgets = [getattr(element, kind) for kind, element in shown]
            (self.widget_id,) = [w.id for w in widgets if getattr(w, "label", None) == label]
        return self.rerun_seconds[-1]

    async def click(self):
        """Changes the page's switch, or only reruns the page if it has none; returns the seconds."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self.page_script_hash
        value = next(self.values)
        if value is not None:
            state = message.rerun_script.widget_states.widgets.add(id=self.widget_id)
            if isinstance(value, list):
                state.double_array_value.data.extend(value)
            else:
                setattr(state, SWITCHES[self.page][1], value)
        content = message.SerializeToString()
        started = time.perf_counter()
        await self.socket.send(content)
        while True:
            received = await asyncio.wait_for(self.socket.recv(), 120)
            if len(received) < SMALL and ForwardMsg.FromString(received).HasField("script_finished"):
                return time.perf_counter() - started


@contextlib.asynccontextmanager
async def crowd_of(visitors, server, pages):
    """Lets visitors arrive one after another on `pages` in turn; gives them and their seconds."""
    async with contextlib.AsyncExitStack() as stack:
        crowd = [
            await stack.enter_async_context(Clicker(server.address, page))
            for page in islice(cycle(pages), visitors)
        ]
        yield crowd, [await visitor.arrive() for visitor in crowd]


def cpu_seconds(server):
    """The processor time a server has used, which other programs on the machine hardly change."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def take_turn(server, page, times, visitors=VISITORS, clicks=CLICKS, bursts=BURSTS):
    """Measures one page and adds the seconds to the lists of `times`."""
    async with crowd_of(visitors, server, [page]) as (crowd, opening):
        for _ in range(len(SWITCHES[page][2]) if SWITCHES[page] else 1):
            await crowd[0].click()  # what is built once for each setting is built here
        used = cpu_seconds(server)
        times["alone"] += [await crowd[0].click() for _ in range(clicks)]
        for _ in range(bursts):
            times["at once"] += await asyncio.gather(*(visitor.click() for visitor in crowd))
        times["processor"].append((cpu_seconds(server) - used) / (clicks + bursts * visitors))
        times["opening"] += opening


async def measure(candidates, rounds=ROUNDS):
    """Takes turns between pairs of a server and a page; returns lists of seconds for each pair."""
    for server, page in candidates:
        await take_turn(server, page, defaultdict(list), 2, 2, 1)  # warms up
    measured = {candidate: defaultdict(list) for candidate in candidates}
    for _ in range(rounds):
        for (server, page), times in measured.items():
            await take_turn(server, page, times)
    return measured


def print_table(measured):
    """Prints a line for each page; in brackets, how many times as long as the first it takes."""
    heads = ("alone, p50", f"{VISITORS} at once, p50", "p95", "processor a click", "opening, p50")
    print(f"{'milliseconds':24}" + "".join(f"{head:>20}" for head in heads))
    first = None
    for (_, page), times in measured.items():
        own = (
            statistics.median(times["alone"]),
            statistics.median(times["at once"]),
            percentile_95(times["at once"]),
            statistics.median(times["processor"]),
            statistics.median(times["opening"]),
        )
        first = first or own
        cells = (f"{1000 * mine:.0f} ({mine / its:.2f} x)" for mine, its in zip(own, first, strict=True))
        print(f"{page or 'Home':24}" + "".join(f"{cell:>20}" for cell in cells), flush=True)


def percentile_95(seconds):
    return statistics.quantiles(seconds, n=20)[-1]


async def stroll(server, visitors):
    """Lets visitors on all pages click every EVERY seconds on average.

    Returns:
        The seconds each click took, and the share of one core that the server was busy, 0 to 1.
    """
    choose = random.Random(visitors)

    async def visit(visitor, until):
        seconds = []
        while True:
            await asyncio.sleep(choose.uniform(0, 2 * EVERY))  # looks at what is shown
            if time.monotonic() > until:
                return seconds
            seconds.append(await visitor.click())

    async with crowd_of(visitors, server, PAGES) as (crowd, _):
        used, started = cpu_seconds(server), time.monotonic()
        visits = await asyncio.gather(*(visit(visitor, started + STROLL) for visitor in crowd))
        busy = (cpu_seconds(server) - used) / (time.monotonic() - started)
        return [seconds for one in visits for seconds in one], busy


async def count_visitors(server):
    """Prints how long clicks take while the crowd grows, until one in twenty waits over a second."""
    print(f"one core, a click every {EVERY} seconds on average")
    for visitors in (50, 100, 150, 200, 300, 400):
        seconds, busy = await stroll(server, visitors)
        slowest = percentile_95(seconds)
        print(
            f"  {visitors:4} visitors: p50 {1000 * statistics.median(seconds):.0f} ms, "
            f"p95 {1000 * slowest:.0f} ms, {len(seconds)} clicks, the core {100 * busy:.0f}% busy",
            flush=True,
        )
        if slowest > 1:
            break


@contextlib.contextmanager
def running(folder, **options):
    """Runs a server, which writes its log into `folder`."""
    server = Server(folder, **options)
    try:
        yield server
    finally:
        server.stop()


def crowd():
    """Measures every page against the trivial app, then how many visitors one core carries."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "trivial.py").write_text(TRIVIAL)
        with running(folder, script=folder / "trivial.py") as trivial, running(folder) as dashboard:
            pages = [(dashboard, page) for page in PAGES]
            print_table(asyncio.run(measure([(trivial, "trivial"), *pages])))
            if hasattr(os, "sched_setaffinity"):
                os.sched_setaffinity(dashboard.process.pid, {min(os.sched_getaffinity(0))})
            asyncio.run(count_visitors(dashboard))


if __name__ == "__main__":
    crowd()
