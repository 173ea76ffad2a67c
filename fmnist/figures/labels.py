"""Names at the ends of lines, instead of a legend: clear of the lines and of each other."""

import html
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go

from fmnist.figures.style import find_marker
from fmnist.words import shorten

# Pixels: the area of the lines, on a phone; a letter of a label, half its height, its distance to the line.
_WIDTH, _HEIGHT = 220, 270
_LETTER, _HALF, _BESIDE = 7, 8, 8
_LONGEST = 18  # letters of a name for which there is room at the right
_SHIFTS = [0, *(side * step for step in range(14, 85, 14) for side in (1, -1))]  # upwards, the nearest first


class Label(NamedTuple):
    """A name beside the end of a line.

    Attributes:
        text: The marker in its colour and the name, in plotly's HTML.
        x, y: The end of the line, `y` as the axis counts: a logarithm if that is logarithmic.
        shift: How far above it the name stands, in pixels.
        per_unit: Pixels, about, for a step of 1 in `y`.
        beyond: How far it reaches beyond the lines at the right, in pixels; below zero if it does not.
    """

    text: str
    x: float
    y: float
    shift: int
    per_unit: float
    beyond: float


def place_labels(
    ends: Mapping[str, tuple[float, float]],
    colours: Mapping[str, str],
    lines: np.ndarray,
    extent: tuple[float, float],
) -> list[Label]:
    """Finds a place for each name.

    Args:
        ends: Where its line ends, by name, as the axes count.
        colours: The colour for each name, as #rrggbb.
        lines: float `(n, 2)`, the points of all lines, as the axes count.
        extent: How far the axes reach, across from zero and from bottom to top.
    """
    per_step = np.array([_WIDTH / max(extent[0], 1e-9), _HEIGHT / max(extent[1], 1e-9)])
    taken = lines * per_step  # pixels, upwards
    labels = []
    for name, (x, y) in ends.items():
        marker = find_marker(colours[name])
        shown = shorten(name, _LONGEST)
        width = _BESIDE + _LETTER * len(f"{marker.glyph} {shown}")
        left, middle = np.array([x, y]) * per_step
        beside = taken[(taken[:, 0] > left + 1) & (taken[:, 0] < left + width), 1]
        rooms = [np.abs(beside - middle - shift).min(initial=np.inf) for shift in _SHIFTS]
        place = next((number for number, room in enumerate(rooms) if room > _HALF), int(np.argmax(rooms)))
        shift = _SHIFTS[place]
        text = f'<span style="color:{colours[name]};font-size:16px">{marker.glyph}</span> '
        text += html.escape(shown, quote=False)
        labels.append(Label(text, x, y, shift, per_step[1], left + width - _WIDTH))
        rows = (-_HALF, 0, _HALF)
        text_area = [(x, middle + shift + y) for x in np.arange(left, left + width, 2) for y in rows]
        taken = np.concatenate([taken, text_area])
    return labels


def add_labels(figure: go.Figure, labels: Sequence[Label]) -> go.Figure:
    """Writes names beside the ends of lines."""
    for label in labels:
        figure.add_annotation(
            x=label.x, y=label.y, xanchor="left", xshift=_BESIDE, yshift=label.shift, showarrow=False,
            text=label.text,
        )  # fmt: skip
    return leave_room(figure, labels)


def leave_room(figure: go.Figure, labels: Sequence[Label]) -> go.Figure:
    """Leaves room at the right of a figure for what is beyond its lines."""
    return figure.update_layout(margin={"r": _BESIDE + max(0, *(round(label.beyond) for label in labels))})
