"""Curves over training: loss, accuracy, the gap between training and validation, the learning rate."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from fmnist.evaluation import Axis, Curve
from fmnist.figures.frames import Drawn, Scale, add_frames, draw_line, draw_mark, draw_onset, list_frames
from fmnist.figures.labels import add_labels, place_labels
from fmnist.figures.style import LOW, TOP, find_marker, new_figure

METRIC_TITLES = {
    "loss": "Loss (cross-entropy, nats)",
    "accuracy": "Accuracy (share of images, %)",
}
PARTS = ("training", "validation")
_AXIS_TITLES: dict[Axis, str] = {
    "epochs": "Epoch",
    "minutes": "Training time (minutes)",
    "images": "Training images seen (thousands)",
}


@dataclass(frozen=True)
class View:
    """How curves are shown.

    Attributes:
        axis: What the horizontal axis counts; see `Curve.along`.
        parts: Which of PARTS are shown, at least one; both by default.
        log_scale: Whether the axis of the loss is logarithmic.
        smoothing: The `weight` for `smooth`.
        is_animated: Whether the figure has frames for plotly.js to play, those of `list_frames`, each named
            after its epoch.
    """

    axis: Axis = "epochs"
    parts: tuple[str, ...] = PARTS
    log_scale: bool = False
    smoothing: float = 0.0
    is_animated: bool = False


def smooth(values: np.ndarray, weight: float) -> np.ndarray:
    """Smooths a curve with a debiased exponential moving average, as TensorBoard does.

    Args:
        values: float `(n,)`.
        weight: 0 leaves the values as they are; close to 1 smooths strongly.
    """
    return pd.Series(values).ewm(alpha=1 - weight, adjust=True).mean().to_numpy()


def plot_history(
    curves: Sequence[Curve], colours: Mapping[str, str], metric: str, view: View | None = None
) -> go.Figure:
    """Plots one metric of several runs: training dashed, validation solid.

    Each validation curve has the run's marker, filled, at the kept epoch and, hollow and larger, at the
    epoch with the best value. Its name stands at the end; a small hollow marker ends each training curve.
    With smoothing, the raw curve stays faintly visible behind the smoothed one. An animated figure also
    says where a run begins to memorise.

    Args:
        curves: Those of at least one run.
        colours: The colour for each name, as #rrggbb.
        metric: 'loss' or 'accuracy'.
        view: How they are shown; by default all, plain, over the epochs.
    """
    view = view or View()
    scale = Scale(view.log_scale and metric == "loss")
    drawn = [
        part for curve in curves for part in _draw_history(curve, colours[curve.name], metric, view, scale)
    ]
    if not view.is_animated:
        return _finish(drawn, colours, METRIC_TITLES[metric], view.axis, scale)
    onsets = [(curve, epoch) for curve in curves if (epoch := curve.overfits_from)]
    drawn += [
        draw_onset(curve.along(view.axis), epoch, scale, colours[curve.name], number, metric == "loss")
        for number, (curve, epoch) in enumerate(onsets)
    ]
    figure = add_frames(new_figure(), drawn, colours, scale, list_frames(curves))
    return _style(figure, METRIC_TITLES[metric], view.axis, scale)


def _draw_history(curve: Curve, colour: str, metric: str, view: View, scale: Scale) -> Iterator[Drawn]:
    """Draws one metric of one run; the last of its lines bears its name."""
    symbol = find_marker(colour).symbol
    factor = 100 if metric == "accuracy" else 1
    x = curve.along(view.axis)
    columns = {"training": metric, "validation": f"val_{metric}"}
    for part in view.parts:
        raw = factor * curve.history[columns[part]].to_numpy(float)
        line = {"color": colour, "dash": "dash" if part == "training" else None}
        values = smooth(raw, view.smoothing) if view.smoothing else raw
        if view.smoothing:
            yield draw_line(x, raw, scale, line=line, opacity=0.25, hoverinfo="skip")
        yield draw_line(
            x, values, scale, line=line, name=f"{escape(curve.name)}, {part}",
            label=curve.name if part == view.parts[-1] else "",
            hovertemplate="%{y:.4f}" if metric == "loss" else "%{y:.2f}%",
        )  # fmt: skip
        hollow = {"symbol": f"{symbol}-open", "color": colour, "line": {"width": 2}}
        if part == "training":
            yield draw_mark(x, values, None, name=f"{curve.name}, end", marker=hollow | {"size": 8})
        else:
            best, kept = curve.best_epoch(metric), curve.kept_epoch
            yield draw_mark(x, raw, best, name=f"{curve.name}, best", marker=hollow | {"size": 17})
            filled = {"symbol": symbol, "color": colour, "size": 12, "line": {"color": "white", "width": 1}}
            yield draw_mark(x, raw, kept, name=f"{curve.name}, kept weights", marker=filled)


def plot_gap(curves: Sequence[Curve], colours: Mapping[str, str], axis: Axis = "epochs") -> go.Figure:
    """Plots training minus validation accuracy, in points: how much a run has merely memorised.

    The run's marker stands where overfitting sets in.

    Args:
        curves, colours: As for `plot_history`.
        axis: What the horizontal axis counts; see `Curve.along`.
    """
    lines, marks, scale = [], [], Scale()
    for curve in curves:
        colour, x = colours[curve.name], curve.along(axis)
        gap = 100 * (curve.history["accuracy"] - curve.history["val_accuracy"]).to_numpy(float)
        lines.append(
            draw_line(
                x, gap, scale, line={"color": colour}, name=escape(curve.name), label=curve.name,
                hovertemplate="%{y:+.2f} points",
            )
        )  # fmt: skip
        if epoch := curve.overfits_from:
            marker = {"symbol": find_marker(colour).symbol, "color": colour, "size": 12}
            marks.append(draw_mark(x, gap, epoch, name=f"{curve.name}, overfits", marker=marker))
    figure = _finish([*lines, *marks], colours, "Training minus validation accuracy (points)", axis, scale)
    return figure.add_hline(y=0, line={"width": 1, "color": "gray"})


def plot_learning_rate(
    curves: Sequence[Curve], colours: Mapping[str, str], axis: Axis = "epochs"
) -> go.Figure:
    """Plots the learning rate of each epoch on a logarithmic axis, where a rate of zero has no place.

    Args:
        curves, colours, axis: As for `plot_gap`.
    """
    lines, scale = [], Scale(is_log=True)
    for curve in curves:
        rate = curve.history["learning_rate"].to_numpy(float)
        is_shown = rate > 0
        if is_shown.any():
            line = {"color": colours[curve.name], "shape": "vh"}
            lines.append(
                draw_line(
                    curve.along(axis)[is_shown], rate[is_shown], scale, line=line,
                    name=escape(curve.name), label=curve.name, hovertemplate="%{y:.2g}",
                )
            )  # fmt: skip
    return _finish(lines, colours, "Learning rate", axis, scale).update_yaxes(tickformat="~g")


def _finish(
    drawn: Sequence[Drawn], colours: Mapping[str, str], title: str, axis: Axis, scale: Scale
) -> go.Figure:
    """Makes a figure of lines and marks, with names at the ends of the lines."""
    figure = new_figure().add_traces([part.trace for part in drawn])
    ends = {part.name: part.end() for part in drawn if part.name}
    if ends:
        add_labels(figure, place_labels(ends, colours, scale.points, scale.extent))
    return _style(figure, title, axis, scale)


def _style(figure: go.Figure, title: str, axis: Axis, scale: Scale) -> go.Figure:
    figure.update_xaxes(title=_AXIS_TITLES[axis])
    if scale.lines:
        figure.update_xaxes(range=[0, 1.02 * scale.extent[0]])
    if axis == "minutes":
        figure.update_xaxes(hoverformat=".1f")
    figure.update_yaxes(title=title, type="log" if scale.is_log else "linear")
    if scale.is_log:  # plotly would label its own ticks with bare digits
        figure.update_yaxes(tickvals=[m * 10**e for e in range(-8, 2) for m in (1, 2, 5)])
    return figure.update_layout(height=LOW, margin={"t": TOP}, hovermode="x unified", showlegend=False)
