"""Lines and marks that can also be drawn as they were after any epoch: the frames of an animation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import plotly.graph_objects as go

from fmnist.evaluation import Curve
from fmnist.figures.labels import Label, leave_room, place_labels
from fmnist.figures.style import find_marker

_MOST = 100  # frames; more would be too much to send
_MARGIN = 0.05  # of the height, above and below the lines
_SMALLEST = 1e-12  # what has a place on a logarithmic axis
_GAP = " "  # an en space between the end of a line and its name


@dataclass
class Scale:
    """The vertical axis, and where the lines on it run.

    Attributes:
        is_log: Whether it is logarithmic.
        lines: The points of each line, as the axes count: float `(n, 2)`.
    """

    is_log: bool = False
    lines: list[np.ndarray] = field(default_factory=list)

    def count(self, values: np.ndarray | float) -> np.ndarray:
        """Returns values as the axis counts them: a logarithm if it is logarithmic."""
        return np.log10(np.maximum(values, _SMALLEST)) if self.is_log else np.asarray(values, float)

    def read(self, counted: np.ndarray | float) -> np.ndarray:
        """Returns the values of what the axis counts; undoes `count`."""
        return 10.0 ** np.asarray(counted) if self.is_log else np.asarray(counted, float)

    @property
    def points(self) -> np.ndarray:
        """The points of all lines, float `(n, 2)`."""
        return np.concatenate(self.lines)

    @property
    def extent(self) -> tuple[float, float]:
        """How far the lines reach: across from zero, and from bottom to top."""
        x, y = self.points.T
        return float(x.max()), float(np.ptp(y))

    @property
    def range(self) -> tuple[float, float]:
        """The axis from end to end, as it counts, for all frames."""
        y = self.points[:, 1]
        margin = _MARGIN * max(float(np.ptp(y)), 1e-9)
        return float(y.min()) - margin, float(y.max()) + margin


@dataclass
class Drawn:
    """A trace, and what of it there was after a number of epochs.

    Attributes:
        trace: The whole of it, as plotly takes it.
        cut: Returns what changes of it for the frame after so many epochs.
        name: The name that stands at its end, if any.
        points: Those of a line, as the axes count: float `(n, 2)`.
    """

    trace: dict[str, Any]
    cut: Callable[[int], dict[str, Any]]
    name: str = ""
    points: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))

    def end(self, epochs: int | None = None) -> tuple[float, float]:
        """Returns where a line ended after so many epochs, by default the last, as the axes count."""
        x, y = self.points[:epochs][-1]
        return float(x), float(y)


def draw_line(x: np.ndarray, y: np.ndarray, scale: Scale, label: str = "", **style: Any) -> Drawn:
    """Draws a line with a point for each epoch.

    Args:
        x, y: float `(epochs,)`.
        scale: Where it is drawn.
        label: The name that stands at its end, if any.
        style: Whatever else plotly's scatter takes.
    """
    points = np.stack([x, scale.count(y)], axis=1)
    scale.lines.append(points)
    trace = {"type": "scatter", "x": x, "y": y, "mode": "lines", **style}
    return Drawn(trace, lambda epochs: {"y": y[:epochs]}, label, points)


def draw_mark(x: np.ndarray, y: np.ndarray, epoch: int | None, **style: Any) -> Drawn:
    """Draws a mark on a line at an epoch from 1, or one that stays at its end if that is None."""
    trace = {"type": "scatter", "mode": "markers", "hoverinfo": "skip", "cliponaxis": False, **style}

    def cut(epochs: int) -> dict[str, Any]:
        shown = min(epochs, len(x)) if epoch is None else epoch
        return {"x": x[shown - 1 : shown], "y": y[shown - 1 : shown] if epochs >= shown else [None]}

    return Drawn(trace | cut(len(x)), cut)


def draw_onset(
    x: np.ndarray, epoch: int, scale: Scale, colour: str, number: int = 0, at_top: bool = True
) -> Drawn:
    """Draws a dotted line across the chart at the epoch where a run begins to memorise, and says so.

    Args:
        x: float `(epochs,)`, where the run's epochs are on the horizontal axis.
        epoch: The epoch, from 1.
        scale: The vertical axis with all lines of the chart.
        colour: The run's colour, as #rrggbb.
        number: How many such words are on the chart already; these stand beside them.
        at_top: Whether the words stand at the top of the chart, else at the bottom.
    """
    where, (low, high) = x[epoch - 1], scale.range
    inwards = (0.03 + 0.07 * number) * (high - low)
    begin, end = (low, high - inwards) if at_top else (high, low + inwards)
    ends = [float(scale.read(begin)), float(scale.read(end))]
    glyph = f'<span style="color:{colour}">{find_marker(colour).glyph}</span>'
    trace = {
        "type": "scatter", "x": [where, where], "y": ends, "mode": "lines+text", "hoverinfo": "skip",
        "line": {"color": colour, "dash": "dot", "width": 1.5}, "cliponaxis": False,
        "text": ["", f"{_GAP}{glyph} memorises{_GAP}"],
        "textposition": "middle right" if where < scale.extent[0] / 2 else "middle left",
    }  # fmt: skip
    return Drawn(trace, lambda epochs: {"y": ends if epochs >= epoch else [None, None]})


def list_frames(curves: Sequence[Curve]) -> list[int]:
    """Lists the epochs that have a frame, up to the last of any run; see `list_epochs`."""
    return list_epochs(max(len(curve.history) for curve in curves))


def list_epochs(last: int) -> list[int]:
    """Lists the epochs from 1 to the last, or a hundred of them."""
    return np.unique(np.linspace(1, last, min(last, _MOST)).round().astype(int)).tolist()


def add_frames(
    figure: go.Figure,
    drawn: Sequence[Drawn],
    colours: Mapping[str, str],
    scale: Scale,
    epochs: Sequence[int],
) -> go.Figure:
    """Gives a figure a frame for each of some epochs, named after its number, on axes that stay.

    The names move with the ends of the lines. The figure itself shows the whole, as the last frame does.

    Args:
        figure: Without traces; its axes are set.
        drawn: What it is to show.
        colours: The colour for each name at a line's end.
        scale: The vertical axis with all lines.
        epochs: Those that have a frame, from `list_frames`.
    """
    named = [part for part in drawn if part.name]

    def place(epoch: int) -> list[Label]:
        ends = {part.name: part.end(epoch) for part in named}
        points = np.concatenate([part.points[:epoch] for part in drawn])
        return place_labels(ends, colours, points, scale.extent)

    def write(labels: list[Label]) -> dict[str, Any]:
        return {
            "x": [label.x for label in labels],
            "y": [float(scale.read(label.y + label.shift / label.per_unit)) for label in labels],
            "text": [_GAP + label.text for label in labels],
        }

    figure.add_traces(
        [
            *(part.trace for part in drawn),
            {"type": "scatter", "mode": "text", "textposition": "middle right", "hoverinfo": "skip",
             "cliponaxis": False, "name": "names", **write(place(epochs[-1]))},
        ]
    )  # fmt: skip
    figure.frames = [
        {"name": str(epoch), "data": [*(part.cut(epoch) for part in drawn), write(place(epoch))]}
        for epoch in epochs
    ]
    return leave_room(figure, place(epochs[-1])).update_yaxes(range=scale.range)
