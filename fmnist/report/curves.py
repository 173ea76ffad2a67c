"""Curves of training as SVG: training dashed, validation solid, a name at the end of each line."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from fmnist.evaluation import Curve
from fmnist.figures import METRIC_TITLES, find_marker
from fmnist.markup import Element, element
from fmnist.words import shorten

_WIDTH, _HEIGHT = 560, 320  # of the drawing, in its own pixels
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 118, 14, 44  # what surrounds the lines
_APART = 16  # pixels between two names
_LONGEST = 15  # letters of a name


class _Room(NamedTuple):
    """Where things are: the ticks of the vertical axis, and how many epochs the other one counts."""

    ticks: list[float]
    epochs: int

    def at(self, epoch: float, value: float) -> tuple[float, float]:
        """Returns where a value after an epoch, from 1, lies in the drawing."""
        across = (epoch - 1) / max(self.epochs - 1, 1)
        up = (value - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])
        return _LEFT + across * (_WIDTH - _LEFT - _RIGHT), _HEIGHT - _BOTTOM - up * (_HEIGHT - _TOP - _BOTTOM)


def draw_curves(curves: Sequence[Curve], colours: Mapping[str, str], metric: str, said: str) -> Element:
    """Draws one metric of runs over their epochs, with each run's marker at the epoch that was kept.

    Args:
        curves: Those of at least one run.
        colours: The colour for each name, as #rrggbb.
        metric: 'loss' or 'accuracy'.
        said: What it shows, in words, for those who cannot see it.
    """
    factor = 100 if metric == "accuracy" else 1
    columns = {"4 4": metric, "": f"val_{metric}"}
    lines = [
        (curve, dash, factor * curve.history[column].to_numpy(float))
        for curve in curves
        for dash, column in columns.items()
    ]
    low, high = (float(f(np.concatenate([values for *_, values in lines]))) for f in (np.min, np.max))
    room = _Room(find_ticks(low, high), max(len(values) for *_, values in lines))
    parts: list[Element] = [*_draw_axes(room, METRIC_TITLES[metric])]
    ends = []
    for curve, dash, values in lines:
        colour = colours[curve.name]
        spots = " ".join(
            "{:.1f},{:.1f}".format(*room.at(epoch, value)) for epoch, value in enumerate(values, 1)
        )
        parts.append(
            element(
                "polyline", points=spots, fill="none", stroke=colour, stroke_width="2",
                stroke_dasharray=dash or None,
            )
        )  # fmt: skip
        if not dash:
            x, y = room.at(curve.kept_epoch, values[curve.kept_epoch - 1])
            parts.append(_write(find_marker(colour).glyph, x, y + 5, fill=colour, text_anchor="middle",
                                font_size="16"))  # fmt: skip
            ends.append((room.at(len(values), values[-1]), curve.name, colour))
    parts += _name_ends(ends)
    return element(
        "svg", element("title", said), *parts, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", role="img",
    )  # fmt: skip


def find_ticks(low: float, high: float) -> list[float]:
    """Finds round numbers that enclose two others, five or so, at least two."""
    rough = max(high - low, 1e-3) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    first = math.floor(low / step + 1e-9)
    last = max(math.ceil(high / step - 1e-9), first + 1)
    return [round(number * step, 10) for number in range(first, last + 1)]


def _draw_axes(room: _Room, title: str) -> Iterator[Element]:
    bottom, middle = _HEIGHT - _BOTTOM, (_TOP + _HEIGHT - _BOTTOM) / 2
    for tick in room.ticks:
        _, y = room.at(1, tick)
        yield element("line", x1=f"{_LEFT}", x2=f"{_WIDTH - _RIGHT}", y1=f"{y:.1f}", y2=f"{y:.1f}",
                      stroke="#dfe4ea")  # fmt: skip
        yield _write(f"{tick:g}", _LEFT - 6, y + 4, text_anchor="end", fill="#5a6270")
    for epoch in sorted({1, *(int(tick) for tick in find_ticks(1, room.epochs) if 1 < tick <= room.epochs)}):
        x, _ = room.at(epoch, room.ticks[0])
        yield _write(f"{epoch}", x, bottom + 16, text_anchor="middle", fill="#5a6270")
    yield _write("Epoch", (_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 8, text_anchor="middle")
    yield _write(title, 0, 0, text_anchor="middle", transform=f"translate(13 {middle:.0f}) rotate(-90)")


def _name_ends(ends: list[tuple[tuple[float, float], str, str]]) -> Iterator[Element]:
    """Writes the names beside the ends of the lines, clear of each other."""
    lowest = -math.inf
    for (x, y), name, colour in sorted(ends, key=lambda end: end[0][1]):
        lowest = max(y, lowest + _APART)
        yield _write(f"{find_marker(colour).glyph} ", x + 8, lowest + 4, fill=colour)
        yield _write(shorten(name, _LONGEST), x + 24, lowest + 4)


def _write(text: str, x: float, y: float, **attributes: str) -> Element:
    return element("text", text, x=f"{x:.1f}", y=f"{y:.1f}", **({"fill": "#101218"} | attributes))
