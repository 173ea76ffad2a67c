"""Curves over the epochs of training: loss, accuracy, and the gap between training and validation."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from fmnist.figures.style import HEIGHT, LOW, new_figure

_LEGEND_MARGIN = 90  # pixels above a chart, because its legend takes several lines on a phone
METRIC_TITLES = {
    "loss": "Loss (cross-entropy, nats)",
    "accuracy": "Accuracy (share of images, %)",
}


def smooth(values: np.ndarray, weight: float) -> np.ndarray:
    """Smooths a curve with a debiased exponential moving average, as TensorBoard does.

    Args:
        values: float `(n,)`.
        weight: 0 leaves the values as they are; close to 1 smooths strongly.
    """
    return pd.Series(values).ewm(alpha=1 - weight, adjust=True).mean().to_numpy()


def plot_history(
    histories: Mapping[str, pd.DataFrame],
    colours: Mapping[str, str],
    kept_epochs: Mapping[str, int],
    metric: str,
    log_scale: bool = False,
    smoothing: float = 0.0,
) -> go.Figure:
    """Plots one metric of all models against the epoch: training dashed, validation solid.

    A star marks each model's kept epoch on its validation curve. With `smoothing`, the raw curve stays
    faintly visible behind the smoothed one.

    Args:
        histories: For each model name, one row per epoch, columns `epoch`, `loss`, `accuracy`, `val_loss`,
            `val_accuracy`.
        colours: The colour for each model name, as #rrggbb.
        kept_epochs: For each model name, the epoch whose weights are published, from 1.
        metric: 'loss' or 'accuracy'.
        log_scale: Whether the vertical axis is logarithmic.
        smoothing: The `weight` for `smooth`.
    """
    figure = new_figure()
    factor = 100 if metric == "accuracy" else 1
    for name, history in histories.items():
        for column, part, dash in (
            (metric, "training", "dash"),
            (f"val_{metric}", "validation", None),
        ):
            values = factor * history[column].to_numpy()
            line = {"color": colours[name], "dash": dash}
            label = f"{name}, {part}"
            if smoothing:
                figure.add_scatter(
                    x=history["epoch"], y=values, mode="lines", line=line, opacity=0.25,
                    hoverinfo="skip", showlegend=False,
                )  # fmt: skip
            figure.add_scatter(
                x=history["epoch"],
                y=smooth(values, smoothing) if smoothing else values,
                mode="lines",
                line=line,
                name=label,
                hovertemplate="%{y:.4f}" if metric == "loss" else "%{y:.2f}%",
            )
        kept = kept_epochs[name]
        figure.add_scatter(
            x=[kept], y=factor * history.loc[history["epoch"] == kept, f"val_{metric}"],
            mode="markers", name=f"{name}, kept weights", hoverinfo="skip", showlegend=False,
            marker={"symbol": "star", "size": 14, "color": colours[name],
                    "line": {"color": "white", "width": 1}},
        )  # fmt: skip
    return _style_epochs(figure, METRIC_TITLES[metric], log_scale)


def plot_gap(histories: Mapping[str, pd.DataFrame], colours: Mapping[str, str]) -> go.Figure:
    """Plots training minus validation accuracy, in points: how much a model has merely memorised.

    Args:
        histories: For each model name, one row per epoch, columns `epoch`, `accuracy`, `val_accuracy`.
        colours: The colour for each model name, as #rrggbb.
    """
    figure = new_figure()
    for name, history in histories.items():
        figure.add_scatter(
            x=history["epoch"], y=100 * (history["accuracy"] - history["val_accuracy"]),
            mode="lines", line={"color": colours[name]}, name=name,
            hovertemplate="%{y:+.2f} points",
        )  # fmt: skip
    figure.add_hline(y=0, line={"width": 1, "color": "gray"})
    return _style_epochs(figure, "Training minus validation accuracy (points)", False, height=LOW)


def _style_epochs(figure: go.Figure, title: str, log_scale: bool, height: int = HEIGHT) -> go.Figure:
    figure.update_xaxes(title="Epoch", rangemode="tozero")
    figure.update_yaxes(title=title, type="log" if log_scale else "linear")
    if log_scale:  # plotly would label its own ticks with bare digits
        figure.update_yaxes(tickvals=[m * 10**e for e in range(-5, 2) for m in (1, 2, 5)])
    return figure.update_layout(height=height, margin={"t": _LEGEND_MARGIN}, hovermode="x unified")
