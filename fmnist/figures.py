"""Plotly figures from arrays and tables: built here, returned, never shown.

Colour is identity: a model has the same colour on every page. Training is dashed, validation solid.
"""

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from fmnist.config import CLASS_NAMES

_MARGIN = {"l": 8, "r": 8, "t": 36, "b": 8}
_LEGEND = {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0, "title": None}
METRIC_TITLES = {
    "loss": "Loss (cross-entropy, nats)",
    "accuracy": "Accuracy (share of pictures, %)",
}


def smooth(values: np.ndarray, weight: float) -> np.ndarray:
    """Smooths a curve with a debiased exponential moving average, as TensorBoard does.

    Args:
        values: float `(n,)`.
        weight: 0 leaves the values as they are; close to 1 smooths strongly.
    """
    return pd.Series(values).ewm(alpha=1 - weight, adjust=True).mean().to_numpy()


def plot_history(
    histories: dict[str, pd.DataFrame],
    colours: dict[str, str],
    kept_epochs: dict[str, int],
    metric: str,
    log_scale: bool = False,
    smoothing: float = 0.0,
) -> go.Figure:
    """Plots one metric of all models against the epoch: training dashed, validation solid.

    A star marks the kept epoch of each model on its validation curve. With `smoothing` the raw curve
    stays visible, faint, below the smoothed one.

    Args:
        histories: One row an epoch, columns `epoch`, `loss`, `accuracy`, `val_loss`, `val_accuracy`.
        metric: 'loss' or 'accuracy'.
    """
    figure = go.Figure()
    factor = 100 if metric == "accuracy" else 1
    for name, history in histories.items():
        for column, part, dash in (
            (metric, "training", "dash"),
            (f"val_{metric}", "validation", None),
        ):
            values = factor * history[column].to_numpy()
            line = {"color": colours[name], "dash": dash, "width": 2}
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


def plot_gap(histories: dict[str, pd.DataFrame], colours: dict[str, str]) -> go.Figure:
    """Plots training minus validation accuracy, in points: how much a model only memorised."""
    figure = go.Figure()
    for name, history in histories.items():
        figure.add_scatter(
            x=history["epoch"], y=100 * (history["accuracy"] - history["val_accuracy"]),
            mode="lines", line={"color": colours[name], "width": 2}, name=name,
            hovertemplate="%{y:+.2f} points",
        )  # fmt: skip
    figure.add_hline(y=0, line={"width": 1, "color": "gray"})
    return _style_epochs(figure, "Training minus validation accuracy (points)", False, height=360)


def plot_confusion(
    values: np.ndarray, counts: np.ndarray, as_share: bool, errors_only: bool, largest: float
) -> go.Figure:
    """Plots a confusion matrix as a heat map; every cell holds its count and its share.

    Args:
        values: float `(10, 10)`, what the colour shows: counts, or shares of a row or column.
        counts: int `(10, 10)`, row true, column predicted.
        as_share: Whether `values` are shares, 0 to 1.
        errors_only: Whether to leave the diagonal, the right answers, blank.
        largest: The value with the strongest colour; give all models the same one.
    """
    shares = values if as_share else counts / max(counts.sum(), 1)
    shown = values.astype(float)
    text = [
        [
            "" if not count else f"{count}<br>{_short_percent(share)}" if as_share else f"{count}"
            for count, share in zip(*rows, strict=True)
        ]
        for rows in zip(counts, shares, strict=True)
    ]
    if errors_only:
        np.fill_diagonal(shown, np.nan)
        for index in range(len(text)):
            text[index][index] = ""
    figure = go.Figure(
        go.Heatmap(
            z=shown, x=CLASS_NAMES, y=CLASS_NAMES, zmin=0, zmax=largest, xgap=1, ygap=1,
            text=text, texttemplate="%{text}", textfont={"size": 11}, hoverongaps=False,
            customdata=np.stack([counts, 100 * shares], axis=-1), showscale=False,
            hovertemplate="true: %{y}<br>predicted: %{x}<br>%{customdata[0]:,} pictures"
                          "<br>%{customdata[1]:.2f}%<extra></extra>",
        )
    )  # fmt: skip
    figure.update_yaxes(autorange="reversed", title="True class", ticks="", showgrid=False)
    figure.update_xaxes(title="Predicted class", tickangle=-45, ticks="", showgrid=False)
    return figure.update_layout(height=560, margin=_MARGIN)


def plot_probabilities(answers: dict[str, np.ndarray], colours: dict[str, str]) -> go.Figure:
    """Plots the probabilities of each model as paired horizontal bars, in fixed class order.

    Args:
        answers: float `(10,)` for each model name.
    """
    figure = go.Figure()
    for name, probabilities in answers.items():
        figure.add_bar(
            y=CLASS_NAMES, x=100 * np.asarray(probabilities), orientation="h", name=name,
            marker={"color": colours[name]}, hovertemplate="%{y}: %{x:.2f}%",
            text=[f"{100 * p:.0f}%" if p >= 0.005 else "" for p in probabilities],
            textposition="outside", cliponaxis=False,
        )  # fmt: skip
    figure.update_yaxes(autorange="reversed", title="Class")
    figure.update_xaxes(range=[0, 112], tickvals=[0, 25, 50, 75, 100], title="Probability (%)")
    return figure.update_layout(
        height=140 + 10 * (18 + 14 * len(answers)), margin=_MARGIN, barmode="group", bargap=0.25,
        showlegend=len(answers) > 1, legend={**_LEGEND, "traceorder": "normal"},
    )  # fmt: skip


def plot_photo_classes(figures: dict[str, dict], colours: dict[str, str]) -> go.Figure:
    """Plots how many photos of each class each model names right, as grouped bars in class order.

    Args:
        figures: What `photos.compute_figures` returns, for each model name; all of the same photos.
    """
    figure = go.Figure()
    for name, found in figures.items():
        shares = found["per_class"]
        accuracies = [100 * share["accuracy"] for share in shares.values()]
        figure.add_bar(
            x=[f"{label} ({share['photos']})" for label, share in shares.items()], y=accuracies,
            name=name, marker={"color": colours[name]}, hovertemplate="%{x}: %{y:.0f}%",
            text=[f"{accuracy:.0f}" for accuracy in accuracies], textposition="outside", cliponaxis=False,
        )  # fmt: skip
    figure.update_xaxes(title="True class (number of photos)", tickangle=-45)
    figure.update_yaxes(range=[0, 108], tickvals=[0, 25, 50, 75, 100], title="Accuracy (share of photos, %)")
    return figure.update_layout(
        height=420, margin=_MARGIN, barmode="group", bargap=0.25, showlegend=len(figures) > 1, legend=_LEGEND,
        uniformtext={"minsize": 9, "mode": "hide"},  # on a phone the bars are too narrow for numbers
    )  # fmt: skip


def _style_epochs(figure, title, log_scale, height=420):
    figure.update_xaxes(title="Epoch", rangemode="tozero")
    figure.update_yaxes(title=title, type="log" if log_scale else "linear")
    if log_scale:  # plotly's own ticks there are bare digits
        figure.update_yaxes(tickvals=[m * 10**e for e in range(-5, 2) for m in (1, 2, 5)])
    return figure.update_layout(
        height=height, margin={**_MARGIN, "t": 90}, hovermode="x unified", legend=_LEGEND
    )


def _short_percent(share):
    return f"{100 * share:.0f}%" if share >= 0.0095 else f"{100 * share:.1f}%"
