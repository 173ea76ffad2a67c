"""The curves of one training while they grow."""

from collections.abc import Sequence

import plotly.graph_objects as go

from fmnist.figures.style import TOP, find_marker, new_figure

_TITLES = {"loss": "Loss (nats)", "accuracy": "Accuracy (%)"}
_TICKS = 10  # at most, so that all are whole epochs
_HEIGHT = 215  # pixels: two of them stand beside the pictures
_BESIDE, _APART, _ROOM = 8, 9, 84  # pixels: a label from its line, from the other label, at the right


def plot_progress(
    metric: str,
    training: Sequence[float],
    validation: Sequence[float],
    colour: str,
    epochs: int,
    kept_epoch: int,
    memorises_from: int = 0,
) -> go.Figure:
    """Plots one metric after each epoch so far, on an axis that has room for all epochs.

    Training is dashed, validation solid; the filled marker is at the epoch that is kept so far.

    Args:
        metric: 'loss' or 'accuracy'.
        training, validation: The values after each epoch, the first one first; none before it has ended.
        colour: That of the model, as #rrggbb.
        epochs: The end of the horizontal axis.
        kept_epoch: The epoch that is kept so far, from 1; 0 for none.
        memorises_from: The epoch at which a line says so, from 1; 0 for none.
    """
    figure = new_figure()
    symbol, factor = find_marker(colour).symbol, 100 if metric == "accuracy" else 1
    x = list(range(1, len(training) + 1))
    ends = []
    for part, values, dash in (("training", training, "dash"), ("validation", validation, None)):
        y = [factor * value for value in values]
        figure.add_scatter(
            x=x, y=y, mode="lines+markers", name=part, line={"color": colour, "dash": dash},
            marker={"size": 4},
            hovertemplate="%{y:.4f}" if metric == "loss" else "%{y:.1f}%",
        )  # fmt: skip
        ends += [(y[-1], part)] if y else []
    if kept_epoch:
        figure.add_scatter(
            x=[kept_epoch], y=[factor * validation[kept_epoch - 1]], mode="markers", name="kept so far",
            hoverinfo="skip", marker={"symbol": symbol, "size": 13, "color": colour,
                                      "line": {"color": "white", "width": 1}},
        )  # fmt: skip
    for place, (value, part) in enumerate(sorted(ends)):
        figure.add_annotation(
            x=x[-1], y=value, text=part, showarrow=False, xanchor="left", xshift=_BESIDE,
            yshift=_APART if place else -_APART,
        )  # fmt: skip
    if memorises_from:
        figure.add_vline(
            memorises_from, line={"width": 1, "dash": "dot", "color": "gray"},
            annotation={"text": "memorises", "yanchor": "bottom", "y": 0, "font": {"size": 11}},
        )  # fmt: skip
    figure.update_xaxes(
        title="Epoch", range=[0.5, max(epochs, 2) + 0.2], tick0=0, dtick=-(-epochs // _TICKS) or 1
    )
    figure.update_yaxes(title=_TITLES[metric])
    if not x:
        figure.update_yaxes(range=[0, 100] if metric == "accuracy" else [0, 2.3])
    return figure.update_layout(
        height=_HEIGHT, margin={"t": TOP, "r": _ROOM}, hovermode="x unified", showlegend=False
    )
